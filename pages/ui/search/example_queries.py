"""Queries to begin with, that work on the collection."""

from __future__ import annotations

from heapq import nlargest

import streamlit as st

from pages.ui.frame import feedback, resources
from pages.ui.search.new_query import as_words
from search_engine import SearchEngine
from search_engine.query import query_for
from search_engine.settings import SAMPLE_COLLECTION

SAMPLE_QUERIES = (
    "a red fish",
    "two purple cats",
    "a boat at sunset",
    "an animal in the snow",
    "umbrellas on a striped background",
    "three yellow stars at night",
)
GENERAL_QUERIES = (
    "people smiling",
    "food on a plate",
    "a dog",
    "a beach",
    "mountains",
    "a street at night",
)
"""Most people have photos of some of these."""
_MOST = 6


def show(engine: SearchEngine) -> str:
    """Offer queries that work on this collection; give the one clicked, or nothing."""
    clicked = ""
    with st.container(key="examples", horizontal=True, vertical_alignment="center", gap="xsmall"):
        st.caption("Try", width="content")
        for query in _queries(engine):
            if st.button(feedback.plain(query), key=f"try {query}"):
                clicked = query
    return clicked


def _queries(engine: SearchEngine) -> list[str]:
    """Return queries for the largest categories, and general ones where these are few."""
    if engine.name == SAMPLE_COLLECTION:
        return list(SAMPLE_QUERIES)
    counts = resources.category_counts(engine)
    by_category = {name: query for name in counts if (query := query_for(name))}
    largest = nlargest(_MOST, by_category, key=counts.__getitem__)
    queries = [as_words(by_category[name]) for name in largest]
    return list(dict.fromkeys([*queries, *GENERAL_QUERIES]))[:_MOST]
