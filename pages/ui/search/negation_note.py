"""A query with a no in it, and what to search for instead."""

from __future__ import annotations

import streamlit as st

from pages.ui.frame import feedback
from pages.ui.search import terms
from pages.ui.search.new_query import ask
from search_engine.explain import negation_in


def show(words: str) -> None:
    """Warn of a negation in typed words, and offer to take away what is not wanted.

    Raises:
        BadQuery: The words make no query.
    """
    found = negation_in(terms.read(words)) if words.strip() else None
    if found is None:
        return
    better = str(found.suggestion)
    with st.container(horizontal=True, vertical_alignment="center", key="negation"):
        st.warning(
            f"The model does not understand “{feedback.plain(found.word)}”: it finds pictures"
            " with it. Exclude it instead; quotes keep words as"
            " they are.",
            icon=":material/do_not_disturb_on:",
        )
        st.button(
            f"Search for {feedback.plain(feedback.readable(better))}",
            on_click=ask,
            kwargs={"q": better, "page": 1},
        )
