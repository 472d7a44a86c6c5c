"""All pictures as points of a plane, kept beside the index."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from search_engine.collection.catalog import Catalog
from search_engine.collection.thumbnails import Thumbnails
from search_engine.explore.plane_layout import AmongOthers, on_a_plane
from search_engine.files.arrays import ArrayCache, exactly, real, whole
from search_engine.records import Ids, IndexManifest, Vectors

MOST_LAID_OUT = 5_000
"""Pictures that are laid out with one another; any more are put among a sample of so many."""
SECONDS_PER_POINT = 0.003
"""Of those laid out, on two cores of a laptop; 5,000 points took 11 s."""

_MAP_FILE = "map.npz"
_LARGEST_SHEET = 25_000_000
"""Bytes; more than all its pixels as they are."""
_FORMS = {
    "ids": whole("points", low=1, ascending=True),
    "points": real("points", 2, low=0.0, high=1.0),
    "facts": whole(3),
    "sheet": exactly(np.uint8, "sheet"),
}
_SEED = 0
_SHEET_SIDES = ((400, 64), (1_600, 48), (5_000, 32))
"""Up to so many pictures, so many pixels each: one sheet stays below some megabytes."""
NO_SHEET = (0, 0)


@dataclass(frozen=True, slots=True)
class PictureMap:
    """Points of pictures and, where they are not too many, one file with all their thumbnails."""

    picture_ids: Ids
    """Ascending."""
    points: NDArray[np.float32]
    """Shape (n, 2), each coordinate from 0 to 1."""
    laid_out: int
    """How many were laid out with one another; the others were put among them."""
    sheet: bytes
    """WebP: square thumbnails in the order of the points, row by row; empty for too many."""
    sheet_side: int
    """Pixels of one thumbnail."""
    sheet_columns: int
    stamp: str
    """Another text for another map, 12 digits."""

    def sample(self) -> Ids:
        """Return the places of the points that were laid out with one another, ascending."""
        return _sample(len(self.picture_ids), self.laid_out)


def draw_picture_map(catalog: Catalog, manifest: IndexManifest) -> PictureMap:
    """Return the map of a collection, computed once for each set of vectors."""
    cache = ArrayCache(catalog.folder / _MAP_FILE, "the map", _FORMS)
    key = f"{manifest.model.fingerprint} {catalog.version} {MOST_LAID_OUT}"
    saved = _read(cache, key, catalog.vectors.count(manifest.model))
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
    laid_out = min(len(ids), MOST_LAID_OUT)
    sample = _sample(len(ids), laid_out)
    vectors = catalog.vectors.of(manifest.model, ids[sample])
    points = on_a_plane(vectors)
    if laid_out < len(ids):
        points = _placed(catalog, manifest, ids, (sample, vectors, points))
    side, columns = _layout(len(ids))
    sheet = _sheet(catalog, ids, side, columns) if side else b""
    return PictureMap(ids, points, laid_out, sheet, side, columns, _stamp(ids, points))


def _sample(count: int, wanted: int) -> Ids:
    if wanted >= count:
        return np.arange(count, dtype=np.int64)
    chosen: Ids = np.random.default_rng(_SEED).choice(count, wanted, replace=False)
    return np.sort(chosen)


def _placed(
    catalog: Catalog,
    manifest: IndexManifest,
    ids: Ids,
    known: tuple[Ids, Vectors, NDArray[np.float32]],
) -> NDArray[np.float32]:
    """Return the points of all pictures, told those of a sample: its places, vectors, points."""
    sample, vectors, laid_out = known
    among = AmongOthers(vectors, laid_out)
    points = np.full((len(ids), 2), 0.5, dtype=np.float32)
    for some, others in catalog.vectors.batches(manifest.model):
        points[np.searchsorted(ids, some)] = among.of(others)
    points[sample] = laid_out
    return points


def _sheet(catalog: Catalog, ids: Ids, side: int, columns: int) -> bytes:
    records = catalog.pictures.by_id(ids.tolist())
    hashes = [records[i].content_hash if i in records else "" for i in ids.tolist()]
    return Thumbnails(catalog.folder).sheet(hashes, side, columns)


def _layout(count: int) -> tuple[int, int]:
    """Return how many pixels a thumbnail has each way, and how many stand beside one another."""
    side = next((side for most, side in _SHEET_SIDES if count <= most), 0)
    return (side, max(1, int(np.ceil(count**0.5)))) if side else NO_SHEET


def _stamp(ids: Ids, points: NDArray[np.float32]) -> str:
    return hashlib.sha256(ids.tobytes() + points.tobytes()).hexdigest()[:12]


def _write(cache: ArrayCache, key: str, drawn: PictureMap) -> None:
    facts = [drawn.laid_out, drawn.sheet_side, drawn.sheet_columns]
    sheet = np.frombuffer(drawn.sheet, dtype=np.uint8)
    cache.write(key, ids=drawn.picture_ids, points=drawn.points, facts=facts, sheet=sheet)


def _read(cache: ArrayCache, key: str, pictures: int) -> PictureMap | None:
    """Read a map, if it is of this key and laid out as we lay it out."""
    saved = cache.read(key, points=pictures, sheet=_LARGEST_SHEET)
    if saved is None:
        return None
    ids, points = saved["ids"].astype(np.int64), saved["points"].astype(np.float32)
    laid_out, side, columns = (int(fact) for fact in saved["facts"])
    fits = laid_out == min(len(ids), MOST_LAID_OUT) and (side, columns) == _layout(len(ids))
    if len(ids) != pictures or not fits:
        return None
    sheet = saved["sheet"].tobytes()
    return PictureMap(ids, points, laid_out, sheet, side, columns, _stamp(ids, points))
