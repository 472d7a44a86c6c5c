"""The commands that audit a collection: duplicates, suspects, outliers."""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from search_engine.auditing.audit import Audit
from search_engine.auditing.duplicates import DuplicateGroup, Thresholds
from search_engine.auditing.lists import (
    ListKind,
    list_of_duplicates,
    table_of_suspects,
    table_of_unusual,
)
from search_engine.auditing.suspects import Signal, Suspect
from search_engine.auditing.unusual import Oddity, Ranking, UnusualLimits, unusual
from search_engine.cli.console import counted, printable, say, show
from search_engine.cli.odd_limits import add_limits, limits_of
from search_engine.cli.options import add_collection, add_json, number, path, positive, whole
from search_engine.engine import SearchEngine
from search_engine.errors import BadInput, ModelError
from search_engine.records import PictureRecord

_SECONDS_BETWEEN_LINES = 5.0
_COPIES_SHOWN = 8


def add_commands(commands: Any) -> None:  # noqa: ANN401 - argparse has no public name for it
    """Add the three commands."""
    duplicates = commands.add_parser(
        "duplicates",
        help="find equal and nearly equal pictures, and list which to keep",
        description="Find equal and nearly equal pictures, and list which to keep. Nothing is ever"
        " deleted or moved. Pixels are compared by the thumbnails.",
    )
    usual, add = Thresholds(), duplicates.add_argument
    add("--cosine", type=number, default=usual.cosine, help=f"at least ({usual.cosine})")
    bits = f"of 64 that may differ ({usual.bits})"
    add("--bits", type=whole(0, 64), default=usual.bits, help=bits)
    add("--overlay", type=number, default=usual.overlay, help=f"correlation ({usual.overlay})")
    add("--exact-only", action="store_true", help="only files with the same bytes")
    lists = "what --export writes: paths to keep, paths to remove, or a CSV table (table)"
    add("--list", type=ListKind, choices=list(ListKind), default=ListKind.TABLE, help=lists)
    suspects = commands.add_parser(
        "suspects",
        help="find pictures that may be in the wrong category",
        description="Find pictures that may be in the wrong category: their neighbours are in"
        " another one, or the name of another one fits them better. Nothing is moved.",
    )
    suspects.add_argument("--signal", type=Signal, choices=list(Signal), default=Signal.COMBINED)
    suspects.add_argument(
        "--no-words", action="store_true", help="neighbours alone; needs no model"
    )
    suspects.add_argument(
        "--all", action="store_true", help="also slight doubts, and labels that were reviewed"
    )
    outliers = commands.add_parser(
        "outliers",
        help="find pictures that are unlike the others, never found, blurred, dark, …",
        description="Find pictures that are unlike the others, found too often or never, blurred,"
        " dark, bright, tiny or oddly shaped.",
    )
    add_limits(outliers)
    for parser in (duplicates, suspects, outliers):
        parser.add_argument("--limit", type=positive, default=20, help="shown of each list (20)")
        parser.add_argument("--export", type=path, metavar="FILE", help="write all of it there")
        add_collection(parser)
        add_json(parser)


def run(engine: SearchEngine, arguments: argparse.Namespace) -> None:
    """Run the command; Ctrl-C stops it, and what was measured until then is kept.

    Raises:
        BadInput: The file to export to exists, or cannot be written.
        ModelError: The model is needed and cannot be used.
    """
    with suppress(OSError):  # a name that no file can have is told when it is written
        if arguments.export and arguments.export.exists():
            cause, remedy = (
                "There is a file of this name already",
                "Name one that is not there yet.",
            )
            raise BadInput(cause, place=str(arguments.export), remedy=remedy)
    _RUNS[arguments.command](engine, arguments)


def _run_duplicates(engine: SearchEngine, arguments: argparse.Namespace) -> None:
    thresholds = Thresholds(arguments.cosine, arguments.bits, arguments.overlay)
    audit = Audit(engine)
    found = audit.exact_duplicates() if arguments.exact_only else None
    groups = audit.duplicates(thresholds, _Lines()) if found is None else found
    if arguments.json:
        show(json.dumps(_of_duplicates(engine, groups, thresholds, arguments.limit), indent=2))
    else:
        _show_duplicates(engine, groups, arguments.limit)
    _export(arguments.export, lambda: list_of_duplicates(engine, groups, arguments.list))


def _run_suspects(engine: SearchEngine, arguments: argparse.Namespace) -> None:
    found = Audit(engine).suspects(
        arguments.signal, with_words=not arguments.no_words, clearly=not arguments.all,
        reviewed=arguments.all, told=_Lines(),
    )  # fmt: skip
    shown = found[: arguments.limit]
    if arguments.json:
        show(json.dumps(_of_suspects(engine, found, shown, arguments.signal), indent=2))
    else:
        _show_suspects(engine, found, shown)
    _export(arguments.export, lambda: table_of_suspects(engine, found))


def _run_outliers(engine: SearchEngine, arguments: argparse.Namespace) -> None:
    rankings = _rankings(Audit(engine), arguments.what, limits_of(arguments))
    if arguments.json:
        document = {
            "collection": engine.name,
            "pictures": len(engine),
            "rankings": [_of_ranking(engine, one, arguments.limit) for one in rankings],
        }
        show(json.dumps(document, indent=2))
    else:
        for ranking in rankings:
            _show_ranking(engine, ranking, arguments.limit)
    _export(arguments.export, lambda: table_of_unusual(engine, rankings))


def _rankings(
    audit: Audit, wanted: Sequence[Oddity] | None, limits: UnusualLimits
) -> list[Ranking]:
    """Give what was asked for; what nobody named is left out where the model is not to be had."""
    told, rankings = _Lines(), []
    for oddity in wanted or Oddity:
        try:
            rankings.append(unusual(audit, oddity, limits, told))
        except ModelError as error:
            if wanted:
                raise
            say(f"note: '{oddity}' is left out: {error}")
    return rankings


def _export(file: Path | None, content: Callable[[], bytes]) -> None:
    if file is None:
        return
    try:
        with file.open("xb") as target:
            target.write(content())
    except OSError as error:
        cause = f"The list cannot be written: {error.strerror}"
        raise BadInput(cause, place=str(file), remedy="Name another file.") from error
    say(f"Written to {printable(str(file))}. No picture was touched.")


def _show_duplicates(engine: SearchEngine, groups: Sequence[DuplicateGroup], most: int) -> None:
    copies = sum(len(group.copies) for group in groups)
    gain = sum(group.bytes_to_gain for group in groups)
    show(
        f"{counted(len(groups), 'group', 'groups')};"
        f" {counted(copies, 'picture is a copy', 'pictures are copies')} of others,"
        f" {gain / 1e6:,.1f} MB"
    )
    for group in groups[:most]:
        show()
        show(f"  keep        {_line(engine, group.kept)}")
        for copy in group.copies[:_COPIES_SHOWN]:
            how = "same bytes" if copy.exact else f"{copy.cosine:.3f} {copy.bits:>2} b"
            show(f"  {how:<11} {_line(engine, copy.record)}")
        if len(group.copies) > _COPIES_SHOWN:
            show(f"  … and {len(group.copies) - _COPIES_SHOWN:,} more")


def _line(engine: SearchEngine, record: PictureRecord) -> str:
    return f"{record.width:>5} × {record.height:<5} {printable(str(engine.path(record)))}"


def _show_suspects(
    engine: SearchEngine, found: Sequence[Suspect], shown: Sequence[Suspect]
) -> None:
    show(f"{len(found):,} of {len(engine):,} labels are suspicious; the most suspicious first")
    for rank, one in enumerate(shown, start=1):
        words = "     -" if one.words is None else f"{one.words:6.3f}"
        near = "     -" if one.neighbours is None else f"{one.neighbours:6.2f}"
        path = printable(str(engine.path(one.record)))
        show(f"{rank:>4}  neighbours {near}  words {words}  {path} → {printable(one.suggested)}")


def _show_ranking(engine: SearchEngine, ranking: Ranking, most: int) -> None:
    show(f"{ranking.oddity}: {len(ranking.picture_ids):,} pictures, by {ranking.measure}")
    if ranking.note:
        show(f"  {ranking.note}")
    head = ranking.head(most)
    records = engine.catalog.pictures.by_id(head.picture_ids.tolist())
    for picture_id, value in zip(head.picture_ids.tolist(), head.values.tolist(), strict=True):
        if picture_id in records:
            show(f"  {value:>9.4g}  {printable(str(engine.path(records[picture_id])))}")
    show()


def _of_duplicates(
    engine: SearchEngine, groups: Sequence[DuplicateGroup], thresholds: Thresholds, most: int
) -> dict[str, Any]:
    return {
        "collection": engine.name,
        "thresholds": {
            "cosine": thresholds.cosine, "bits": thresholds.bits, "overlay": thresholds.overlay,
        },
        "found": len(groups),
        "copies": sum(len(group.copies) for group in groups),
        "bytes_to_gain": sum(group.bytes_to_gain for group in groups),
        "groups": [
            {
                "keep": _of_picture(engine, group.kept),
                "copies": [
                    _of_picture(engine, copy.record)
                    | {"identical": copy.exact, "cosine": round(copy.cosine, 6),
                       "hash_bits": copy.bits, "overlay": round(copy.overlay, 6)}
                    for copy in group.copies
                ],
            }
            for group in groups[:most]
        ],
    }  # fmt: skip


def _of_picture(engine: SearchEngine, record: PictureRecord) -> dict[str, Any]:
    return {
        "picture_id": record.picture_id,
        "path": str(engine.path(record)),
        "width": record.width,
        "height": record.height,
        "size_bytes": record.size_bytes,
    }


def _of_suspects(
    engine: SearchEngine, found: Sequence[Suspect], shown: Sequence[Suspect], signal: Signal
) -> dict[str, Any]:
    return {
        "collection": engine.name,
        "model": engine.manifest.model.model_id,
        "signal": signal,
        "found": len(found),
        "suspects": [
            {
                "rank": rank,
                "picture_id": one.record.picture_id,
                "path": str(engine.path(one.record)),
                "category": one.record.category,
                "suggested": one.suggested,
                "combined": round(one.combined, 6),
                "neighbours": None if one.neighbours is None else round(one.neighbours, 6),
                "words": None if one.words is None else round(one.words, 6),
                "witnesses": list(one.witnesses),
            }
            for rank, one in enumerate(shown, start=1)
        ],
    }


def _of_ranking(engine: SearchEngine, ranking: Ranking, most: int) -> dict[str, Any]:
    head = ranking.head(most)
    records = engine.catalog.pictures.by_id(head.picture_ids.tolist())
    listed = zip(head.picture_ids.tolist(), head.values.tolist(), strict=True)
    return {
        "what": ranking.oddity,
        "measure": ranking.measure,
        "note": ranking.note,
        "found": len(ranking.picture_ids),
        "pictures": [
            {
                "rank": rank,
                "picture_id": picture_id,
                "path": str(engine.path(records[picture_id])),
                "category": records[picture_id].category,
                "value": round(value, 6),
            }
            for rank, (picture_id, value) in enumerate(listed, start=1)
            if picture_id in records
        ],
    }


class _Lines:
    """Says what is going on, a line every few seconds."""

    def __init__(self) -> None:
        self._last = time.monotonic()

    def __call__(self, what: str, done: int, total: int) -> None:
        now = time.monotonic()
        if now - self._last >= _SECONDS_BETWEEN_LINES:
            self._last = now
            say(f"{what}: {done:,} of {total:,}" if total > 1 else f"{what} …")


_RUNS = {"duplicates": _run_duplicates, "suspects": _run_suspects, "outliers": _run_outliers}
