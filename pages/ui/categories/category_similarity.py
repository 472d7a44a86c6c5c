"""How alike categories are: a heat map, the closest pairs, typical and untypical pictures."""

from __future__ import annotations

import altair as alt
import numpy as np
import pandas as pd
import streamlit as st

from pages.ui.frame import feedback, resources
from pages.ui.search import behind
from pages.ui.widgets import category_needs, charts, data_table
from search_engine import SearchEngine
from search_engine.explore import alike_in_order

_MOST_CATEGORIES = 90
_PAIRS = 12
_NOTE = (
    "Mean cosine similarity between the pictures of two categories; on the diagonal between"
    " different pictures of one. Alike categories stand side by side. Click a cell to see the"
    " pictures that make the two alike."
)
_COSINE = alt.Color("similarity:Q", title="cosine", scale=alt.Scale(scheme="viridis"))
_TOOLTIP = (
    alt.Tooltip("one:N", title="category"),
    alt.Tooltip("other:N", title="and"),
    alt.Tooltip("similarity:Q", title="mean cosine", format=".3f"),
)
_TYPICAL = 12


def show(engine: SearchEngine) -> None:
    """Show the mean similarities within and between categories."""
    category_needs.require(engine, "This view compares")
    alike = resources.similarity(engine)
    largest = np.argsort(-alike.counts, kind="stable")[:_MOST_CATEGORIES]
    places = sorted(largest.tolist())
    names = {place: feedback.category_name(alike.names[place]) for place in places}
    square = alike.between(places)
    shown = [names[place] for place in places]
    order = [shown[at] for at in alike_in_order(square)]
    named = charts.offer_names(len(shown), key="similarity names")
    table = pd.DataFrame(
        {
            "one": np.repeat(shown, len(shown)),
            "other": np.tile(shown, len(shown)),
            "similarity": square.ravel(),
        }
    )
    some = len(places) < len(alike.names)
    note = _NOTE
    if some:
        note += f" The {len(places)} largest of {len(alike.names):,} categories are shown."
    chart = charts.heat_map(table, order, _COSINE, _TOOLTIP, named=named)
    figure = charts.Figure("Similarity of categories", note, chart, table, "similarity")
    by_name = {name: alike.names[place] for place, name in names.items()}
    one, other = charts.show_cells(figure, key="heat map")
    if one in by_name and other in by_name:
        _show_pair(engine, by_name[one], by_name[other])
    pairs = _closest_pairs(shown, square)
    if len(pairs):
        with st.container(border=True):
            charts.show_heading(
                "Closest pairs",
                "Different categories whose pictures are most alike"
                + (f", among the {len(places)} largest." if some else "."),
                pairs, "closest_pairs",
            )  # fmt: skip
            data_table.show(
                pairs, hide_index=True,
                column_config={"Mean cosine": st.column_config.NumberColumn(format="%.3f")},
            )  # fmt: skip


def _closest_pairs(names: list[str], square: np.ndarray) -> pd.DataFrame:
    one, other = np.triu_indices(len(names), k=1)
    cosines = square[one, other]
    best = np.argsort(-cosines, kind="stable")[:_PAIRS]
    return pd.DataFrame(
        {
            "Category": [names[at] for at in one[best]],
            "and": [names[at] for at in other[best]],
            "Mean cosine": cosines[best],
        }
    )


def _show_pair(engine: SearchEngine, one: str, other: str) -> None:
    if one == other:
        show_typical(engine, one)
        return
    plain = {name: feedback.plain(feedback.category_name(name)) for name in (one, other)}
    for name, to in ((one, other), (other, one)):
        ids, cosines = resources.likeness(engine, name, to)
        behind.show_chosen(
            engine,
            ids[:_TYPICAL].tolist(),
            f"{plain[name]} most like {plain[to]}",
            key=f"pair {name == one}",
            scores=cosines[:_TYPICAL].tolist(),
            clicked=True,
        )


def show_typical(engine: SearchEngine, name: str) -> None:
    """Show the most and the least typical pictures of a category."""
    ids, cosines = resources.likeness(engine, name, name)
    if len(ids) < 2:  # noqa: PLR2004 - typical of which others?
        return
    alone = not category_needs.has_any(engine)
    plain = "all pictures" if alone else feedback.plain(feedback.category_name(name))
    st.caption(
        "The number below a picture is its cosine similarity with the mean of "
        + ("all." if alone else "the category.")
    )
    count = min(_TYPICAL, max(1, len(ids) // 2))  # no picture is both
    for what, ids_shown, shown in (
        ("Most", ids[:count], cosines[:count]),
        ("Least", ids[::-1][:count], cosines[::-1][:count]),
    ):
        behind.show_chosen(
            engine, ids_shown.tolist(), f"{what} typical of {plain}", key=f"{what} typical",
            scores=shown.tolist(),
        )  # fmt: skip
