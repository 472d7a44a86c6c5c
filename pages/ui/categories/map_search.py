"""A search whose results are seen on the map; the address has all of it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from urllib.parse import parse_qs

import numpy as np
import streamlit as st

from pages.ui.frame import feedback, model_wait, resources, session
from pages.ui.frame.search_state import (
    EMPTY,
    MAP_SEARCH,
    SearchState,
    as_address,
    from_address,
)
from pages.ui.search import filter_form, new_query, terms
from search_engine import SearchEngine
from search_engine.calibration import THRESHOLD
from search_engine.errors import SearchEngineError
from search_engine.records import Ids, counted
from search_engine.search import ScoredCollection

_WORDS = session.Key("map words", "")
_NEAREST = 24
_MOST_RINGED = 500


@dataclass(frozen=True)
class MapSearch:
    """What is searched for, and what was found."""

    state: SearchState
    scored: ScoredCollection | None = None
    lit: Ids = field(default_factory=lambda: np.empty(0, dtype=np.int64))
    """The matches, best first; where nothing matches, the nearest."""
    note: str = ""


def show_box() -> None:
    """Show the box for words."""
    _WORDS.put(_read().q)
    st.text_input(
        "Highlight results", key=_WORDS.name, type="search", on_change=_take_over,
        placeholder="Highlight on the map… (Enter)", label_visibility="collapsed",
    )  # fmt: skip


def run(engine: SearchEngine) -> MapSearch:
    """Run what is searched for."""
    state = _read()
    if state == EMPTY:
        return MapSearch(state)
    try:
        return _found(engine, state)
    except SearchEngineError as error:
        feedback.show_error(error)
        return MapSearch(state)


def change(**changes: object) -> None:
    """Search for something else on the map."""
    _write(replace(_read(), **changes))  # type: ignore[arg-type] # as fields are named


def _read() -> SearchState:
    said = st.query_params.get(MAP_SEARCH, "")
    try:
        state = from_address(parse_qs(said, max_num_fields=1_000))
    except ValueError:
        return EMPTY
    return replace(state, q="") if terms.names_foreign_path(state.q) else state


def _take_over() -> None:
    words = _WORDS.get()
    terms.remember_typed(words)
    change(q=words, good=(), bad=())


def _write(state: SearchState) -> None:
    written = as_address(state)
    if written:
        st.query_params[MAP_SEARCH] = written
    else:
        st.query_params.pop(MAP_SEARCH, None)


def _found(engine: SearchEngine, state: SearchState) -> MapSearch:
    chips = tuple(terms.chip(text) for text in state.t)
    query = terms.query(state.q, chips, state.asked, state.marks)
    if query is None:
        return MapSearch(state)
    with model_wait.shown(engine):
        scored = resources.scored(engine, query, filter_form.filters(state))
    ids, scores = scored.all.picture_ids, scored.all.scores
    values = scores if scored.matches is None else scored.matches
    order = np.argsort(-values, kind="stable")
    is_match = scored.matches is not None and len(order) and values[order[0]] >= THRESHOLD
    if not is_match:
        lit = ids[np.argsort(-scores, kind="stable")[:_NEAREST]]
        note = (
            f"No good match; the {len(lit)} nearest are ringed"
            if scored.matches is not None
            else (f"The {len(lit)} nearest are ringed")
        )
        return MapSearch(state, scored, lit, note)
    matching = int((values >= THRESHOLD).sum())
    lit = ids[order[: min(matching, _MOST_RINGED)]]
    note = f"{counted(matching, 'match', 'matches')} ringed"
    if len(lit) < matching:
        note = f"The best {len(lit)} of {matching:,} matches are ringed"
    return MapSearch(state, scored, lit, note)


def offer_results(found: MapSearch) -> None:
    """Say what was found, and lead to the results themselves."""
    if found.state == EMPTY:
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        extra = [one.label for one in filter_form.chosen(found.state)]
        extra += [terms.chip(text).label for text in found.state.t] if found.scored else []
        beside = f" · {', '.join(extra)}" if extra else ""
        st.caption(feedback.plain(found.note + beside), width="content")
        if st.button("Open in Search", icon=":material/search:", key="map to search"):
            fields = {name: getattr(found.state, name) for name in SearchState.__dataclass_fields__}
            new_query.go_to_search(**fields)
        st.button("Clear", type="tertiary", key="map clear search", on_click=_write, args=(EMPTY,))
