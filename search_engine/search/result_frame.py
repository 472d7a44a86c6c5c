"""Results as a pandas frame."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from search_engine.collection.dating import date_of
from search_engine.collection.joined_folders import true_path
from search_engine.records import SearchResult

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = {
    "rank": "int64",
    "picture_id": "int64",
    "path": "object",
    "category": "object",
    "score": "float64",
    "match": "float64",
    "stands_out": "boolean",
    "width": "int64",
    "height": "int64",
    "size_bytes": "int64",
    "taken": "datetime64[s]",
    "dated_by": "object",
    "camera": "object",
}
"""The columns, and the type of each."""


def frame_of(results: Sequence[SearchResult], root: Path | None) -> pd.DataFrame:
    """Return a row a result, in their order; paths are whole where the root is known."""
    import pandas as pd  # takes longer to import than a search

    rows = [_row(one, root) for one in results]
    frame = pd.DataFrame(rows, columns=list(COLUMNS))
    frame["taken"] = pd.to_datetime(frame["taken"], format="ISO8601", errors="coerce")
    return frame.astype(COLUMNS)


def _row(result: SearchResult, root: Path | None) -> tuple[Any, ...]:
    record = result.record
    taken, dated_by = date_of(record.taken_at, record.dated_by, record.file_date_ns)
    return (
        result.rank,
        record.picture_id,
        record.path if root is None else str(true_path(root, record.path)),
        record.category,
        result.score,
        result.match,
        result.stands_out,
        record.width,
        record.height,
        record.size_bytes,
        taken or None,
        str(dated_by),
        record.camera,
    )
