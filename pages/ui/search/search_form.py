"""The widgets of a query: the box for words, terms beside it, and how answers are shown."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st
from streamlit.elements.lib.mutable_popover_container import PopoverContainer

from pages.ui.frame import feedback, session
from pages.ui.frame.search_memory import as_widgets
from pages.ui.frame.search_state import SearchState
from pages.ui.search import (
    date_filter,
    dropped_pictures,
    filter_form,
    keys_help,
    name_filters,
    order_form,
    suggestions,
    terms,
    view_form,
)
from pages.ui.search.new_query import ask, collect
from search_engine import Query, SearchEngine
from search_engine.query import TAKEN_AWAY, Term, Words

_MINUS = session.Key("minus", "")
_CHIP_PICTURE = 32
"""Pixels that the picture of a term is wide."""


def take_pictures() -> None:
    """Add the pictures that are dropped on the page, pasted or chosen, to the query."""
    taken = dropped_pictures.take()
    if taken:
        _add(taken)


def show_query(engine: SearchEngine, asked: SearchState, *, results: bool = True) -> None:
    """Show the box for words, what goes with it, and all that is asked for beside them.

    ``results`` says whether a grid of results follows, which can be shown in several ways.
    """
    if session.take_refused_path():
        feedback.show_error(terms.path_refused())
    dropped_pictures.show_refused()
    asked = name_filters.settled(engine, asked)
    session.fill_missing(as_widgets(asked))
    with st.container(key="query"):
        with st.container(
            key="query-line", horizontal=True, vertical_alignment="center", gap="small"
        ):
            st.text_input(
                "Describe what you are looking for",
                key="q",
                type="search",
                live="120ms",
                placeholder="Search… (press /)",
                label_visibility="collapsed",
                on_change=collect,
                args=("q",),
            )
            with st.container(key="query-tools", horizontal=True, gap="xsmall", width="content"):
                _show_tools(engine, asked, results=results)
                keys_help.show("query-tools")
        suggestions.show(engine, box="q", searched=asked.q)
        _show_chips(engine, asked)
        name_filters.warn(engine, asked)
        date_filter.warn(asked)


def _show_tools(engine: SearchEngine, asked: SearchState, *, results: bool) -> None:
    # What is inside a closed one would be sent again for each letter that is typed.
    picture = _popover("Picture", "add_photo_alternate", "picture open")
    if picture.open:
        with picture:
            _show_upload()
    minus = _popover("Exclude", "do_not_disturb_on", "minus open")
    if minus.open:
        minus.text_input("Exclude", key=_MINUS.name, on_change=_add_minus, placeholder="night")
    filters = _popover("Filters", "filter_alt", "filters open")
    if filters.open:
        with filters:
            filter_form.show_filters(engine, asked)
    if results:
        order_form.show(asked)
        view_form.show(asked)


def _popover(label: str, icon: str, key: str) -> PopoverContainer:
    return st.popover(label, icon=f":material/{icon}:", key=key, on_change="rerun")


def _show_upload() -> None:
    dropped_pictures.show_chooser()
    if not st.toggle("Use the camera"):
        return
    photo = st.camera_input("Camera", key=session.of_collection("camera"))
    if photo is not None and session.is_new_upload(photo.file_id):
        with feedback.refusals_shown():
            _add((terms.keep_example(photo.getvalue()),))


def _add(taken: Sequence[str]) -> None:
    """Add terms to the query, and run it."""
    before = session.search().t
    ask(t=(*before, *(term for term in taken if term not in before)), page=1, picture=0, compare=())
    st.rerun()


def _add_minus() -> None:
    words = _MINUS.get().strip()
    if words:
        taken_away = Term(Words(words.strip('"'), quoted=True), -TAKEN_AWAY)
        ask(t=(*session.search().t, str(Query((taken_away,)))), page=1)
        _MINUS.put("")


def _show_chips(engine: SearchEngine, asked: SearchState) -> None:
    """Show each term, mark and filter; a click opens or removes it."""
    chosen = filter_form.chosen(asked)
    if not (asked.t or asked.marks or chosen):
        return
    with st.container(key="query-chips", horizontal=True, gap="xsmall"):
        for place, text in enumerate(asked.t):
            with feedback.errors_shown():
                chip = terms.chip(text)
            _show_chip(engine, place, text, chip)
        order_form.show_marks(engine, asked.marks)
        for number, one in enumerate(chosen):
            st.button(
                feedback.plain(one.label), key=f"filter chip {number} {one.label}",
                icon=":material/close:", on_click=ask, kwargs={**one.without, "page": 1},
                help="Remove this filter",
            )  # fmt: skip
        if len(asked.t) + len(chosen) + bool(asked.marks) > 1:
            st.button(
                "Clear all", on_click=ask, type="tertiary",
                kwargs={"t": (), "good": (), "bad": (), "page": 1, **filter_form.NONE},
            )  # fmt: skip


def _show_chip(engine: SearchEngine, place: int, text: str, chip: terms.Chip) -> None:
    shown = terms.picture_of(engine, chip)
    key = f"chip-{'with' if shown else 'without'}-picture-{place}"
    with st.container(
        key=key, horizontal=True, gap=None, vertical_alignment="center", width="content"
    ):
        if shown:
            st.image(shown, width=_CHIP_PICTURE, alt=feedback.readable(chip.name))
        _show_term(place, text, chip)


def _show_term(place: int, text: str, chip: terms.Chip) -> None:
    with st.popover(feedback.plain(chip.label)):
        st.slider(
            "Weight (negative = exclude)",
            -2.0, 2.0, max(-2.0, min(chip.term.weight, 2.0)), 0.25,
            key=_weight(place, text).name, on_change=_reweigh, args=(place, text),
        )  # fmt: skip
        st.button("Remove", key=f"remove {place} {text}", on_click=_drop, args=(place,))


def _weight(place: int, text: str) -> session.Key[float]:
    return session.Key(f"weight {place} {text}", 1.0)


def _reweigh(place: int, text: str) -> None:
    kept = list(session.search().t)
    kept[place] = terms.chip(text).weighted(_weight(place, text).get())
    ask(t=tuple(kept), page=1)


def _drop(place: int) -> None:
    kept = session.search().t
    ask(t=(*kept[:place], *kept[place + 1 :]), page=1)
