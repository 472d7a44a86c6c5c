"""One picture against many words, as CLIP's zero-shot classification does it."""

from __future__ import annotations

from heapq import nlargest

import altair as alt
import pandas as pd
import streamlit as st

from pages.ui.frame import feedback, resources
from pages.ui.frame.search_state import SearchState
from pages.ui.search import new_query
from pages.ui.widgets import charts, data_table
from search_engine import SearchEngine, SearchResults
from search_engine.errors import SearchEngineError
from search_engine.explore import LabelScore
from search_engine.records import PictureRecord

_MOST_CATEGORIES = 100
_FEWEST_CATEGORIES = 2
_MOST_BARS = 20
_LEAST_DRAWN = 0.005
"""A smaller probability is no bar that can be seen."""
_USUAL_LABELS = (
    "person", "group of people", "animal", "plant", "meal", "landscape", "building", "vehicle",
    "room", "document",
)  # fmt: skip
"""What most photos show one of."""


def show(engine: SearchEngine, asked: SearchState, answer: SearchResults | None) -> None:
    """Show a picture and what each label scores for it."""
    record = _subject(engine, asked, answer)
    if record is None:
        st.info("Run a query above, or open a picture and choose “Compare with words”.")
        return
    left, right = st.columns([1, 2])
    with left:
        _show_picture(engine, record)
        st.caption("Another picture: open it in any grid and choose *Compare with words*.")
        st.page_link("pages/2_Search.py", label="Choose on Search", icon=":material/search:")
        if asked.subject and st.button("Use the best result instead", type="tertiary"):
            new_query.ask(subject=0)
            st.rerun()
    with right:
        labels = _ask_for_labels(engine, asked)
        with feedback.errors_shown():
            rated = engine.rate_labels(record.picture_id, labels, asked.template or "{}")
            embedder = engine.embedder()
    _show_ratings(rated, embedder.logit_scale, embedder.logit_bias)


def _subject(
    engine: SearchEngine, asked: SearchState, answer: SearchResults | None
) -> PictureRecord | None:
    chosen = engine.records([asked.subject]).get(asked.subject)
    best = answer.results[0].record if answer and answer.results else None
    return chosen or best


def _show_picture(engine: SearchEngine, record: PictureRecord) -> None:
    try:
        st.image(
            resources.preview(engine, record), width="stretch", alt=feedback.readable(record.path)
        )
    except SearchEngineError as error:
        feedback.show_error(error)
    st.caption(f"{feedback.plain(record.path)} · id {record.picture_id}")


def _ask_for_labels(engine: SearchEngine, asked: SearchState) -> list[str]:
    counts = resources.category_counts(engine)
    categories = [name for name in counts if name]
    few = len(categories) < _FEWEST_CATEGORIES
    st.text_area(
        "Labels, one a line", key="labels", height=150, on_change=new_query.collect,
        args=("labels",), placeholder="cat\ndog\nneither of them",
    )  # fmt: skip
    st.text_input(
        "Template; {} is the label", key="template", on_change=new_query.collect,
        args=("template",),
    )  # fmt: skip
    if not asked.label and few:
        st.caption("Without labels of your own, and without categories, these usual ones are used.")
        return [*map(feedback.readable, categories), *_USUAL_LABELS]
    if not asked.label:
        some = nlargest(_MOST_CATEGORIES, categories, key=counts.__getitem__)
        all_of_them = len(some) == len(categories)
        which = "the" if all_of_them else f"the {len(some)} largest of {len(categories):,}"
        st.caption(f"Without labels of your own, {which} categories of the collection are used.")
        return [feedback.readable(name) for name in some]
    return list(asked.label)


def _show_ratings(rated: list[LabelScore], scale: float | None, bias: float | None) -> None:
    table = pd.DataFrame(
        {"label": one.label, "cosine": one.score, "probability": one.probability, "text": one.text}
        for one in rated
    )
    plotted = table.head(_MOST_BARS)
    by_itself = bool(scale) and bias is not None
    if scale and not by_itself:  # bars of nothing would only push what there is apart
        plotted = plotted[plotted["probability"] >= _LEAST_DRAWN]
    note = _what_probabilities_are(scale, bias)
    if len(plotted) < len(table):
        note += f" {len(plotted)} of {len(table)} are shown; the others are in the table."
    kind = "probability" if by_itself else "softmax probability"
    ends = alt.Scale(domain=[0, 1]) if by_itself else alt.Undefined  # all may be unlikely
    measure, title = ("probability", kind) if scale else ("cosine", "cosine")
    axis = alt.Axis(format="%", tickCount=6) if scale else alt.Axis(tickCount=6)
    chart = (
        alt.Chart(plotted, height=max(120, 26 * len(plotted) + 40))
        .mark_bar(color=charts.ACCENT, cornerRadiusEnd=2)
        .encode(
            y=alt.Y("label:N", sort=None, title=None, axis=alt.Axis(labelLimit=200)),
            x=alt.X(f"{measure}:Q", title=title, scale=ends, axis=axis),
            tooltip=[
                alt.Tooltip("text:N"), alt.Tooltip("cosine:Q", format=".4f"),
                alt.Tooltip("probability:Q", format=".1%"),
            ],
        )
    )  # fmt: skip
    charts.show(charts.Figure("Words for the picture", note, chart, table, "labels"), key="labels")
    data_table.show(
        table,
        hide_index=True,
        column_config={
            "cosine": st.column_config.NumberColumn(format="%.4f"),
            "probability": st.column_config.ProgressColumn(
                format="percent", min_value=0.0, max_value=1.0
            ),
        },
    )


def _what_probabilities_are(scale: float | None, bias: float | None) -> str:
    if not scale:
        return "The model has no temperature of its own, so only the cosines are shown."
    if bias is not None:
        sign = "+" if bias > 0 else "−"
        return (
            f"Sigmoid of {scale:.1f} × cosine {sign} {abs(bias):.1f}, the model's own numbers: how"
            " likely each label belongs to the picture, whatever the others are. Several may be"
            " likely, or none."
        )
    return (
        f"Softmax over these labels with the model's own temperature, 1/{scale:.1f}: how likely"
        " each is, if the picture shows one of them. With other labels the probabilities"
        " change; the cosines stay."
    )
