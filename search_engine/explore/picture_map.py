"""All pictures as points of a plane, alike ones close together.

t-SNE (van der Maaten and Hinton, JMLR 9, 2008) as scikit-learn computes it, after a reduction to 50
principal components. It shows neighbourhoods; distances between far-off groups mean little.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from search_engine.collection.catalog import Catalog
from search_engine.collection.thumbnails import Thumbnails
from search_engine.files.arrays import ArrayCache, exactly, real, whole
from search_engine.records import Ids, IndexManifest, Vectors

MOST_POINTS = 5_000
SECONDS_PER_POINT = 0.003
"""On two cores of a laptop; 5,000 points took 11 s."""

_MAP_FILE = "map.npz"
_LARGEST_SHEET = 25_000_000
"""Bytes; more than all its pixels as they are."""
_FORMS = {
    "ids": whole("points", low=1, ascending=True),
    "points": real("points", 2, low=0.0, high=1.0),
    "facts": whole(3),
    "sheet": exactly(np.uint8, "sheet"),
}
_COMPONENTS = 50
_PERPLEXITY = 30.0
_FEWEST_FOR_TSNE = 5
_ALIKE = 1e-4
"""Vectors that differ by less than this in every dimension are of one picture."""
_SEED = 0
_SHEET_SIDES = ((400, 64), (1_600, 48), (MOST_POINTS, 32))
"""Up to so many pictures, so many pixels each: one sheet stays below some megabytes."""


@dataclass(frozen=True, slots=True)
class PictureMap:
    """Points of pictures, and one picture file with all their thumbnails."""

    picture_ids: Ids
    points: NDArray[np.float32]
    """Shape (n, 2), each coordinate from 0 to 1."""
    pictures: int
    """How many the collection has; more than points if the map shows a random sample of them."""
    sheet: bytes
    """WebP: square thumbnails in the order of the points, row by row."""
    sheet_side: int
    """Pixels of one thumbnail."""
    sheet_columns: int


def draw_picture_map(catalog: Catalog, manifest: IndexManifest) -> PictureMap:
    """Return the map of a collection, computed once for each set of vectors."""
    cache = ArrayCache(catalog.folder / _MAP_FILE, "the map", _FORMS)
    key = f"{manifest.model.fingerprint} {catalog.version} {MOST_POINTS}"
    saved = _read(cache, key)
    if saved is None or not _is_of(saved, catalog, manifest):
        saved = _draw(catalog, manifest)
        _write(cache, key, saved)
    return saved


def _is_of(saved: PictureMap, catalog: Catalog, manifest: IndexManifest) -> bool:
    """Return whether all pictures of a map are there."""
    here = catalog.vectors.among(manifest.model, saved.picture_ids)
    return len(here) == len(saved.picture_ids)


def _draw(catalog: Catalog, manifest: IndexManifest) -> PictureMap:
    ids = catalog.vectors.ids(manifest.model)
    count = len(ids)
    if count > MOST_POINTS:
        chosen = np.random.default_rng(_SEED).choice(count, MOST_POINTS, replace=False)
        ids = ids[np.sort(chosen)]
    points = on_a_plane(catalog.vectors.of(manifest.model, ids))
    side, columns = _layout(len(ids))
    records = catalog.pictures.by_id(ids.tolist())
    hashes = [records[i].content_hash if i in records else "" for i in ids.tolist()]
    sheet = Thumbnails(catalog.folder).sheet(hashes, side, columns)
    return PictureMap(ids, points, count, sheet, side, columns)


def _layout(count: int) -> tuple[int, int]:
    """Return how many pixels a thumbnail has each way, and how many stand beside one another."""
    side = next(side for most, side in _SHEET_SIDES if count <= most)
    return side, max(1, int(np.ceil(count**0.5)))


def on_a_plane(vectors: Vectors) -> NDArray[np.float32]:
    """Lay unit vectors, shape (n, dimension), out as points, shape (n, 2), from 0 to 1."""
    if len(vectors) < _FEWEST_FOR_TSNE or np.ptp(vectors, axis=0).max() < _ALIKE:
        points = np.stack([np.arange(len(vectors)), np.zeros(len(vectors))], axis=1)
        return _to_unit_square(points)
    from sklearn.decomposition import PCA
    from sklearn.manifold import TSNE

    components = min(_COMPONENTS, len(vectors), vectors.shape[1])
    reduced = PCA(components, random_state=_SEED).fit_transform(vectors.astype(np.float64))
    perplexity = min(_PERPLEXITY, (len(vectors) - 1) / 3)
    tsne = TSNE(init="pca", perplexity=perplexity, random_state=_SEED, n_jobs=os.cpu_count())
    return _to_unit_square(tsne.fit_transform(reduced))


def _to_unit_square(points: NDArray[Any]) -> NDArray[np.float32]:
    low, high = points.min(axis=0, initial=np.inf), points.max(axis=0, initial=-np.inf)
    span = np.where(high > low, high - low, 1)
    scaled = np.where(high > low, (points - low) / span, 0.5)
    return scaled.astype(np.float32)


def _write(cache: ArrayCache, key: str, drawn: PictureMap) -> None:
    facts = [drawn.pictures, drawn.sheet_side, drawn.sheet_columns]
    sheet = np.frombuffer(drawn.sheet, dtype=np.uint8)
    cache.write(key, ids=drawn.picture_ids, points=drawn.points, facts=facts, sheet=sheet)


def _read(cache: ArrayCache, key: str) -> PictureMap | None:
    """Read a map, if it is of this key and laid out as we lay it out."""
    saved = cache.read(key, points=MOST_POINTS, sheet=_LARGEST_SHEET)
    if saved is None:
        return None
    ids, points = saved["ids"].astype(np.int64), saved["points"].astype(np.float32)
    pictures, side, columns = (int(fact) for fact in saved["facts"])
    fits = len(ids) == min(pictures, MOST_POINTS) and (side, columns) == _layout(len(ids))
    return (
        PictureMap(ids, points, pictures, saved["sheet"].tobytes(), side, columns) if fits else None
    )
