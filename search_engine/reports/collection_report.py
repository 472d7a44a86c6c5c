"""What is known of a collection: a line of the list of all, and all there is about one."""

from __future__ import annotations

from dataclasses import dataclass

from search_engine.collection import Build, Catalog
from search_engine.records import (
    AwayReason,
    CollectionSummary,
    Findings,
    IndexManifest,
    ScanRules,
    SkippedFile,
    UnreadType,
)

_BUILDS_TOLD = 20


@dataclass(frozen=True, slots=True)
class AwayAnswer:
    """A place that is out of reach, whose pictures are kept."""

    place: str
    pictures: int
    reason: AwayReason


@dataclass(frozen=True, slots=True)
class SkipAnswer:
    """A file that was left out."""

    path: str
    reason: str


@dataclass(frozen=True, slots=True)
class ListedCollection:
    """A collection in the list of all."""

    collection: str
    folder: str
    folders: tuple[str, ...]
    """All that are joined; else that one."""
    pictures: int
    categories: int
    skipped: int
    state: str
    away: tuple[AwayAnswer, ...]
    not_read: tuple[UnreadType, ...]
    links: int
    dead_links: int
    rules: ScanRules
    index: IndexManifest | None


@dataclass(frozen=True, slots=True)
class RemarkAnswer:
    """A picture that was read with a remark."""

    path: str
    remark: str | None


@dataclass(frozen=True, slots=True)
class InfoAnswer:
    """All that is known about a collection."""

    collection: str
    folder: str
    folders: tuple[str, ...]
    """All that are joined; else that one."""
    pictures: int
    categories: dict[str, int]
    """Pictures of each; the empty name is for those without one."""
    skipped: tuple[SkipAnswer, ...]
    state: str
    away: tuple[AwayAnswer, ...]
    not_read: tuple[UnreadType, ...]
    links: int
    dead_links: int
    rules: ScanRules
    index: IndexManifest | None
    remarks: tuple[RemarkAnswer, ...]
    builds: tuple[Build, ...]
    """The latest first."""


def away_answer(findings: Findings) -> tuple[AwayAnswer, ...]:
    """Return the places that are out of reach as they are told."""
    return tuple(AwayAnswer(one.path, one.pictures, one.reason) for one in findings.away)


def skip_answer(skip: SkippedFile) -> SkipAnswer:
    """Return a file that was left out as it is told."""
    return SkipAnswer(skip.path, skip.explanation)


def listed(summary: CollectionSummary) -> ListedCollection:
    """Return a collection as the list tells it."""
    return ListedCollection(
        collection=summary.name,
        folder=summary.folder,
        folders=summary.folders,
        pictures=summary.pictures,
        categories=summary.categories,
        skipped=summary.skipped,
        state=summary.state,
        away=away_answer(summary.findings),
        not_read=summary.findings.unread,
        links=summary.findings.links,
        dead_links=summary.findings.dead_links,
        rules=summary.rules,
        index=summary.manifest,
    )


def info_answer(summary: CollectionSummary, catalog: Catalog) -> InfoAnswer:
    """Return all that is known about a collection as it is told."""
    pictures = catalog.pictures
    return InfoAnswer(
        collection=summary.name,
        folder=summary.folder,
        folders=summary.folders,
        pictures=summary.pictures,
        categories={name or "": count for name, count in pictures.categories().items()},
        skipped=tuple(skip_answer(skip) for skip in catalog.skipped),
        state=summary.state,
        away=away_answer(summary.findings),
        not_read=summary.findings.unread,
        links=summary.findings.links,
        dead_links=summary.findings.dead_links,
        rules=summary.rules,
        index=summary.manifest,
        remarks=tuple(RemarkAnswer(one.path, one.remark) for one in pictures.remarks()),
        builds=tuple(catalog.builds.latest(_BUILDS_TOLD)),
    )
