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
from search_engine.explore import alike_in_order

_MOST_CATEGORIES = 40


def show(engine: SearchEngine, found: Retrieval) -> None:
    """Show which categories' pictures get the name of which."""
    zero_shot, names, title = found.zero_shot, found.labelled.names, found.labelled.labelling.title
    mistakes = zero_shot.mistakes()
    places = _most_mistaken(zero_shot.matrix)
    shown = {place: feedback.category_name(title(names[place])) for place in places}
    counts = zero_shot.matrix[np.ix_(places, places)]
    order = [list(shown.values())[at] for at in alike_in_order(counts + counts.T)]
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
        " is the share of the row's pictures. Folders that are mixed up stand side by side. Click"
        " a cell to see its pictures."
    )
    if len(places) < len(names):
        note += f" The {len(places)} of {len(names):,} categories with most mistakes are shown."
    named = charts.offer_names(len(order), key="zero-shot names")
    figure = charts.Figure(
        "Zero-shot classification", note, _heat_map(table, order, named=named),
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


def _heat_map(table: pd.DataFrame, order: list[str], *, named: bool) -> alt.Chart:
    share = alt.Color(
        "share:Q", title="share", scale=alt.Scale(scheme="viridis", domain=[0, 1]),
        legend=alt.Legend(format="%"),
    )  # fmt: skip
    tooltip = [
        alt.Tooltip("one:N", title="folder"),
        alt.Tooltip("other:N", title="best name"),
        alt.Tooltip("share:Q", format=".1%"),
        alt.Tooltip("pictures:Q", format=","),
    ]
    return charts.heat_map(
        table, order, share, tooltip, titles=("best name", "folder"), named=named
    )


def _show_pictures(engine: SearchEngine, found: Retrieval, own: int, other: int) -> None:
    names, title = found.labelled.names, found.labelled.labelling.title
    one, best = (feedback.plain(feedback.category_name(title(names[at]))) for at in (own, other))
    what = f"{one}, correct" if own == other else f"{one} that look like {best} by name"
    behind.show_chosen(
        engine, measured.taken_for(engine, found, own, other), what, key="taken for", clicked=True
    )
