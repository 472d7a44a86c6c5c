"""One picture, large, with all that is known about it and what can be done with it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import streamlit as st

from pages.ui import feedback, resources
from pages.ui.address import as_text
from pages.ui.search_form import ask
from pages.ui.verdict_line import DEFINITION
from search_engine import SearchEngine, SearchResults
from search_engine.errors import SearchEngineError
from search_engine.records import PictureRecord, SearchResult

_TALLEST = 440
"""Pixels that a picture may be high, so that what is known about it is in sight as well."""

_dialog = st.dialog("Picture", width="medium", position="right", icon=":material/image:")


@_dialog
def show(
    engine: SearchEngine, result: SearchResult, answer: SearchResults, terms: Sequence[str]
) -> None:
    """Show a result of the search page."""
    _show_picture(engine, result.record, terms, st.rerun)
    _show_scores(engine, result, answer)
    _show_facts(result.record)


@_dialog
def show_record(engine: SearchEngine, record: PictureRecord) -> None:
    """Show a picture of another page; what is asked about it is answered on the search page."""
    _show_picture(engine, record, (), lambda: st.switch_page("pages/2_Search.py"))
    _show_facts(record)


def _show_picture(
    engine: SearchEngine, record: PictureRecord, terms: Sequence[str], go: Callable[[], None]
) -> None:
    name = record.path.rpartition("/")[2]
    try:
        image = resources.preview(engine, record)
    except SearchEngineError as error:
        feedback.show_error(error)
        image = None
    if image:
        width = round(_TALLEST * record.width / record.height)
        st.image(image, width=width, alt=feedback.readable(name))
    _show_actions(engine, record, terms, go)
    st.markdown(f"**{feedback.plain(name)}**")
    st.code(feedback.readable(str(engine.path(record))), language=None)


def _show_actions(
    engine: SearchEngine, record: PictureRecord, terms: Sequence[str], go: Callable[[], None]
) -> None:
    like = f"#{record.picture_id}"
    actions: list[tuple[str, str, dict[str, object]]] = [
        ("More like this", ":material/search:", {"q": "", "t": (like,)}),
        ("Add", ":material/add:", {"t": (*terms, like)}),
        ("Take away", ":material/remove:", {"t": (*terms, f"- {like}")}),
    ]
    if record.category:
        actions.append(
            ("Its category", ":material/folder:", {"category": (as_text(record.category),)})
        )
    with st.container(horizontal=True):
        for label, icon, changes in actions:
            if st.button(label, icon=icon, key=f"drawer {label}"):
                ask(**changes, page=1)
                go()
        if st.button("Ask words about it", icon=":material/label:"):
            ask(subject=record.picture_id, tab="words")
            st.switch_page("pages/4_Scores.py")
        path = engine.path(record)
        if path.is_file():
            st.download_button(
                "Download",
                path.read_bytes,
                file_name=feedback.readable(record.path.rpartition("/")[2]),
                icon=":material/download:",
                on_click="ignore",
            )


def _show_scores(engine: SearchEngine, result: SearchResult, answer: SearchResults) -> None:
    with st.container(horizontal=True):
        score = f"{result.score:.4f}"
        st.metric("Score, cosine similarity", score, help=f"Rank {result.rank}", width="content")
        if result.match is not None:
            st.metric("Match", f"{result.match:.0f} of 100", help=DEFINITION, width="content")
    if len(answer.query.terms) < 2:  # noqa: PLR2004 - a sum
        return
    vector = engine.catalog.vectors.one(engine.manifest.model, result.record.picture_id)
    if vector is None:
        return
    shares = answer.encoded.shares(vector[None])[0]
    rows = {
        feedback.plain(f"{term.weight:+g} × {term.subject}"): f"{share:+.4f}"
        for term, share in zip(answer.query.terms, np.asarray(shares), strict=True)
    }
    st.table(rows | {"sum": f"{shares.sum():.4f}"})


def _show_facts(record: PictureRecord) -> None:
    size = feedback.file_size(record.size_bytes)
    facts = {
        "Category": feedback.plain(record.category or "none"),
        "Size": f"{record.width:,} × {record.height:,} pixels, {size}",
        "Taken": feedback.plain(record.taken_at or "not known").replace("T", " "),
        "Camera": feedback.plain(record.camera or "not known"),
        "Id": f"{record.picture_id}",
        "SHA-256": record.content_hash[:16] + "…",
    }
    st.table(facts)
