"""One picture, large, with all that is known about it and what can be done with it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Literal, ParamSpec

import streamlit as st

from pages.ui.frame import feedback, resources, session
from pages.ui.frame.search_state import as_text
from pages.ui.search import seen_view, why_view
from pages.ui.search.new_query import ask
from pages.ui.search.verdict_line import DEFINITION
from search_engine import Filters, SearchEngine, SearchResults
from search_engine.collection import DatedBy, date_of, in_words
from search_engine.errors import SearchEngineError
from search_engine.records import PictureRecord, SearchResult

P = ParamSpec("P")

_TALLEST = 440
"""Pixels that a picture may be high, so that what is known about it is in sight as well."""

_DETAILS, _WHY, _SEEN = "Details", "Why", "What the model saw"
_TABS = session.Key("drawer tabs", _DETAILS)


def _dialog(show: Callable[P, None]) -> Callable[P, None]:
    """Have a function show a picture beside the page.

    A page runs by itself while something is built, which closes what is open: not this one.
    """

    @wraps(show)
    def open_it(*args: P.args, **kwargs: P.kwargs) -> None:
        dismissed: Callable[[], None] | Literal["ignore"] = "ignore"
        if resources.jobs().active():
            session.open_dialog()
            dismissed = session.close_dialog
        beside = st.dialog(
            "Picture", width="medium", position="right", icon=":material/image:",
            on_dismiss=dismissed,
        )  # fmt: skip
        beside(show)(*args, **kwargs)

    return open_it


@_dialog
def show(
    engine: SearchEngine,
    result: SearchResult,
    answer: SearchResults,
    terms: Sequence[str],
    filters: Filters,
) -> None:
    """Show a result of the search page."""
    record = result.record
    asks_where = _TABS.get() == _WHY
    painted = why_view.painted(engine, record, answer.encoded) if asks_where else None
    is_there = _show_picture(engine, record, painted)
    details, why, seen = st.tabs([_DETAILS, _WHY, _SEEN], key=_TABS.name, on_change="rerun")
    if details.open:
        with details:
            _show_actions(engine, record, terms, st.rerun, is_there=is_there)
            _show_scores(result)
            _show_facts(engine, record)
    elif why.open:
        with why:
            why_view.show(engine, result, answer, filters)
    elif seen.open:
        with seen:
            seen_view.show(engine, record)


@_dialog
def show_record(engine: SearchEngine, record: PictureRecord) -> None:
    """Show a picture of another page; what is asked about it is answered on the search page."""
    is_there = _show_picture(engine, record)
    details, seen = st.tabs([_DETAILS, _SEEN], key="drawer tabs of a record", on_change="rerun")
    if details.open:
        with details:
            _show_actions(
                engine, record, (), lambda: st.switch_page("pages/2_Search.py"), is_there=is_there
            )
            _show_facts(engine, record)
    elif seen.open:
        with seen:
            seen_view.show(engine, record)


def _show_picture(
    engine: SearchEngine, record: PictureRecord, painted: bytes | None = None
) -> bool:
    """Show a picture, or ``painted`` in its place; tell whether its file still holds it.

    Where it does not, the thumbnail shows what was found.
    """
    name = record.path.rpartition("/")[2]
    image: bytes | str | None = None
    try:
        image = painted or resources.preview(engine, record)
    except SearchEngineError as error:
        feedback.show_error(error)
    shown = image or resources.thumbnail(engine, record)
    if shown:
        width = round(_TALLEST * record.width / record.height)
        st.image(shown, width=width, alt=feedback.readable(name))
    st.markdown(f"**{feedback.plain(name)}**")
    return image is not None


def _show_actions(
    engine: SearchEngine,
    record: PictureRecord,
    terms: Sequence[str],
    go: Callable[[], None],
    *,
    is_there: bool,
) -> None:
    like = f"#{record.picture_id}"
    actions: list[tuple[str, str, dict[str, object]]] = [
        ("More like this", ":material/search:", {"q": "", "t": (like,)}),
        ("Add", ":material/add:", {"t": (*terms, like)}),
        ("Take away", ":material/remove:", {"t": (*terms, f"- {like}")}),
    ]
    if record.category:
        actions.append(
            ("Its category", ":material/folder:", {"category": (as_text(record.category),)})
        )
    with st.container(horizontal=True):
        for label, icon, changes in actions:
            if st.button(label, icon=icon, key=f"drawer {label}"):
                ask(**changes, page=1)
                go()
        if st.button("Compare with words", icon=":material/label:"):
            ask(subject=record.picture_id, tab="words")
            st.switch_page("pages/4_Scores.py")
        if is_there:
            st.download_button(
                "Download",
                lambda: engine.content(record),
                file_name=feedback.readable(record.path.rpartition("/")[2]),
                icon=":material/download:",
                on_click="ignore",
            )


def _show_scores(result: SearchResult) -> None:
    with st.container(horizontal=True):
        score = feedback.unsigned(result.score, 4)
        about = f"Number {result.rank:,} of all by cosine"
        st.metric("Score, cosine similarity", score, help=about, width="content")
        if result.match is not None:
            st.metric("Match", f"{result.match:.0f} %", help=DEFINITION, width="content")


def _show_facts(engine: SearchEngine, record: PictureRecord) -> None:
    st.code(feedback.readable(str(engine.path(record))), language=None)
    size = feedback.file_size(record.size_bytes)
    date, source = date_of(record.taken_at, record.dated_by, record.modified_ns)
    said = "" if source == DatedBy.CAMERA else f", from the {source}"
    words = feedback.plain(in_words(date) + said) if date else "not known"
    facts = {
        "Category": feedback.plain(record.category or "none"),
        "Size": f"{record.width:,} × {record.height:,} pixels, {size}",
        "Date" if source == DatedBy.FILE else "Taken": words,
        "Camera": feedback.plain(record.camera or "not known"),
        "Id": f"{record.picture_id}",
        "SHA-256": record.content_hash[:16] + "…",
    }
    if record.remark:
        facts["Remark"] = feedback.plain(record.remark[0].upper() + record.remark[1:])
    st.table(facts)
