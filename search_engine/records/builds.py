"""What is told of a build: how far it is, and what it did."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeAlias

from search_engine.records.collection_records import CollectionSettings
from search_engine.records.findings import NOTHING, Findings
from search_engine.records.index_records import IndexManifest
from search_engine.records.picture_records import SkippedFile
from search_engine.records.rules import RuleEffects
from search_engine.records.vectors import ModelCard
from search_engine.records.worker_place import WorkerPlace


class Stage(StrEnum):
    """What a build is doing."""

    SCAN = "scan"
    COMPARE = "compare"
    LOAD = "load"
    EMBED = "embed"
    INDEX = "index"
    CALIBRATE = "calibrate"
    """The pictures can be searched by now."""
    THUMBNAILS = "thumbnails"
    """Making those again that were lost; only where some were."""
    DONE = "done"

    @property
    def label(self) -> str:
        """The stage as people read it."""
        return _LABELS[self]


_LABELS = {
    Stage.SCAN: "Looking for pictures",
    Stage.COMPARE: "Comparing with what is known",
    Stage.LOAD: "Loading the model",
    Stage.EMBED: "Embedding",
    Stage.INDEX: "Writing the index",
    Stage.CALIBRATE: "Measuring what scores mean",
    Stage.THUMBNAILS: "Making lost thumbnails again",
    Stage.DONE: "Done",
}


@dataclass(frozen=True, slots=True)
class BuildProgress:
    """Where a build stands."""

    stage: Stage
    done: int = 0
    total: int = 0
    skipped: int = 0
    pictures_per_second: float = 0.0
    eta_seconds: float | None = None
    path: str = ""
    recent: tuple[str, ...] = ()
    """Content hashes of pictures that came through last."""


@dataclass(frozen=True, slots=True)
class BuildOrder:
    """What a build is asked to do beside its usual work."""

    verify: bool = False
    """Read every file again, also where nothing tells of a change."""
    forget: tuple[str, ...] = ()
    """Places whose pictures are gone for good though they seem to be out of reach; the empty one
    stands for all of them."""
    rebuild: bool = False
    """Make the index anew of the vectors that there are."""
    workers: WorkerPlace | None = None
    """Who reads and embeds; the process that builds, unless it is said."""


@dataclass(frozen=True, slots=True)
class BuildRequest:
    """What a build in a process of its own is asked for."""

    wanted: CollectionSettings
    order: BuildOrder


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a build did."""

    collection: str
    added: int = 0
    changed: int = 0
    moved: int = 0
    removed: int = 0
    """Pictures whose files are no longer there."""
    lost: int = 0
    """Pictures whose files are there but hold none any more; these are among the skipped."""
    unchanged: int = 0
    embedded: int = 0
    """Pictures that went through the model; copies of known content do not."""
    skipped: tuple[SkippedFile, ...] = ()
    """All files that are out now, those known from earlier builds included."""
    kept: int = 0
    """Pictures in a collection whose files are among those: what was read before is kept."""
    remarked: int = 0
    """Pictures, of all that are in now, that were read with a remark."""
    unreadable_folders: tuple[str, ...] = ()
    findings: Findings = NOTHING
    """Places whose pictures were kept, unseen, and kinds of pictures that are not read."""
    read_again: int = 0
    """Files of known pictures that were read to see whether they are still the same."""
    effects: RuleEffects = field(default_factory=RuleEffects)
    """What the rules of the collection kept out."""
    seconds: float = 0.0
    cancelled: bool = False
    model: ModelCard | None = None
    manifest: IndexManifest | None = None


ProgressListener: TypeAlias = Callable[[BuildProgress], None]
CancelCheck: TypeAlias = Callable[[], bool]
