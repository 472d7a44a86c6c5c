"""The commands ``list`` and ``info``: what collections there are, and what is known of one."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass

from search_engine.cli.console import printable, show, show_table
from search_engine.cli.exit_codes import ExitCode
from search_engine.cli.findings import count_remarks, show_findings, show_skips
from search_engine.cli.json_answers import show_json
from search_engine.cli.options import add_name, chosen
from search_engine.cli.registry import Command
from search_engine.cli.rules import lines_of
from search_engine.collection import Catalog, Library
from search_engine.index import text_recall
from search_engine.records import (
    CollectionSummary,
    IndexManifest,
    PictureRecord,
    counted,
    duration,
)
from search_engine.reports import InfoAnswer, ListedCollection, info_answer, listed
from search_engine.settings import Settings

_CATEGORIES_SHOWN = 30
_BUILDS_SHOWN = 5


@dataclass(frozen=True, kw_only=True)
class ListOptions:
    """How all collections are told."""

    json: bool


@dataclass(frozen=True, kw_only=True)
class InfoOptions:
    """Which collection is told of, and how much."""

    name: str | None
    skipped: bool
    remarks: bool
    json: bool


def add_no_options(_list: argparse.ArgumentParser) -> None:
    """Add nothing: all collections are meant."""


def add_info_options(info: argparse.ArgumentParser) -> None:
    """Add the options of ``info``."""
    add_name(info)
    info.add_argument("--skipped", action="store_true", help="name every file that was skipped")
    remarks = "name every picture that was read with a remark, as one whose end is missing"
    info.add_argument("--remarks", action="store_true", help=remarks)


def run_list(options: ListOptions, settings: Settings) -> ExitCode:
    """List all collections."""
    summaries = Library(settings).summaries()
    if options.json:
        show_json([listed(summary) for summary in summaries])
    else:
        _show_all(summaries)
    return ExitCode.DONE


def run_info(options: InfoOptions, settings: Settings) -> ExitCode:
    """Say what is known about a collection."""
    library, name = Library(settings), chosen(options.name, settings)
    summary = library.readable_summary(name)
    with library.open_catalog(name) as catalog:
        if options.json:
            show_json(info_answer(summary, catalog))
        else:
            _show_one(summary, catalog, options)
    return ExitCode.DONE


def _show_all(summaries: Sequence[CollectionSummary]) -> None:
    if not summaries:
        show("There is no collection yet. Make one: python -m search_engine index FOLDER")
        return
    header = ["NAME", "PICTURES", "CATEGORIES", "SKIPPED", "MODEL", "STATE", "FOLDER"]
    rows = [
        [
            summary.name,
            f"{summary.pictures:,}",
            f"{summary.categories:,}",
            f"{summary.skipped:,}",
            summary.model_id or "-",
            summary.state,
            printable(summary.places),
        ]
        for summary in summaries
    ]
    show_table(header, rows)
    for summary in summaries:
        for line in lines_of(summary.rules):
            show(f"{summary.name} {line[0].lower()}{line[1:]}")


def _show_one(summary: CollectionSummary, catalog: Catalog, options: InfoOptions) -> None:
    pictures = counted(summary.pictures, "picture", "pictures")
    show(f"{summary.name}: {pictures} of {printable(summary.places)}")
    show(f"State: {summary.state}; kept in {printable(str(catalog.folder))}")
    if summary.manifest:
        _show_index(summary.manifest)
    categories = catalog.pictures.categories()
    shown = list(categories.items())[:_CATEGORIES_SHOWN]
    names = ", ".join(f"{printable(name or '(none)')} {count:,}" for name, count in shown)
    more = f", and {len(categories) - len(shown)} more" if len(categories) > len(shown) else ""
    show(f"Categories: {names}{more}")
    for line in lines_of(summary.rules):
        show(line)
    show("Builds:")
    for build in catalog.builds.latest(_BUILDS_SHOWN):
        counts = f"{build.added:,} added, {build.changed:,} changed, {build.moved:,} moved"
        took = f"{build.removed:,} removed, {duration(build.seconds, tenths=True)}"
        show(f"  {build.started_at}  {build.state}: {counts}, {took}")
    show_skips(summary.name, list(catalog.skipped), all_skips=options.skipped)
    if options.remarks:
        _show_remarks(catalog.pictures.remarks())
    else:
        count_remarks(summary.name, catalog.pictures.remarked())
    show_findings(summary.findings)


def _show_index(manifest: IndexManifest) -> None:
    parameters = ", ".join(f"{key} {value}" for key, value in manifest.parameters.items())
    show(f"Model: {manifest.model.model_id}, {manifest.model.dimension} dimensions")
    show(
        f"Index: {manifest.kind}{f' ({parameters})' if parameters else ''}, "
        f"generation {manifest.generation}, {manifest.created_at}"
    )
    if manifest.store:
        show(f"Store: {printable(manifest.store)}")
    recall = text_recall(manifest)
    if recall is not None:
        show(f"Recall: {recall:.1%} of the ten best results by words, measured on this one")
    if manifest.note:
        show(f"Note: {manifest.note}")


def _show_remarks(pictures: Sequence[PictureRecord]) -> None:
    show(f"{counted(len(pictures), 'picture was', 'pictures were')} read with a remark:")
    for picture in pictures:
        show(f"  {printable(picture.path)}  ({printable(picture.remark or '')})")


LIST = Command(
    name="list",
    help="show all collections",
    add_options=add_no_options,
    options=ListOptions,
    run=run_list,
    answer=tuple[ListedCollection, ...],
)
INFO = Command(
    name="info",
    help="show what is known about a collection",
    add_options=add_info_options,
    options=InfoOptions,
    run=run_info,
    answer=InfoAnswer,
)
