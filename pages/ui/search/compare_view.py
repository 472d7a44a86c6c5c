"""Two to four pictures side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from pages.ui.frame import feedback, resources
from pages.ui.search import over_page
from pages.ui.search.asking import Answered
from pages.ui.search.new_query import ask
from search_engine import SearchEngine
from search_engine.collection import date_of, in_words
from search_engine.errors import SearchEngineError
from search_engine.records import PictureRecord, SearchResult

FEWEST, MOST = 2, 4


def show(engine: SearchEngine, found: Answered) -> None:
    """Show the pictures that are to be compared, where there are at least two."""
    wanted = () if found.asked.picture else found.asked.compare[:MOST]
    records = engine.records(wanted) if wanted else {}
    shown = [records[one] for one in wanted if one in records]
    if len(shown) >= FEWEST:
        scored = {result.record.picture_id: result for result in found.shown}
        _open(engine, shown, scored)


def _open(
    engine: SearchEngine, records: Sequence[PictureRecord], scored: Mapping[int, SearchResult]
) -> None:
    icon = ":material/compare:"
    over_page.dialog("Compare", _show, lambda: ask(compare=()), icon=icon)(engine, records, scored)


def _show(
    engine: SearchEngine, records: Sequence[PictureRecord], scored: Mapping[int, SearchResult]
) -> None:
    """Show each picture with its facts below it, in the same lines."""
    for column, record in zip(st.columns(len(records)), records, strict=True):
        date, _ = date_of(record.taken_at, record.dated_by, record.modified_ns)
        result = scored.get(record.picture_id)
        with column:
            try:
                st.image(resources.preview(engine, record), alt=feedback.readable(record.path))
            except SearchEngineError as error:
                feedback.show_error(error)
            match = (
                "not known" if result is None or result.match is None else f"{result.match:.0f} %"
            )
            st.table(
                {
                    "Name": feedback.plain(record.path.rpartition("/")[2]),
                    "Match": match,
                    "Cosine": feedback.unsigned(result.score, 3) if result else "not known",
                    "Folder": feedback.plain(record.path.rpartition("/")[0] or "–"),
                    "Pixels": f"{record.width:,} × {record.height:,}",
                    "Size": feedback.file_size(record.size_bytes),
                    "Date": in_words(date),
                    "Camera": feedback.plain(record.camera or "not known"),
                }
            )
