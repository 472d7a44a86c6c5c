"""The command ``compare``: what two sets of pictures have in common, and what not."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from search_engine.audit import (
    UNLIKE_SHARE,
    Audit,
    CommonGroup,
    CommonPicture,
    CoverageGap,
    PictureSet,
    Relation,
    SetComparison,
    compare_sets,
    table_of_comparison,
)
from search_engine.cli.comparison_answer import SetComparisonAnswer, set_comparison_answer
from search_engine.cli.console import printable, say, show
from search_engine.cli.exit_codes import ExitCode
from search_engine.cli.exports import Lines, export, refuse_what_is_there
from search_engine.cli.json_answers import show_json
from search_engine.cli.options import CollectionOptions, add_export, add_limit, opened
from search_engine.cli.registry import Command
from search_engine.records import PictureRecord, counted
from search_engine.settings import Settings

_PICTURES_SHOWN = 8
_WHAT = "a collection, or NAME/FOLDER for one of its first folders"


@dataclass(frozen=True, kw_only=True)
class CompareOptions:
    """What is compared, and what is written of it."""

    first: str
    second: str
    exact_only: bool
    apart: bool
    limit: int
    export: Path | None
    json: bool


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    add = parser.add_argument
    add("first", metavar="A", help=_WHAT)
    add("second", metavar="B", help="another one; two folders of one collection, as train and test")
    add("--exact-only", action="store_true", help="only files with the same bytes")
    apart = "they should have nothing in common: exit code 7 where they have"
    add("--apart", action="store_true", help=apart)
    add_limit(parser, "groups and pictures that are shown (20)")
    add_export(parser, "write a table of every picture there")


def run(options: CompareOptions, settings: Settings) -> ExitCode:
    """Compare; Ctrl-C stops it, and what was measured until then is kept.

    Raises:
        BadInput: One is in the other, their models differ, or the file to export to is there.
    """
    refuse_what_is_there(options.export)
    names = [text.partition("/")[::2] for text in (options.first, options.second)]
    with ExitStack() as stack:
        audits: dict[str, Audit] = {}
        for name, _ in names:
            if name not in audits:
                wanted = CollectionOptions(collection=name, trust_model=False)
                audits[name] = Audit(stack.enter_context(opened(wanted, settings)))
        first, second = (PictureSet.of(audits[name], folder or None) for name, folder in names)
        found = compare_sets(first, second, by_bytes=options.exact_only, progress=Lines())
        content = table_of_comparison(found) if options.export else b""
        if options.json:
            show_json(set_comparison_answer(found, options.limit))
        else:
            _show(found, options.limit)
        export(options.export, lambda: content)
        for remark in found.remarks():
            say(f"note: {printable(remark)}")
    return ExitCode.FAULTY if options.apart and found.groups else ExitCode.DONE


def _show(found: SetComparison, most: int) -> None:
    for letter, side in (("A", found.first), ("B", found.second)):
        pictures = counted(len(side.picture_ids), "picture", "pictures")
        show(f"{letter}: {printable(side.name)}, {pictures}")
    groups = counted(len(found.groups), "group", "groups")
    show(f"In both:    {found.common_first:,} of A and {found.common_second:,} of B, in {groups}")
    show(f"Only in A:  {len(found.only_first):,}")
    show(f"Only in B:  {len(found.only_second):,}")
    if found.gap is not None:
        show(
            f"In A with nothing alike in B: {len(found.gap):,}"
            f" ({found.gap.expected:,} would be, were all of A of the kind of B)"
        )
    for group in found.groups[:most]:
        _show_group(found, group)
    if found.gap:
        _show_gap(found, found.gap, most)
    if len(found.groups) > most or len(found.gap or ()) > most:
        show(f"Not all is shown (--limit {most}); --export FILE writes a table of every picture.")


def _show_group(found: SetComparison, group: CommonGroup) -> None:
    show()
    for letter, side, pictures in (
        ("A", found.first, group.first),
        ("B", found.second, group.second),
    ):
        records = side.engine.records(one.picture_id for one in pictures)
        for one in pictures[:_PICTURES_SHOWN]:
            if one.picture_id in records:
                line = _line(side, records[one.picture_id])
                show(f"  {letter}  {_closeness(one):<20} {line}")
        if len(pictures) > _PICTURES_SHOWN:
            show(f"  … and {len(pictures) - _PICTURES_SHOWN:,} more of {letter}")


def _closeness(one: CommonPicture) -> str:
    if one.relation is Relation.SAME_BYTES:
        return str(one.relation)
    doubt = " ?" if one.relation is Relation.UNCONFIRMED else ""
    return f"{one.cosine:.3f} {one.bits:>2} b {one.overlay:.3f}{doubt}"


def _line(side: PictureSet, record: PictureRecord) -> str:
    path = printable(str(side.engine.path(record)))
    return f"{record.width:>5} × {record.height:<5} {path}"


def _show_gap(found: SetComparison, gap: CoverageGap, most: int) -> None:
    show()
    show("Nothing alike in B, furthest first, with the cosine to the nearest:")
    ids: Sequence[int] = gap.picture_ids[:most].tolist()
    records = found.first.engine.records(ids)
    for one, cosine in zip(ids, gap.cosines.tolist(), strict=False):
        if one in records:
            show(f"  {cosine:.3f}  {_line(found.first, records[one])}")


COMMAND = Command(
    name="compare",
    help="find what two collections, or train and test, have in common",
    description="Compare two collections, or two first folders of one (NAME/train NAME/test):"
    " which pictures are in both, which in one alone, and which of A are like nothing in B. The"
    " same pictures are files of the same bytes, and what was resized, saved again, slightly"
    " cropped or brightened, as duplicates finds it; mirrored and turned ones are others. A picture"
    " is like nothing in B if its nearest there is further away than that of"
    f" {1 - UNLIKE_SHARE:.0%} of the pictures of B themselves. Nothing is changed.",
    add_options=add_options,
    options=CompareOptions,
    run=run,
    answer=SetComparisonAnswer,
)
