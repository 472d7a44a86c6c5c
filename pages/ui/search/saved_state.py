"""What a saved query asks for: its terms, marks and filters, and how its results are shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from pages.ui.frame.search_state import (
    ASKED,
    EMPTY,
    MOST_PATHS,
    NOT_GROUPED,
    SHOWN,
    SearchState,
    as_text,
)
from pages.ui.search import date_filter, terms
from search_engine import Filters, Query, SearchEngine
from search_engine.cards import CardView, ResultCard, query_of
from search_engine.query import ExamplePicture, Term, Words
from search_engine.search import Grouping, Order

_LIMITS = {
    "min_width": "at least {:,} pixels wide", "max_width": "at most {:,} pixels wide",
    "min_height": "at least {:,} pixels high", "max_height": "at most {:,} pixels high",
    "min_bytes": "at least {:,} bytes", "max_bytes": "at most {:,} bytes",
    "min_pixels": "at least {:,} pixels", "max_pixels": "at most {:,} pixels",
    "min_score": "cosine {:g} or more", "dated_from": "from {}", "dated_to": "until {}",
}  # fmt: skip
_LOWEST = -1.0
"""No cosine is lower."""


@dataclass(frozen=True)
class SavedFilters:
    """The filters of a saved query, as far as the app has them."""

    state: SearchState
    left_out: tuple[str, ...]
    """Those that only the command line has, in words."""


def with_view(card: ResultCard, asked: SearchState) -> ResultCard:
    """Return a card that says how its results are shown as well, where that is not as usual."""
    if not asked.only_matches:
        return card
    group = None if asked.group == NOT_GROUPED else Grouping(asked.group)
    return replace(card, view=CardView(Order(asked.sort), group))


def state_of(engine: SearchEngine, card: ResultCard) -> SearchState:
    """Return all that a card asks for, as the search page has it.

    Raises:
        BadInput: A picture that the query is about is no longer in the collection.
        CollectionError: An example picture cannot be kept for this visitor.
    """
    query = query_of(card, engine)
    words = [term for term in query.terms if isinstance(term.subject, Words)]
    others = [term for term in query.terms if not isinstance(term.subject, Words)]
    averaged = bool(words) and all(_is_averaged(term) for term in words)
    state = filters_of(card.filters).state
    if card.view is not None:
        group = NOT_GROUPED if card.view.group is None else str(card.view.group)
        state = replace(state, shown=SHOWN[1], sort=str(card.view.sort), group=group)
    return replace(
        state,
        q=str(Query(tuple(map(_plain, words) if averaged else words))) if words else "",
        t=_chips(others),
        asked=ASKED[averaged],
        good=query.marks.good,
        bad=query.marks.bad,
    )


def _is_averaged(term: Term) -> bool:
    return isinstance(term.subject, Words) and term.subject.averaged


def _plain(term: Term) -> Term:
    assert isinstance(term.subject, Words)  # noqa: S101 - for the type alone
    return replace(term, subject=replace(term.subject, averaged=False))


def _chips(others: Sequence[Term]) -> tuple[str, ...]:
    """Write pictures as terms beside the words; examples are kept as if they were uploaded."""
    written = []
    for term in others:
        if isinstance(term.subject, ExamplePicture) and isinstance(term.subject.source, bytes):
            uploaded = terms.keep_example(term.subject.source)
            written.append(terms.chip(uploaded).weighted(term.weight))
        else:
            written.append(str(Query((term,))))
    return tuple(written)


def filters_of(filters: Filters) -> SavedFilters:
    """Return filters as the search page has them, and in words those that it does not have."""
    side = filters.min_width if filters.min_width == filters.min_height else None
    dates = {
        name: value
        for name in ("dated_from", "dated_to")
        if (value := getattr(filters, name)) and date_filter.read(value) == value
    }
    score = filters.min_score
    known = score is not None and _LOWEST <= score <= 1
    state = SearchState(
        category=tuple(map(as_text, sorted(filters.categories or ()))),
        tag=tuple(sorted(filters.tags or ())),
        path=filters.paths[:MOST_PATHS],
        orientation=str(filters.orientation or EMPTY.orientation),
        min_side=side or 0,
        min_match=filters.min_match or 0.0,
        min_score=score if score is not None and known else EMPTY.min_score,
        **dates,
    )
    shown = {
        *dates,
        *(("min_width", "min_height") if side else ()),
        *(("min_score",) if known else ()),
    }
    left_out = [
        words.format(value)
        for name, words in _LIMITS.items()
        if (value := getattr(filters, name)) is not None and name not in shown
    ]
    if filters.hidden is True:
        left_out.append("hidden pictures only")
    return SavedFilters(state, tuple(left_out))
