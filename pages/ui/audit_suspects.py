"""Pictures that may be in the wrong category, with what speaks against them."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from pages.ui import audit_steps, behind, feedback, grid, resources
from search_engine import SearchEngine
from search_engine.auditing.audit import Audit, Finding
from search_engine.auditing.lists import table_of_suspects
from search_engine.auditing.neighbours import Told
from search_engine.auditing.suspects import Signal, Suspect
from search_engine.errors import ModelError

_A_PAGE = 8
_WITNESSES = 6
_LABELS = {
    Signal.COMBINED: "Both together", Signal.NEIGHBOURS: "Neighbours", Signal.WORDS: "Words",
}  # fmt: skip


def show(engine: SearchEngine) -> None:
    """Show the suspects of the chosen signal, page by page."""
    st.caption(
        "Neighbours doubt a category when more of the 20 nearest other pictures are of another one"
        " (Wilson 1972); copies of the picture are no witnesses. Words doubt it when the name of"
        " another category fits the picture better than its own (zero-shot, Radford et al. 2021;"
        " Northcutt et al. 2021). Nothing is moved; which label is right is for you to say."
    )
    signal = st.segmented_control(
        "Signal", list(_LABELS), format_func=_LABELS.__getitem__, required=True,
        default=Signal.COMBINED, label_visibility="collapsed", key="signal",
    )  # fmt: skip
    if not audit_steps.wanted(engine, Finding.FAIR_NEIGHBOURS, key="suspects"):
        return
    with audit_steps.progress() as told:
        found = _found(resources.audit(engine), signal, told)
    if not found:
        st.info("No category is doubted.")
        return
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.metric("Doubted pictures", f"{len(found):,}", help=f"Of {len(engine):,}.")
        st.download_button(
            "Table (CSV)", lambda: table_of_suspects(engine, found), "suspects.csv", "text/csv",
            icon=":material/download:", on_click="ignore",
        )  # fmt: skip
    pages = -(-len(found) // _A_PAGE)
    page = st.pagination(pages, key=f"suspects page of {pages} {signal}") if pages > 1 else 1
    for one in found[_A_PAGE * (page - 1) : _A_PAGE * page]:
        with st.container(border=True):
            _show_suspect(engine, one)


def _found(audit: Audit, signal: Signal, told: Told) -> Sequence[Suspect]:
    try:
        return audit.suspects(signal, told=told)
    except ModelError as error:
        feedback.show_error(error)
        st.caption("Without the model only the neighbours can tell.")
        return audit.suspects(Signal.NEIGHBOURS, with_words=False, told=told)


def _show_suspect(engine: SearchEngine, one: Suspect) -> None:
    own = feedback.plain(feedback.category_name(one.record.category or ""))
    other = feedback.plain(feedback.category_name(one.suggested))
    left, right = st.columns([2, 5])
    number = one.record.picture_id
    with left:
        st.markdown(f"In **{own}**, rather **{other}**?")
        choice = grid.show_records(engine, [one.record], key=f"suspect {number}")
        behind.go_where_chosen(engine, [one.record], choice)
    with right:
        st.caption(_evidence(one))
        known = engine.catalog.pictures.by_id(one.witnesses[:_WITNESSES])
        witnesses = [known[i] for i in one.witnesses[:_WITNESSES] if i in known]
        choice = grid.show_records(engine, witnesses, key=f"witnesses of {number}")
        behind.go_where_chosen(engine, witnesses, choice)


def _evidence(one: Suspect) -> str:
    parts = []
    if one.neighbours is not None:
        who = ("another category", "its own") if one.neighbours >= 0 else ("its own", "any other")
        parts.append(f"{who[0].capitalize()} has {abs(one.neighbours):.0%} more votes of the")
        parts.append(f"neighbours than {who[1]}.")
    if one.words is not None:
        how = "better" if one.words >= 0 else "worse"
        parts.append(f"The best other name fits {abs(one.words):.3f} {how} than its own.")
    return " ".join([*parts, "The neighbours, those of the likelier category first:"])
