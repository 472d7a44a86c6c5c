"""Two to four pictures side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from pages.ui.frame import feedback, resources
from pages.ui.frame.search_state import SearchState
from pages.ui.search import over_page
from pages.ui.search.new_query import ask
from search_engine import SearchEngine
from search_engine.collection import date_of, in_words
from search_engine.errors import SearchEngineError
from search_engine.records import PictureRecord, SearchResult

FEWEST, MOST = 2, 4
_ICON = ":material/compare:"


def show(engine: SearchEngine, asked: SearchState, results: Sequence[SearchResult] = ()) -> None:
    """Show the pictures that the address compares, where there are at least two."""
    wanted = () if asked.picture else asked.compare[:MOST]
    records = engine.records(wanted) if wanted else {}
    shown = [records[one] for one in wanted if one in records]
    if len(shown) >= FEWEST:
        scored = {result.record.picture_id: result for result in results}
        over_page.dialog("Compare", _show, lambda: ask(compare=()), icon=_ICON)(
            engine, shown, scored
        )
    elif len(wanted) >= FEWEST:
        missing = ", ".join(f"#{one}" for one in wanted if one not in records)
        st.warning(f"There is nothing to compare: {missing} is not in this collection.")


def show_records(engine: SearchEngine, records: Sequence[PictureRecord]) -> None:
    """Show pictures of a page whose address does not name them."""
    over_page.dialog("Compare", _show, lambda: None, icon=_ICON)(engine, records, {})


def _show(
    engine: SearchEngine, records: Sequence[PictureRecord], scored: Mapping[int, SearchResult]
) -> None:
    """Show each picture with its facts below it, in the same lines."""
    for column, record in zip(st.columns(len(records)), records, strict=True):
        date, _ = date_of(record.taken_at, record.dated_by, record.file_date_ns)
        result = scored.get(record.picture_id)
        with column:
            try:
                st.image(resources.preview(engine, record), alt=feedback.readable(record.path))
                engine.require_unchanged(record)  # what was kept of it may be all that is left
            except SearchEngineError as error:
                feedback.show_error(error)
            st.table(
                {
                    "Name": feedback.plain(record.path.rpartition("/")[2]),
                    **(_scores(result) if result else {}),
                    "Folder": feedback.plain(record.path.rpartition("/")[0] or "–"),
                    "Pixels": record.dimensions,
                    "Size": feedback.size_of(record),
                    "Date": in_words(date) if date else "not known",
                    "Camera": feedback.plain(record.camera or "not known"),
                }
            )


def _scores(result: SearchResult) -> dict[str, str]:
    match = "not known" if result.match is None else f"{result.match:.0f} %"
    return {"Match": match, "Cosine": feedback.unsigned(result.score, 3)}
