"""How a build is told: before it, when it is stopped, and what it did, as lines and JSON."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass

from search_engine.building import pictures_to_embed_again
from search_engine.cli.console import printable, say, shortened, show
from search_engine.cli.findings import count_remarks, show_findings, show_skips
from search_engine.cli.rules import RuleEffectsAnswer, effects_answer, show_effects
from search_engine.collection import Library
from search_engine.errors import CollectionError
from search_engine.records import BuildReport, CollectionSettings, UnreadType, counted, duration
from search_engine.reports import AwayAnswer, SkipAnswer, away_answer, skip_answer
from search_engine.settings import Settings

_FOLDERS_SHOWN = 20


@dataclass(frozen=True, slots=True)
class IndexAnswer:
    """What a build did."""

    collection: str
    added: int
    changed: int
    moved: int
    removed: int
    lost: int
    unchanged: int
    read_again: int
    away: tuple[AwayAnswer, ...]
    not_read: tuple[UnreadType, ...]
    links: int
    dead_links: int
    rules: RuleEffectsAnswer
    skipped: tuple[SkipAnswer, ...]
    kept: int
    remarked: int
    seconds: float


def index_answer(report: BuildReport) -> IndexAnswer:
    """Return what a build did as it is told."""
    return IndexAnswer(
        collection=report.collection,
        added=report.added,
        changed=report.changed,
        moved=report.moved,
        removed=report.removed,
        lost=report.lost,
        unchanged=report.unchanged,
        read_again=report.read_again,
        away=away_answer(report.findings),
        not_read=report.findings.unread,
        links=report.findings.links,
        dead_links=report.findings.dead_links,
        rules=effects_answer(report.effects),
        skipped=tuple(skip_answer(skip) for skip in report.skipped),
        kept=report.kept,
        remarked=report.remarked,
        seconds=round(report.seconds, 3),
    )


def say_embedded_again(name: str, wanted: CollectionSettings, settings: Settings) -> None:
    """Say, before a build starts, how many pictures it embeds again for another model."""
    with suppress(CollectionError):  # the build says what is wrong
        count = pictures_to_embed_again(name, wanted, settings)
        if count:
            rate = Library(settings).rate(wanted.model_id)
            time = f", about {duration(count / rate, tenths=True)}" if rate else ""
            pictures = counted(count, "picture is", "pictures are")
            model = f"'{printable(wanted.model_id)}'"
            say(f"Up to {pictures} embedded again, with the model {model} as it is now{time}")


def say_resumable(report: BuildReport) -> None:
    """Say what a build kept that was stopped."""
    done = counted(report.added + report.changed, "picture", "pictures")
    say(f"Stopped. Kept of this run: {done}; the same command goes on from here.")


def show_build(report: BuildReport) -> None:
    """Say what a build did."""
    away = report.findings.pictures_away
    seen = report.added + report.changed + report.unchanged + report.moved
    total = counted(seen + away, "picture", "pictures")
    rate = f", {report.embedded / report.seconds:.1f} embedded a second" if report.embedded else ""
    took = duration(report.seconds, tenths=True)
    show(f"Collection '{report.collection}': {total} in {took}{rate}")
    counts = ("added", "changed", "moved", "removed", "unchanged")
    kept = f", {away:,} out of reach" if away else ""
    lost = f", {report.lost:,} no longer readable" if report.lost else ""
    show(", ".join(f"{getattr(report, name):,} {name}" for name in counts) + lost + kept)
    show_effects(report.effects)
    show_skips(report.collection, report.skipped, all_skips=False)
    if report.kept:
        kept = counted(report.kept, "picture stays as it was", "pictures stay as they were")
        show(f"Of these, {kept} when last read, and can still be found.")
    count_remarks(report.collection, report.remarked)
    _show_closed_folders(report)
    if report.read_again:
        show(f"{counted(report.read_again, 'known file was', 'known files were')} read again.")
    show_findings(report.findings)
    if report.findings.away:
        show("If they were deleted: the same command with --forget.")


def _show_closed_folders(report: BuildReport) -> None:
    named = {place.path for place in report.findings.away}
    closed = [folder for folder in report.unreadable_folders if folder not in named]
    for folder in closed[:_FOLDERS_SHOWN]:
        show(f"'{shortened(printable(folder or '.'))}' cannot be read.")
    if len(closed) > _FOLDERS_SHOWN:
        show(f"Nor can {counted(len(closed) - _FOLDERS_SHOWN, 'more', 'more')}.")
