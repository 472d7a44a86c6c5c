"""The pair of files of a small demonstration: a flat index of Faiss, and the paths in its order.

``index.faiss`` holds the vectors, ``image_paths.json`` a list of paths; row i is of path i.
"""

from __future__ import annotations

from pathlib import Path

from search_engine.collection import true_path
from search_engine.exchange.flat_index import read_flat_index, write_flat_index
from search_engine.exchange.foreign_files import read_json, texts, write_json
from search_engine.exchange.vector_set import CarriedPicture, VectorSet, joined

_INDEX, _PATHS = "index.faiss", "image_paths.json"


def read(folder: Path) -> VectorSet:
    """Read the pair.

    Raises:
        BadInput: One of them is missing, or is not what it has to be.
    """
    paths = texts(folder / _PATHS, read_json(folder / _PATHS), "paths")
    pictures = tuple(CarriedPicture(path) for path in paths)
    return joined(pictures, read_flat_index(folder / _INDEX), str(folder))


def write(carried: VectorSet, folder: Path, root: Path) -> None:
    """Write the pair, with paths in full, as whoever reads it opens them as they are."""
    write_flat_index(folder / _INDEX, carried.vectors)
    write_json(
        folder / _PATHS, [str(true_path(root, picture.path)) for picture in carried.pictures]
    )
