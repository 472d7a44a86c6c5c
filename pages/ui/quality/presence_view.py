"""Is it here? How well that is told on this very collection, proved with its categories."""

from __future__ import annotations

import altair as alt
import pandas as pd
import streamlit as st

from pages.ui.frame import feedback, measured, session
from pages.ui.widgets import category_needs, charts, data_table, folders_choice, odd_names
from search_engine import SearchEngine
from search_engine.calibration import THRESHOLD, Presence
from search_engine.errors import SearchEngineError
from search_engine.evaluation import Case, PresenceProof

_BEGUN = session.CollectionKey("presence measured", "")
"""The checksum of the index for which it was begun."""
_LABELS = {
    Case.PRESENT: "present",
    Case.REMOVED: "removed",
    Case.NONSENSE: "nonsense",
}
_UNITS = {"match": ", %", "cosine": ""}
_COLOURS = [charts.ACCENT, charts.SECOND, charts.FAINT]
_WHAT_IT_DOES = (
    "Each category is searched for by the name of its folder, once with its pictures and once"
    " with them removed, and so are 64 made-up words. A score that can be trusted tells"
    " the first from the others. Nothing is changed; it takes some seconds."
)


def show(engine: SearchEngine) -> None:
    """Offer to prove it, and show the proof."""
    st.markdown("#### Can the app tell when something isn’t here?")
    st.caption(_WHAT_IT_DOES)
    labelling = folders_choice.ask(engine, in_address=False)
    odd_names.show(engine, labelling)
    begun, index = _BEGUN.of(engine), engine.manifest.checksum
    with feedback.errors_shown():
        category_needs.require(
            engine, "This searches for the names of", named=2, pictures=2, level=labelling.level
        )
    place = st.empty()
    if begun.get() != index:
        label = "Measure on this collection"
        if not place.button(label, icon=":material/play_arrow:"):
            return
        place.empty()
        begun.put(index)
    try:
        proof = measured.presence(engine, labelling)
    except SearchEngineError as error:
        feedback.show_error(error)
        return
    _show(proof)


def _show(proof: PresenceProof) -> None:
    charts.show_totals(
        {
            "AUROC of the best match": f"{proof.auroc_match():.3f}",
            "of the best cosine": f"{proof.auroc_cosine():.3f}",
            "mAP ranked by match": f"{proof.map_match:.3f}",
            "by cosine": f"{proof.map_cosine:.3f}",
            "Calibration error": f"{proof.reliability_shown.error:.3f}",
        }
    )
    sampled = "a sample of " if proof.sampled else ""
    st.caption(
        f"{len(proof.categories)} categories, {sampled}{proof.pictures:,} pictures. AUROC is the"
        " chance that a query with pictures here scores above one without; 0.5 is guessing. The"
        " calibration error is how far a match is from the true share of right pictures, on"
        " average over the first 24 results."
    )
    _show_queries(proof)
    left, right = st.columns(2)
    with left:
        _show_verdicts(proof)
    with right:
        _show_reliability(proof)
    _show_categories(proof)


def _show_queries(proof: PresenceProof) -> None:
    table = pd.DataFrame(
        {
            "query": feedback.readable(query.text),
            "case": _LABELS[query.case],
            "match": query.best_match,
            "cosine": query.best_cosine,
        }
        for query in proof.queries
    )
    with st.container(horizontal=True):
        measure = st.segmented_control(
            "Scale", ["match", "cosine"], key="presence scale", default="match", required=True,
            label_visibility="collapsed",
        )  # fmt: skip
    points = (
        alt.Chart(table, height=210)
        .mark_tick(thickness=2, size=34, opacity=0.7)
        .encode(
            x=alt.X(f"{measure}:Q", title=f"best {measure}{_UNITS[measure]}",
                    scale=alt.Scale(zero=False)),
            y=alt.Y("case:N", sort=list(_LABELS.values()), title=None,
                    axis=alt.Axis(labelLimit=160)),
            color=alt.Color("case:N", legend=None,
                            scale=alt.Scale(domain=list(_LABELS.values()), range=_COLOURS)),
            tooltip=[alt.Tooltip("query:N"), alt.Tooltip("case:N"),
                     alt.Tooltip("match:Q", format=".1f"), alt.Tooltip("cosine:Q", format=".3f")],
        )
    )  # fmt: skip
    chart: charts.Chart = points
    if measure == "match":
        cut = pd.DataFrame({"cut": [THRESHOLD]})
        line = alt.Chart(cut).mark_rule(color=charts.FAINT, strokeDash=[5, 4], strokeWidth=2)
        chart = alt.layer(points, line.encode(x="cut:Q"), height=210)
    note = (
        f"The best {measure} of each query, one tick each. The further the rows are apart, the"
        " better the app can tell what is not here."
    )
    charts.show(charts.Figure("Queries", note, chart, table, "presence_queries"), key="asked")


def _show_verdicts(proof: PresenceProof) -> None:
    table = pd.DataFrame(
        {"query": label}
        | {str(presence): 100 * proof.share(case, presence) for presence in Presence}
        for case, label in _LABELS.items()
    )
    with st.container(border=True):
        note = "The share of queries that got each verdict."
        charts.show_heading("Verdicts", note, table, "presence_verdicts")
        percent = st.column_config.NumberColumn(format="%.0f %%")
        data_table.show(
            table, hide_index=True, column_config={str(presence): percent for presence in Presence}
        )


def _show_reliability(proof: PresenceProof) -> None:
    table = pd.DataFrame(
        proof.reliability_shown.rows(), columns=["from", "to", "pictures", "match", "share"]
    )
    base = alt.Chart(table, height=250)
    points = base.mark_line(color=charts.ACCENT, point={"size": 40, "color": charts.ACCENT}).encode(
        x=alt.X("match:Q", title="mean match, %", scale=alt.Scale(domain=[0, 100])),
        y=alt.Y("share:Q", title="true share of right pictures", axis=alt.Axis(format="%"),
                scale=alt.Scale(domain=[0, 1])),
        tooltip=[alt.Tooltip("match:Q", format=".1f"), alt.Tooltip("share:Q", format=".1%"),
                 alt.Tooltip("pictures:Q", format=",")],
    )  # fmt: skip
    ideal = alt.Chart(pd.DataFrame({"match": [0, 100], "share": [0.0, 1.0]})).mark_line(
        color=charts.FAINT, strokeDash=[5, 4]
    )
    chart = alt.layer(points, ideal.encode(x="match:Q", y="share:Q"), height=250)
    note = (
        "Of the first 24 results of each query: how many are of the category searched for, by"
        " their match. On the dashed line a match of 80 means that 80 % are right."
    )
    figure = charts.Figure("Are match scores reliable?", note, chart, table, "presence_calibration")
    charts.show(figure, key="reliability")


def _show_categories(proof: PresenceProof) -> None:
    table = pd.DataFrame(
        {
            "Category": ", ".join(
                feedback.category_name(proof.labelling.title(name)) for name in category.names
            ),
            "Query": feedback.readable(category.present[0].text),
            "Pictures": category.pictures,
            "Best match": min(query.best_match for query in category.present),
            "Removed": max(query.best_match for query in category.removed),
            "AP by match": category.ap_match,
            "AP by cosine": category.ap_cosine,
        }
        for category in proof.categories
    ).sort_values("Removed", ascending=False)
    with st.expander(f"All {len(table)} categories, hardest first"):
        whole = st.column_config.NumberColumn(format="%.0f")
        columns = {"Best match": whole, "Removed": whole}
        columns |= dict.fromkeys(
            ("AP by match", "AP by cosine"), st.column_config.NumberColumn(format="%.3f")
        )
        data_table.show(table, hide_index=True, column_config=columns)
        if proof.left_out:
            names = ", ".join(
                feedback.plain(feedback.category_name(proof.labelling.title(n)))
                for n in proof.left_out
            )
            st.caption(
                f"Not searched for, as the name has no words or there is one picture: {names}"
            )
