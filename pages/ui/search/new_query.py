"""Another query: by a widget, a button, or a click on a picture."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import streamlit as st

from pages.ui.frame import feedback, session
from pages.ui.frame.search_memory import TYPED, changed_to
from pages.ui.frame.search_state import EMPTY, SearchState
from pages.ui.search import terms
from pages.ui.search.grid import GridClick
from search_engine import Query


def collect(widget: str) -> None:
    """Take over what a widget was changed to."""
    value = session.Key[object](widget, None).get()
    if widget in TYPED:
        terms.remember_typed(str(value or ""))
        session.note_typing()
    session.ask(changed_to(session.search(), widget, value))


def ask(**changes: Any) -> None:  # noqa: ANN401 - fields of SearchState
    """Ask something else; what is not named stays."""
    session.ask(replace(session.search(), **changes))


def go_to_search(**changes: Any) -> None:  # noqa: ANN401 - fields of SearchState
    """Ask only for this, on the search page."""
    go_to(replace(EMPTY, **changes))


def go_to(asked: SearchState) -> None:
    """Ask for this, and nothing of what was asked before, on the search page."""
    session.ask(asked)
    st.switch_page("pages/2_Search.py")


def ask_for_more_like(picture_id: int) -> bool:
    """Ask for pictures like one of the collection; False if just that was asked already."""
    before = session.search()
    after = replace(before, q="", t=(f"#{picture_id}",), good=(), bad=(), page=1, picture=0)
    if after == before:
        return False
    session.ask(after)
    return True


def mark(picture_id: int, *, good: bool) -> None:
    """Mark a result, or take its mark away, and search again."""
    marks = session.search().marks.toggled(picture_id, good=good)
    ask(good=marks.good, bad=marks.bad, page=1)


def turn_to(picture_id: int) -> None:
    """Note that the viewer shows another result; the browser has told its address line already."""
    memory = session.search_memory()
    shown = memory.shown and replace(memory.shown, picture=picture_id)
    session.correct_search(replace(memory.asked, picture=picture_id))
    session.set_search_memory(replace(session.search_memory(), shown=shown))


def follow(choice: GridClick) -> None:
    """Do what was clicked in a grid: open a result, mark one, show more, or more like one."""
    if choice.like is not None and ask_for_more_like(choice.like):
        st.rerun()
    marked = choice.bad if choice.good is None else choice.good
    if marked is not None:
        mark(marked, good=choice.good is not None)
        st.rerun()
    # A key and the end of the list may come with one run, so neither is passed over for the other.
    before = session.search()
    after = replace(before, picture=choice.pick or before.picture)
    if choice.more:
        after = replace(after, page=before.page + 1)
    if after != before:
        session.ask(after)
        st.rerun()


def as_words(text: str) -> str:
    """Write foreign text so that a query takes it as words, whatever signs are in it."""
    return str(Query.words(feedback.readable(text)))
