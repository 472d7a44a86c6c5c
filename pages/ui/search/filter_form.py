"""The filters, those that are set, and what they let through."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import streamlit as st

from pages.ui.frame import feedback, search_state
from pages.ui.frame.search_state import EMPTY, ORIENTATIONS, SearchState
from pages.ui.search import date_filter, name_filters, new_query, tagging
from search_engine import Filters, SearchEngine, SearchResults
from search_engine.query import WORDINGS
from search_engine.records import Orientation

NONE = {
    name: getattr(EMPTY, name)
    for name in (
        "category", "tag", "path", "dated_from", "dated_to", "orientation", "min_side", "min_score",
        "asked",
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
    """Show all filters."""
    name_filters.show(engine, asked)
    tagging.show_filter(engine, asked)
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
    for field, label in (
        ("path", f"Path: {asked.path}"),
        ("dated_from", f"From {asked.dated_from}"),
        ("dated_to", f"Until {asked.dated_to}"),
        ("orientation", asked.orientation.capitalize()),
        ("min_side", f"{asked.min_side:,} pixels or more"),
        ("min_score", f"Cosine {feedback.unsigned(asked.min_score, 2)} or more"),
        ("asked", "Several phrasings"),
    ):
        if getattr(asked, field) != NONE[field]:
            found.append(ChosenFilter(label, {field: NONE[field]}))
    return found


def show_nothing(engine: SearchEngine, answer: SearchResults, filters: Filters) -> None:
    """Say why no picture is shown, and offer what may have been meant."""
    feedback.nothing_found(answer)
    if not answer.considered:
        name_filters.offer_others(engine, filters)


def filters(asked: SearchState) -> Filters:
    """Return the filters that are asked for."""
    side = asked.min_side or None
    return Filters(
        categories=frozenset(map(search_state.from_text, asked.category)) or None,
        tags=frozenset(asked.tag) or None,
        hidden=False,
        path=asked.path or None,
        dated_from=date_filter.read(asked.dated_from),
        dated_to=date_filter.read(asked.dated_to),
        orientation=None if asked.orientation == "any" else Orientation(asked.orientation),
        min_width=side,
        min_height=side,
        min_score=asked.min_score if asked.min_score > -1 else None,
    )
