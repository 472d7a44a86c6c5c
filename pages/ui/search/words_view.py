"""Which word of a query carries the scores of its results."""

from __future__ import annotations

import numpy as np
import streamlit as st

from pages.ui.frame import resources
from pages.ui.widgets import signed_bars
from search_engine import Query, SearchEngine, SearchResults
from search_engine.explain import WordEffect, word_effects
from search_engine.query import EncodedQuery

_BEST = 10


def as_rank(rank: int | None) -> str:
    """Write a rank, or that the filters hold the picture back."""
    return f"rank {rank:,}" if rank else "not found"


def show_query(engine: SearchEngine, answer: SearchResults) -> None:
    """Show what each word does to the best results of a query, where it has several words."""
    effects = _effects(engine, answer)
    if not effects:
        return
    with st.container(border=True):
        st.markdown("#### Without each word")
        st.caption(
            "The query is run again without each word. A bar to the right: with the word the"
            f" {len(_ids(answer))} best pictures are so much cosine further above the mean of the"
            " collection."
        )
        rows = [signed_bars.SignedBar(one.word, one.mean_difference) for one in effects]
        signed_bars.show(rows, label="What each word adds to the best pictures", key="query words")


def _ids(answer: SearchResults) -> tuple[int, ...]:
    return tuple(result.record.picture_id for result in answer.results[:_BEST])


@resources.cached_by_collection(entries=64, key=lambda answer: (answer.query, _ids(answer)))
def _effects(engine: SearchEngine, answer: SearchResults) -> tuple[WordEffect, ...]:
    ids = _ids(answer)
    best = engine.embeddings.of(np.array(ids))

    def ask(query: Query) -> tuple[EncodedQuery, None]:
        return engine.encode(query), None

    return word_effects(answer.encoded, ids[0], best[0], best, engine.mean_vector(), ask)
