"""Which stores elsewhere may be spoken with: those that somebody chose on this machine.

A collection names the store of its index, and may come from anybody; vectors, paths and the token
go there.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from search_engine import files
from search_engine.cluster.store_address import is_local
from search_engine.errors import StoreNotConfirmed
from search_engine.files import documents
from search_engine.records import CollectionSettings

_FILE = ".stores.json"


@dataclass(frozen=True, slots=True)
class _ChosenStores:
    """The stores that were chosen, and the folder of collections that they were chosen for."""

    folder: str
    stores: tuple[str, ...]


def choose_store(address: str, collections: Path) -> None:
    """Note that a person chose a store for collections of this folder.

    Raises:
        OSError: It cannot be noted.
    """
    chosen = _chosen(collections)
    if address not in chosen:
        files.make_folder(collections)
        stores = tuple(sorted(chosen | {address}))
        documents.write(collections / _FILE, _ChosenStores(str(collections), stores))


def require_chosen(address: str, collections: Path) -> None:
    """Make sure that a store may be spoken with.

    Raises:
        StoreNotConfirmed: Nobody chose it on this machine.
    """
    if address not in _chosen(collections):
        raise StoreNotConfirmed(address)


def settle_store(store: str, named: CollectionSettings | None, collections: Path) -> None:
    """Note a store that the caller chose; one that the catalog names must have been chosen.

    Raises:
        StoreNotConfirmed: Nobody chose it on this machine.
    """
    if is_local(store):
        return
    if named is None or named.store != store:
        choose_store(store, collections)
    require_chosen(store, collections)


def _chosen(collections: Path) -> frozenset[str]:
    noted = documents.read_of_this_place(collections / _FILE, _ChosenStores, collections)
    return frozenset(noted.stores if noted else ())
