"""The frame of every page: title, sidebar, and the collection that the tab is about."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import streamlit as st

from pages.ui import feedback, logs, resources, session
from search_engine import Library, SearchEngine
from search_engine.records import CollectionSummary
from search_engine.stores.tuning import text_recall

_PICKER = "collection picker"
_ICON = str(Path(__file__).parent / "icon.png")


@dataclass(frozen=True)
class Frame:
    """What every page starts from."""

    library: Library
    summary: CollectionSummary | None
    """Of the chosen collection; None when there is none at all."""

    def engine(self) -> SearchEngine:
        """Give the chosen collection, open; where there is none, invite to make one and stop."""
        if self.summary is None:
            feedback.invite_to_build()
            st.stop()
        if self.summary.needs_index:
            with feedback.errors_shown():
                resources.mend(self.summary.name)
            st.rerun()
        if self.summary.manifest is None:
            st.info(
                f"“{feedback.plain(self.summary.name)}” cannot be searched:"
                f" {feedback.plain(self.summary.state)}.",
                icon=":material/hourglass:",
            )
            st.page_link("pages/1_Build_index.py", label="Go on with it", icon=":material/build:")
            st.stop()
        with feedback.errors_shown():
            return resources.engine(self.summary.name, self.summary.manifest)


def begin(title: str) -> Frame:
    """Set the page up, show title and sidebar, and tell what is chosen."""
    logs.keep_values_out()
    session.enter(title)
    st.set_page_config(page_title=f"{title} · Image search", page_icon=_ICON, layout="wide")
    library = Library(resources.settings())
    names = library.names()
    with st.sidebar, feedback.errors_shown():  # another tab may have deleted it just now
        summary = library.summary(_pick(names)) if names else None
        if summary:
            _show_state(summary)
    st.title(title)
    return Frame(library, summary)


def _pick(names: list[str]) -> str:
    linked = st.query_params.get("collection")
    wanted = linked if linked in names else session.collection()
    session.put(_PICKER, wanted if wanted in names else names[0])
    chosen = st.selectbox("Collection", names, key=_PICKER, on_change=_take_over)
    session.choose_collection(chosen)
    return chosen


def _take_over() -> None:
    """Go on with another collection: the words stay; filters and ids belong to the one before."""
    chosen = str(session.value(_PICKER))
    session.choose_collection(chosen)
    session.ask_anew(session.search().q)
    st.query_params.from_dict({"collection": chosen})


def _show_state(summary: CollectionSummary) -> None:
    manifest = summary.manifest
    lines = [f"{summary.pictures:,} pictures", f"{summary.categories:,} categories"]
    if manifest:
        age = _age(datetime.fromisoformat(manifest.created_at))
        lines += [f"model {feedback.plain(summary.model_id)}", f"{manifest.kind} index, {age}"]
        recall = text_recall(manifest)
        lines += [f"finds {recall:.1%} of the ten best answers to words"] if recall else []
    st.caption(" · ".join(lines))
    if summary.state != "ready":
        st.caption(f":orange[{feedback.plain(summary.state)}]")
    if manifest and manifest.note:
        st.caption(feedback.plain(manifest.note))
    _show_changes(summary)
    feedback.label_bundled_model(summary.model_id)


def _show_changes(summary: CollectionSummary) -> None:
    changes = resources.changes(summary) if summary.manifest else None
    if changes is None:
        return
    if changes.folder_missing:
        st.caption(":orange[Its folder is not there now; is a drive not connected?]")
        return
    counts = (("new", changes.new), ("changed", changes.changed), ("gone", changes.gone))
    parts = ", ".join(f"{count:,} {what}" for what, count in counts if count)
    if parts:
        st.caption(f":orange[Files changed since: {parts}]")
        st.page_link("pages/1_Build_index.py", label="Update", icon=":material/sync:")


def _age(moment: datetime) -> str:
    seconds = (datetime.now(UTC) - moment).total_seconds()
    for size, unit in ((86_400, "day"), (3_600, "hour"), (60, "minute")):
        if seconds >= size:
            count = int(seconds // size)
            return f"{count} {unit}{'s' if count > 1 else ''} old"
    return "new"
