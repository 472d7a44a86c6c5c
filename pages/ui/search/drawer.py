"""One picture in the viewer, with all that is known about it and what can be done with it."""

from __future__ import annotations

import base64
from collections.abc import Callable, Sequence

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from pages.ui.frame import feedback, session
from pages.ui.frame.search_state import as_text
from pages.ui.search import over_page, seen_view, tagging, viewer, why_view
from pages.ui.search.asking import Answered
from pages.ui.search.new_query import ask, mark, turn_to
from pages.ui.search.verdict_line import DEFINITION
from search_engine import SearchEngine
from search_engine.collection import DatedBy, date_of, in_words
from search_engine.errors import SearchEngineError
from search_engine.records import PictureRecord, SearchResult

_DETAILS, _WHY, _SEEN = "Details", "Why", "Model’s view"
_TABS = session.Key("drawer tabs", _DETAILS)
_RECORD = session.Key("record in the viewer", 0)


def _close() -> None:
    ask(picture=0)


def show(engine: SearchEngine, found: Answered) -> None:
    """Show the result that is to be seen; the picture alone where it is none of those shown."""
    wanted = found.asked.picture
    if any(result.record.picture_id == wanted for result in found.shown):
        over_page.dialog("Picture", _show_result, _close)(engine, found)
    elif wanted:
        show_of_list(engine, (), wanted)


def _show_result(engine: SearchEngine, found: Answered) -> None:
    wanted = session.search().picture
    result = next((one for one in found.shown if one.record.picture_id == wanted), found.shown[0])
    record = result.record
    heat = None
    if _TABS.get() == _WHY:
        painted = why_view.painted(engine, record, found.answer.encoded)
        heat = f"data:image/jpeg;base64,{base64.b64encode(painted).decode()}" if painted else None
    records = [one.record for one in found.shown]
    good = session.search().marks.good
    shown = viewer.Seen(records, record.picture_id, heat, good)
    with _frame(engine, shown, turn_to, _mark):
        _show_name(record)
        details, why, seen = st.tabs([_DETAILS, _WHY, _SEEN], key=_TABS.name, on_change="rerun")
        if details.open:
            with details:
                _show_scores(result)
                _show_marks(record.picture_id)
                is_there = _is_there(engine, record)
                _show_actions(engine, record, found.asked.t, st.rerun, is_there=is_there)
                _show_tags(engine, record)
                _show_facts(engine, record)
        elif why.open:
            with why:
                why_view.show(engine, result, found.answer, found.filters)
        elif seen.open:
            with seen:
                seen_view.show(engine, record)


def show_record(engine: SearchEngine, records: Sequence[PictureRecord], picture_id: int) -> None:
    """Show a picture of another page; what is asked about it is answered on the search page."""
    _RECORD.put(picture_id)
    over_page.dialog("Picture", _show_record, lambda: None)(engine, records)


def show_of_list(engine: SearchEngine, records: Sequence[PictureRecord], wanted: int) -> None:
    """Show the picture that stands in the address; alone where it is none of these."""
    there = [one for one in records if one.picture_id == wanted]
    shown = records if there else list(engine.records([wanted]).values())
    if not shown:
        st.warning(f"There is no picture #{wanted} in this collection.")
        return
    _RECORD.put(wanted)
    over_page.dialog("Picture", _show_record, _close)(engine, shown, _turn_in_address)


def _turn_in_address(picture_id: int) -> None:
    _RECORD.put(picture_id)
    turn_to(picture_id)


def _show_record(
    engine: SearchEngine,
    records: Sequence[PictureRecord],
    turn_to: Callable[[int], None] = _RECORD.put,
) -> None:
    record = next((one for one in records if one.picture_id == _RECORD.get()), records[0])
    with _frame(engine, viewer.Seen(records, record.picture_id), turn_to):
        _show_name(record)
        details, seen = st.tabs([_DETAILS, _SEEN], key="drawer tabs of a record", on_change="rerun")
        if details.open:
            with details:
                _show_actions(
                    engine, record, (), lambda: st.switch_page("pages/2_Search.py"),
                    is_there=_is_there(engine, record),
                )  # fmt: skip
                _show_tags(engine, record)
                _show_facts(engine, record)
        elif seen.open:
            with seen:
                seen_view.show(engine, record)


def _frame(
    engine: SearchEngine,
    seen: viewer.Seen,
    turn_to: Callable[[int], None],
    marked: viewer.Mark | None = None,
) -> DeltaGenerator:
    """Show the picture and give the room beside it."""
    with st.container(key="viewer"):
        with st.container(key="viewer-picture"):
            viewer.show(engine, seen, turn_to, marked)
        return st.container(key="viewer-details")


def _show_name(record: PictureRecord) -> None:
    st.markdown(f"#### {feedback.plain(record.path.rpartition('/')[2])}")


def _is_there(engine: SearchEngine, record: PictureRecord) -> bool:
    """Return whether the file still holds what was found; say why where it does not."""
    try:
        engine.require_unchanged(record)
    except SearchEngineError as error:
        feedback.show_error(error)
        return False
    return True


def _mark(picture_id: int, good: bool) -> None:  # noqa: FBT001 - as the viewer tells it
    """Mark it as a good or a bad result; a bad one is not among the results any more."""
    mark(picture_id, good=good)
    if not good:
        ask(picture=0)
        st.rerun()


def _show_marks(picture_id: int) -> None:
    is_good = picture_id in session.search().marks.good
    with st.container(horizontal=True):
        st.button(
            "Good result", icon=":material/check:" if is_good else ":material/thumb_up:",
            key="viewer good", on_click=mark, args=(picture_id,), kwargs={"good": True},
        )  # fmt: skip
        if st.button("Bad result", icon=":material/thumb_down:", key="viewer bad"):
            _mark(picture_id, good=False)


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
        ("More like this", ":material/search:", {"q": "", "t": (like,), "good": (), "bad": ()}),
        ("Add to query", ":material/add:", {"t": (*terms, like)}),
        ("Exclude", ":material/remove:", {"t": (*terms, f"- {like}")}),
    ]
    if record.category:
        actions.append(
            (
                "More from this folder",
                ":material/folder:",
                {"category": (as_text(record.category),)},
            )
        )
    with st.container(horizontal=True):
        for label, icon, changes in actions:
            if st.button(label, icon=icon, key=f"drawer {label}"):
                ask(**changes, page=1, picture=0)
                go()
        if st.button("Test labels on this picture", icon=":material/label:"):
            ask(subject=record.picture_id, tab="words", picture=0)
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
        if result.match is not None:
            st.metric("Match", f"{result.match:.0f} %", help=DEFINITION, width="content")
        score = feedback.unsigned(result.score, 4)
        about = f"Number {result.rank:,} of all by cosine"
        st.metric("Cosine similarity", score, help=about, width="content")


def _show_tags(engine: SearchEngine, record: PictureRecord) -> None:
    """Show the tags of a picture, and let them be changed."""
    tags = engine.catalog.tags.of([record.picture_id]).get(record.picture_id, ())
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        for name in tags:
            st.badge(feedback.plain(feedback.readable(name)), color="blue")
        tagging.offer(engine, [record.picture_id], key=f"tag {record.picture_id}")


def _show_facts(engine: SearchEngine, record: PictureRecord) -> None:
    st.code(feedback.readable(str(engine.path(record))), language=None, wrap_lines=True)
    size = feedback.file_size(record.size_bytes)
    date, source = date_of(record.taken_at, record.dated_by, record.file_date_ns)
    said = "" if source == DatedBy.CAMERA else f", from the {source}"
    words = feedback.plain(in_words(date) + said) if date else "not known"
    facts = {
        "Category": feedback.plain(record.category or "none"),
        "Size": "not known" if record.is_vector_alone else f"{record.dimensions} pixels, {size}",
        "Date" if source == DatedBy.FILE else "Taken": words,
        "Camera": feedback.plain(record.camera or "not known"),
        "Id": f"{record.picture_id}",
        "SHA-256": record.content_hash[:16] + "…",
    }
    if record.remark:
        facts["Remark"] = feedback.plain(record.remark[0].upper() + record.remark[1:])
    st.table(facts)
