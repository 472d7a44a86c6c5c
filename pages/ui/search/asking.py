"""The answer to what a page asks for; while that is half typed, the one that was there before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from math import ceil

import streamlit as st

from pages.ui.frame import feedback, model_wait, session
from pages.ui.frame.search_memory import while_half_typed
from pages.ui.frame.search_state import SearchState
from pages.ui.search import filter_form, negation_note, terms
from pages.ui.search.result_order import Ordered, ordered
from search_engine import Filters, Query, SearchEngine, SearchResults
from search_engine.errors import BadQuery
from search_engine.query import require_finished
from search_engine.records import SearchResult
from search_engine.search import TOGETHER

MOST = 2400
"""Results that can be paged through."""

_NOTE = st.components.v2.component(
    "unfinished",
    html='<p role="status" hidden></p>',
    css="""
p {
  margin: 0; padding: 4px 2px; font: 14px var(--st-font, sans-serif); color: var(--st-text-color);
}
""",
    # While somebody types on, nothing is said. It is when they leave the box, or press Enter.
    js="""
export default function ({ data, parentElement }) {
  const note = parentElement.querySelector("p");
  const box = document.querySelector('[data-testid="stMain"] input[type="search"]');
  note.textContent = data.text;
  note.hidden = box !== null && document.activeElement === box;
  const show = () => { note.hidden = false; };
  const press = (event) => { if (event.key === "Enter") show(); };
  const hide = () => { note.hidden = true; };
  box?.addEventListener("blur", show);
  box?.addEventListener("keydown", press);
  box?.addEventListener("input", hide);
  return () => {
    box?.removeEventListener("blur", show);
    box?.removeEventListener("keydown", press);
    box?.removeEventListener("input", hide);
  };
}
""",
)


@dataclass(frozen=True)
class Answered:
    """What was asked, and the answer."""

    asked: SearchState
    """On a page that there is."""
    query: Query
    filters: Filters
    ordered: Ordered
    last_page: int

    @property
    def answer(self) -> SearchResults:
        """What was found."""
        return self.ordered.answer

    @property
    def k(self) -> int:
        """How many results there are up to the end of the page."""
        return self.asked.per_page * self.asked.page

    @property
    def shown(self) -> tuple[SearchResult, ...]:
        """The results up to the end of the page."""
        return self.ordered.results[: self.k]

    @property
    def headings(self) -> Mapping[int, str]:
        """What stands before results, by their place."""
        return {at: text for at, text in self.ordered.headings.items() if at < self.k}


def answered(engine: SearchEngine, asked: SearchState) -> Answered | None:
    """Answer what is asked for; None where nothing is.

    What cannot be read while somebody types keeps the answer before, with a calm note; from a link
    it is an error, which ends the page.
    """
    asked = replace(asked, collection=engine.name)
    with feedback.errors_shown():
        try:
            found = _answer(engine, asked)
        except BadQuery as error:
            if not session.search_memory().typing:
                raise
            _NOTE(key="unfinished", data={"text": f"{error.cause}. {error.remedy}"})
            return _before(engine, asked)
    session.note_answered(asked)
    return found


def _before(engine: SearchEngine, asked: SearchState) -> Answered | None:
    before = while_half_typed(session.search_memory(), asked)
    try:
        return _answer(engine, before) if before else None
    except BadQuery:  # a picture that it was about is gone
        return None


def _answer(engine: SearchEngine, asked: SearchState) -> Answered | None:
    negation_note.show(asked.q)
    if session.search_memory().typing:
        require_finished(asked.q)
    chips = tuple(terms.chip(text) for text in asked.t)
    query = terms.query(asked.q, chips, asked.asked, asked.marks)
    if query is None:
        return None
    filters = filter_form.filters(asked)
    page = min(asked.page, ceil(MOST / asked.per_page))
    with model_wait.shown(engine, grid=True):
        found = ordered(engine, query, filters, asked, asked.per_page * page)
    last = max(1, ceil(_count(found, asked, page) / asked.per_page))
    return Answered(replace(asked, page=min(page, last)), query, filters, found, last)


def _count(found: Ordered, asked: SearchState, page: int) -> int:
    """Count the results that there are; a minimum score leaves fewer than pass the filters."""
    count = len(found.results)
    only_matches = asked.only_matches and not found.note
    is_all = only_matches or count < max(asked.per_page * page, TOGETHER)
    return min(count if is_all else found.answer.considered, MOST)
