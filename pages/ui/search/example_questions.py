"""Questions to begin with, that work on the collection."""

from __future__ import annotations

from heapq import nlargest

import streamlit as st

from pages.ui.frame import feedback, resources
from pages.ui.search.new_query import as_words
from search_engine import SearchEngine
from search_engine.query import question_for
from search_engine.settings import SAMPLE_COLLECTION

SAMPLE_QUESTIONS = (
    "a red fish",
    "two purple cats",
    "a boat at sunset",
    "an animal in the snow",
    "umbrellas on a striped background",
    "three yellow stars at night",
)
GENERAL_QUESTIONS = (
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
    """Offer questions that work on this collection; give the one clicked, or nothing."""
    clicked = ""
    st.caption("Try one of these:")
    with st.container(horizontal=True):
        for question in _questions(engine):
            if st.button(feedback.plain(question), key=f"try {question}"):
                clicked = question
    return clicked


def _questions(engine: SearchEngine) -> list[str]:
    """Return questions for the largest categories, and general ones where these are few."""
    if engine.name == SAMPLE_COLLECTION:
        return list(SAMPLE_QUESTIONS)
    counts = resources.category_counts(engine)
    asked = {name: question for name in counts if (question := question_for(name))}
    largest = nlargest(_MOST, asked, key=counts.__getitem__)
    questions = [as_words(asked[name]) for name in largest]
    return list(dict.fromkeys([*questions, *GENERAL_QUESTIONS]))[:_MOST]
