"""What answers look like to a person."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress

from search_engine.building.changes import pictures_to_embed_again
from search_engine.calibration.match import CUT_MATCH
from search_engine.cli import care, rules
from search_engine.cli.console import (
    counted,
    duration,
    printable,
    say,
    shortened,
    show,
    show_table,
)
from search_engine.collection.catalog import Catalog
from search_engine.collection.library import Library
from search_engine.errors import CollectionError
from search_engine.index.tuning import text_recall
from search_engine.records import CollectionSettings, CollectionSummary, PictureRecord, SkippedFile
from search_engine.records.builds import BuildReport
from search_engine.search.engine import SearchEngine
from search_engine.search.results import SearchResults, in_order_of_match
from search_engine.settings import MINI_MODEL, Settings

_SKIPS_SHOWN = 20
_CATEGORIES_SHOWN = 30
_BUILDS_SHOWN = 5
_FOLDERS_SHOWN = 20


def show_answer(engine: SearchEngine, answer: SearchResults) -> None:
    """List the pictures that answer a question."""
    for text in answer.encoded.cut_texts:
        say(f"note: the model reads only the beginning of: {printable(text[:60])}…")
    model = answer.manifest.model.model_id
    how = "exact" if answer.exact else f"approximate ({answer.manifest.kind})"
    shown = f"{len(answer.results)} of {counted(answer.considered, 'picture', 'pictures')}"
    asked = printable(str(answer.query))
    show(f"{asked}: {shown} in '{answer.collection}', {how}, model {model}")
    _show_verdict(answer)
    for place, result in enumerate(in_order_of_match(answer.results)):
        if place and answer.verdict and place == answer.verdict.matches:
            show("Weaker results:")
        match = "  –" if result.match is None else f"{result.match:3.0f}"
        path = printable(str(engine.path(result.record)))
        number = f"#{result.record.picture_id}"
        show(f"{result.rank:>4}  {result.score:6.3f}  {match}  {number:<7} {path}")
    if not answer.results:
        show("Nothing passes the filters.")
    if model == MINI_MODEL:
        say("note: the bundled model 'mini' knows only the drawings of the sample gallery.")


def _show_verdict(answer: SearchResults) -> None:
    verdict = answer.verdict
    if verdict:
        text = verdict.text[0].upper() + verdict.text[1:]
        show(
            f"{text}: {verdict.matches} of these {len(answer.results)} stand out with match"
            f" {CUT_MATCH:.0f} of 100 or more (about {verdict.cut_score:.3f} cosine)"
        )


def tell_embedded_again(name: str, wanted: CollectionSettings, settings: Settings) -> None:
    """Say, before a build starts, how many pictures it embeds again for another model."""
    with suppress(CollectionError):  # the build says what is wrong
        count = pictures_to_embed_again(name, wanted, settings)
        if count:
            rate = Library(settings).rate(wanted.model_id)
            time = f", about {duration(count / rate)}" if rate else ""
            pictures = counted(count, "picture is", "pictures are")
            model = f"'{printable(wanted.model_id)}'"
            say(f"Up to {pictures} embedded again, with the model {model} as it is now{time}")


def show_build(report: BuildReport) -> None:
    """Say what a build did."""
    away = report.findings.pictures_away
    seen = report.added + report.changed + report.unchanged + report.moved
    total = counted(seen + away, "picture", "pictures")
    rate = f", {report.embedded / report.seconds:.1f} embedded a second" if report.embedded else ""
    show(f"Collection '{report.collection}': {total} in {duration(report.seconds)}{rate}")
    counts = ("added", "changed", "moved", "removed", "unchanged")
    kept = f", {away:,} out of reach" if away else ""
    lost = f", {report.lost:,} no longer readable" if report.lost else ""
    show(", ".join(f"{getattr(report, name):,} {name}" for name in counts) + lost + kept)
    rules.show_effects(report.effects)
    _show_skips(report.collection, report.skipped, all_skips=False)
    if report.kept:
        kept = counted(report.kept, "picture stays as it was", "pictures stay as they were")
        show(f"Of these, {kept} when last read, and can still be found.")
    _count_remarks(report.collection, report.remarked)
    named = {place.path for place in report.findings.away}
    closed = [folder for folder in report.unreadable_folders if folder not in named]
    for folder in closed[:_FOLDERS_SHOWN]:
        show(f"'{shortened(printable(folder or '.'))}' cannot be read.")
    if len(closed) > _FOLDERS_SHOWN:
        show(f"Nor can {counted(len(closed) - _FOLDERS_SHOWN, 'more', 'more')}.")
    care.show_more(report)


def _show_skips(name: str, skips: Sequence[SkippedFile], *, all_skips: bool) -> None:
    if not skips:
        return
    shown = skips if all_skips else skips[:_SKIPS_SHOWN]
    show(f"{counted(len(skips), 'file was', 'files were')} left out:")
    for skip in shown:
        path = printable(skip.path) if all_skips else shortened(printable(skip.path))
        show(f"  {path}  ({printable(skip.explanation)})")
    if len(shown) < len(skips):
        show(f"  … and {len(skips) - len(shown):,} more: info {name} --skipped")


def _count_remarks(name: str, count: int) -> None:
    if count:
        read = counted(count, "picture was", "pictures were")
        show(f"{read} read with a remark: info {name} --remarks")


def _show_remarks(pictures: Sequence[PictureRecord]) -> None:
    show(f"{counted(len(pictures), 'picture was', 'pictures were')} read with a remark:")
    for picture in pictures:
        show(f"  {printable(picture.path)}  ({printable(picture.remark or '')})")


def show_collections(summaries: Sequence[CollectionSummary]) -> None:
    """List collections, a line each."""
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
            printable(summary.folder),
        ]
        for summary in summaries
    ]
    show_table(header, rows)
    for summary in summaries:
        for line in rules.lines_of(summary.rules):
            show(f"{summary.name} {line[0].lower()}{line[1:]}")


def show_collection(
    summary: CollectionSummary, catalog: Catalog, *, all_skips: bool, all_remarks: bool
) -> None:
    """Say what is known about a collection."""
    pictures = counted(summary.pictures, "picture", "pictures")
    show(f"{summary.name}: {pictures} of {printable(summary.folder)}")
    show(f"State: {summary.state}; kept in {printable(str(catalog.folder))}")
    manifest = summary.manifest
    if manifest:
        parameters = ", ".join(f"{key} {value}" for key, value in manifest.parameters.items())
        show(f"Model: {manifest.model.model_id}, {manifest.model.dimension} dimensions")
        show(f"Index: {manifest.kind}{f' ({parameters})' if parameters else ''}, "
             f"generation {manifest.generation}, {manifest.created_at}")  # fmt: skip
        recall = text_recall(manifest)
        if recall is not None:
            show(f"Recall: {recall:.1%} of the ten best answers to words, measured on this one")
        if manifest.note:
            show(f"Note: {manifest.note}")
    categories = catalog.pictures.categories()
    shown = list(categories.items())[:_CATEGORIES_SHOWN]
    names = ", ".join(f"{printable(name or '(none)')} {count:,}" for name, count in shown)
    more = f", and {len(categories) - len(shown)} more" if len(categories) > len(shown) else ""
    show(f"Categories: {names}{more}")
    for line in rules.lines_of(summary.rules):
        show(line)
    show("Builds:")
    for build in catalog.builds.latest(_BUILDS_SHOWN):
        counts = f"{build.added:,} added, {build.changed:,} changed, {build.moved:,} moved"
        took = f"{build.removed:,} removed, {duration(build.seconds)}"
        show(f"  {build.started_at}  {build.state}: {counts}, {took}")
    _show_skips(summary.name, list(catalog.skipped), all_skips=all_skips)
    if all_remarks:
        _show_remarks(catalog.pictures.remarks())
    else:
        _count_remarks(summary.name, catalog.pictures.remarked())
    care.show_findings(summary.findings)
