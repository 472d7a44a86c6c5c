"""Charts with a title, units, a table to take away, and clicks that lead to pictures."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import altair as alt
import pandas as pd
import streamlit as st

from pages.ui.frame import session
from search_engine.files import tables

ACCENT = "#16858f"  # of middling lightness: these show on light and dark ground
SECOND = "#d16b22"
FAINT = "#87949d"
_PICKED = "picked"
_HEIGHT = 260
_ROW = 14  # pixels, in which a name can be read
_BAR = 24  # pixels of a lying bar with the room beside it
_AXIS = 70  # pixels below them
_SMALL = 520  # pixels of a heat map without names
_NAMED = 30
"""Categories of a heat map that all have their names written beside them."""
_SHORT = 60  # letters that stand beside one another on half a page
_WIDE = 130  # and on a whole one, all names as long as the longest


Chart: TypeAlias = alt.Chart | alt.LayerChart | alt.FacetChart

Axis: TypeAlias = Mapping[str, Any]
"""What a value is on either axis, as `alt.X` and `alt.Y` take it."""

Table: TypeAlias = pd.DataFrame | Callable[[], pd.DataFrame]
"""A table to take away, or how to make it once somebody takes it."""


@dataclass(frozen=True)
class Figure:
    """A chart and what belongs to it."""

    title: str
    note: str
    """What is shown, in which unit, in one or two sentences."""
    chart: Chart
    table: Table
    """The figures behind the chart."""
    file_name: str
    """Of the table, without ending."""


def show(figure: Figure, *, key: str, field: str | None = None) -> object:
    """Show a figure; give the value of ``field`` of the mark that was clicked, or None."""
    with st.container(border=True):
        show_heading(figure.title, figure.note, figure.table, figure.file_name)
        alt_text = f"{figure.title}. {figure.note}"
        if field is None:
            st.altair_chart(figure.chart, key=key, alt=alt_text)
            return None
        return _clicked(figure.chart, key, alt_text).get(field)


def show_cells(figure: Figure, *, key: str) -> tuple[str, str] | tuple[None, None]:
    """Show a heat map; give the two categories of the cell that was clicked."""
    with st.container(border=True):
        show_heading(figure.title, figure.note, figure.table, figure.file_name)
        mark = _clicked(figure.chart, key, f"{figure.title}. {figure.note}")
    return (str(mark["one"]), str(mark["other"])) if mark else (None, None)


def _clicked(chart: Chart, key: str, alt_text: str) -> dict[str, object]:
    key = session.of_collection(key)
    event = st.altair_chart(chart, key=key, alt=alt_text, on_select="rerun", selection_mode=_PICKED)
    marks: list[dict[str, object]] = event.selection.get(_PICKED) or [{}]
    return marks[0]


def show_heading(title: str, note: str, table: Table, file_name: str) -> None:
    """Show a title with the table behind it to take away, and a note below."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"#### {title}", width="stretch")
        st.download_button(
            "CSV", lambda: as_csv(table), f"{file_name}.csv", "text/csv", on_click="ignore",
            type="tertiary", icon=":material/download:", key=f"csv {file_name}",
            help="Download the figures of this chart",
        )  # fmt: skip
    if note:
        st.caption(note)


def show_totals(totals: Mapping[str, str]) -> None:
    """Show some figures in a row."""
    with st.container(horizontal=True, border=True, gap="medium"):
        for label, value in totals.items():
            st.metric(label, value, width="content")


def as_csv(table: Table) -> bytes:
    """Write a table as one that every spreadsheet opens and none runs."""
    made = table() if callable(table) else table
    return tables.as_csv([str(name) for name in made.columns], made.itertuples(index=False))


def clickable(*fields: str) -> alt.Parameter:
    """Make the marks of a chart clickable; `show` tells which was."""
    return alt.selection_point(name=_PICKED, fields=list(fields))


def bars(
    table: pd.DataFrame, x: alt.X, y: alt.Y, tooltip: Sequence[alt.Tooltip], field: str
) -> alt.Chart:
    """Draw upright bars that can be clicked."""
    picked = clickable(field)
    dimmed = alt.condition(picked, alt.value(1.0), alt.value(0.35))
    chart: alt.Chart = (
        alt.Chart(table, height=_HEIGHT)
        .mark_bar(cornerRadiusTopLeft=2, cornerRadiusTopRight=2, color=ACCENT, cursor="pointer")
        .encode(x=x, y=y, tooltip=list(tooltip), opacity=dimmed)
        .add_params(picked)
    )
    return chart


def named_bars(
    table: pd.DataFrame,
    name: str,
    value: Axis,
    tooltip: Sequence[alt.Tooltip],
    field: str,
) -> alt.Chart:
    """Draw a bar for each name, all in the order of the table, that can be clicked.

    They stand where all names fit below them, else they lie, a row each. What is drawn over them
    has the same `names_and_values`.
    """
    picked = clickable(field)
    dimmed = alt.condition(picked, alt.value(1.0), alt.value(0.35))
    names = table[name].tolist()
    chart: alt.Chart = (
        alt.Chart(table, height=_HEIGHT if fit(names) else _BAR * len(names) + _AXIS)
        .mark_bar(cornerRadiusEnd=2, color=ACCENT, cursor="pointer")
        .encode(**names_and_values(names, name, value), tooltip=list(tooltip), opacity=dimmed)
        .add_params(picked)
    )
    return chart


def names_and_values(names: Sequence[str], name: str, value: Axis) -> dict[str, alt.X | alt.Y]:
    """Return which axis has the names and which the values."""
    axis = alt.Axis(labelAngle=0, labelLimit=150, labelOverlap=False)
    if fit(names):
        return {"x": alt.X(f"{name}:N", sort=None, title=None, axis=axis), "y": alt.Y(**value)}
    return {"x": alt.X(**value), "y": alt.Y(f"{name}:N", sort=None, title=None, axis=axis)}


def fit(names: Sequence[str]) -> bool:
    """Return whether names can stand beside one another below bars."""
    return sum(len(name) + 2 for name in names) <= _SHORT


def offer_names(count: int, *, key: str) -> bool:
    """Return whether a heat map of so many categories names them all; it can be chosen for many."""
    if count <= _NAMED:
        return True
    return st.toggle(
        "All names beside the map", key=key, help="Without them, point at a cell for its two names"
    )


def heat_map(
    table: pd.DataFrame,
    order: Sequence[str],
    colour: alt.Color,
    tooltip: Sequence[alt.Tooltip],
    *,
    titles: tuple[str, str] | None = None,
    named: bool = True,
) -> alt.Chart:
    """Draw a square of cells, which can be clicked, from columns ``one`` and ``other``.

    ``titles`` say what stands across and down; ``named`` whether all names are written there.
    """
    picked = clickable("one", "other")
    side = max(320, _ROW * len(order) + _AXIS if named else _SMALL)
    angle = 0 if len(order) * max(map(len, order), default=0) <= _WIDE else -90
    across, down = titles or (None, None)
    chart: alt.Chart = (
        alt.Chart(table, height=side)
        .mark_rect(cursor="pointer")
        .encode(
            x=alt.X("other:N", sort=list(order), title=across, axis=_cell_axis(named, angle)),
            y=alt.Y("one:N", sort=list(order), title=down, axis=_cell_axis(named, None)),
            color=colour,
            stroke=alt.condition(picked, alt.value(SECOND), alt.value(None), empty=False),
            strokeWidth=alt.value(2),
            tooltip=list(tooltip),
        )
        .add_params(picked)
    )  # fmt: skip
    return chart


def _cell_axis(named: bool, angle: int | None) -> alt.Axis:  # noqa: FBT001 - of two kinds of axes
    return alt.Axis(
        labels=named, ticks=False, labelLimit=130, labelAngle=angle or 0, labelFontSize=11,
        labelOverlap=False if angle is None else "greedy", domain=False,
    )  # fmt: skip
