"""How much of a collection can be searched while its first build lasts, or after it was stopped."""

from __future__ import annotations

from search_engine.collection.catalog import Catalog
from search_engine.records import IndexManifest, SoFar


def so_far(catalog: Catalog, manifest: IndexManifest) -> SoFar | None:
    """Return how much of it an index holds; None once a build has ended.

    A long first build publishes what it has now and then. What an update adds is told as changes.

    Raises:
        CollectionDamaged: The catalog cannot be read.
    """
    if not catalog.builds.none_has_finished():
        return None
    return SoFar(manifest.count, catalog.expected)
