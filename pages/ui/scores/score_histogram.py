"""The histogram of a query's scores over the whole collection, as cosine or as match."""

from __future__ import annotations

from dataclasses import dataclass

import altair as alt
import numpy as np
import pandas as pd
import streamlit as st

from pages.ui.frame import feedback
from pages.ui.search import behind
from pages.ui.widgets import charts
from search_engine import SearchEngine
from search_engine.calibration import THRESHOLD
from search_engine.explore import ScoreHistogram, score_histogram
from search_engine.records import AllScores
from search_engine.search import ScoredCollection

_CUT = "#d6336c"


@dataclass(frozen=True)
class _Scale:
    name: str
    title: str
    digits: int
    scored: AllScores
    cut: float | None
    """Where matches end."""

    def written(self, value: float) -> str:
        """Write a value of the scale, with a minus that can be seen."""
        return feedback.unsigned(value, self.digits)


def show(engine: SearchEngine, scored: ScoredCollection, shown: list[int]) -> None:
    """Show how many pictures score how much; a click on a bar shows its pictures."""
    scale = _chosen(scored)
    bars = score_histogram(scale.scored, shown)
    start = charts.show(
        _figure(scale, bars, len(shown)), key=f"histogram {scale.name}", field="from"
    )
    if start is not None:
        _show_behind(engine, scale, bars, float(str(start)))


def _chosen(scored: ScoredCollection) -> _Scale:
    cut = scored.cut_score
    cosine = _Scale("cosine", "cosine similarity", 3, scored.all, cut)
    if scored.matches is None:
        return cosine
    matches = AllScores(scored.all.picture_ids, scored.matches, scored.all.exact)
    match = _Scale("match", "match, %", 0, matches, THRESHOLD)
    scales = {scale.name: scale for scale in (cosine, match)}
    chosen = st.segmented_control(
        "Scale", list(scales), key="histogram scale", default="cosine", required=True,
        label_visibility="collapsed",
    )  # fmt: skip
    return scales[chosen]


def _figure(scale: _Scale, bars: ScoreHistogram, shown: int) -> charts.Figure:
    table = pd.DataFrame(
        {
            "from": np.repeat(bars.edges[:-1], 2),
            "to": np.repeat(bars.edges[1:], 2),
            "pictures": np.stack([bars.counts - bars.shown, bars.shown], axis=1).ravel(),
            "which": ["not shown", "shown"] * len(bars.counts),
        }
    )
    chart: charts.Chart = _bars(scale, table)
    note = (
        f"The {scale.title} of all {len(scale.scored.scores):,} pictures for this query; the"
        f" {shown} best, which the search shows, in orange. Above 1 the"
        " vertical axis is logarithmic. Click a bar."
    )
    if scale.cut is not None and bars.edges[0] <= scale.cut <= bars.edges[-1]:
        line = alt.Chart(pd.DataFrame({"cut": [scale.cut]})).mark_rule(
            color=_CUT, strokeDash=[5, 4], strokeWidth=2, tooltip="Left of here: no matches"
        )
        chart = alt.layer(chart, line.encode(x="cut:Q"), height=280)
        note += f" Left of the dashed line, at {scale.written(scale.cut)}, are no matches."
    elif scale.cut is not None:
        note += f" Matches begin at {scale.written(scale.cut)}, which no picture reaches."
    title = "Scores of the whole collection"
    return charts.Figure(title, note, chart, table, f"{scale.name}_histogram")


def _bars(scale: _Scale, table: pd.DataFrame) -> alt.Chart:
    picked = charts.clickable("from")
    chart: alt.Chart = (
        alt.Chart(table[table["pictures"] > 0], height=280)
        .mark_bar(cursor="pointer", binSpacing=1)
        .encode(
            x=alt.X("from:Q", bin="binned", title=scale.title),
            x2="to:Q",
            # Few are shown of many: on a plain axis their bars would be too low to see.
            y=alt.Y(
                "pictures:Q", title="pictures", scale=alt.Scale(type="symlog"),
                axis=alt.Axis(values=_ticks(int(table["pictures"].max())), format=",.0f"),
            ),
            color=alt.Color(
                "which:N", title=None, legend=alt.Legend(orient="top"),
                scale=alt.Scale(
                    domain=["shown", "not shown"], range=[charts.SECOND, charts.FAINT]
                ),
            ),
            order=alt.Order("which:N", sort="descending"),
            tooltip=[
                alt.Tooltip("from:Q", format=f".{scale.digits}f"),
                alt.Tooltip("to:Q", format=f".{scale.digits}f"),
                alt.Tooltip("pictures:Q", format=","), alt.Tooltip("which:N"),
            ],
        )
        .add_params(picked)
    )  # fmt: skip
    return chart


def _ticks(most: int) -> list[int]:
    """Return counts to be named on an axis that is logarithmic, up to the largest."""
    steps = (step * 10**power for power in range(len(str(most))) for step in (1, 3))
    return [0, *(one for one in steps if one <= most)]


def _show_behind(engine: SearchEngine, scale: _Scale, bars: ScoreHistogram, start: float) -> None:
    at = int(np.argmin(np.abs(bars.edges[:-1] - start)))
    low, high = bars.edges[at], bars.edges[at + 1]
    scores, last = scale.scored.scores, at == len(bars.counts) - 1
    inside = (scores >= low) & ((scores < high) | last)
    order = np.argsort(-scores[inside], kind="stable")
    behind.show_chosen(
        engine, scale.scored.picture_ids[inside][order],
        f"{scale.name.capitalize()} {scale.written(low)} to {scale.written(high)}",
        key="behind histogram", scores=scores[inside][order], clicked=True,
    )  # fmt: skip
