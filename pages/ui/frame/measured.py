"""What takes long to measure: with progress, and once for each state of a collection."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar, cast

import streamlit as st

from pages.ui.frame import model_wait, resources
from search_engine import Filters, Query, SearchEngine
from search_engine.embedding import Embedder
from search_engine.evaluation import (
    MOST_CATEGORIES,
    Labelling,
    PresenceProof,
    Retrieval,
    RetrievalOptions,
    TemplateComparison,
    WordingCheck,
)
from search_engine.records import Ids, Progress, Step

T = TypeVar("T")

_K = 10
_COSINES_A_SECOND = 8_000_000
"""A collection of 200,000 with 50 categories was measured in 2.3 s on two busy cores."""


def seconds(engine: SearchEngine, queries: int) -> float:
    """Return about how long so many queries take over all pictures."""
    return len(engine) * (queries + 50) / _COSINES_A_SECOND


def categories(engine: SearchEngine, level: int = 1) -> int:
    """Count the categories that are asked for, with the folders at a level for them."""
    return min(sum(map(bool, resources.category_counts(engine, level))), MOST_CATEGORIES)


def _gradually(
    engine: SearchEngine, what: tuple[object, ...], label: str, measure: Callable[[Progress], T]
) -> T:
    """Measure once, showing progress, which nothing inside a cache could."""
    kept = _measured(engine, what)
    if "found" not in kept:
        bar = st.progress(0.0, label)

        def show(step: Step) -> None:
            bar.progress(step.share, label)

        try:
            kept["found"] = measure(show)
        finally:
            bar.empty()
    return cast("T", kept["found"])


@resources.cached_by_collection(entries=32)
def _measured(_: SearchEngine, __: tuple[object, ...]) -> dict[str, object]:
    return {}


def _model(engine: SearchEngine) -> Embedder:
    with model_wait.shown(engine):
        return engine.embedder()


def presence(engine: SearchEngine, labelling: Labelling) -> PresenceProof:
    """Prove how well it is told what is not in a collection."""
    _model(engine)
    return _gradually(
        engine, ("presence", labelling),
        "Searching for every category, with and without its pictures…",
        lambda progress: engine.measure.presence(progress, labelling),
    )  # fmt: skip


def retrieval(engine: SearchEngine, options: RetrievalOptions) -> Retrieval:
    """Measure what the names of categories find."""
    _model(engine)
    about = seconds(engine, categories(engine, options.labelling.level))
    return _gradually(
        engine, ("retrieval", options),
        f"Searching for every category, only once; about {max(about, 1):.0f} s…",
        lambda progress: engine.measure.retrieval(options, progress),
    )  # fmt: skip


def templates(engine: SearchEngine, labelling: Labelling) -> TemplateComparison:
    """Measure which wording finds the categories best."""
    _model(engine)
    return _gradually(
        engine, ("templates", labelling), "Searching in every phrasing, only once…",
        lambda progress: engine.measure.templates(_K, progress, labelling),
    )  # fmt: skip


def wording(engine: SearchEngine, query: Query, filters: Filters) -> WordingCheck:
    """Compare the results of a query in several wordings."""
    _model(engine)
    with st.spinner("Searching in every phrasing…", show_time=True):
        return _wording(engine, query, filters)


@resources.cached_by_collection(entries=32)
def _wording(engine: SearchEngine, query: Query, filters: Filters) -> WordingCheck:
    return engine.measure.wording(query, _K, filters)


@resources.cached_by_collection(
    entries=32, key=lambda found, own, other: (found.options, own, other)
)
def taken_for(engine: SearchEngine, found: Retrieval, own: int, other: int) -> Ids:
    """Return the pictures of a category whose best name is that of another, surest first."""
    return engine.measure.mistaken(found, own, other)
