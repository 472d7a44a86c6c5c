"""Options that hand results on: a folder of copies or links, a file, tags beside pictures."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from search_engine.cli.console import printable, say
from search_engine.cli.exports import Lines, export, refuse_what_is_there
from search_engine.cli.values import path
from search_engine.collection import where_it_lies
from search_engine.errors import BadInput
from search_engine.exchange import (
    ExportPlan,
    Manner,
    ResultForm,
    SidecarReport,
    export_files,
    form_of,
    plan_export,
    results_as,
    write_sidecars,
)
from search_engine.records import SearchResult, counted
from search_engine.search import SearchEngine

_NAMED = 20


@dataclass(frozen=True, kw_only=True)
class ExportOptions:
    """Where results are copied or linked to."""

    copy_to: Path | None
    link_to: Path | None
    dry_run: bool
    export: Path | None
    xmp_to: Path | None
    xmp_beside: bool

    @property
    def exports_to(self) -> tuple[Path, Manner] | None:
        """The folder and the manner; None where nothing is exported.

        Raises:
            BadInput: Both are asked for, a dry run of nothing, or a file that cannot be written so.
        """
        if self.export:
            form_of(self.export)
            refuse_what_is_there(self.export)
        if self.copy_to and self.link_to:
            cause = "--copy-to and --link-to go into one folder at a time"
            raise BadInput(cause, remedy="Give one of them.")
        if self.copy_to:
            return self.copy_to, Manner.COPY
        if self.link_to:
            return self.link_to, Manner.SYMBOLIC_LINK
        if self.dry_run:
            cause = "There is nothing to try without a folder"
            raise BadInput(cause, remedy="Give --copy-to or --link-to as well.")
        return None


def add_exporting(parser: argparse.ArgumentParser) -> None:
    """Let results be copied or linked into a folder."""
    add = parser.add_argument
    copy, link = "copy the results into a folder", "put links to the results into a folder"
    add("--copy-to", type=path, metavar="DIR", help=copy)
    add("--link-to", type=path, metavar="DIR", help=link)
    dry = "with --copy-to or --link-to: only say what would be done"
    add("--dry-run", action="store_true", help=dry)
    forms = (
        f"write the results to a file, of the kind that its ending says: {', '.join(ResultForm)}"
    )
    add("--export", type=path, metavar="FILE", help=forms)
    xmp = parser.add_mutually_exclusive_group()
    to = "write the results' tags as XMP sidecars into a folder, with the folders of the pictures"
    xmp.add_argument("--xmp-to", type=path, metavar="DIR", help=to)
    beside = "write them beside the pictures; what is there is added to, never replaced"
    xmp.add_argument("--xmp-beside", action="store_true", help=beside)


def hand_on(engine: SearchEngine, results: Sequence[SearchResult], options: ExportOptions) -> None:
    """Copy or link results where the options ask for it, after saying how much that is.

    Raises:
        BadInput: The folder cannot be used, or the copies do not fit.
        ExportStopped: It could not go on.
    """
    asked = options.exports_to
    records = [one.record for one in results]
    _write_file(engine, results, options.export)
    if options.xmp_to or options.xmp_beside:
        _tell(write_sidecars(engine, records, options.xmp_to, Lines()))
    if asked is None:
        return
    matches = {one.record.picture_id: one.match for one in results}
    plan = plan_export(engine, records, *asked, matches)
    _say(plan)
    if options.dry_run:
        say("Nothing was written, because of --dry-run.")
        return
    report = export_files(plan, Lines())
    for one in report.left_out[:_NAMED]:
        say(f"skipped: {printable(one.place)} ({one.reason})")
    if len(report.left_out) > _NAMED:
        say(f"… and {len(report.left_out) - _NAMED:,} more, which the table names.")
    done = counted(len(report.names), "file is", "files are")
    said = f"; {printable(report.table.name)} says which is which" if report.table else ""
    say(f"{done} in {printable(str(report.folder))}{said}. No picture was touched.")


def _write_file(engine: SearchEngine, results: Sequence[SearchResult], file: Path | None) -> None:
    if file is not None:
        form = form_of(file)
        export(file, lambda: results_as(engine, results, form))


def _tell(report: SidecarReport) -> None:
    for name, why in report.left_out[:_NAMED]:
        say(f"skipped: {printable(name)} ({why})")
    if len(report.left_out) > _NAMED:
        say(f"… and {len(report.left_out) - _NAMED:,} more.")
    done = counted(report.written, "sidecar", "sidecars")
    said = f"{done} written, {report.unchanged:,} had all tags already"
    none = counted(report.untagged, "picture has", "pictures have")
    say(f"{said}; {none} no tag. They are in {printable(where_it_lies(report.folder))}.")


def _say(plan: ExportPlan) -> None:
    what = "copies" if plan.manner is Manner.COPY else f"{plan.manner}s"
    size = f", {plan.bytes:,} bytes" if plan.manner is Manner.COPY else ""
    missing = f"; {len(plan.left_out):,} cannot be had" if plan.left_out else ""
    count = counted(len(plan.files), "file", "files")
    say(f"{count} as {what}{size}, to {printable(str(plan.folder))}{missing}.")
