"""Where a catalog has its vectors in a Milvus, and what a file of ours says of that."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO, Self, TypeAlias

from search_engine.cluster import (
    MilvusCollection,
    MilvusServer,
    StoreAddress,
    is_local,
    require_chosen,
)
from search_engine.collection.catalog import Catalog
from search_engine.errors import BadInput, CollectionDamaged
from search_engine.files import documents
from search_engine.records import FilterFacts, Ids

FactsSource: TypeAlias = Callable[[Ids], Sequence[FilterFacts]]
"""Gives what filters ask of pictures, in the order of their ids."""

_LARGEST_NOTE = 2**16


def names_in_milvus(identity: str) -> tuple[str, str]:
    """Return how a catalog's collections in a Milvus are called: of one is read, one is made."""
    return f"magpie_{identity}_a", f"magpie_{identity}_b"


@dataclass(frozen=True, slots=True)
class StoreNote:
    """What the file of an index says whose vectors lie elsewhere."""

    store: str
    collection: str
    dimension: int
    count: int
    effort: int


@dataclass(frozen=True, slots=True)
class StoreHome:
    """Where a catalog has its vectors in a Milvus."""

    address: StoreAddress
    identity: str
    """Of the catalog, so that no two catalogs mix."""
    name: str
    """Of the collection of ours, for errors."""
    facts: FactsSource
    in_use: str = ""
    """What readers have now; what is made anew is made beside it."""

    @classmethod
    def of(cls, catalog: Catalog, address: str, collections: Path | None = None) -> Self | None:
        """Return where a catalog has its vectors; None where that is its own folder.

        ``collections`` is the folder of collections, where that is not the one it lies in.

        Raises:
            BadInput: The address is none.
            StoreNotConfirmed: Nobody chose it on this machine.
        """
        if is_local(address):
            return None
        require_chosen(address, collections or catalog.folder.parent)
        parsed, identity = StoreAddress.parse(address), catalog.version.identity
        return cls(parsed, identity, catalog.folder.name, catalog.filter_facts.of)

    def using(self, collection: str) -> StoreHome:
        """Return the same where this one is in use."""
        return replace(self, in_use=collection)

    def collection(self, name: str) -> MilvusCollection:
        """Return one of the two that a catalog may have there."""
        return MilvusCollection(MilvusServer(self.address, self.name), name)

    def free(self) -> str:
        """Return the name of the one that is not in use."""
        first, second = names_in_milvus(self.identity)
        return second if self.in_use == first else first

    def read(self, file: BinaryIO, place: str) -> StoreNote:
        """Read which of them is in use.

        Raises:
            CollectionDamaged: The file does not say it, or says it of another catalog.
        """
        try:
            note = documents.as_record(documents.parsed(file.read(_LARGEST_NOTE)), StoreNote)
            self._refuse_foreign(note)
        except (documents.NotARecord, BadInput) as error:
            cause = f"The file of the index cannot be read: {error}"
            remedy = "Build the index again; no picture has to be embedded again for it."
            raise CollectionDamaged(cause, place=place, remedy=remedy) from error
        return note

    def _refuse_foreign(self, note: StoreNote) -> None:
        cause = ""
        if StoreAddress.parse(note.store) != self.address:
            cause = "it names another store than its manifest"
        elif note.collection not in names_in_milvus(self.identity):
            cause = "it names the vectors of another catalog"
        if cause:
            raise documents.NotARecord(cause)
