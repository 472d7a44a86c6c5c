"""Whether what was asked for is here: the verdict, what it means, and where it comes from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import streamlit as st

from pages.ui.frame import feedback, resources
from pages.ui.search import bundled_model, precision_view
from search_engine import SearchEngine, SearchResults
from search_engine.calibration import CLEAR, THRESHOLD, Presence, Verdict
from search_engine.records import counted

_LOOKS: dict[Presence, tuple[Literal["green", "orange", "gray"], str]] = {
    Presence.CLEAR: ("green", ":material/check_circle:"),
    Presence.WEAK: ("orange", ":material/help:"),
    Presence.ABSENT: ("gray", ":material/search_off:"),
}

_MEANING = "What does the match score mean?"
DEFINITION = (
    "**Match** is the probability, in per cent, that a picture shows what you search for. The model"
    " gives it by comparing your words with a few hundred everyday ones, the *background texts*:"
    " a picture that fits them just as well does not show what you search for."
)
_SOURCES = (
    ":small[The softmax that CLIP was trained with, at its own temperature (Radford et al. 2021);"
    " background texts that say the same as your words are skipped. Where words find many"
    " pictures, uncertain ones count for more (Saerens, Latinne and Decaestecker 2002). Nothing was"
    " fitted to your pictures.]"
)


@dataclass(frozen=True)
class Said:
    """A verdict in words."""

    verdict: str
    presence: Presence
    count: str
    """How many strong matches there are; empty where nothing was found at all."""


def said(engine: SearchEngine, answer: SearchResults, *, has_more: bool = False) -> Said | None:
    """Return the verdict; None where there is none.

    ``has_more`` says whether there may be matches that nobody looked at.
    """
    verdict = answer.verdict
    if verdict is None:
        return None
    count = _counted(verdict, has_more=has_more) if answer.results else ""
    return Said(_worded(engine, verdict), verdict.presence, count)


def show(engine: SearchEngine, answer: SearchResults) -> None:
    """Show the verdict in a line, with its explanation one click away."""
    told = said(engine, answer)
    if told is None:
        say_why_not(engine, answer)
        return
    colour, icon = _LOOKS[told.presence]
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.badge(told.verdict, color=colour, icon=icon)
        if told.count:
            st.caption(told.count, width="content")
        if st.button(_MEANING, type="tertiary", key="match open"):
            explain(answer)
    bundled_model.show_note(engine)


def _worded(engine: SearchEngine, verdict: Verdict) -> str:
    """Blame no collection for what the model cannot know."""
    if verdict.presence is Presence.ABSENT and bundled_model.is_out_of_its_depth(engine):
        return "This model finds nothing like it"
    return verdict.text[0].upper() + verdict.text[1:]


def _counted(verdict: Verdict, *, has_more: bool) -> str:
    if not verdict.matches:
        return "no strong match"
    if verdict.presence is Presence.ABSENT:  # what stands out then is what was given
        return "only the example itself" if verdict.matches == 1 else "only the examples themselves"
    if has_more:
        return f"{verdict.matches:,} strong matches or more"
    return counted(verdict.matches, "strong match", "strong matches")


@st.dialog(_MEANING, width="medium", icon=":material/info:")
def explain(answer: SearchResults) -> None:
    """Say what the numbers of an answer mean, and what its verdict comes from."""
    if answer.verdict:
        _explain(answer, answer.verdict)


def _explain(answer: SearchResults, verdict: Verdict) -> None:
    st.markdown(DEFINITION)
    cosine, beside = "", " besides examples" if verdict.by_picture else ""
    if verdict.cut_score is not None:
        at = feedback.unsigned(verdict.cut_score, 3)
        cosine = f" For this query that is a cosine of about **{at}**."
    st.markdown(
        f"Results with {THRESHOLD:.0f} % or more are strong matches and come first; weaker ones"
        f" follow.{cosine} The best match{beside} is **{verdict.best_match:.0f} %**: *clear* from"
        f" {CLEAR:.0f} % on, *weak* from {THRESHOLD:.0f} %."
    )
    if answer.query.marks:
        st.markdown(
            "Marks raise the match of pictures like the good ones and lower that of pictures like"
            " the bad ones. Pictures that you marked as good count like all others; those that you"
            " marked as bad are not shown."
        )
    if len(answer.query.terms) > 1:
        st.markdown(
            "A picture matches a query of several parts as well as its weakest part: your words,"
            " your example pictures, and each thing that is excluded, which it must not show."
        )
    if verdict.by_picture:
        st.markdown(
            "A picture is compared with how like each other the nearest pictures of this collection"
            " are. Examples themselves do not count for the verdict."
        )
    if verdict.filtered:
        st.markdown("Filters change no match; the verdict is about the pictures they let through.")
    st.markdown(_SOURCES)
    if st.button("Check 20 of them", icon=":material/fact_check:", type="tertiary"):
        precision_view.ask_for_it()
        st.rerun()
    if st.button("How well does it work here?", icon=":material/fact_check:", type="tertiary"):
        st.switch_page("pages/6_Quality.py", query_params={"show": "Presence"})


def say_why_not(engine: SearchEngine, answer: SearchResults) -> None:
    """Say why results have no match."""
    if not answer.results:
        return
    if not any(term.weight > 0 for term in answer.query.terms):
        st.caption("Add something to look for to get match scores.")
    elif answer.results[0].match is not None:
        return
    elif engine.measure.lacks_probability():
        st.caption(
            "No match is given: this model has no temperature, which turns scores into"
            " probabilities. Results are in the order of their cosine."
        )
    elif resources.jobs().status(engine.name).state.active:
        st.caption("Scores are not calibrated yet; each result gets its match while this is built.")
    elif engine.measure.texts_changed():
        st.caption(
            "No match is given until the next update, because the background texts were changed:"
            " update the collection on *Build index*. No picture is embedded again."
        )
    else:
        st.caption(
            "Scores are not calibrated yet: update the collection once on *Build index*,"
            " and each result gets a match."
        )
