"""Which category each picture's best name belongs to: a map of the mistakes."""

from __future__ import annotations

import altair as alt
import numpy as np
import pandas as pd
import streamlit as st

from pages.ui.frame import feedback, measured
from pages.ui.search import behind
from pages.ui.widgets import charts, data_table
from search_engine import SearchEngine
from search_engine.evaluation import MOST_MISTAKES, Retrieval

_MOST_CATEGORIES = 40


def show(engine: SearchEngine, found: Retrieval) -> None:
    """Show which categories' pictures get the name of which."""
    zero_shot, names, title = found.zero_shot, found.labelled.names, found.labelled.labelling.title
    mistakes = zero_shot.mistakes()
    places = _most_mistaken(zero_shot.matrix)
    shown = {place: feedback.category_name(title(names[place])) for place in places}
    counts = zero_shot.matrix[np.ix_(places, places)]
    sizes = np.maximum(zero_shot.matrix.sum(axis=1)[places], 1)
    table = pd.DataFrame(
        {
            "one": np.repeat(list(shown.values()), len(places)),
            "other": np.tile(list(shown.values()), len(places)),
            "share": (counts / sizes[:, None]).ravel(),
            "pictures": counts.ravel(),
        }
    )
    note = (
        "Rows are folders, columns the names that fit best; a bright diagonal is good. The colour"
        " is the share of the row's pictures. Click a cell to see them."
    )
    if len(places) < len(names):
        note += f" The {len(places)} of {len(names):,} categories with most mistakes are shown."
    figure = charts.Figure(
        "Zero-shot classification", note, _heat_map(table, list(shown.values())),
        lambda: _listed(found, mistakes), "zero_shot_mistakes",
    )  # fmt: skip
    one, other = charts.show_cells(figure, key="zero-shot")
    by_name = {name: place for place, name in shown.items()}
    if one in by_name and other in by_name:
        _show_pictures(engine, found, by_name[one], by_name[other])
    if mistakes:
        most = _listed(found, mistakes)
        with st.container(border=True):
            note = "Folders whose pictures get the name of another, most pictures first."
            if len(mistakes) == MOST_MISTAKES:
                note += f" The first {MOST_MISTAKES:,} are listed."
            charts.show_heading("Most confused labels", note, most, "taken_for_others")
            data_table.show(most, hide_index=True)


def _most_mistaken(matrix: np.ndarray) -> list[int]:
    wrong = matrix - np.diag(np.diag(matrix))
    order = np.argsort(-(wrong.sum(axis=0) + wrong.sum(axis=1)), kind="stable")
    places: list[int] = np.sort(order[:_MOST_CATEGORIES]).tolist()
    return places


def _listed(found: Retrieval, mistakes: list[tuple[int, int, int]]) -> pd.DataFrame:
    names, labelling = found.labelled.names, found.labelled.labelling
    table = pd.DataFrame(
        [
            (feedback.category_name(names[own]), feedback.category_name(names[other]), count)
            for own, other, count in mistakes
        ],
        columns=["Category", "Mistaken for", "Pictures"],
    )
    if labelling.names:
        both = [[feedback.readable(labelling.name(names[at]) or "") for at in pair[:2]]
                for pair in mistakes]  # fmt: skip
        table.insert(1, "Its name", [own for own, _ in both])
        table.insert(3, "Name of that", [other for _, other in both])
    return table


def _heat_map(table: pd.DataFrame, order: list[str]) -> alt.Chart:
    picked = charts.clickable("one", "other")
    axis = alt.Axis(labelLimit=120, labelOverlap=True, labelFontSize=10)
    chart: alt.Chart = (
        alt.Chart(table, height=max(320, min(600, 17 * len(order))))
        .mark_rect(cursor="pointer")
        .encode(
            x=alt.X("other:N", sort=order, title="best name", axis=axis),
            y=alt.Y("one:N", sort=order, title="folder", axis=axis),
            color=alt.Color("share:Q", scale=alt.Scale(scheme="viridis", domain=[0, 1])),
            stroke=alt.condition(picked, alt.value(charts.SECOND), alt.value(None), empty=False),
            strokeWidth=alt.value(2),
            tooltip=[
                alt.Tooltip("one:N", title="folder"),
                alt.Tooltip("other:N", title="best name"),
                alt.Tooltip("share:Q", format=".1%"),
                alt.Tooltip("pictures:Q", format=","),
            ],
        )
        .add_params(picked)
    )  # fmt: skip
    return chart


def _show_pictures(engine: SearchEngine, found: Retrieval, own: int, other: int) -> None:
    names, title = found.labelled.names, found.labelled.labelling.title
    one, best = (feedback.plain(feedback.category_name(title(names[at]))) for at in (own, other))
    what = f"{one}, correct" if own == other else f"{one} that look like {best} by name"
    behind.show_chosen(
        engine, measured.taken_for(engine, found, own, other), what, key="taken for", clicked=True
    )
