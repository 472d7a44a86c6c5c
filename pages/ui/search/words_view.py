"""Which word of a query carries the scores of its results."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import streamlit as st

from pages.ui.frame import feedback, resources
from pages.ui.widgets import signed_bars
from search_engine import Query, SearchEngine, SearchResults
from search_engine.explain import WordEffect, hardly_used, word_effects
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
        st.markdown("#### Contribution of each word")
        st.caption(
            "The query is run again without each word. The longer a bar to the right, the more the"
            f" word lifts the {len(_ids(answer))} best pictures above the rest of the collection; a"
            " bar to the left pulls them down. Figures are cosines."
        )
        rows = [
            signed_bars.SignedBar(one.word, one.mean_difference)
            for one in effects
            if not one.hardly_used
        ]
        if rows:
            label = "What each word adds to the best pictures"
            signed_bars.show(rows, label=label, key="query words")
        tell_unused(effects)


def tell_unused(effects: Sequence[WordEffect]) -> None:
    """Say which words the model hardly uses, where a bar near zero would look like a finding."""
    unused = hardly_used(effects)
    if unused:
        st.caption(
            f":material/block: The model hardly uses {feedback.plain(feedback.readable(unused))}:"
            " pictures come in nearly the same order without. Such a word may say little, like"
            " “the”; be unknown to the model or mistyped; or be true of nearly all pictures here."
        )


def _ids(answer: SearchResults) -> tuple[int, ...]:
    return tuple(result.record.picture_id for result in answer.results[:_BEST])


@resources.cached_by_collection(entries=64, key=lambda answer: (answer.query, _ids(answer)))
def _effects(engine: SearchEngine, answer: SearchResults) -> tuple[WordEffect, ...]:
    ids = _ids(answer)
    best = engine.embeddings.of(np.array(ids))

    def ask(query: Query) -> tuple[EncodedQuery, None]:
        return engine.encode(query), None

    return word_effects(answer.encoded, ids[0], best[0], best, engine.backdrop(), ask)
