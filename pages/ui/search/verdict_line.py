"""Whether what was asked for is here: the verdict, what it means, and where it comes from."""

from __future__ import annotations

from typing import Literal

import streamlit as st

from pages.ui.frame import feedback, resources
from pages.ui.search import bundled_model, new_query
from search_engine import SearchEngine, SearchResults
from search_engine.calibration import CUT_MATCH, Presence, Verdict

_LOOKS: dict[Presence, tuple[Literal["green", "orange", "gray"], str]] = {
    Presence.CLEAR: ("green", ":material/check_circle:"),
    Presence.WEAK: ("orange", ":material/help:"),
    Presence.ABSENT: ("gray", ":material/search_off:"),
}

DEFINITION = (
    "**Match**, from 0 to 100, says how far a picture's cosine stands out: above what the query"
    " scores with this collection on average, and above what the picture scores with everything."
    " 50 is the level that a quarter of the pictures do not reach with the one of 256 neutral"
    " captions that fits them best, 95 and more the level of the median picture."
)
_SOURCES = (
    ":small[Centring as in score normalisation of speaker verification (Auckenthaler, Carey and"
    " Lloyd-Thomas 2000); against pictures that are near to everything (Radovanović et al. 2010)"
    " with a bank of neutral queries (Bogolin et al. 2022) at the weight of CSLS (Conneau et al."
    " 2018). No labels and no fixed cosine are used: the levels are measured for this model on"
    " this collection when its index is made.]"
)


def show(engine: SearchEngine, answer: SearchResults) -> None:
    """Show the verdict in a line, with its explanation one click away."""
    verdict = answer.verdict
    if verdict is None:
        _say_why_not(engine, answer)
        return
    colour, icon = _LOOKS[verdict.presence]
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.badge(_worded(engine, verdict), color=colour, icon=icon)
        st.caption(_counted(answer, verdict), width="content")
        # What is inside a closed one would be sent again for each letter that is typed.
        meaning = st.popover("What is match?", type="tertiary", key="match open", on_change="rerun")
        if meaning.open:
            with meaning:
                _explain(answer, verdict)
    bundled_model.note(engine)


def _worded(engine: SearchEngine, verdict: Verdict) -> str:
    """Blame no collection for what the model cannot know."""
    if verdict.presence is Presence.ABSENT and bundled_model.is_out_of_its_depth(engine):
        return "This model finds nothing like it"
    return verdict.text[0].upper() + verdict.text[1:]


def _counted(answer: SearchResults, verdict: Verdict) -> str:
    count = len(answer.results)
    if not verdict.matches:
        return "none of the results stands out"
    return f"{verdict.matches:,} of the best {count:,} stand{'s' * (verdict.matches == 1)} out"


def _explain(answer: SearchResults, verdict: Verdict) -> None:
    st.markdown(DEFINITION)
    st.markdown(
        f"Results with {CUT_MATCH:.0f} and more stand out and come first, by match; weaker ones"
        f" follow. For this query {CUT_MATCH:.0f} is at a cosine of about"
        f" **{feedback.unsigned(verdict.cut_score, 3)}**; the best match is"
        f" **{verdict.best_match:.0f}**."
        " *Clear* is a best match of 95 or more, *weak* one of 50 or more."
    )
    if len(answer.query.terms) > 1:
        st.markdown(
            "The cut of a query with several terms is the sum of theirs. What is taken away"
            " adds nothing to it: a match shows what is wanted, before and after."
        )
    if verdict.by_picture:
        st.markdown(
            "A picture is compared with how like each other the nearest pictures of this collection"
            " are. Examples themselves do not count for the verdict."
        )
    if verdict.filtered:
        st.markdown("Filters change no match; the verdict is about the pictures they let through.")
    st.markdown(_SOURCES)
    if st.button("How well does it work here?", icon=":material/fact_check:", type="tertiary"):
        new_query.ask(tab="presence")
        st.switch_page("pages/4_Scores.py")


def _say_why_not(engine: SearchEngine, answer: SearchResults) -> None:
    if not answer.results:
        return
    if not any(term.weight > 0 for term in answer.query.terms):
        st.caption("No match is given, because the query only takes away.")
    elif answer.results[0].match is not None:
        return
    elif resources.jobs().status(engine.name).state.active:
        st.caption("Scores are not calibrated yet; each result gets its match while this is built.")
    else:
        st.caption(
            "Scores are not calibrated yet: bring the collection up to date once on *Build index*,"
            " and each result gets a match from 0 to 100."
        )
