"""The same query in other words: does the answer stay?"""

from __future__ import annotations

import altair as alt
import pandas as pd
import streamlit as st

from pages.ui.frame import feedback, measured, resources, session
from pages.ui.frame.search_state import ASKED
from pages.ui.search import new_query
from pages.ui.widgets import category_needs, charts, data_table, folders_choice, odd_names
from search_engine import Filters, Query, SearchEngine
from search_engine.evaluation import (
    AVERAGE_WORDING,
    COMPARED_ANSWERS,
    FRAGILE_BELOW,
    STABLE_FROM,
    Stability,
    TemplateComparison,
    WordingCheck,
)
from search_engine.query import PLACE, WORDINGS

_MOST_ROWS = 60
_ROWS_IN_SIGHT = 7
_SECONDS_UNASKED = 5
_COLOURS = {Stability.STABLE: "green", Stability.SHIFTING: "orange", Stability.FRAGILE: "red"}
_MEANINGS = {
    Stability.STABLE: "Results barely change with phrasing.",
    Stability.SHIFTING: "The best results stay, those after them depend on the phrasing.",
    Stability.FRAGILE: "Another phrasing brings other results: do not rely on one.",
}


def show(engine: SearchEngine, query: Query, filters: Filters, *, averaged: bool) -> None:
    """Compare the answers in several wordings, and the wordings on the categories."""
    with feedback.errors_shown():
        found = measured.wording(engine, query, filters)
    _show_verdict(found)
    _offer_average(averaged=averaged)
    _show_wordings(found)
    _show_unstable(engine, found)
    _show_templates(engine)


def _show_verdict(found: WordingCheck) -> None:
    verdict = found.stability
    st.markdown(
        f"#### :{_COLOURS[verdict]}-badge[{str(verdict).capitalize()}] {_MEANINGS[verdict]}"
    )
    charts.show_totals(
        {
            "Agreement of all phrasings": f"{found.agreement:.2f}",
            f"In the best {found.k} of each": f"{len(found.always)}",
            "Unstable results": f"{len(found.unstable)}",
        }
    )
    st.caption(
        f"Agreement is the mean rank-biased overlap of the best {COMPARED_ANSWERS} results of"
        " each pair of phrasings: 1 if both lists are equal, with most weight on the first"
        f" ranks (Webber, Moffat and Zobel 2010, p = 0.9). From {STABLE_FROM:g} it is called"
        f" stable, below {FRAGILE_BELOW:g} fragile."
    )


def _offer_average(*, averaged: bool) -> None:
    label = "Search exactly as typed" if averaged else "Search all phrasings"
    if st.button(
        label, icon=":material/join_inner:",
        help="The mean of all phrasings is one query that leans on none of them.",
    ):  # fmt: skip
        new_query.ask(asked=ASKED[not averaged], page=1)
        st.rerun()


def _show_wordings(found: WordingCheck) -> None:
    rows = [(one.template, one) for one in found.wordings]
    rows.append(("average of all", found.average))
    shared = f"Shared of {found.k}"
    table = pd.DataFrame(
        {
            "Phrasing": feedback.readable(name),
            "Query": feedback.readable(one.query),
            "Overlap": one.overlap,
            shared: one.shared,
            "Agreement with others": one.others,
        }
        for name, one in rows
    )
    bar = st.column_config.ProgressColumn(format="%.2f", min_value=0.0, max_value=1.0)
    with st.container(border=True):
        charts.show_heading(
            "Phrasings",
            "How much of the results of the words alone stays in each phrasing: rank-biased"
            f" overlap, and pictures shared among the best {found.k}. At the end the overlap with"
            " the other phrasings.",
            table, "wordings",
        )  # fmt: skip
        data_table.show(
            table, hide_index=True,
            column_config={"Overlap": bar, "Agreement with others": bar},
        )  # fmt: skip


def _show_unstable(engine: SearchEngine, found: WordingCheck) -> None:
    if not found.unstable:
        st.caption(f"The best {found.k} are the same in every phrasing.")
        return
    unstable = found.unstable[:_MOST_ROWS]
    records = engine.records(one.picture_id for one in unstable)
    table = pd.DataFrame(
        {
            "Picture": resources.thumbnail(engine, records[one.picture_id]),
            "Path": feedback.readable(records[one.picture_id].path),
            "In phrasings": one.within,
            **dict(zip(WORDINGS, one.ranks, strict=True)),
            "Id": one.picture_id,
        }
        for one in unstable
        if one.picture_id in records
    )
    note = (
        f"Pictures among the best {found.k} in some phrasings, not in all of the"
        f" {len(WORDINGS)}, with their rank in each; no rank means beyond {COMPARED_ANSWERS}."
    )
    if len(unstable) < len(found.unstable):
        note += f" {len(unstable)} of {len(found.unstable)} are listed."
    with st.container(border=True):
        charts.show_heading("Unstable results", note, table.drop(columns="Picture"), "come_and_go")
        data_table.show(
            table, hide_index=True, row_height=56,
            height=480 if len(table) > _ROWS_IN_SIGHT else "content",
            column_config={"Picture": st.column_config.ImageColumn(width="small")},
        )  # fmt: skip


def _show_templates(engine: SearchEngine) -> None:
    """Show which wording finds the categories best; where that takes long, only when asked."""
    if not resources.folder_levels(engine):
        return
    st.caption("Every phrasing can be tried on the categories of this collection as well.")
    labelling = folders_choice.ask(engine, in_address=False)
    if not category_needs.are_several(engine, labelling.level):
        return
    odd_names.show(engine, labelling)
    categories = measured.categories(engine, labelling.level)
    about = measured.seconds(engine, (len(WORDINGS) + 2) * categories)
    if about > _SECONDS_UNASKED and not st.toggle(
        f"Measure every phrasing on the categories; about {about:.0f} s, once",
        key=session.of_collection("measure wordings"),
    ):
        return
    with feedback.errors_shown():
        found = measured.templates(engine, labelling)
    table = pd.DataFrame(
        {
            "phrasing": "average of all" if one.template == AVERAGE_WORDING else one.template,
            "mAP": one.mean_average_precision.value,
            "low": one.mean_average_precision.low,
            "high": one.mean_average_precision.high,
            f"precision@{found.k}": one.precision,
            "gain": one.gain.value,
            "gain low": one.gain.low,
            "gain high": one.gain.high,
        }
        for one in found.figures
    )
    note = (
        f"Each of the {found.categories:,} categories is searched for in every phrasing; the line"
        f" is the 95 % range. {_advice(found)}"
    )
    title = "Phrasings on the categories of this collection"
    charts.show(
        charts.Figure(title, note, _template_points(table), table, "templates"), key="templates"
    )


def _advice(found: TemplateComparison) -> str:
    best = found.best
    if best.template == PLACE:
        return "The words alone do best here."
    name = "the average of all" if best.template == AVERAGE_WORDING else f"“{best.template}”"
    if best.gain.low <= 0:
        return f"Best on this collection is {name}, but not clearly better than the words alone."
    return f"Best on this collection is {name}: {best.gain.value:.3f} more than the words alone."


def _template_points(table: pd.DataFrame) -> charts.Chart:
    y = alt.Y("phrasing:N", sort=None, title=None, axis=alt.Axis(labelLimit=200))
    whole = alt.Scale(domain=[0, 1])  # zoomed in, noise would look like a difference
    figures = ("mAP", "low", "high", "gain", "gain low", "gain high")
    tooltip = [alt.Tooltip(f"{name}:Q", format=".4f") for name in figures]
    base = alt.Chart(table, height=30 * len(table) + 40).encode(y=y, tooltip=tooltip)
    ranges = base.mark_rule(color=charts.FAINT, strokeWidth=3).encode(
        x=alt.X("low:Q", title="mean average precision", scale=whole, axis=alt.Axis(tickCount=6)),
        x2="high:Q",
    )
    points = base.mark_circle(color=charts.ACCENT, size=140, opacity=1)
    return alt.layer(ranges, points.encode(x=alt.X("mAP:Q", scale=whole)))
