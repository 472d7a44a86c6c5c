"""The filters in the sidebar, and what they let through."""

from __future__ import annotations

import streamlit as st

from pages.ui.frame import feedback, search_state
from pages.ui.frame.search_state import ORIENTATIONS, SearchState
from pages.ui.search import date_filter, name_filters, new_query
from search_engine import Filters, SearchEngine, SearchResults
from search_engine.query import WORDINGS
from search_engine.records import Orientation

_FILTERS = (
    "category", "path", "dated_from", "dated_to", "orientation", "min_side", "min_score",
)  # fmt: skip


def show_filters(engine: SearchEngine) -> None:
    """Show the filters, in the sidebar."""
    with st.sidebar:
        st.toggle(
            "Search in several wordings", key="averaged", on_change=new_query.collect,
            args=("averaged",),
            help=f"Puts the words in {len(WORDINGS)} wordings, like “a photo of …”, and takes the"
            " mean of their vectors. Scores, view Wording, shows whether that changes anything.",
        )  # fmt: skip
        st.subheader("Filters")
        name_filters.show(engine)
        date_filter.show()
        st.selectbox(  # four words do not fit beside one another
            "Orientation", ORIENTATIONS, key="orientation", on_change=new_query.collect,
            args=("orientation",),
        )  # fmt: skip
        st.select_slider(
            "Shorter side, pixels at least", search_state.SIDES, key="min_side",
            on_change=new_query.collect, args=("min_side",),
        )  # fmt: skip
        st.slider(
            "Score at least", -1.0, 1.0, step=0.01, key="min_score", on_change=new_query.collect,
            args=("min_score",),
        )  # fmt: skip
        st.button("Clear filters", on_click=_clear_filters, type="tertiary")


def _clear_filters() -> None:
    empty = SearchState()
    new_query.ask(page=1, **{name: getattr(empty, name) for name in _FILTERS})


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
        path=asked.path or None,
        dated_from=date_filter.read(asked.dated_from),
        dated_to=date_filter.read(asked.dated_to),
        orientation=None if asked.orientation == "any" else Orientation(asked.orientation),
        min_width=side,
        min_height=side,
        min_score=asked.min_score if asked.min_score > -1 else None,
    )
