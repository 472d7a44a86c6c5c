"""Results as a table of facts, whose rows open the picture."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd
import streamlit as st

from pages.ui.frame import feedback, resources, session
from pages.ui.search.new_query import ask
from pages.ui.widgets import data_table
from search_engine import SearchEngine
from search_engine.collection import date_of, in_words
from search_engine.records import PictureRecord, SearchResult

_OPENED = session.Key("rows opened", 0)
"""Another number makes another table, in which no row is chosen."""


def show(engine: SearchEngine, results: Sequence[SearchResult]) -> None:
    """Show results with their scores and facts."""
    best = max((result.score for result in results), default=1.0)
    table = pd.DataFrame(
        {
            "Rank": result.rank,
            "Picture": resources.thumbnail(engine, result.record),
            "Score": result.score,
            "Match": result.match,
            **_facts(result.record),
        }
        for result in results
    )
    columns = {
        "Score": st.column_config.ProgressColumn(
            format="%.3f", min_value=0.0, max_value=max(best, 1e-6)
        ),
        "Match": st.column_config.NumberColumn(
            format="%.0f %%", help="The probability that the picture shows it; a match from 50 %"
        ),
        "Rank": st.column_config.NumberColumn(help="By score"),
    }
    _show(table, columns, [result.record.picture_id for result in results])


def show_list(engine: SearchEngine, records: Sequence[PictureRecord]) -> None:
    """Show pictures that no query has found."""
    table = pd.DataFrame(
        {"Picture": resources.thumbnail(engine, record), **_facts(record)} for record in records
    )
    _show(table, {}, [record.picture_id for record in records])


def _show(table: pd.DataFrame, columns: Mapping[str, object], ids: Sequence[int]) -> None:
    key: session.Key[Mapping[str, Mapping[str, Sequence[int]]]] = session.Key(
        f"results as table {_OPENED.get()}", {}
    )

    def opened() -> None:
        rows = [row for row in key.get().get("selection", {}).get("rows", ()) if row < len(ids)]
        if rows:
            _OPENED.put(_OPENED.get() + 1)
            ask(picture=ids[rows[0]])

    st.caption("Choose a row to open its picture.")
    data_table.show(
        table, hide_index=True, row_height=72, height=720, key=key.name, on_select=opened,
        selection_mode="single-row",
        column_config={**columns, "Picture": st.column_config.ImageColumn(width="small")},
    )  # fmt: skip


def _facts(record: PictureRecord) -> dict[str, object]:
    date, source = date_of(record.taken_at, record.dated_by, record.file_date_ns)
    return {
        "Category": feedback.readable(record.category or ""),
        "Path": feedback.readable(record.path),
        "Width": record.width or None,
        "Height": record.height or None,
        "Taken": in_words(date),
        "Dated by": source,
        "Id": record.picture_id,
    }
