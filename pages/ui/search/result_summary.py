"""The line above the results: what was found, what limits it, and what can be done with it."""

from __future__ import annotations

import streamlit as st

from pages.ui.frame import feedback
from pages.ui.search import filter_form, result_actions, verdict_line
from pages.ui.search.asking import Answered
from search_engine import SearchEngine


def show(engine: SearchEngine, found: Answered) -> None:
    """Sum an answer up."""
    answer = found.answer
    with st.container(
        key="summary", horizontal=True, horizontal_alignment="distribute",
        vertical_alignment="center", gap="small",
    ):  # fmt: skip
        with st.container(
            key="verdict", horizontal=True, vertical_alignment="center", gap="small",
            width="content",
        ):  # fmt: skip
            verdict_line.show(engine, answer, has_more=found.ordered.has_more_matches)
            st.markdown(feedback.answer_line(answer), width="content")
        result_actions.show(engine, found)
    feedback.show_notes(answer)
    filter_form.note_without_effect(engine, answer, found.filters)
    if found.asked.only_matches and not found.ordered.note and found.shown:
        st.caption("Only strong matches are shown while they are sorted, grouped or shown alone.")
    if found.ordered.note:
        st.caption(feedback.plain(found.ordered.note))
