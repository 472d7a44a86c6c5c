"""The widgets of the search page, and what they and the address together ask for."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import streamlit as st

from pages.ui.frame import feedback, session
from pages.ui.frame.address import (
    ASKED,
    PER_PAGE,
    SCORES_FIELDS,
    SIZES,
    VIEWS,
    SearchState,
    told,
    without_scores,
    write,
)
from pages.ui.search import terms, verdict_line
from search_engine import Query, SearchEngine, SearchResults
from search_engine.errors import SearchEngineError
from search_engine.query import TAKEN_AWAY, Term, Words

_DISPLAY = (
    ("View", "view", VIEWS),
    ("Size", "size", SIZES),
    ("Pictures a page", "per_page", PER_PAGE),
)
_TYPED = ("q", "other")
"""What the person types as a question, where a picture may be named by its path."""
SIDES = (0, 320, 640, 1024, 2048, 4096)


def state(linked: SearchState) -> SearchState:
    """Return what is asked for: by the widgets, or by an address that did not come from us."""
    asked = session.search()
    entered = session.entered()
    by_widget = session.take_changed()
    is_new = session.is_new_address(told()) and linked != (session.address() or SearchState())
    from_outside = is_new and not by_widget and not (entered and linked == SearchState())
    session.set_from_outside(from_outside)
    if from_outside:
        asked = _without_foreign_paths(linked)
        session.note_typing(typing=False)
    if from_outside or entered or by_widget or session.value("q") is None:
        _fill(asked)
    session.set_search(asked)
    return asked


def _without_foreign_paths(linked: SearchState) -> SearchState:
    """Leave out questions that would open files of this machine; the person can type them."""
    own = replace(linked, q=_unless_foreign(linked.q), other=_unless_foreign(linked.other))
    if own != linked:
        session.note_refused_path()
    return own


def _unless_foreign(text: str) -> str:
    return "" if terms.names_foreign_path(text) else text


def current() -> SearchState:
    """Return what is asked for where only a part of the page runs, after `state` in a full run.

    Links, Back and Forward always run the whole page.
    """
    asked = session.search()
    if session.take_changed():
        _fill(asked)
    return asked


def publish(asked: SearchState, collection: str, *, scores: bool = False) -> None:
    """Show in the address line what is asked for; typing on makes no new step of the history.

    What only the page of scores knows stays out of the address of the search page.
    """
    asked = replace(asked, collection=collection)
    session.set_search(asked)
    if not scores:
        asked = without_scores(asked)
    before = session.address()
    # Back and Forward lead to a step that is there.
    is_step = before is not None and not session.take_from_outside()
    typing = before is not None and asked == replace(before, q=asked.q) and _goes_on(before, asked)
    write(asked, step=is_step and before != asked and not typing)
    session.set_address(asked)


def _goes_on(before: SearchState, after: SearchState) -> bool:
    return before.q != "" and (after.q.startswith(before.q) or before.q.startswith(after.q))


def _fill(wanted: SearchState) -> None:
    """Make the widgets show a state."""
    session.put("q", wanted.q)
    session.put("category", list(wanted.category))
    session.put("averaged", wanted.asked == ASKED[1])
    session.put("path", wanted.path)
    session.put("dated_from", wanted.dated_from)
    session.put("dated_to", wanted.dated_to)
    session.put("orientation", wanted.orientation)
    session.put("min_side", wanted.min_side if wanted.min_side in SIDES else 0)
    session.put("min_score", max(-1.0, min(1.0, wanted.min_score)))
    session.put("per_page", wanted.per_page)
    session.put("size", wanted.size)
    session.put("view", wanted.view)
    session.put("tab", wanted.tab)
    session.put("other", wanted.other)
    session.put("labels", "\n".join(wanted.label))
    session.put("template", wanted.template)


def collect(changed: str) -> None:
    """Take over what a widget was changed to; anything but the page begins at page one."""
    value: Any = session.value(changed)
    changes: dict[str, Any] = {changed: value}
    if changed in _TYPED:
        terms.remember_typed(str(value or ""))
        session.note_typing(typing=True)
    if changed == "category":
        changes = {"category": tuple(value)}
    elif changed == "averaged":
        changes = {"asked": ASKED[bool(value)]}
    elif changed == "labels":
        changes = {"label": tuple(line.strip() for line in value.splitlines() if line.strip())}
    elif value is None:  # a chosen segment was clicked once more
        changes = {changed: getattr(SearchState(), changed)}
    fresh = {} if changed in SCORES_FIELDS else {"page": 1}
    ask(**fresh | changes)


def ask(**changes: Any) -> None:  # noqa: ANN401 - fields of SearchState
    """Ask something else; what is not named stays."""
    session.set_search(replace(session.search(), **changes), changed=True)


def go_to_search(**changes: Any) -> None:  # noqa: ANN401 - fields of SearchState
    """Ask only for this, on the search page."""
    session.set_search(replace(SearchState(), **changes), changed=True)
    st.switch_page("pages/2_Search.py")


def as_words(text: str) -> str:
    """Write foreign text so that a question takes it as words, whatever signs are in it."""
    return str(Query.words(feedback.readable(text)))


def ask_for_more_like(picture_id: int) -> bool:
    """Ask for pictures like one of the collection; False if just that was asked already."""
    before = session.search()
    after = replace(before, q="", t=(f"#{picture_id}",), page=1)
    if after == before:
        return False
    session.set_search(after, changed=True)
    return True


def show_question(asked: SearchState) -> None:
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
            minus.text_input("Away from", key="minus", on_change=_add_minus, placeholder="night")
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
    words = str(session.value("minus") or "").strip()
    if words:
        taken_away = Term(Words(words.strip('"'), quoted=True), -TAKEN_AWAY)
        ask(t=(*session.search().t, str(Query((taken_away,)))), page=1)
        session.put("minus", "")


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
                    key=f"weight {place} {text}", on_change=_reweigh, args=(place, text),
                )  # fmt: skip
                st.button("Remove", key=f"remove {place} {text}", on_click=_drop, args=(place,))
        if len(asked.t) > 1:
            st.button("Clear", on_click=ask, kwargs={"t": (), "page": 1}, type="tertiary")


def _reweigh(place: int, text: str) -> None:
    weight: Any = session.value(f"weight {place} {text}")
    kept = list(session.search().t)
    kept[place] = terms.chip(text).weighted(float(weight))
    ask(t=tuple(kept), page=1)


def _drop(place: int) -> None:
    kept = session.search().t
    ask(t=(*kept[:place], *kept[place + 1 :]), page=1)


def show_display(engine: SearchEngine, answer: SearchResults, shown: int) -> None:
    """Sum an answer up, with what limits it and how it is shown: how many, how large, as what."""
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        st.markdown(feedback.answer_line(answer, shown), width="stretch")
        st.page_link("pages/4_Scores.py", label="Scores", icon=":material/bar_chart:")
        for label, key, options in _DISPLAY:
            st.segmented_control(
                label, options, key=key, on_change=collect, args=(key,),
                label_visibility="collapsed",
            )  # fmt: skip
    verdict_line.show(engine, answer)
    feedback.show_notes(answer)


def show_pages(page: int, count: int) -> None:
    """Show which page of how many, if there are several."""
    if count > 1:
        # Named by the page it shows: its default is then what the address says.
        key = f"page {page} of {count}"
        st.pagination(count, default=min(page, count), key=key, on_change=_turn, args=(key,))


def _turn(key: str) -> None:
    ask(page=session.value(key))
