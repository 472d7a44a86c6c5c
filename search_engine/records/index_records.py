"""What was published of an index, and of which state of a catalog it was made."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from search_engine.records.vectors import ModelCard


class IndexKind(StrEnum):
    """How the nearest vectors are found."""

    AUTO = "automatic"
    """What a user may ask for; an index that was made is of one of the other kinds."""
    EXACT = "exact"
    HNSW = "hnsw"
    IVF = "ivf"


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
    store: str = ""
    """Where the vectors lie, if not in the file."""

    @property
    def made_of(self) -> CatalogVersion:
        """The state of the catalog that the index holds."""
        return CatalogVersion(self.catalog_identity, self.catalog_revision, self.catalog_token)
