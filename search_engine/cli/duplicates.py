"""The command that finds duplicates, and writes lists of what to keep and to remove."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from typing import Any

from search_engine.audit.audit import Audit
from search_engine.audit.decisions import Decision, decide_removals
from search_engine.audit.duplicates import DuplicateGroup, Thresholds
from search_engine.audit.lists import ListKind, PathStyle, Separated, list_of_duplicates
from search_engine.cli.console import counted, printable, say, show
from search_engine.cli.exports import (
    Lines,
    export,
    of_picture,
    refuse_what_is_there,
    to_standard_output,
)
from search_engine.cli.options import add_collection, add_json, number, path, positive, whole
from search_engine.errors import BadInput
from search_engine.records import PictureRecord
from search_engine.search.engine import SearchEngine

_COPIES_SHOWN = 8


def add_command(commands: Any) -> None:  # noqa: ANN401 - argparse has no public name for it
    """Add the command."""
    parser = commands.add_parser(
        "duplicates",
        help="find equal and nearly equal pictures, and list which to keep",
        description="Find equal and nearly equal pictures, and list which to keep. Nothing is ever"
        " deleted or moved. Pixels are compared by the thumbnails, then in the files themselves, as"
        " far as small print can be seen there. Animations, files of several pages and transparent"
        " pictures are copies only if their bytes are equal. Links and other names of one file are"
        " no copies; no list of files to remove has the last file of a picture.",
        epilog="To remove what a list names:"
        " python -m search_engine duplicates --exact-only --list remove --print0 | xargs -0 rm --",
    )
    usual, add = Thresholds(), parser.add_argument
    add("--cosine", type=number, default=usual.cosine, help=f"at least ({usual.cosine})")
    bits = f"of 64 that may differ ({usual.bits})"
    add("--bits", type=whole(0, 64), default=usual.bits, help=bits)
    add("--overlay", type=number, default=usual.overlay, help=f"correlation ({usual.overlay})")
    add("--exact-only", action="store_true", help="only files with the same bytes")
    lists = (
        "write, instead of what people read, whole paths to keep or to remove, one a line, or a CSV"
        " table; to --export where that is given"
    )
    add("--list", type=ListKind, choices=list(ListKind), help=lists)
    written = parser.add_mutually_exclusive_group()
    written.add_argument(
        "--print0", action="store_true", help="a NUL after each path of a list, for xargs -0"
    )
    written.add_argument(
        "--quote", action="store_true", help="each path of a list in the quotes of a shell"
    )
    add("--relative", action="store_true", help="paths below the collection's folder, as ./…")
    add("--limit", type=positive, default=20, help="groups that are shown (20)")
    add("--export", type=path, metavar="FILE", help="write all of the list, or a table, there")
    add_collection(parser)
    add_json(parser)


def run(engine: SearchEngine, arguments: argparse.Namespace) -> None:
    """Run the command; Ctrl-C stops it, and what was measured until then is kept.

    Raises:
        BadInput: The options contradict one another, the file to export to exists or cannot be
            written, or names cannot stand in the list.
    """
    style = _style(arguments)
    refuse_what_is_there(arguments.export)
    thresholds = Thresholds(arguments.cosine, arguments.bits, arguments.overlay)
    audit = Audit(engine)
    progress = Lines()
    exact_only = arguments.exact_only
    groups = (
        audit.exact_duplicates(progress) if exact_only else audit.duplicates(thresholds, progress)
    )
    if arguments.list and not arguments.export:
        _write_list(
            engine, decide_removals(engine, groups, progress=progress), arguments.list, style
        )
        return
    # What is exported is read file by file; else only what is shown is.
    read = len(groups) if arguments.export else arguments.limit
    decisions = decide_removals(engine, groups[:read], progress=progress)
    decisions += decide_removals(engine, groups[read:], read=False)
    kind = arguments.list or ListKind.TABLE
    # Made before anything is shown: what cannot be listed is told, and nothing else.
    content = list_of_duplicates(engine, decisions, kind, style) if arguments.export else b""
    if arguments.json:
        document = _document(engine, decisions, thresholds, arguments.limit)
        show(json.dumps(document, indent=2))
    else:
        _show(engine, decisions, arguments.limit)
    export(arguments.export, lambda: content)
    if arguments.export and kind is not ListKind.TABLE:
        _say_what_it_is(engine, decisions, style)


def _style(arguments: argparse.Namespace) -> PathStyle:
    is_list = arguments.list in {ListKind.KEEP, ListKind.REMOVE}
    if (arguments.print0 or arguments.quote or arguments.relative) and not is_list:
        cause = "--print0, --quote and --relative are about lists of paths"
        raise BadInput(cause, remedy="Give --list remove or --list keep as well.")
    if arguments.list and arguments.json and not arguments.export:
        cause = "Both a list and JSON are to go to standard output"
        raise BadInput(cause, remedy="Leave one out, or give the list a file: --export FILE")
    separated = Separated.NUL if arguments.print0 else Separated.LINES
    return PathStyle(Separated.QUOTED if arguments.quote else separated, arguments.relative)


def _write_list(
    engine: SearchEngine, decisions: Sequence[Decision], kind: ListKind, style: PathStyle
) -> None:
    to_standard_output(list_of_duplicates(engine, decisions, kind, style))
    say(_sum(decisions))
    _say_what_it_is(engine, decisions, style)


def _say_what_it_is(engine: SearchEngine, decisions: Sequence[Decision], style: PathStyle) -> None:
    if style.relative:
        say(f"The paths are relative to {printable(str(engine.collection.root))}")
    held = [(copy, why) for decision in decisions for copy, why in _held(decision)]
    if held:
        say(f"{counted(len(held), 'picture is', 'pictures are')} held back:")
    for record, why in held[:_COPIES_SHOWN]:
        say(f"  {printable(str(engine.path(record)))}: {why}")
    if len(held) > _COPIES_SHOWN:
        say(f"  … and {len(held) - _COPIES_SHOWN:,} more; the table names all: --list table")


def _held(decision: Decision) -> list[tuple[PictureRecord, str]]:
    records = {record.picture_id: record for record in decision.group.records}
    return [(records[number], why) for number, why in decision.held.items()]


def _sum(decisions: Sequence[Decision]) -> str:
    copies = sum(len(decision.group.copies) for decision in decisions)
    gain = sum(decision.bytes_freed for decision in decisions)
    return (
        f"{counted(len(decisions), 'group', 'groups')};"
        f" {counted(copies, 'picture is a copy', 'pictures are copies')} of others,"
        f" {gain / 1e6:,.1f} MB to gain"
    )


def _show(engine: SearchEngine, decisions: Sequence[Decision], most: int) -> None:
    show(_sum(decisions))
    for decision in decisions[:most]:
        _show_group(engine, decision)


def _show_group(engine: SearchEngine, decision: Decision) -> None:
    group = decision.group
    show()
    show(f"  keep        {_line(engine, decision.kept)}")
    for copy in group.copies[:_COPIES_SHOWN]:
        how = "same bytes" if copy.exact else f"{copy.cosine:.3f} {copy.bits:>2} b"
        why = decision.held.get(copy.record.picture_id)
        show(f"  {how:<11} {_line(engine, copy.record)}{f'  (stays: {why})' if why else ''}")
    if len(group.copies) > _COPIES_SHOWN:
        show(f"  … and {len(group.copies) - _COPIES_SHOWN:,} more")
    for record in group.same_files[:_COPIES_SHOWN]:
        show(f"  same file   {_line(engine, record)}")


def _line(engine: SearchEngine, record: PictureRecord) -> str:
    return f"{record.width:>5} × {record.height:<5} {printable(str(engine.path(record)))}"


def _document(
    engine: SearchEngine, decisions: Sequence[Decision], thresholds: Thresholds, most: int
) -> dict[str, Any]:
    return {
        "collection": engine.name,
        "folder": str(engine.collection.root),
        "thresholds": {
            "cosine": thresholds.cosine, "bits": thresholds.bits, "overlay": thresholds.overlay,
        },
        "found": len(decisions),
        "copies": sum(len(decision.group.copies) for decision in decisions),
        "bytes_to_gain": sum(decision.bytes_freed for decision in decisions),
        "groups": [_of_group(engine, decision) for decision in decisions[:most]],
    }  # fmt: skip


def _of_group(engine: SearchEngine, decision: Decision) -> dict[str, Any]:
    group: DuplicateGroup = decision.group
    removed = {record.picture_id for record in decision.removed}
    return {
        "keep": of_picture(engine, decision.kept),
        "copies": [
            of_picture(engine, copy.record)
            | {"remove": copy.record.picture_id in removed,
               "held_back": decision.held.get(copy.record.picture_id),
               "identical": copy.exact, "cosine": round(copy.cosine, 6),
               "hash_bits": copy.bits, "overlay": round(copy.overlay, 6)}
            for copy in group.copies
        ],
        "same_files": [str(engine.path(record)) for record in group.same_files],
    }  # fmt: skip
