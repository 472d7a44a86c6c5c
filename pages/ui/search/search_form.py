"""The widgets of a query: the box for words, terms beside it, and how answers are shown."""

from __future__ import annotations

import streamlit as st

from pages.ui.frame import feedback, session
from pages.ui.frame.search_state import PER_PAGE, SIZES, VIEWS, SearchState
from pages.ui.search import order_form, terms, verdict_line
from pages.ui.search.asking import Answered
from pages.ui.search.new_query import ask, collect
from search_engine import Query, SearchEngine
from search_engine.errors import SearchEngineError
from search_engine.query import TAKEN_AWAY, Term, Words

_MINUS = session.Key("minus", "")
_DISPLAY = (
    ("View", "view", VIEWS),
    ("Size", "size", SIZES),
    ("Pictures a page", "per_page", PER_PAGE),
)


def show_query(asked: SearchState) -> None:
    """Show the box for words, the ways to add terms, and the terms there are."""
    if session.take_refused_path():
        feedback.show_error(terms.path_refused())
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.text_input(
            "What should the pictures show?",
            key="q",
            type="search",
            live="250ms",
            placeholder="Words; press / to come here",
            on_change=collect,
            args=("q",),
        )
        # What is inside a closed one would be sent again for each letter that is typed.
        picture = st.popover(
            "Picture", icon=":material/add_photo_alternate:", key="picture open", on_change="rerun"
        )
        if picture.open:
            with picture:
                _show_upload(asked)
        minus = st.popover(
            "Take away", icon=":material/do_not_disturb_on:", key="minus open", on_change="rerun"
        )
        if minus.open:
            minus.text_input(
                "Away from", key=_MINUS.name, on_change=_add_minus, placeholder="night"
            )
    if asked.t:
        _show_chips(asked)


def _show_upload(asked: SearchState) -> None:
    uploaded = st.file_uploader(
        "Find pictures like this one: drop, paste or choose it",
        key=session.of_collection("upload"),
    ) or (
        st.camera_input("Camera", key=session.of_collection("camera"))
        if st.toggle("Use the camera")
        else None
    )
    if uploaded is None:
        return
    try:
        term = terms.keep_example(uploaded.getvalue())
    except SearchEngineError as error:
        feedback.show_error(error)
        return
    if session.is_new_upload(uploaded.file_id) and term not in asked.t:
        ask(t=(*asked.t, term), page=1)
        st.rerun()


def _add_minus() -> None:
    words = _MINUS.get().strip()
    if words:
        taken_away = Term(Words(words.strip('"'), quoted=True), -TAKEN_AWAY)
        ask(t=(*session.search().t, str(Query((taken_away,)))), page=1)
        _MINUS.put("")


def _show_chips(asked: SearchState) -> None:
    """Show each term; a click opens its weight and its removal."""
    with st.container(horizontal=True):
        for place, text in enumerate(asked.t):
            with feedback.errors_shown():
                chip = terms.chip(text)
            with st.popover(feedback.plain(chip.label)):
                st.slider(
                    "Weight; below zero leads away from it",
                    -2.0, 2.0, max(-2.0, min(chip.term.weight, 2.0)), 0.25,
                    key=_weight(place, text).name, on_change=_reweigh, args=(place, text),
                )  # fmt: skip
                st.button("Remove", key=f"remove {place} {text}", on_click=_drop, args=(place,))
        if len(asked.t) > 1:
            st.button("Clear", on_click=ask, kwargs={"t": (), "page": 1}, type="tertiary")


def _weight(place: int, text: str) -> session.Key[float]:
    return session.Key(f"weight {place} {text}", 1.0)


def _reweigh(place: int, text: str) -> None:
    kept = list(session.search().t)
    kept[place] = terms.chip(text).weighted(_weight(place, text).get())
    ask(t=tuple(kept), page=1)


def _drop(place: int) -> None:
    kept = session.search().t
    ask(t=(*kept[:place], *kept[place + 1 :]), page=1)


def show_display(engine: SearchEngine, found: Answered) -> None:
    """Sum an answer up, with what limits it and how it is shown: how many, how large, as what."""
    answer = found.answer
    order_form.show_marks(engine, answer.query.marks)
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        st.markdown(feedback.answer_line(answer, len(found.shown)), width="stretch")
        order_form.show(found.asked)
        st.page_link("pages/4_Scores.py", label="Scores", icon=":material/bar_chart:")
        for label, key, options in _DISPLAY:
            st.segmented_control(
                label, options, key=key, on_change=collect, args=(key,),
                label_visibility="collapsed",
            )  # fmt: skip
    verdict_line.show(engine, answer, has_more=found.ordered.has_more_matches)
    feedback.show_notes(answer)
    if found.ordered.note:
        st.caption(feedback.plain(found.ordered.note))


def show_pages(page: int, count: int) -> None:
    """Show which page of how many, if there are several."""
    if count > 1:
        # Named by the page it shows: its default is then what the address says.
        key = f"page {page} of {count}"
        st.pagination(count, default=min(page, count), key=key, on_change=_turn, args=(key,))


def _turn(key: str) -> None:
    ask(page=session.Key(key, 1).get())
