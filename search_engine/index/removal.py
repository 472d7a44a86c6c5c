"""What a collection has elsewhere, deleted with it."""

from __future__ import annotations

import logging
from pathlib import Path

from search_engine.cluster import is_local
from search_engine.collection.catalog import Catalog
from search_engine.collection.manifest import read_manifest
from search_engine.errors import CollectionDamaged, SearchEngineError, passing_over
from search_engine.index.store_home import StoreHome, names_in_milvus
from search_engine.settings import Settings

_LOG = logging.getLogger(__name__)


def forget_vectors(folder: Path, settings: Settings) -> str:
    """Delete the vectors that a collection has elsewhere; return why some stay, or nothing.

    Nothing is said to a store that nobody chose on this machine.
    """
    try:
        with Catalog.open(folder) as catalog:
            for address in _addresses(catalog):
                home = StoreHome.of(catalog, address, settings.collections_folder)
                for name in names_in_milvus(catalog.version.identity):
                    if home:
                        home.collection(name).drop()
    except SearchEngineError as error:
        _LOG.warning("what %s has elsewhere stays there: %s", folder.name, error)
        return error.cause
    return ""


def _addresses(catalog: Catalog) -> set[str]:
    """Return where its index lies, and where it was to lie, if not in its folder."""
    wanted, manifest = catalog.settings, None
    with passing_over(_LOG, "where its index lies cannot be seen", CollectionDamaged):
        manifest = read_manifest(catalog.folder)
    found = {wanted.store if wanted else "", manifest.store if manifest else ""}
    return {address for address in found if not is_local(address)}
