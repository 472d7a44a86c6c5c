"""What was found as tables, and as lists of files for other tools. Nothing is removed here.

A list of files has whole paths unless it is asked for relative ones, which begin with ``./``: so no
name that begins with a dash is taken for an option. Names come through byte for byte, whatever
their encoding. A name with a line break cannot stand in a list of lines, where it would name other
files: such a list is refused, or its group left out, and there is a list with NUL between.
"""

from __future__ import annotations

import os
import re
import shlex
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from search_engine.audit.decisions import Decision
from search_engine.audit.label_errors import Suspect
from search_engine.audit.on_disk import FileState, look
from search_engine.audit.reviews import Key, Opinion, Reviews, is_about
from search_engine.audit.unusual import UnusualPictures
from search_engine.collection.joined_folders import true_path
from search_engine.errors import BadInput, Way
from search_engine.evaluation import FIRST_FOLDERS, Labelling
from search_engine.files import tables
from search_engine.records import PictureRecord
from search_engine.search.engine import SearchEngine

_BREAKS_LINES = re.compile(r"[\n\r]")


class ListKind(StrEnum):
    """What a list of duplicates holds."""

    KEEP = "keep"
    REMOVE = "remove"
    TABLE = "table"


class Separated(StrEnum):
    """How the paths of a list are told apart."""

    LINES = "lines"
    QUOTED = "quoted"
    """Lines in the quotes of a POSIX shell, which xargs reads as well."""
    NUL = "nul"


@dataclass(frozen=True, slots=True)
class PathStyle:
    """How paths are written."""

    separated: Separated = Separated.LINES
    relative: bool = False
    """To the collection's folder."""


def breaks_lines(engine: SearchEngine, record: PictureRecord, *, relative: bool = False) -> bool:
    """Return whether a picture cannot be named in a list of lines.

    A line break in the name of any folder above it is one in its path.
    """
    return bool(_BREAKS_LINES.search(record.path if relative else str(engine.path(record))))


def list_of_duplicates(
    engine: SearchEngine,
    decisions: Sequence[Decision],
    kind: ListKind,
    style: PathStyle | None = None,
) -> bytes:
    """Write the paths of the pictures to keep or to remove; or both as CSV.

    Every picture of a group that is there is on one of the two lists: what is held back is kept.

    Raises:
        BadInput: A name cannot stand in such a list.
    """
    if kind is ListKind.TABLE:
        return _table_of_duplicates(engine, decisions)
    if kind is ListKind.REMOVE:
        records = [one for decision in decisions for one in decision.removed]
    else:
        records = [one for decision in decisions for one in _stays(engine, decision)]
    return list_of_paths(engine, records, style or PathStyle())


def _stays(engine: SearchEngine, decision: Decision) -> Iterable[PictureRecord]:
    held = [
        copy.record for copy in decision.group.copies if copy.record.picture_id in decision.held
    ]
    held += [decision.group.kept] if decision.group.kept.picture_id in decision.held else []
    stays = [decision.kept, *held]
    return (
        one for one in stays if look(engine.path(one)).state in {FileState.FILE, FileState.LINK}
    )


def list_of_paths(
    engine: SearchEngine, records: Sequence[PictureRecord], style: PathStyle
) -> bytes:
    """Write the paths of pictures for another program.

    Raises:
        BadInput: A name cannot stand in such a list.
    """
    is_nul = style.separated is Separated.NUL
    broken = [one for one in records if breaks_lines(engine, one, relative=style.relative)]
    if broken and not is_nul:
        cause = (
            f"{len(broken):,} of the names hold line breaks, and a list of lines would misname them"
        )
        remedy = "Separate the names by NUL instead."
        raise BadInput(
            cause, place=str(engine.path(broken[0])), remedy=remedy, way=Way.SEPARATE_BY_NUL
        )
    paths = [_written(engine, record, style) for record in records]
    end = "\0" if style.separated is Separated.NUL else "\n"
    return b"".join(os.fsencode(path + end) for path in paths)


def _written(engine: SearchEngine, record: PictureRecord, style: PathStyle) -> str:
    whole = str(engine.path(record))
    path = os.path.join(".", record.path) if style.relative else whole  # noqa: PTH118 - it keeps the dot
    return shlex.quote(path) if style.separated is Separated.QUOTED else path


def _table_of_duplicates(engine: SearchEngine, decisions: Sequence[Decision]) -> bytes:
    return tables.as_csv(
        ["group", "keep", "remove", "held_back", "picture_id", "path", "category", "width",
         "height", "size_bytes", "identical", "cosine", "hash_bits", "overlay"],
        (
            [number, *row]
            for number, decision in enumerate(decisions, start=1)
            for row in _rows_of(engine, decision)
        ),
    )  # fmt: skip


def _rows_of(engine: SearchEngine, decision: Decision) -> Iterable[list[object]]:
    evidence = {
        copy.record.picture_id: [
            _yes(copy.exact), round(copy.cosine, 4), copy.bits, round(copy.overlay, 4),
        ]
        for copy in decision.group.copies
    }  # fmt: skip
    removed = {record.picture_id for record in decision.removed}
    for record in decision.group.records:
        number = record.picture_id
        yield [
            _yes(record is decision.kept), _yes(number in removed), decision.held.get(number),
            number, str(engine.path(record)), record.category, record.width, record.height,
            record.size_bytes, *evidence.get(number, [None] * 4),
        ]  # fmt: skip


def table_of_suspects(
    engine: SearchEngine, suspects: Sequence[Suspect], labelling: Labelling = FIRST_FOLDERS
) -> bytes:
    """Write one line a suspect, most suspicious first, with what was said of its label.

    Where that is wrong, ``move_to`` is the path that the file would have in the other category.
    """
    said = Reviews(engine.catalog.folder).all()
    return tables.as_csv(
        ["rank", "picture_id", "path", "category", "suggested", "combined", "neighbours", "words",
         "witnesses", "on_disk", "category_name", "suggested_name", "review",
         "move_to"],
        (
            [rank, one.record.picture_id, str(engine.path(one.record)), one.category,
             one.suggested, _rounded(one.combined), _rounded(one.neighbours), _rounded(one.words),
             " ".join(str(witness) for witness in one.witnesses), note_of_file(engine, one.record),
             labelling.name(one.category), labelling.name(one.suggested),
             said.get((one.record.content_hash, one.category), ""),
             _moved(engine, one, said, labelling.level)]
            for rank, one in enumerate(suspects, start=1)
        ),
    )  # fmt: skip


def _moved(
    engine: SearchEngine, one: Suspect, said: Mapping[Key, Opinion], level: int
) -> str | None:
    if said.get((one.record.content_hash, one.category)) is not Opinion.WRONG:
        return None
    parts = one.record.path.split("/")
    parts[level - 1] = one.suggested
    return str(true_path(engine.collection.root, "/".join(parts)))


def table_of_reviews(engine: SearchEngine, reviews: Mapping[Key, Opinion]) -> bytes:
    """Write one line for each picture whose label was reviewed and that is still there."""
    pictures = engine.catalog.pictures
    rows: list[list[object]] = []
    for key, opinion in reviews.items():
        content_hash, category = key
        records = pictures.by_id(pictures.ids_with_content(content_hash)).values()
        rows += [
            [opinion, one.picture_id, str(engine.path(one)), category, content_hash]
            for one in records
            if is_about(key, one)
        ]
    return tables.as_csv(["label", "picture_id", "path", "category", "content_hash"], rows)


def table_of_unusual(engine: SearchEngine, rankings: Sequence[UnusualPictures]) -> bytes:
    """Write one line for each picture of each ranking."""
    rows: list[list[object]] = []
    for ranking in rankings:
        records = engine.records(ranking.picture_ids.tolist())
        rows += [
            [ranking.oddity, rank, i, str(engine.path(records[i])), records[i].category,
             float(f"{value:.6g}"), note_of_file(engine, records[i])]
            for rank, (i, value) in enumerate(
                zip(ranking.picture_ids.tolist(), ranking.values.tolist(), strict=True), start=1
            )
            if i in records
        ]  # fmt: skip
    return tables.as_csv(
        ["what", "rank", "picture_id", "path", "category", "value", "on_disk"], rows
    )


def note_of_file(engine: SearchEngine, record: PictureRecord) -> str:
    """Say what lies at a picture's path now: a file, a link, one of several names, or nothing."""
    found = look(engine.path(record))
    if found.state is FileState.FILE and found.size_bytes != record.size_bytes:
        return "changed"
    if found.state is FileState.FILE and found.names > 1:
        return "one name of several"
    return str(found.state)


def _yes(it_is: bool) -> str:  # noqa: FBT001 - a value to write, not a switch
    return "yes" if it_is else "no"


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)
