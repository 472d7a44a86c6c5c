"""The frozen data types that travel between the modules. No input or output happens here.

============  ======================================================================================
module        owns
============  ======================================================================================
builds        what is told of a build
findings      what a look through a folder found beside its pictures
patterns      what a pattern for paths means, to builds and to searches
rules         what a scan takes in and leaves out, and what came of it
skip_reasons  why a file was not indexed
soundness     what may be said of a picture, and what only a hostile catalog says
============  ======================================================================================
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from search_engine.names import one_spelling
from search_engine.records.findings import NOTHING, Findings
from search_engine.records.rules import ScanRules as ScanRules
from search_engine.records.skip_reasons import SkipReason as SkipReason

Vectors: TypeAlias = NDArray[np.float32]
"""Shape (n, dimension), or (dimension,) for one; every row has length one."""

Ids: TypeAlias = NDArray[np.int64]
"""Shape (n,): picture ids."""

READER = 2
"""Which way of reading files this is; what an older one left out is tried again."""


class IndexKind(StrEnum):
    """How the nearest vectors are found."""

    AUTO = "automatic"
    """What a user may ask for; an index that was made is of one of the other kinds."""
    EXACT = "exact"
    HNSW = "hnsw"
    IVF = "ivf"


class Orientation(StrEnum):
    """Which side of a picture is the longer one."""

    LANDSCAPE = "landscape"
    PORTRAIT = "portrait"
    SQUARE = "square"


@dataclass(frozen=True, slots=True)
class CollectionSettings:
    """What a collection was made with, so that it can be brought up to date without asking."""

    root: Path
    """The folder of the pictures; nothing is ever written there."""
    rules: ScanRules
    model_id: str
    kind: IndexKind
    """What was asked for; the manifest says what came of it."""


@dataclass(frozen=True, slots=True)
class PictureFile:
    """A file that may be a picture, as the scan saw it without opening it."""

    path: str
    """Relative to the collection's folder, with ``/``; bytes that are not UTF-8 are kept as
    surrogates (``os.fsdecode``)."""
    size_bytes: int
    modified_ns: int
    changed_ns: int = field(default=0, compare=False)
    """When anything of the file changed last, its content, name or rights; 0 where not known."""
    device: int = field(default=0, compare=False)
    """Which drive its folder is on, as `scanning` numbers them; 0 where not known."""

    @property
    def category(self) -> str | None:
        """The first folder below the root, as `names` spells it; None in the root itself."""
        folder, slash, _ = self.path.partition("/")
        return one_spelling(folder) if slash else None


@dataclass(frozen=True, slots=True)
class PictureFacts:
    """What reading a picture's file told about it."""

    content_hash: str
    """SHA-256 of the file's bytes, hexadecimal."""
    width: int
    height: int
    """Size in pixels as a person sees the picture, that is after EXIF orientation."""
    taken_at: str | None = None
    """ISO 8601 without a zone, because cameras record none."""
    camera: str | None = None
    dated_by: str | None = None
    """What says when it was taken, see `dating.DatedBy`."""
    remark: str | None = None
    """What a person should know of how the file was read; None where nothing is odd."""
    reader: int = READER


@dataclass(frozen=True, slots=True)
class PictureRecord:
    """A picture of a collection."""

    picture_id: int
    """Survives a rename, a move and a change of model; never used again."""
    path: str
    category: str | None
    size_bytes: int
    modified_ns: int
    content_hash: str
    width: int
    height: int
    taken_at: str | None
    camera: str | None
    changed_ns: int = 0
    dated_by: str | None = None
    remark: str | None = None
    reader: int = 0
    device: int = 0


@dataclass(frozen=True, slots=True)
class SkippedFile:
    """A file that was not indexed, and why."""

    path: str
    reason: SkipReason
    detail: str
    size_bytes: int = 0
    modified_ns: int = 0
    changed_ns: int = 0
    reader: int = READER

    @property
    def stays_out(self) -> bool:
        """Return whether reading the file again is useless until it changes."""
        return self.reason.lies_in_the_file and self.reader >= READER

    @property
    def explanation(self) -> str:
        """The reason with its detail, for people, who know no signals by their names."""
        if self.reason is SkipReason.CRASHED:
            detail = "" if self.detail.startswith("SIG") else self.detail
            return f"the file made its decoder crash{f' ({detail})' if detail else ''}"
        return f"{self.reason}: {self.detail}" if self.detail else str(self.reason)


@dataclass(frozen=True, slots=True)
class ModelCard:
    """Which model made the vectors of a collection."""

    model_id: str
    """What the user asked for: ``mini``, a hub id, a folder."""
    fingerprint: str
    """Hash of weights and preprocessing: two models with one fingerprint give the same vectors."""
    dimension: int
    notes: str = ""


@dataclass(frozen=True, slots=True)
class CatalogVersion:
    """Which state of which catalog something was made of.

    The number alone does not tell: a catalog that was put back from a backup counts up to the same
    numbers again, by other changes.
    """

    identity: str
    """Drawn at random when the catalog was made."""
    revision: int
    """How often vectors came, changed or went."""
    token: str
    """Drawn at random for this revision."""

    def __str__(self) -> str:
        """Write it as the key of a derived file."""
        return f"{self.identity} {self.revision} {self.token}"


@dataclass(frozen=True, slots=True)
class IndexManifest:
    """What was built, published beside the index file; the file belongs to this text alone."""

    generation: int
    file: str
    checksum: str
    kind: IndexKind
    parameters: dict[str, int | float]
    """What the index was tuned to, and what was measured of it."""
    count: int
    model: ModelCard
    catalog_revision: int
    """The catalog's revision whose vectors the index holds."""
    created_at: str
    format_version: int = 1
    note: str = ""
    """What a person should know about the choice of the kind or about its measured recall."""
    instead_of: IndexKind | None = None
    """The kind that was wanted, but lost too many answers here."""
    catalog_identity: str = ""
    catalog_token: str = ""
    """With ``catalog_revision`` the `CatalogVersion`; empty in what versions before 0.5 wrote."""

    @property
    def made_of(self) -> CatalogVersion:
        """The state of the catalog that the index holds."""
        return CatalogVersion(self.catalog_identity, self.catalog_revision, self.catalog_token)


@dataclass(frozen=True, slots=True)
class Filters:
    """Restrict a search before anything is ranked. An empty filter lets everything through."""

    categories: frozenset[str] | None = None
    """Names of categories; the empty string stands for pictures without one."""
    path: str | None = None
    """A pattern for the relative path, as `patterns` reads it."""
    dated_from: str | None = None
    dated_to: str | None = None
    """ISO dates, both included. A picture's date is when it was taken or, where the file does not
    say, when the file was last changed."""
    min_width: int | None = None
    max_width: int | None = None
    min_height: int | None = None
    max_height: int | None = None
    orientation: Orientation | None = None
    min_bytes: int | None = None
    max_bytes: int | None = None
    min_pixels: int | None = None
    """Width × height."""
    max_pixels: int | None = None
    min_score: float | None = None

    @property
    def restricts_pictures(self) -> bool:
        """Return whether anything but the score is filtered."""
        return replace(self, min_score=None) != Filters()


@dataclass(frozen=True, slots=True)
class AllScores:
    """What every picture scores for one question; both arrays have the same length."""

    picture_ids: Ids
    """Ascending."""
    scores: NDArray[np.float32]
    """Cosine similarity."""
    exact: bool = True
    """Whether they are of the original vectors. Those of 8-bit codes are off by 0.0002 on average,
    by 0.006 at worst among a million of 512 dimensions."""


@dataclass(frozen=True, slots=True)
class SearchResult:
    """One answer."""

    rank: int
    record: PictureRecord
    score: float
    match: float | None = None
    """From 0 to 100, see `scoring`; None where the collection is not calibrated."""
    stands_out: bool | None = None
    """Whether it is far enough above the rest to be what was asked for; None where that is not
    known."""


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
    findings: Findings = NOTHING
    rules: ScanRules = field(default_factory=ScanRules)

    @property
    def state(self) -> str:
        """One word, or the problem."""
        return self.problem or ("changed since the last build" if self.stale else "ready")
