"""The precision of matches by threshold, with its interval."""

from __future__ import annotations

from collections.abc import Sequence

import altair as alt
import pandas as pd

from pages.ui.widgets import charts
from search_engine.evaluation import CheckedPrecision

_HEIGHT = 180
_NOTE = (
    "Share of right pictures among those from a match up, in per cent; the band holds it in 95 of"
    " 100 such checks."
)


def show(figures: Sequence[CheckedPrecision], chosen: CheckedPrecision, query: str) -> None:
    """Draw all figures, and mark the one that is chosen."""
    table = pd.DataFrame(
        {
            "match": one.threshold,
            "pictures": one.pictures,
            "right": one.right,
            "answered": one.answered,
            "precision": 100 * one.precision,
            "low": 100 * one.low,
            "high": 100 * one.high,
        }
        for one in figures
    )
    whole = alt.Scale(domain=[0, 100])
    x = alt.X("match:Q", title="match from, %", scale=alt.Scale(zero=False, nice=True))
    tooltip = [
        alt.Tooltip("match:Q", title="match from, %"),
        alt.Tooltip("precision:Q", title="right, %", format=".0f"),
        alt.Tooltip("low:Q", title="at least, %", format=".0f"),
        alt.Tooltip("high:Q", title="at most, %", format=".0f"),
        alt.Tooltip("pictures:Q", title="pictures", format=","),
    ]
    base = alt.Chart(table, height=_HEIGHT)
    band = base.mark_area(opacity=0.2, color=charts.ACCENT).encode(
        x=x, y=alt.Y("low:Q", title="right, %", scale=whole), y2="high:Q"
    )
    line = base.mark_line(point=True, color=charts.ACCENT).encode(
        x=x, y=alt.Y("precision:Q", scale=whole), tooltip=tooltip
    )
    mark = (
        alt.Chart(pd.DataFrame({"match": [chosen.threshold]}))
        .mark_rule(color=charts.SECOND, strokeWidth=2)
        .encode(x="match:Q")
    )
    figure = charts.Figure(
        "Precision by threshold", _NOTE, band + line + mark,
        table.assign(query=query), "precision",
    )  # fmt: skip
    charts.show(figure, key="check chart")
