"""A tree of pictures with a folder for each class, as FiftyOne reads it, and an array of vectors.

Pictures without a category lie in ``_unlabeled``. ``embeddings.npy`` has a row for each picture in
the order of their paths, in which they are read there; ``filepaths.json`` lists these paths.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from pathlib import Path

from search_engine.collection import Refusal, content_hash, read_content, true_path
from search_engine.errors import BadInput, passing_over
from search_engine.exchange.foreign_files import (
    read_array,
    read_json,
    refused,
    texts,
    write_array,
    write_json,
)
from search_engine.exchange.vector_set import CarriedPicture, VectorSet, joined
from search_engine.records import PictureFile
from search_engine.records.soundness import has_picture_suffix

_LOG = logging.getLogger(__name__)

_VECTORS, _PATHS = "embeddings.npy", "filepaths.json"
_UNLABELED = "_unlabeled"


def read(folder: Path) -> VectorSet:
    """Read the tree; without ``filepaths.json`` rows are in the order of the paths.

    Raises:
        BadInput: The array is missing or broken, or does not belong to the pictures.
    """
    listed = folder / _PATHS
    paths = texts(listed, read_json(listed), "paths") if listed.exists() else _below(folder)
    pictures = tuple(CarriedPicture(path, _labels(path)) for path in paths)
    return joined(pictures, read_array(folder / _VECTORS), str(folder))


def _labels(path: str) -> tuple[str, ...]:
    category = PictureFile(path, 0, 0).category
    return () if category in (None, _UNLABELED) else (category,)


def _below(folder: Path) -> list[str]:
    """List the pictures in folders of classes, hidden ones left out, ordered by path."""

    def fail(error: OSError) -> None:
        raise refused(folder, f"It cannot be read: {error.strerror or error}") from error

    found = []
    for place, folders, names in os.walk(folder, onerror=fail):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for name in names:
            path = Path(place, name).relative_to(folder).as_posix()
            if "/" in path and has_picture_suffix(name) and not name.startswith("."):
                found.append(path)
    return sorted(found)


def write(carried: VectorSet, folder: Path, root: Path) -> tuple[str, ...]:
    """Copy the pictures, with their dates, and write the array; return what is left out.

    That are pictures whose file is missing, or holds something else than what was embedded.

    Raises:
        BadInput: There is a category of the name that stands for none.
        OSError: Something cannot be written.
    """
    _refuse_clash(carried)
    placed = sorted((_place(one.path), row) for row, one in enumerate(carried.pictures))
    rows, paths, left_out = [], [], []
    for path, row in placed:
        picture = carried.pictures[row]
        if _copied(picture, true_path(root, picture.path), folder / path):
            rows.append(row)
            paths.append(path)
        else:
            left_out.append(picture.path)
    write_array(folder / _VECTORS, carried.vectors[rows])
    write_json(folder / _PATHS, paths)
    return tuple(left_out)


def _place(path: str) -> str:
    return path if "/" in path else f"{_UNLABELED}/{path}"


def _refuse_clash(carried: VectorSet) -> None:
    clash: Iterator[str] = (
        one.path for one in carried.pictures if one.path.startswith(f"{_UNLABELED}/")
    )
    if next(clash, None) is not None:
        cause = f"There is a category '{_UNLABELED}', which stands for none in this format"
        raise BadInput(cause, remedy="Rename the folder, or choose another format.")


def _copied(picture: CarriedPicture, source: Path, target: Path) -> bool:
    try:
        content, facts = read_content(source), source.stat()
    except (Refusal, OSError) as error:
        _LOG.info("a picture is left out: %s", error)
        return False
    if content_hash(content) != picture.content_hash:
        return False
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(content)
    with passing_over(_LOG, "the dates of a copy are not kept", OSError):
        os.utime(target, ns=(facts.st_atime_ns, facts.st_mtime_ns))
    return True
