"""The filters, those that are set, and what they let through."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import streamlit as st

from pages.ui.frame import feedback, resources, search_state
from pages.ui.frame.search_state import EMPTY, ORIENTATIONS, SearchState
from pages.ui.search import date_filter, name_filters, new_query, tagging, terms
from pages.ui.search.verdict_line import DEFINITION
from search_engine import Filters, SearchEngine, SearchResults
from search_engine.errors import SearchEngineError
from search_engine.query import WORDINGS
from search_engine.records import Orientation, any_of
from search_engine.search import MatchCounts

NONE = {
    name: getattr(EMPTY, name)
    for name in (
        "category", "tag", "path", "dated_from", "dated_to", "orientation", "min_side", "min_match",
        "min_score", "asked",
    )
}  # fmt: skip
"""What to ask for to filter nothing."""


@dataclass(frozen=True)
class ChosenFilter:
    """A filter that is set."""

    label: str
    without: Mapping[str, object]
    """What to ask for to be without it."""


def show_filters(engine: SearchEngine, asked: SearchState) -> None:
    """Show all filters, with how many matches lie behind those on categories and tags."""
    counts = _counts(engine, asked)
    name_filters.show(engine, asked, counts.categories)
    tagging.show_filter(asked, counts.tags)
    st.slider(
        "Match at least", 0.0, 100.0, step=5.0, format="%.0f %%", key="min_match",
        on_change=new_query.collect, args=("min_match",), help=DEFINITION,
    )  # fmt: skip
    date_filter.show()
    st.segmented_control(
        "Orientation", ORIENTATIONS, key="orientation", on_change=new_query.collect,
        args=("orientation",), format_func=str.capitalize, required=True,
    )  # fmt: skip
    st.select_slider(
        "Shorter side, pixels at least", search_state.SIDES, key="min_side",
        on_change=new_query.collect, args=("min_side",),
    )  # fmt: skip
    st.toggle(
        "Try several phrasings", key="averaged", on_change=new_query.collect,
        args=("averaged",),
        help=f"Puts your words into {len(WORDINGS)} phrasings, like “a photo of …”, and searches"
        " for the mean of them. *Scores*, view *Wording*, shows whether that changes anything.",
    )  # fmt: skip
    with st.expander("For experts", icon=":material/tune:"):
        st.slider(
            "Cosine at least", -1.0, 1.0, step=0.01, key="min_score", on_change=new_query.collect,
            args=("min_score",),
        )  # fmt: skip
    st.button("Clear filters", on_click=_clear_filters, type="tertiary")


def _counts(engine: SearchEngine, asked: SearchState) -> MatchCounts:
    """Count the matches of what is asked for; all pictures where nothing is, or nothing matches."""
    try:
        chips = tuple(terms.chip(text) for text in asked.t)
        query = terms.query(asked.q, chips, asked.asked, asked.marks)
        if query is not None:
            return resources.match_counts(engine, query, filters(asked))
    except SearchEngineError:  # the answer says what is the matter
        pass
    return MatchCounts(resources.category_counts(engine), resources.tag_counts(engine))


def _clear_filters() -> None:
    new_query.ask(page=1, **NONE)


def chosen(asked: SearchState) -> list[ChosenFilter]:
    """Return the filters that are set, as chips name them."""
    found = []
    for text in asked.category:
        rest = tuple(one for one in asked.category if one != text)
        name = feedback.category_name(search_state.from_text(text))
        found.append(ChosenFilter(name, {"category": rest}))
    for text in asked.tag:
        rest = tuple(one for one in asked.tag if one != text)
        found.append(ChosenFilter(f"Tag: {feedback.readable(text)}", {"tag": rest}))
    for text in asked.path:
        rest = tuple(one for one in asked.path if one != text)
        found.append(ChosenFilter(f"Path: {feedback.readable(text)}", {"path": rest}))
    for field, label in (
        ("dated_from", f"From {asked.dated_from}"),
        ("dated_to", f"Until {asked.dated_to}"),
        ("orientation", asked.orientation.capitalize()),
        ("min_side", f"{asked.min_side:,} pixels or more"),
        ("min_match", match_label(asked.min_match)),
        ("min_score", f"Cosine {feedback.unsigned(asked.min_score, 2)} or more"),
        ("asked", "Several phrasings"),
    ):
        if getattr(asked, field) != NONE[field]:
            found.append(ChosenFilter(label, {field: NONE[field]}))
    return found


def match_label(least: float) -> str:
    """Say which matches are let through."""
    return f"Match {least:g} % or more"


def show_nothing(engine: SearchEngine, answer: SearchResults, filters: Filters) -> None:
    """Say why no picture is shown, and offer what may have been meant."""
    if filters.min_match is not None and answer.verdict and not answer.considered:
        best = f"{answer.verdict.best_match:.0f} %"
        st.info(f"No picture matches {filters.min_match:g} % or more. The best match is {best}.")
        _offer_weaker()
        return
    feedback.nothing_found(answer)
    if not answer.considered:
        name_filters.offer_others(engine, filters)


def note_without_effect(engine: SearchEngine, answer: SearchResults, filters: Filters) -> None:
    """Say why the filter on the match does nothing, where results have none."""
    why = None if filters.min_match is None else engine.measure.why_no_match(answer)
    if why:
        reason = f"{why.cause}. {why.remedy}"
        label = match_label(filters.min_match or 0)
        st.caption(f"“{label}” does not filter here. {feedback.plain(reason)}")


def _offer_weaker() -> None:
    changes = {"min_match": NONE["min_match"], "page": 1}
    st.button("Show weaker matches", on_click=new_query.ask, kwargs=changes)


def filters(asked: SearchState) -> Filters:
    """Return the filters that are asked for."""
    side = asked.min_side or None
    return Filters(
        categories=frozenset(map(search_state.from_text, asked.category)) or None,
        tags=frozenset(asked.tag) or None,
        hidden=False,
        path=any_of(asked.path),
        dated_from=date_filter.read(asked.dated_from),
        dated_to=date_filter.read(asked.dated_to),
        orientation=None if asked.orientation == "any" else Orientation(asked.orientation),
        min_width=side,
        min_height=side,
        min_match=asked.min_match or None,
        min_score=asked.min_score if asked.min_score > -1 else None,
    )
