"""Each category's name as a query: how well its own pictures come first."""

from __future__ import annotations

import altair as alt
import numpy as np
import pandas as pd
import streamlit as st

from pages.ui.frame import feedback, linked, measured, search_state, session
from pages.ui.quality import zero_shot_view
from pages.ui.search import behind, new_query
from pages.ui.widgets import category_needs, charts, data_table, folders_choice
from search_engine import SearchEngine
from search_engine.evaluation import (
    NEAR_DUPLICATE,
    NEAR_DUPLICATES_WITHIN,
    Estimate,
    Labelling,
    Retrieval,
    RetrievalOptions,
)
from search_engine.query import CATEGORY_TEMPLATE

_ANSWERS, _USUAL = ("5", "10", "20", "50"), "10"
_COUNTED = ("each", "once")
_COUNTED_AS = {"each": "count all", "once": "count once"}
_MOST_BARS = 40
_MOST_ROWS = 1_000

_MEANINGS = {
    "mAP": "Mean average precision: 1 if all pictures of a category come before all others, for"
    " every category. Precision is taken at the place of each right picture and averaged.",
    "Precision@{k}": "Of the first {k} results, the share that is right.",
    "Recall@{k}": "Of all right pictures, the share among the first {k} results. With more than {k}"
    " right pictures it cannot reach 1.",
    "nDCG@{k}": "Like precision, but an error at the top costs more than one further down.",
    "Zero-shot top-1": "Each picture is given the name that fits it best, as if nothing else were"
    " known (Radford et al. 2021): the share that gets the name of its own folder.",
    "Zero-shot top-5": "The share of pictures whose own folder is among the five best names.",
    "Picture to picture P@{k}": "Some pictures are the queries: of the {k} nearest to each, the"
    " share from the same folder. It needs no words, so it also works for folders whose names mean"
    " nothing.",
}
_METHOD = """
The name of each folder, put into the template, is searched for in the whole collection. A result
is right if the picture lies in that folder; nobody had to label anything.

{meanings}

The range below a figure holds 95 % of what comes out if the categories (for zero-shot and picture
to picture: the pictures) are sampled again and again (bootstrap, Efron 1979). **By chance** is the
mAP of a random order. Folders that overlap in meaning, like “animals” and “cats”, make figures
lower than the search deserves.
"""


def show(engine: SearchEngine) -> None:
    """Ask how to measure, measure, and show what came of it."""
    labelling = folders_choice.ask(engine)
    category_needs.require(engine, "This searches for the names of", level=labelling.level)
    options = _ask_for_options(labelling)
    with feedback.errors_shown():
        found = measured.retrieval(engine, options)
    feedback.label_bundled_model(engine.manifest.model.model_id)
    _show_totals(found)
    with st.expander("What these figures mean", icon=":material/help:"):
        meanings = "\n".join(f"* **{label}**: {text}" for label, text in _MEANINGS.items())
        st.markdown(_METHOD.format(meanings=meanings).format(k=options.k))
    for remark in found.remarks():
        st.caption(f":material/info: {feedback.plain(feedback.readable(remark))}")
    _show_bars(engine, found)
    _show_table(engine, found)
    _show_confusions(engine, found)
    zero_shot_view.show(engine, found)


def _ask_for_options(labelling: Labelling) -> RetrievalOptions:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        template = st.text_input(
            "Template; {} is the category", **linked.follow_text("question", CATEGORY_TEMPLATE)
        )
        k = st.segmented_control(
            "Top k", _ANSWERS, required=True, **linked.follow("first", _ANSWERS, _USUAL)
        )
        counted = st.segmented_control(
            "Duplicates", _COUNTED, required=True, format_func=_COUNTED_AS.__getitem__,
            help="Once: of files with the same content one counts, and among the first"
            f" {NEAR_DUPLICATES_WITHIN} × k results a picture with a cosine of"
            f" {NEAR_DUPLICATE:g} or more to one above it does not count.",
            **linked.follow("copies", _COUNTED),
        )  # fmt: skip
    return RetrievalOptions(template or CATEGORY_TEMPLATE, int(k), counted == "once", labelling)


def _show_totals(found: Retrieval) -> None:
    k, like = found.options.k, found.image_queries
    figures = [
        found.mean_average_precision,
        found.precision,
        found.recall,
        found.ndcg,
        found.zero_shot.top_1,
        found.zero_shot.top_5,
        *([like.precision] if like else []),
    ]
    with st.container(horizontal=True, border=True, gap="medium"):
        for (label, meaning), figure in zip(_MEANINGS.items(), figures, strict=False):
            st.metric(
                label.format(k=k), f"{figure.value:.3f}", _range(figure), delta_color="off",
                delta_arrow="off", width="content", help=meaning.format(k=k),
            )  # fmt: skip
    labelled = found.labelled
    beside = f"; picture to picture {like.chance:.3f}" if like else ""
    st.caption(
        f"{len(labelled.names):,} categories as queries over {len(labelled.ids):,} pictures."
        f" By chance mAP would be {found.chance:.3f}{beside}."
    )


def _range(figure: Estimate) -> str:
    return f"{figure.low:.3f} – {figure.high:.3f}"


def _title(found: Retrieval, folder: str) -> str:
    """Name a category as a heading or an axis does: with its folder where that is a code."""
    return feedback.category_name(found.labelled.labelling.title(folder))


def _name(found: Retrieval, folder: str) -> str:
    return feedback.readable(found.labelled.labelling.name(folder) or "")


def _table(found: Retrieval, places: list[int]) -> pd.DataFrame:
    k = found.options.k
    rows = []
    for place in places:
        one = found.categories[place]
        right, among_five = found.zero_shot.of_category(place)
        rows.append(
            {
                "category": feedback.category_name(one.name),
                **({"name": _name(found, one.name)} if found.labelled.labelling.names else {}),
                "query": feedback.readable(one.query),
                "pictures": one.pictures,
                "average precision": one.average_precision.value,
                "from": one.average_precision.low,
                "to": one.average_precision.high,
                "chance": one.chance,
                f"precision@{k}": one.precision,
                f"recall@{k}": one.recall,
                f"nDCG@{k}": one.ndcg,
                "zero-shot top-1": right,
                "zero-shot top-5": among_five,
                "place": place,
            }
        )
    return pd.DataFrame(rows)


def _hardest(found: Retrieval) -> list[int]:
    averages = [one.average_precision.value for one in found.categories]
    order: list[int] = np.argsort(averages, kind="stable").tolist()
    return order


def _show_bars(engine: SearchEngine, found: Retrieval) -> None:
    order = _hardest(found)
    table = _table(found, order[:_MOST_BARS])
    table["title"] = [_title(found, found.categories[place].name) for place in table["place"]]
    whole, titles = alt.Scale(domain=[0, 1]), table["title"].tolist()
    title = "average precision"
    bars = charts.named_bars(
        table, "title", {"shorthand": "average precision:Q", "title": title, "scale": whole},
        [
            alt.Tooltip("query:N"), alt.Tooltip("average precision:Q", format=".3f"),
            alt.Tooltip("from:Q", format=".3f"), alt.Tooltip("to:Q", format=".3f"),
            alt.Tooltip("pictures:Q", format=","),
        ],
        "place",
    )  # fmt: skip
    ranges = (
        alt.Chart(table)
        .mark_rule(color=charts.SECOND, strokeWidth=2)
        .encode(
            **charts.names_and_values(
                titles, "title", {"shorthand": "from:Q", "title": title, "scale": whole}
            ),
            **({"y2": "to:Q"} if charts.fit(titles) else {"x2": "to:Q"}),
        )
    )
    note = (
        "Average precision of each category's query, hardest first; the orange line is its 95 %"
        " range when its pictures are sampled again. Click a bar to see the results."
    )
    if len(table) < len(order):
        note += f" The {len(table)} hardest of {len(order):,} are shown."
    figure = charts.Figure(
        "Search quality by category", note, bars + ranges,
        lambda: _table(found, order).drop(columns="place"), "retrieval",
    )  # fmt: skip
    clicked = charts.show(figure, key="retrieval bars", field="place")
    if clicked is not None and int(str(clicked)) < len(found.categories):
        _show_answers(engine, found, int(str(clicked)))


def _show_answers(engine: SearchEngine, found: Retrieval, place: int) -> None:
    one = found.categories[place]
    if st.button(
        f"Search for “{feedback.plain(one.query)}”", icon=":material/search:",
        key="retrieval search",
    ):  # fmt: skip
        new_query.go_to_search(q=new_query.as_words(one.query))
    behind.show_chosen(
        engine, one.answers, f"Results for “{feedback.plain(one.query)}”",
        key="retrieval answers", clicked=True,
    )  # fmt: skip


def _show_table(engine: SearchEngine, found: Retrieval) -> None:
    order = _hardest(found)
    table = _table(found, order[:_MOST_ROWS]).drop(columns="place")
    table.insert(0, "results", [_link(engine, query) for query in table["query"]])
    note = (
        "“From” and “to” are the 95 % range of the average precision. “Search” shows the results."
    )
    if len(table) < len(order):
        note += f" The {len(table):,} hardest of {len(order):,} are listed."
    number = st.column_config.NumberColumn(format="%.3f")
    figures = [name for name in table.columns if table[name].dtype == float]
    with st.container(border=True):
        charts.show_heading(
            "All figures", note, lambda: _table(found, order).drop(columns="place"),
            "retrieval_figures",
        )  # fmt: skip
        data_table.show(
            table, hide_index=True,
            column_config=dict.fromkeys(figures, number)
            | {
                "results": st.column_config.LinkColumn(display_text="Search", width="small"),
                "average precision": st.column_config.ProgressColumn(
                    format="%.3f", min_value=0.0, max_value=1.0
                ),
            },
        )  # fmt: skip


def _link(engine: SearchEngine, query: str) -> str:
    state = search_state.SearchState(collection=engine.name, q=new_query.as_words(query))
    return f"Search?{search_state.as_address(state)}"


def _show_confusions(engine: SearchEngine, found: Retrieval) -> None:
    k = found.options.k
    if not found.confusions:
        st.caption(f"Among the first {k} results there is no picture of another category.")
        return
    names = found.labelled.labelling.names
    table = pd.DataFrame(
        {
            "Searched for": feedback.category_name(one.asked),
            **({"Its name": _name(found, one.asked)} if names else {}),
            "Found": feedback.category_name(one.found),
            **({"Name of that": _name(found, one.found)} if names else {}),
            "Share": one.share,
            "Pictures": len(one.pictures),
        }
        for one in found.confusions
    )
    with st.container(border=True):
        charts.show_heading(
            "Confusions",
            f"Pictures of another category among the first {k} results. Choose a row to see them.",
            table, "confusions",
        )  # fmt: skip
        chosen = data_table.show(
            table, hide_index=True, key=session.of_collection("confusions"), on_select="rerun",
            selection_mode="single-row",
            column_config={
                "Share": st.column_config.ProgressColumn(
                    format="percent", min_value=0.0, max_value=1.0
                )
            },
        )  # fmt: skip
    rows = [row for row in chosen.selection.rows if row < len(found.confusions)]
    if rows:
        one = found.confusions[rows[0]]
        asked, other = (feedback.plain(_title(found, n)) for n in (one.asked, one.found))
        behind.show_chosen(
            engine, one.pictures, f"{other} among the results for {asked}",
            key="confused pictures", clicked=True,
        )  # fmt: skip
