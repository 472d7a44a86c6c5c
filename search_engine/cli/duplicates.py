"""The command ``duplicates``: finds them, and writes lists of what to keep and to remove."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from search_engine.audit import (
    Audit,
    Decision,
    ListKind,
    PathStyle,
    Separated,
    Thresholds,
    decide_removals,
    list_of_duplicates,
)
from search_engine.cli.console import printable, say, show
from search_engine.cli.exit_codes import ExitCode
from search_engine.cli.exports import Lines, export, refuse_what_is_there, to_standard_output
from search_engine.cli.json_answers import show_json
from search_engine.cli.options import (
    CollectionOptions,
    add_collection,
    add_export,
    add_limit,
    opened,
)
from search_engine.cli.registry import Command
from search_engine.cli.values import number, whole
from search_engine.errors import BadInput
from search_engine.records import PictureRecord, counted
from search_engine.reports import DuplicatesAnswer, duplicates_answer
from search_engine.search import SearchEngine
from search_engine.settings import Settings

_COPIES_SHOWN = 8


@dataclass(frozen=True, kw_only=True)
class DuplicatesOptions(CollectionOptions):
    """What counts as a duplicate, and what is written of it."""

    cosine: float
    bits: int
    overlay: float
    exact_only: bool
    list: ListKind | None
    print0: bool
    quote: bool
    relative: bool
    limit: int
    export: Path | None
    json: bool

    @property
    def thresholds(self) -> Thresholds:
        """From where on two pictures are nearly equal."""
        return Thresholds(cosine=self.cosine, bits=self.bits, overlay=self.overlay)

    @property
    def style(self) -> PathStyle:
        """How paths are written.

        Raises:
            BadInput: The options contradict one another.
        """
        is_list = self.list in {ListKind.KEEP, ListKind.REMOVE}
        if (self.print0 or self.quote or self.relative) and not is_list:
            cause = "--print0, --quote and --relative are about lists of paths"
            raise BadInput(cause, remedy="Give --list remove or --list keep as well.")
        if self.list and self.json and not self.export:
            cause = "Both a list and JSON are to go to standard output"
            raise BadInput(cause, remedy="Leave one out, or give the list a file: --export FILE")
        separated = Separated.NUL if self.print0 else Separated.LINES
        return PathStyle(Separated.QUOTED if self.quote else separated, self.relative)


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
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
    nul = "a NUL after each path of a list, for xargs -0"
    written.add_argument("--print0", action="store_true", help=nul)
    quote = "each path of a list in the quotes of a shell"
    written.add_argument("--quote", action="store_true", help=quote)
    add("--relative", action="store_true", help="paths below the collection's folder, as ./…")
    add_limit(parser, "groups that are shown (20)")
    add_export(parser, "write all of the list, or a table, there")
    add_collection(parser)


def run(options: DuplicatesOptions, settings: Settings) -> ExitCode:
    """Find duplicates; Ctrl-C stops it, and what was measured until then is kept.

    Raises:
        BadInput: The options contradict one another, the file to export to exists or cannot be
            written, or names cannot stand in the list.
    """
    with opened(options, settings) as engine:
        _run(engine, options)
    return ExitCode.DONE


def _run(engine: SearchEngine, options: DuplicatesOptions) -> None:
    style = options.style
    refuse_what_is_there(options.export)
    audit, progress = Audit(engine), Lines()
    groups = (
        audit.exact_duplicates(progress)
        if options.exact_only
        else audit.duplicates(options.thresholds, progress)
    )
    if options.list and not options.export:
        _write_list(engine, decide_removals(engine, groups, progress=progress), options.list, style)
        return
    # What is exported is read file by file; else only what is shown is.
    read = len(groups) if options.export else options.limit
    decisions = decide_removals(engine, groups[:read], progress=progress)
    decisions += decide_removals(engine, groups[read:], read=False)
    kind = options.list or ListKind.TABLE
    # Made before anything is shown: what cannot be listed is told, and nothing else.
    content = list_of_duplicates(engine, decisions, kind, style) if options.export else b""
    if options.json:
        told = slice(options.limit)
        show_json(duplicates_answer(engine, decisions, options.thresholds, told))
    else:
        _show(engine, decisions, options.limit)
    export(options.export, lambda: content)
    if options.export and kind is not ListKind.TABLE:
        _say_what_it_is(engine, decisions, style)


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
    size = f"{record.width:>5} × {record.height:<5}" if record.width else record.dimensions
    return f"{size} {printable(str(engine.path(record)))}"


COMMAND = Command(
    name="duplicates",
    help="find exact and near duplicates, and list which to keep",
    description="Find exact and near duplicates, and list which to keep. Nothing is ever"
    " deleted or moved. Pixels are compared by the thumbnails, then in the files themselves, as far"
    " as small print can be seen there. Animations, files of several pages and transparent pictures"
    " are copies only if their bytes are equal. Links and other names of one file are no copies; no"
    " list of files to remove has the last file of a picture.",
    epilog="To remove what a list names:"
    " python -m search_engine duplicates --exact-only --list remove --print0 | xargs -0 rm --",
    add_options=add_options,
    options=DuplicatesOptions,
    run=run,
    answer=DuplicatesAnswer,
)
