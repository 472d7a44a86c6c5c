"""What a collection was made with, and what one line about it says."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from search_engine.records.amounts import counted
from search_engine.records.findings import NOTHING, Findings
from search_engine.records.index_records import IndexKind, IndexManifest
from search_engine.records.rules import ScanRules


@dataclass(frozen=True, slots=True)
class CollectionSettings:
    """What a collection was made with, so that it can be brought up to date without asking."""

    root: Path
    """The folder of the pictures; nothing is ever written there."""
    rules: ScanRules
    model_id: str
    kind: IndexKind
    """What was asked for; the manifest says what came of it."""
    store: str = ""
    """Where the index lies, as `cluster.StoreAddress` writes it; empty for the collection's folder.
    """


@dataclass(frozen=True, slots=True)
class SoFar:
    """How much of a collection can be searched before its first build has ended."""

    pictures: int
    expected: int
    """How many there will be, if all can be read; 0 where that is not known."""

    def __str__(self) -> str:
        """Say it in a few words."""
        if self.expected < self.pictures:
            return f"so far {counted(self.pictures, 'picture', 'pictures')}"
        return f"so far {self.pictures:,} of {counted(self.expected, 'picture', 'pictures')}"


@dataclass(frozen=True, slots=True)
class CollectionSummary:
    """What one line about a collection says."""

    name: str
    folder: str
    pictures: int
    categories: int
    skipped: int
    model_id: str
    manifest: IndexManifest | None
    stale: bool
    """The catalog has changed since the index was published."""
    problem: str = ""
    """Why the collection cannot be used; empty when it can."""
    damaged: bool = False
    needs_index: bool = False
    """It was built, but there is no index that belongs to its catalog."""
    folders: tuple[str, ...] = ()
    """Where its pictures lie: its folder, or all that it joins."""
    findings: Findings = NOTHING
    rules: ScanRules = field(default_factory=ScanRules)
    so_far: SoFar | None = None
    """How much of it can be searched, as long as its first build has not ended."""
    is_being_built: bool = False
    """Whether that build goes on now."""

    @property
    def places(self) -> str:
        """Where its pictures lie, as people read it."""
        return ", ".join(self.folders)

    @property
    def state(self) -> str:
        """One word, the problem, or how much of it is in."""
        if self.so_far:
            lasts = "being indexed" if self.is_being_built else "its first build has not finished"
            return f"{lasts}; {self.so_far}"
        if self.problem:
            return self.problem
        return "changed since the last build" if self.stale else "ready"
