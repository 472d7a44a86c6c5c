"""The scores of one query: how they spread, who is on top, and what each term gives."""

from __future__ import annotations

import altair as alt
import numpy as np
import pandas as pd
import streamlit as st

from pages.ui.frame import feedback, resources
from pages.ui.scores import score_histogram
from pages.ui.search import term_bars, verdict_line, words_view
from pages.ui.widgets import category_needs, charts
from search_engine import SearchEngine, SearchResults
from search_engine.explore import CategoryShare, category_shares, rank_curve
from search_engine.records import AllScores
from search_engine.search import ScoredCollection

_MOST_CATEGORIES = 9
_TERMS_FOR = 24
_ALIKE = 1e-5  # scores that differ by less are the same picture, rounded


def show(engine: SearchEngine, answer: SearchResults, scored: ScoredCollection) -> None:
    """Show what a query makes of the whole collection."""
    found = scored.all
    if not len(found.scores):
        feedback.nothing_found(answer)
        return
    shown = [result.record.picture_id for result in answer.results]
    verdict_line.show(engine, answer)
    _show_totals(found, answer)
    score_histogram.show(engine, scored, shown)
    if category_needs.are_several(engine):
        left, right = st.columns(2)
        with left:
            charts.show(_rank_curve(found, len(shown)), key="rank curve")
        with right:
            _show_shares(engine, found, shown)
    else:
        charts.show(_rank_curve(found, len(shown)), key="rank curve")
    if len(term_bars.part_names(answer.encoded)) > 1:
        _show_terms(engine, answer)
    words_view.show_query(engine, answer)


def _show_totals(found: AllScores, answer: SearchResults) -> None:
    mean, spread = float(found.scores.mean()), float(found.scores.std())
    best = float(found.scores.max())
    totals = {
        "Pictures scored": f"{len(found.scores):,}",
        "Best score": feedback.unsigned(best, 3),
        "Mean ± σ": f"{feedback.unsigned(mean, 3)} ± {spread:.3f}",
        "Best above mean": f"{(best - mean) / spread:.1f} σ" if spread > _ALIKE else "–",
        f"Score at rank {len(answer.results):,}": feedback.unsigned(answer.results[-1].score, 3),
    }
    charts.show_totals(totals)


def _rank_curve(found: AllScores, shown: int) -> charts.Figure:
    ranks, scores = rank_curve(found)
    table = pd.DataFrame({"rank": ranks, "score": scores})
    base = alt.Chart(table).encode(
        x=alt.X("rank:Q", scale=alt.Scale(type="log"), title="rank (logarithmic)"),
        y=alt.Y("score:Q", scale=alt.Scale(zero=False), title="cosine similarity"),
        tooltip=[alt.Tooltip("rank:Q", format=","), alt.Tooltip("score:Q", format=".3f")],
    )
    cut = alt.Chart(pd.DataFrame({"rank": [shown]})).mark_rule(
        color=charts.SECOND, strokeDash=[5, 4], strokeWidth=2
    )
    line = base.mark_line(color=charts.ACCENT, point={"size": 14, "color": charts.ACCENT})
    chart = alt.layer(line, cut.encode(x="rank:Q"), height=320)
    note = f"The score at each rank; left of the dashed line are the {shown} shown."
    return charts.Figure("Rank curve", note, chart, table, "rank_curve")


def _show_shares(engine: SearchEngine, found: AllScores, shown: list[int]) -> None:
    names, ids, numbers = resources.category_numbers(engine)
    of_all = numbers[np.isin(ids, found.picture_ids)]
    of_top = numbers[np.isin(ids, shown)]
    table = _share_table(category_shares(names, of_all, of_top, _MOST_CATEGORIES))
    plotted = table[table["in_top"] > 0]
    long = plotted.melt(
        ["category", "lift"], ["share_of_top", "share_of_collection"], "where", "share"
    )
    long["where"] = long["where"].map(
        {"share_of_top": "of the shown", "share_of_collection": "of the collection"}
    )
    chart = (
        alt.Chart(long, height=320)
        .mark_bar(cornerRadiusEnd=2)
        .encode(
            y=alt.Y("category:N", sort=None, title=None, axis=alt.Axis(labelLimit=110)),
            yOffset=alt.YOffset("where:N", sort="descending"),
            x=alt.X("share:Q", title="share", axis=alt.Axis(format="%", tickCount=6)),
            color=alt.Color(
                "where:N", title=None, legend=alt.Legend(orient="top"),
                scale=alt.Scale(
                    domain=["of the shown", "of the collection"],
                    range=[charts.SECOND, charts.FAINT],
                ),
            ),
            tooltip=[
                alt.Tooltip("category:N"), alt.Tooltip("where:N"),
                alt.Tooltip("share:Q", format=".1%"),
                alt.Tooltip("lift:Q", format=".1f", title="times as often as by chance"),
            ],
        )
    )  # fmt: skip
    note = f"How often a category is among the {len(shown)} shown, and in the whole collection."
    on_top = len(np.unique(of_top))
    if on_top > len(plotted):
        note += f" The first {len(plotted)} of {on_top:,} that are among them."

    def everything() -> pd.DataFrame:
        return _share_table(category_shares(names, of_all, of_top))

    charts.show(charts.Figure("Categories on top", note, chart, everything, "shares"), key="shares")


def _share_table(shares: list[CategoryShare]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "category": feedback.category_name(share.name),
            "in_top": share.in_top,
            "share_of_top": share.share_of_top,
            "share_of_collection": share.share_of_all,
            "lift": share.lift,
        }
        for share in shares
    )


def _show_terms(engine: SearchEngine, answer: SearchResults) -> None:
    results = answer.results[:_TERMS_FOR]
    ids = np.array([result.record.picture_id for result in results])
    shares = answer.encoded.shares(engine.embeddings.of(ids))
    terms = term_bars.part_names(answer.encoded)
    table = pd.DataFrame(
        {
            "rank": result.rank,
            "picture_id": result.record.picture_id,
            "category": feedback.category_name(result.record.category or ""),
            "term": term,
            "contribution": float(share),
            "score": result.score,
        }
        for result, row in zip(results, shares, strict=True)
        for term, share in zip(terms, row, strict=True)
    )
    chart = (
        alt.Chart(table, height=300)
        .mark_bar()
        .encode(
            x=alt.X("rank:O", title="rank", axis=alt.Axis(labelAngle=0, labelOverlap=True)),
            y=alt.Y("contribution:Q", title="contribution to the score"),
            color=alt.Color("term:N", sort=terms, legend=alt.Legend(orient="top", title=None)),
            tooltip=[
                alt.Tooltip("rank:O"), alt.Tooltip("category:N"), alt.Tooltip("term:N"),
                alt.Tooltip("contribution:Q", format="+.4f"),
                alt.Tooltip("score:Q", format=".4f"),
            ],
        )
    )  # fmt: skip
    note = (
        "A score is the sum of its terms: weight × cosine with the term, over the length of the"
        " weighted sum. Bars below zero pull a picture down."
    )
    charts.show(charts.Figure("Scores by term", note, chart, table, "terms"), key="terms")
