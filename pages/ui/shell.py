"""The frame of every page: title, sidebar, and the collection that the tab is about."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import streamlit as st

from pages.ui.collections import (
    build_start,
    first_build,
    folder_changes,
    gone_folder,
    job_panel,
    out_of_reach,
    outcomes,
)
from pages.ui.frame import every_page, feedback, logs, look, resources, session
from search_engine import Library, SearchEngine
from search_engine.collection import is_ready, note_use, usual_collection
from search_engine.index import text_recall
from search_engine.records import CollectionSummary

_PICKER = session.Key("collection picker", "")
_EMPTY_PICKER = session.Key("collection picker, nothing picked", "")
_BUILD_PAGE = "pages/1_Build_index.py"
_SHOWN = 80
_OFFERED = 12
PRODUCT = "Magpie"
_FOLDER = Path(__file__).parent
_ICON, _LOGO = str(_FOLDER / "icon.png"), str(_FOLDER / "logo.svg")


@dataclass(frozen=True)
class Frame:
    """What every page starts from."""

    library: Library
    summary: CollectionSummary | None
    """Of the chosen collection; None when there is none at all, or the link names another."""
    missing: str = ""
    """The collection that a link names and that is not there."""
    about_builds: bool = False
    """Whether the page shows builds and how they ended."""

    def engine(self) -> SearchEngine:
        """Return the chosen collection, open; where there is none, say what to do and stop."""
        if self.summary is None:
            if not self.missing:
                _invite_to_build(self.library)
            st.stop()
        if self.summary.needs_index:
            with feedback.errors_shown():
                resources.mend(self.summary.name)
            st.rerun()
        if self.summary.manifest is None:
            show_why_not(self.library, self.summary)
            st.stop()
        note_use(self.summary.name, resources.settings())
        with feedback.errors_shown():
            engine = resources.engine(self.summary.name, self.summary.manifest)
            session.enter_collection(engine)
        if not (self.about_builds and outcomes.tells_of(self.summary.name)):
            first_build.note(self.summary)
        return engine


def begin(
    title: str, *, about_builds: bool = False, follows: bool = False, quiet: bool = False
) -> Frame:
    """Set the page up, show title and sidebar, and tell what is chosen.

    Args:
        title: Of the page.
        about_builds: Whether the page shows builds and how they ended; any other tells in a line.
        follows: Whether it shows what is added to a collection as soon as that can be found, and
            not only when something is clicked: where that is quick.
        quiet: Whether the title is only read out, because the page says by itself what it is.
    """
    logs.keep_values_out()
    session.enter(title)
    named = title if title == PRODUCT else f"{title} · {PRODUCT}"
    st.set_page_config(page_title=named, page_icon=_ICON, layout="wide")
    st.logo(_LOGO, size="large", icon_image=_ICON)
    look.show()
    every_page.watch()
    # Before the sidebar, which looks into folders: who changes the page sees at once that it does.
    if quiet:
        st.html(f'<h1 class="read-out">{title}</h1>')
    else:
        st.title(title)
    outcomes.settle(chooses=about_builds)
    resources.deleted_collections().forget_old()
    resources.watches().keep_up()
    library = Library(resources.settings())
    names = library.names()
    linked = st.query_params.get("collection") or ""
    missing = linked if linked not in names else ""
    with st.sidebar, feedback.errors_shown():  # another tab may have deleted it just now
        chosen = _pick(names, linked, missing)
        summary = library.summary(chosen) if chosen else None
        if summary:
            _show_state(summary)
        if not about_builds:
            waits = summary is None or summary.manifest is None
            job_panel.watch_all_briefly(chosen if follows or waits else None)
            outcomes.tell(chosen)
    if missing:
        _show_missing(missing, names)
    if summary and summary.manifest:
        resources.warm(summary.manifest.model.model_id)
    return Frame(library, summary, missing, about_builds)


def _pick(names: list[str], linked: str, missing: str) -> str | None:
    """Let a collection be chosen; the link's, this tab's, or the one used last to begin with."""
    if not names:
        return None
    if missing:
        st.selectbox(
            "Collection", names, index=None, key=_EMPTY_PICKER.name, on_change=_take_over,
            args=(_EMPTY_PICKER,), placeholder="Choose a collection",
        )  # fmt: skip
        return None
    wanted = linked or session.collection()
    usual = wanted if wanted in names else usual_collection(resources.settings())
    _PICKER.put(usual or names[0])
    chosen = st.selectbox(
        "Collection", names, key=_PICKER.name, on_change=_take_over, args=(_PICKER,)
    )
    session.choose_collection(chosen)
    return chosen


def _take_over(picker: session.Key[str]) -> None:
    chosen = picker.get()
    if chosen:
        _go_on_with(chosen)


def _go_on_with(name: str) -> None:
    """Go on with another collection: the words stay; filters and ids belong to the one before."""
    session.choose_collection(name)
    session.ask_anew(session.search().q)
    st.query_params.from_dict({"collection": name})


def _show_missing(missing: str, names: list[str]) -> None:
    """Say that a link leads to a collection that is not there, and offer those that are."""
    name = feedback.plain(f"{missing[:_SHOWN]}{'…' if len(missing) > _SHOWN else ''}")
    rest = "Choose one of these:" if names else "There is no other one either."
    st.warning(f"There is no collection “{name}”. {rest}", icon=":material/link_off:")
    _offer(names)


def _offer(names: list[str]) -> None:
    """Offer collections; where there are many, the box in the sidebar has the others."""
    if names:
        with st.container(horizontal=True):
            for name in names[:_OFFERED]:
                st.button(
                    feedback.plain(name), key=f"go on with {name}", icon=":material/photo_library:",
                    on_click=_go_on_with, args=(name,),
                )  # fmt: skip


def _invite_to_build(library: Library) -> None:
    """Say what to do when there is nothing to search."""
    st.info("There is no collection to search yet.", icon=":material/photo_library:")
    st.page_link(_BUILD_PAGE, label="Index a folder of pictures", icon=":material/build:")
    build_start.offer_sample(library)


def show_why_not(library: Library, summary: CollectionSummary) -> None:
    """Say why a collection cannot be searched, and offer those that can."""
    name, problem = feedback.plain(summary.name), feedback.plain(summary.state.rstrip("."))
    if summary.damaged:
        st.info(f"“{name}” cannot be used. {problem}.", icon=":material/error:")
        label = "See what can be done"
    elif resources.jobs().status(summary.name).state.active:
        st.info(
            f"“{name}” is being built. It can be searched as soon as the first pictures are in.",
            icon=":material/hourglass:",
        )
        label = "See how it goes"
    else:
        st.info(f"“{name}” cannot be searched: {problem}.", icon=":material/hourglass:")
        label = "Go on with it"
    st.page_link(_BUILD_PAGE, label=label, icon=":material/build:")
    ready = [other.name for other in library.summaries() if is_ready(other)]
    if ready:
        st.markdown("These can be searched now:")
        _offer(ready)


def _show_state(summary: CollectionSummary) -> None:
    if summary.damaged:
        st.markdown(":material/error: **It cannot be used.**")
        st.page_link(_BUILD_PAGE, label="See what can be done", icon=":material/build:")
        return
    manifest = summary.manifest
    lines = [feedback.contents(summary)]
    if manifest:
        age = _age(datetime.fromisoformat(manifest.created_at))
        lines += [f"model {feedback.plain(summary.model_id)}", f"{manifest.kind} index, {age}"]
        recall = text_recall(manifest)
        lines += [f"finds {recall:.1%} of the ten best results for words"] if recall else []
    st.caption(" · ".join(lines))
    health = first_build.health(summary)
    if health != "ready":
        st.markdown(f":material/info: {feedback.sentence(health)}")
    if manifest and manifest.note:
        st.caption(feedback.plain(manifest.note))
    _show_changes(summary)
    feedback.label_bundled_model(summary.model_id)


def _show_changes(summary: CollectionSummary) -> None:
    """Say what changed in the folder since the last update, and offer to take it in."""
    if gone_folder.is_gone(summary.folder):
        with st.container(border=True):
            st.markdown(f":material/folder_off: {gone_folder.sentence(summary.folder)}")
            gone_folder.offer(summary.name, summary.folder, key="sidebar/new place")
        return
    changes = folder_changes.of(summary)
    if changes is None:
        return
    out_of_reach.note_in_sidebar(changes.away)
    parts = folder_changes.sentence(changes)
    if not parts:
        return
    with st.container(border=True):
        st.markdown(f":material/sync_problem: **Files changed since the last update:** {parts}")
        active = resources.jobs().status(summary.name).state.active
        label = "Being updated…" if active else "Update now"
        if st.button(label, key="sidebar/update", disabled=active, icon=":material/sync:"):
            build_start.update(summary.name)


def _age(moment: datetime) -> str:
    seconds = (datetime.now(UTC) - moment).total_seconds()
    for size, unit in ((86_400, "day"), (3_600, "hour"), (60, "minute")):
        if seconds >= size:
            count = int(seconds // size)
            return f"{count} {unit}{'s' if count > 1 else ''} old"
    return "new"
