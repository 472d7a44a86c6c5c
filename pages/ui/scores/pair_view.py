"""Two queries side by side: what they share, and who moves."""

from __future__ import annotations

from dataclasses import replace
from math import isnan

import altair as alt
import numpy as np
import pandas as pd
import streamlit as st

from pages.ui.frame import feedback, resources
from pages.ui.search import behind, new_query, terms
from pages.ui.widgets import charts, data_table
from search_engine import Query, SearchEngine
from search_engine.explore import QueryComparison, RankChange, compare_queries
from search_engine.records import AllScores, Filters
from search_engine.search import ScoredCollection

_MOST_POINTS = 3_000
_WHERE = ("both", "first only", "second only", "neither")
_COLOURS = ["#7a6fd0", charts.ACCENT, charts.SECOND, charts.FAINT]


def show(
    engine: SearchEngine, scored: ScoredCollection, other: str, filters: Filters, k: int
) -> None:
    """Take a second query and compare the two."""
    st.text_input(
        "Second query", key="other", placeholder="Another phrasing or a competing query",
        on_change=new_query.collect, args=("other",),
    )  # fmt: skip
    with feedback.errors_shown():
        second = terms.query(other, ())
        if second is None:
            st.info("Type a second query: both search the same pictures.")
            return
        # What matches the first query is compared, whether or not it matches the second.
        beside = resources.scored(engine, second, replace(filters, min_match=None))
    _show(engine, scored, beside, k)


def _show(engine: SearchEngine, first: ScoredCollection, second: ScoredCollection, k: int) -> None:
    one, two = _over_the_same(first.all, second.all)
    if not len(one.scores):
        st.info("No picture passes the filters. Remove one of them above.")
        return
    found = compare_queries(one, two, k)
    names = _name(first.encoded.query), _name(second.encoded.query)
    totals = {
        f"Shared of the best {found.k}": f"{found.shared}",
        "Jaccard": f"{found.jaccard:.2f}",
        "Rank-biased overlap": f"{found.rank_biased_overlap:.2f}",
        "Correlation of scores": "–"
        if isnan(found.correlation)
        else feedback.unsigned(found.correlation, 2),
    }
    charts.show_totals(totals)
    _show_scatter(engine, one, two, found, names)
    _show_changes(engine, found, names)


def _over_the_same(one: AllScores, two: AllScores) -> tuple[AllScores, AllScores]:
    """A minimum score leaves each query other pictures; only those of both are compared."""
    if np.array_equal(one.picture_ids, two.picture_ids):
        return one, two
    ids, at_one, at_two = np.intersect1d(
        one.picture_ids, two.picture_ids, assume_unique=True, return_indices=True
    )
    exact = one.exact and two.exact
    return (
        AllScores(ids, one.scores[at_one], exact),
        AllScores(ids, two.scores[at_two], exact),
    )


def _name(query: Query) -> str:
    text = str(query)
    return text if len(text) <= 40 else f"{text[:39]}…"  # noqa: PLR2004 - fits on an axis


def _show_scatter(
    engine: SearchEngine, one: AllScores, two: AllScores, found: QueryComparison,
    names: tuple[str, str],
) -> None:  # fmt: skip
    table = _points(engine, one, two, found)
    chart = _scatter(table, found.k, names)
    note = "Cosine similarity of each picture with both queries. Click a point to see it."
    if len(table) < len(one.picture_ids):
        note += f" Of the pictures in neither list, a random {_MOST_POINTS:,} are shown."
    figure = charts.Figure("Score comparison", note, chart, table, "two_queries")
    clicked = charts.show(figure, key="scatter", field="picture_id")
    if clicked is not None and int(str(clicked)) in set(table["picture_id"].tolist()):
        _show_behind(engine, found, int(str(clicked)))


def _points(
    engine: SearchEngine, one: AllScores, two: AllScores, found: QueryComparison
) -> pd.DataFrame:
    """Return the scores of all pictures on top, and of a sample of the others."""
    where = {change.picture_id: _where(change, found.k) for change in found.changes}
    top = np.isin(one.picture_ids, list(where))
    rest = np.flatnonzero(~top)
    if len(rest) > _MOST_POINTS:
        rest = np.random.default_rng(0).choice(rest, _MOST_POINTS, replace=False)
    places = np.concatenate([rest, np.flatnonzero(top)])
    ids = one.picture_ids[places].tolist()
    records = engine.records(ids)
    return pd.DataFrame(
        {
            "picture_id": ids,
            "first": one.scores[places],
            "second": two.scores[places],
            "where": [where.get(i, "neither") for i in ids],
            "path": [feedback.readable(records[i].path) if i in records else "" for i in ids],
        }
    )


def _where(change: RankChange, k: int) -> str:
    if max(change.first_rank, change.second_rank) <= k:
        return "both"
    return "first only" if change.first_rank <= k else "second only"


def _scatter(table: pd.DataFrame, k: int, names: tuple[str, str]) -> alt.Chart:
    picked = charts.clickable("picture_id")
    chart: alt.Chart = (
        alt.Chart(table, height=420)
        .mark_circle(size=46, cursor="pointer", opacity=0.85)
        .encode(
            x=alt.X("first:Q", title=f"score for: {names[0]}", scale=alt.Scale(zero=False)),
            y=alt.Y("second:Q", title=f"score for: {names[1]}", scale=alt.Scale(zero=False)),
            color=alt.Color(
                "where:N", title=f"in the best {k}", legend=alt.Legend(orient="top", columns=2),
                scale=alt.Scale(domain=list(_WHERE), range=_COLOURS),
            ),
            tooltip=[
                alt.Tooltip("path:N"), alt.Tooltip("first:Q", format=".3f"),
                alt.Tooltip("second:Q", format=".3f"), alt.Tooltip("where:N"),
            ],
        )
        .add_params(picked)
    )  # fmt: skip
    return chart


def _show_behind(engine: SearchEngine, found: QueryComparison, picture_id: int) -> None:
    rank = next((one for one in found.changes if one.picture_id == picture_id), None)
    ranks = f"rank {rank.first_rank:,} and {rank.second_rank:,}" if rank else "in neither list"
    behind.show_chosen(
        engine, [picture_id], f"Picture {picture_id}: {ranks}", key="behind scatter", clicked=True
    )


def _show_changes(engine: SearchEngine, found: QueryComparison, names: tuple[str, str]) -> None:
    records = engine.records(change.picture_id for change in found.changes)
    table = pd.DataFrame(
        {
            "Picture": resources.thumbnail(engine, records[change.picture_id]),
            "Path": feedback.readable(records[change.picture_id].path),
            "First rank": change.first_rank,
            "Second rank": change.second_rank,
            "Rank change": change.first_rank - change.second_rank,
            "First score": change.first_score,
            "Second score": change.second_score,
            "Id": change.picture_id,
        }
        for change in found.changes
        if change.picture_id in records
    )
    with st.container(border=True):
        charts.show_heading(
            "Changes of rank",
            f"The pictures among the best {found.k} of either query."
            f" First: {feedback.plain(names[0])}; second: {feedback.plain(names[1])}.",
            table.drop(columns="Picture"),
            "rank_changes",
        )
        number = st.column_config.NumberColumn
        data_table.show(
            table, hide_index=True, row_height=64, height=520,
            column_config={
                "Picture": st.column_config.ImageColumn(width="small"),
                "Rank change": number(format="%+d"),
                "First score": number(format="%.3f"), "Second score": number(format="%.3f"),
            },
        )  # fmt: skip
