"""Results, and pictures that no query found, as CSV."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from search_engine.collection import date_of
from search_engine.errors import SearchEngineError
from search_engine.files import tables
from search_engine.records import PictureRecord, SearchResult
from search_engine.search.engine import SearchEngine

_FACTS = [
    "picture_id", "category", "path", "width", "height", "taken_at", "size_bytes", "sha256", "date",
    "dated_by", "tags",
]  # fmt: skip
_SCORE_DIGITS, _MATCH_DIGITS = 6, 2


def table_of_results(engine: SearchEngine, results: Sequence[SearchResult]) -> bytes:
    """Write one line a result, in their order; its tags are a line of CSV in a cell."""
    tags = engine.catalog.tags.of(result.record.picture_id for result in results)
    return tables.as_csv(
        ["rank", "score", "match", *_FACTS],
        (
            [one.rank, round(one.score, _SCORE_DIGITS), _rounded(one.match),
             *_facts(engine, one.record, tags)]
            for one in results
        ),
    )  # fmt: skip


def table_of_pictures(engine: SearchEngine, records: Sequence[PictureRecord]) -> bytes:
    """Write one line a picture; its tags are a line of CSV in a cell."""
    tags = engine.catalog.tags.of(record.picture_id for record in records)
    return tables.as_csv(_FACTS, (_facts(engine, record, tags) for record in records))


def _facts(
    engine: SearchEngine, r: PictureRecord, tags: Mapping[int, tuple[str, ...]]
) -> list[object]:
    return [
        r.picture_id, r.category, path_if_sound(engine, r), r.width, r.height, r.taken_at,
        r.size_bytes, r.content_hash, *date_of(r.taken_at, r.dated_by, r.modified_ns),
        tables.as_line(tags.get(r.picture_id, ())),
    ]  # fmt: skip


def path_if_sound(engine: SearchEngine, record: PictureRecord) -> str:
    """Return where a picture lies; nothing where its catalog names a place outside its folder."""
    try:
        return str(engine.path(record))
    except SearchEngineError:
        return ""


def _rounded(match: float | None) -> float | None:
    return None if match is None else round(match, _MATCH_DIGITS)
