"""Results and chosen pictures as one file: a table, lines of JSON, Parquet, the pictures packed."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Any

from search_engine.collection import date_of
from search_engine.errors import BadInput, SearchEngineError
from search_engine.exchange.packing import as_zip
from search_engine.files import tables
from search_engine.records import PictureRecord, SearchResult
from search_engine.search import SearchEngine

_OF_A_RESULT = ("rank", "score", "match")
_OF_A_PICTURE = (
    "picture_id", "category", "path", "width", "height", "taken_at", "size_bytes", "sha256", "date",
    "dated_by", "tags",
)  # fmt: skip
_WHOLE = {"rank", "picture_id", "width", "height", "size_bytes"}
_REAL = {"score", "match"}


class ResultForm(StrEnum):
    """What kind of file, by the ending of its name."""

    CSV = ".csv"
    """With a mark at its beginning, as spreadsheets want it."""
    JSON_LINES = ".jsonl"
    """A line for each, with the keys of the table."""
    PARQUET = ".parquet"
    ZIP = ".zip"
    """The pictures themselves, with their dates."""


def form_of(file: Path) -> ResultForm:
    """Return which kind a file is to be of.

    Raises:
        BadInput: Its name ends in another way.
    """
    try:
        return ResultForm(file.suffix.lower())
    except ValueError:
        cause = f"'{file.name}' ends like no file that results are written as"
        remedy = f"Take one of these endings: {', '.join(ResultForm)}."
        raise BadInput(cause, place=str(file), remedy=remedy) from None


def results_as(engine: SearchEngine, results: Sequence[SearchResult], form: ResultForm) -> bytes:
    """Write results, in their order."""
    if form is ResultForm.ZIP:
        return as_zip(engine, ((one.rank, one.record) for one in results))
    tags = engine.catalog.tags.of(one.record.picture_id for one in results)
    rows = [
        {
            "rank": one.rank,
            "score": round(one.score, 6),
            "match": None if one.match is None else round(one.match, 2),
            **_facts(engine, one.record, tags),
        }
        for one in results
    ]
    return _written(rows, (*_OF_A_RESULT, *_OF_A_PICTURE), form)


def pictures_as(engine: SearchEngine, records: Sequence[PictureRecord], form: ResultForm) -> bytes:
    """Write pictures that no query has found, in their order."""
    if form is ResultForm.ZIP:
        return as_zip(engine, enumerate(records, 1))
    tags = engine.catalog.tags.of(record.picture_id for record in records)
    rows = [_facts(engine, record, tags) for record in records]
    return _written(rows, _OF_A_PICTURE, form)


def _facts(
    engine: SearchEngine, record: PictureRecord, tags: Mapping[int, tuple[str, ...]]
) -> dict[str, Any]:
    date, dated_by = date_of(record.taken_at, record.dated_by, record.file_date_ns)
    known = not record.is_vector_alone
    return {
        "picture_id": record.picture_id,
        "category": record.category,
        "path": place_of(engine, record),
        "width": record.width or None,
        "height": record.height or None,
        "taken_at": record.taken_at,
        "size_bytes": record.size_bytes if known else None,
        "sha256": record.content_hash,
        "date": date,
        "dated_by": dated_by,
        "tags": tags.get(record.picture_id, ()),
    }


def place_of(engine: SearchEngine, record: PictureRecord) -> str:
    """Return where a picture lies; nothing where its catalog names a place outside its folder."""
    try:
        return str(engine.path(record))
    except SearchEngineError:
        return ""


def _written(rows: list[dict[str, Any]], columns: Sequence[str], form: ResultForm) -> bytes:
    if form is ResultForm.CSV:
        lines = ({**row, "tags": tables.as_line(row["tags"])} for row in rows)
        return tables.as_csv(columns, ([line[name] for name in columns] for line in lines))
    if form is ResultForm.JSON_LINES:
        return "".join(f"{json.dumps(row)}\n" for row in rows).encode("ascii")
    return _parquet(rows, columns)


def _readable(text: str) -> str:
    r"""Write bytes of a name that are not UTF-8, which Parquet cannot hold, as ``\xe9``."""
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def _parquet(rows: list[dict[str, Any]], columns: Sequence[str]) -> bytes:
    import pyarrow as pa
    import pyarrow.parquet as pq

    def values(name: str) -> Any:  # noqa: ANN401 - pyarrow ships no types
        found = [row[name] for row in rows]
        if name == "tags":
            return pa.array([list(tags) for tags in found], pa.list_(pa.string()))
        if name in _WHOLE | _REAL:
            return pa.array(found, pa.int64() if name in _WHOLE else pa.float64())
        return pa.array([text and _readable(text) for text in found], pa.string())

    target = io.BytesIO()
    pq.write_table(pa.table({name: values(name) for name in columns}), target)
    return target.getvalue()
