"""Two to four pictures side by side."""

from __future__ import annotations

from collections.abc import Sequence
from math import isnan

import streamlit as st

from pages.ui.frame import feedback, resources
from search_engine import SearchEngine
from search_engine.collection import date_of, in_words
from search_engine.errors import SearchEngineError
from search_engine.records import SearchResult

MOST = 4


@st.dialog("Compare", width="large", icon=":material/compare:")
def show(engine: SearchEngine, results: Sequence[SearchResult]) -> None:
    """Show each picture with its facts below it, in the same lines."""
    for column, result in zip(st.columns(len(results)), results, strict=True):
        record = result.record
        date, _ = date_of(record.taken_at, record.dated_by, record.modified_ns)
        with column:
            try:
                st.image(resources.preview(engine, record), alt=feedback.readable(record.path))
            except SearchEngineError as error:
                feedback.show_error(error)
            match = "not known" if result.match is None else f"{result.match:.0f} %"
            st.table(
                {
                    "Name": feedback.plain(record.path.rpartition("/")[2]),
                    "Match": match,
                    "Cosine": "not known"
                    if isnan(result.score)
                    else feedback.unsigned(result.score, 3),
                    "Folder": feedback.plain(record.path.rpartition("/")[0] or "–"),
                    "Pixels": f"{record.width:,} × {record.height:,}",
                    "Size": feedback.file_size(record.size_bytes),
                    "Date": in_words(date),
                    "Camera": feedback.plain(record.camera or "not known"),
                }
            )
