"""What was found as CSV, and as lists of files to keep and to remove. Nothing is removed here."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum

from search_engine.auditing.duplicates import DuplicateGroup
from search_engine.auditing.reviews import Key, Opinion
from search_engine.auditing.suspects import Suspect
from search_engine.auditing.unusual import Ranking
from search_engine.engine import SearchEngine
from search_engine.records import PictureRecord


class ListKind(StrEnum):
    """What a list of duplicates holds."""

    KEEP = "keep"
    REMOVE = "remove"
    TABLE = "table"


def keep_or_remove(
    group: DuplicateGroup, chosen: Mapping[int, int]
) -> tuple[PictureRecord, list[PictureRecord]]:
    """Give the picture to keep and those to remove.

    ``chosen`` has the id of the picture to keep instead of the one that the rule keeps, by the id
    of the latter.
    """
    wanted = chosen.get(group.kept.picture_id, group.kept.picture_id)
    kept = next((one for one in group.records if one.picture_id == wanted), group.kept)
    return kept, [one for one in group.records if one is not kept]


def list_of_duplicates(
    engine: SearchEngine,
    groups: Sequence[DuplicateGroup],
    kind: ListKind,
    chosen: Mapping[int, int] | None = None,
) -> bytes:
    """Write whole paths, one a line, of the pictures to keep or to remove; or both as CSV."""
    decided = [keep_or_remove(group, chosen or {}) for group in groups]
    if kind is ListKind.KEEP:
        return _lines(engine, [kept for kept, _ in decided])
    if kind is ListKind.REMOVE:
        return _lines(engine, [one for _, removed in decided for one in removed])
    return _table(
        ["group", "keep", "picture_id", "path", "category", "width", "height", "size_bytes",
         "identical", "cosine", "hash_bits", "overlay"],
        _rows_of_groups(engine, groups, decided),
    )  # fmt: skip


def _rows_of_groups(
    engine: SearchEngine,
    groups: Sequence[DuplicateGroup],
    decided: Sequence[tuple[PictureRecord, list[PictureRecord]]],
) -> Iterable[list[object]]:
    for number, (group, (kept, _)) in enumerate(zip(groups, decided, strict=True), start=1):
        evidence = {
            copy.record.picture_id: [
                _yes(copy.exact), f"{copy.cosine:.4f}", copy.bits, f"{copy.overlay:.4f}",
            ]
            for copy in group.copies
        }  # fmt: skip
        for record in group.records:
            yield [
                number, _yes(record is kept), record.picture_id,
                str(engine.path(record)), record.category or "", record.width, record.height,
                record.size_bytes, *evidence.get(record.picture_id, ["", "", "", ""]),
            ]  # fmt: skip


def table_of_suspects(engine: SearchEngine, suspects: Sequence[Suspect]) -> bytes:
    """Write one line a suspect, most suspicious first."""
    return _table(
        ["rank", "picture_id", "path", "category", "suggested", "combined", "neighbours", "words",
         "witnesses"],
        (
            [rank, one.record.picture_id, str(engine.path(one.record)), one.record.category or "",
             one.suggested, _number(one.combined), _number(one.neighbours), _number(one.words),
             " ".join(str(witness) for witness in one.witnesses)]
            for rank, one in enumerate(suspects, start=1)
        ),
    )  # fmt: skip


def table_of_reviews(engine: SearchEngine, reviews: Mapping[Key, Opinion]) -> bytes:
    """Write one line for each picture whose label was reviewed and that is still there."""
    pictures = engine.catalog.pictures
    rows: list[list[object]] = []
    for (content_hash, category), opinion in reviews.items():
        records = pictures.by_id(pictures.ids_with_content(content_hash)).values()
        rows += [
            [opinion, one.picture_id, str(engine.path(one)), category, content_hash]
            for one in records
            if (one.category or "") == category
        ]
    return _table(["label", "picture_id", "path", "category", "content_hash"], rows)


def table_of_unusual(engine: SearchEngine, rankings: Sequence[Ranking]) -> bytes:
    """Write one line for each picture of each ranking."""
    rows: list[list[object]] = []
    for ranking in rankings:
        records = engine.catalog.pictures.by_id(ranking.picture_ids.tolist())
        rows += [
            [ranking.oddity, rank, i, str(engine.path(records[i])), records[i].category or "",
             f"{value:.6g}"]
            for rank, (i, value) in enumerate(
                zip(ranking.picture_ids.tolist(), ranking.values.tolist(), strict=True), start=1
            )
            if i in records
        ]  # fmt: skip
    return _table(["what", "rank", "picture_id", "path", "category", "value"], rows)


def _yes(it_is: bool) -> str:  # noqa: FBT001 - a value to write, not a switch
    return "yes" if it_is else "no"


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.4f}"


def _lines(engine: SearchEngine, records: Sequence[PictureRecord]) -> bytes:
    return "".join(f"{engine.path(one)}\n" for one in records).encode("utf-8", "surrogateescape")


def _table(header: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    target = io.StringIO()
    writer = csv.writer(target)
    writer.writerow(header)
    writer.writerows(rows)
    return target.getvalue().encode("utf-8", "surrogateescape")
