"""The counts of a collection: categories, file sizes, resolutions, dates."""

from __future__ import annotations

import json
from collections.abc import Iterable
from heapq import nsmallest

import altair as alt
import pandas as pd
import streamlit as st

from pages.ui.categories import category_similarity
from pages.ui.frame import feedback, resources, search_state
from pages.ui.search import behind, new_query
from pages.ui.widgets import category_needs, charts, data_table
from search_engine import Filters, SearchEngine
from search_engine.collection import CategoryFacts, Measure
from search_engine.explore import Bar
from search_engine.records import counted

_MEGA = 1_000_000
_MOST_BARS = 40
_SAYS_NOTHING = 12
"""So many bars of one height, or more, are a sentence."""
_MOST_ROWS = 1_000
"""A table is sent whole in each run of the page: 20,000 rows are two megabytes."""

_TITLES = {
    Measure.FILE_SIZE: ("File sizes", "Pictures by the size of their files, in kB or MB."),
    Measure.RESOLUTION: ("Resolutions", "Pictures by width × height, in megapixels."),
    Measure.DATE: (
        "Dates",
        "When the pictures were taken or, where the file does not say, when it was last changed.",
    ),
}


_STARTS = {
    Measure.FILE_SIZE: "file size, from",
    Measure.RESOLUTION: "resolution, from",
    Measure.DATE: "date",
}
"""What the axis of each measure says."""


def show(engine: SearchEngine) -> None:
    """Show what the collection holds."""
    facts = resources.category_facts(engine)
    _show_totals(facts)
    if len(facts) > 1:
        _show_categories(engine, facts)
    else:
        _say_what_categories_are(facts)
    _show_measures(engine)
    if len(facts) > 1:
        _show_all(engine, facts)
    if not category_needs.has_any(engine):
        category_similarity.show_typical(engine, "")


def _show_categories(engine: SearchEngine, facts: list[CategoryFacts]) -> None:
    counts = {one.pictures for one in facts}
    if len(counts) == 1 and len(facts) >= _SAYS_NOTHING:
        each = counted(counts.pop(), "picture", "pictures")
        st.caption(f"Each of the {len(facts):,} categories has {each}.")
        return
    clicked = charts.show(_by_category(facts), key="by category", field="place")
    picked = facts[int(str(clicked))].name if clicked is not None else None
    if picked is not None:
        show_ways(picked, key="behind ways")
        show_pictures(engine, picked, key="behind category", clicked=True)


def _say_what_categories_are(facts: list[CategoryFacts]) -> None:
    name = feedback.plain(feedback.readable(facts[0].name)) if facts else ""
    where = f"in one, “{name}”" if name else "directly in the folder itself"
    st.caption(
        f"Folders inside the folder of pictures are categories, and can be compared with each"
        f" other. Here all pictures are {where}."
    )


def show_ways(name: str, *, key: str) -> None:
    """Show the ways to ask about a category."""
    with st.container(horizontal=True):
        label = f"Search for “{feedback.plain(feedback.category_name(name))}”"
        if name and st.button(label, icon=":material/search:", key=f"{key} words"):
            new_query.go_to_search(q=new_query.as_words(name))
        if st.button("Search within it", icon=":material/filter_alt:", key=f"{key} filter"):
            new_query.go_to_search(category=(search_state.as_text(name),))


def show_pictures(engine: SearchEngine, name: str, *, key: str, clicked: bool = False) -> None:
    """Show all pictures of a category."""
    what = f"All of {feedback.plain(feedback.category_name(name))}"
    filters = Filters(categories=frozenset({name}))
    behind.show_filtered(engine, filters, what, key=key, clicked=clicked)


def _show_totals(facts: list[CategoryFacts]) -> None:
    pictures = sum(one.pictures for one in facts)
    size = sum(one.size_bytes for one in facts)
    pixels = sum(one.mean_pixels * one.pictures for one in facts) / max(pictures, 1)
    named = sum(bool(one.name) for one in facts)
    totals = {
        "Pictures": f"{pictures:,}",
        **({"Categories": f"{named:,}"} if named else {}),
        "All files": feedback.file_size(size),
        "Mean size": feedback.file_size(size / max(pictures, 1)),
        "Mean resolution": f"{pixels / _MEGA:.2f} MP",
    }
    charts.show_totals(totals)


def _by_category(facts: list[CategoryFacts]) -> charts.Figure:
    total = sum(one.pictures for one in facts)

    def listed(places: Iterable[int]) -> pd.DataFrame:
        return pd.DataFrame(
            {
                "category": feedback.category_name(facts[place].name),
                "pictures": facts[place].pictures,
                "share": facts[place].pictures / total,
                "place": place,
            }
            for place in places
        )

    largest = _largest(facts, len(facts))
    table = listed(largest[:_MOST_BARS])
    chart = charts.named_bars(
        table,
        "category",
        {"shorthand": "pictures:Q", "axis": _counts_axis()},
        [
            alt.Tooltip("category:N"),
            alt.Tooltip("pictures:Q", format=","),
            alt.Tooltip("share:Q", format=".1%"),
        ],
        "place",
    )
    note = "Pictures of each category, the first folder below the root. Click a bar to see them."
    if len(table) < len(facts):
        note += f" The {len(table)} largest of {len(facts):,} are shown."

    def plain() -> pd.DataFrame:
        return listed(largest)[["category", "pictures", "share"]]

    return charts.Figure("Categories", note, chart, plain, "pictures_by_category")


def _show_measures(engine: SearchEngine) -> None:
    """Show the measures in which the pictures differ side by side, and name the others."""
    found = {measure: resources.bars(engine, measure) for measure in Measure}
    alike = {measure: bars[0] for measure, bars in found.items() if len(bars) == 1}
    differing = [measure for measure in Measure if measure not in alike]
    chosen: tuple[str, Filters] | None = None
    for measure, column in zip(differing, st.columns(max(len(differing), 1)), strict=False):
        with column:
            chosen = _show_measure(measure, found[measure]) or chosen
    if alike:
        values = (f"{measure} {_step(measure, bar)}" for measure, bar in alike.items())
        st.caption(f"The same for all pictures: {feedback.plain(', '.join(values))}.")
    if chosen:
        what, filters = chosen
        behind.show_filtered(engine, filters, what, key="behind measure", clicked=True)


def _show_measure(measure: Measure, found: list[Bar]) -> tuple[str, Filters] | None:
    title, note = _TITLES[measure]
    table = pd.DataFrame(
        {"step": _step(measure, bar), "pictures": bar.pictures, "at": at}
        for at, bar in enumerate(found)
    )
    starts = [_start(measure, bar) for bar in found]
    axis = alt.Axis(  # of many steps, only some are named
        labelAngle=0, labelOverlap="greedy", labelSeparation=8,
        labelExpr=f"{json.dumps(starts)}[datum.value]",
    )  # fmt: skip
    chart = charts.bars(
        table,
        alt.X("at:O", sort=None, title=_STARTS[measure], axis=axis),
        alt.Y("pictures:Q", title="pictures", axis=_counts_axis()),
        [alt.Tooltip("step:N", title=str(measure)), alt.Tooltip("pictures:Q", format=",")],
        "at",
    )
    figure = charts.Figure(title, note, chart, table[["step", "pictures"]], title.lower())
    clicked = charts.show(figure, key=f"by {measure}", field="at")
    if clicked is None:
        return None
    bar = found[int(str(clicked))]
    return feedback.plain(f"{measure} {_step(measure, bar)}".capitalize()), bar.filters


def _step(measure: Measure, bar: Bar) -> str:
    if measure is Measure.DATE:
        return bar.date
    (first, unit), (last, other) = (_in_unit(measure, value) for value in (bar.low, bar.high))
    if (first, unit) == (last, other):
        return f"{first} {unit}"
    return f"{first}–{last} {unit}" if unit == other else f"{first} {unit}–{last} {other}"


def _in_unit(measure: Measure, value: float) -> tuple[str, str]:
    """Write a value in the unit in which it is a short number."""
    if measure is Measure.FILE_SIZE and value < _MEGA:
        return feedback.rounded(value / 1_000), "kB"
    return feedback.rounded(value / _MEGA), "MP" if measure is Measure.RESOLUTION else "MB"


def _counts_axis() -> alt.Axis:
    return alt.Axis(format=",.0f", tickMinStep=1, tickCount=6)


def _start(measure: Measure, bar: Bar) -> str:
    return bar.date if measure is Measure.DATE else " ".join(_in_unit(measure, bar.low))


def _largest(facts: list[CategoryFacts], most: int) -> list[int]:
    """Return the places of the categories with most pictures, largest first."""
    return nsmallest(most, range(len(facts)), key=lambda place: (-facts[place].pictures, place))


def _show_all(engine: SearchEngine, facts: list[CategoryFacts]) -> None:
    note = ""
    if len(facts) > _MOST_ROWS:
        note = f"The {_MOST_ROWS:,} largest of {len(facts):,} are listed, all of them in the CSV."
    listed = [facts[place] for place in sorted(_largest(facts, _MOST_ROWS))]
    with st.container(border=True):
        charts.show_heading(
            "All categories", note, lambda: _table(engine, facts, facts), "categories"
        )
        _show_table(_table(engine, facts, listed))


def _table(
    engine: SearchEngine, facts: list[CategoryFacts], listed: list[CategoryFacts]
) -> pd.DataFrame:
    total = sum(one.pictures for one in facts)
    alike = resources.similarity(engine)
    places = {name: place for place, name in enumerate(alike.names)}
    several = len(places) > 1
    rows = []
    for one in listed:
        near = places.get(one.name) if several else None
        rows.append(
            {
                "Category": feedback.category_name(one.name),
                "Pictures": one.pictures,
                "Share": one.pictures / total,
                "Size, MB": one.size_bytes / _MEGA,
                "Mean, kB": one.size_bytes / one.pictures / 1e3,
                "Mean, MP": one.mean_pixels / _MEGA,
                "First": one.first_date[:10],
                "Last": one.last_date[:10],
                "Similarity within": None if near is None else float(alike.cohesion[near]),
                "Most like": ""
                if near is None
                else feedback.category_name(alike.names[alike.nearest_places[near]]),
                "Similarity to it": None if near is None else float(alike.nearest_cosines[near]),
            }
        )
    return pd.DataFrame(rows)


def _show_table(table: pd.DataFrame) -> None:
    number = st.column_config.NumberColumn
    data_table.show(
        table,
        hide_index=True,
        column_config={
            "Share": st.column_config.ProgressColumn(
                format="percent", min_value=0.0, max_value=max(float(table["Share"].max()), 1e-9)
            ),
            "Size, MB": number(format="%.1f"),
            "Mean, kB": number(format="%.0f"),
            "Mean, MP": number(format="%.2f"),
            "Similarity within": number(
                format="%.3f", help="Mean cosine between different pictures of the category"
            ),
            "Similarity to it": number(format="%.3f"),
        },
    )
