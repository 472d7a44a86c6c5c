"""What travels from one program to another: pictures by path, and what a model made of each."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from search_engine.errors import BadInput
from search_engine.records import Vectors

MOST_DIMENSIONS = 65_536
MOST_ROWS = 20_000_000
_SAME_LENGTH = 1e-3
"""How far from one the length of a vector may be, as the catalog has it."""
_SHORTEST = 1e-6


@dataclass(frozen=True, slots=True)
class CarriedPicture:
    """What is told of a picture beside its vector; empty, 0 and None where nothing is."""

    path: str
    """As it is written there, with bytes that are not UTF-8 as surrogates."""
    labels: tuple[str, ...] = ()
    """Its category and tags, each once."""
    hidden: bool = False
    width: int = 0
    height: int = 0
    size_bytes: int = 0
    modified_ns: int = 0
    content_hash: str = ""
    taken_at: str | None = None
    dated_by: str | None = None
    camera: str | None = None


@dataclass(frozen=True, slots=True, eq=False)
class VectorSet:
    """Pictures with their vectors, row by row."""

    pictures: tuple[CarriedPicture, ...]
    vectors: Vectors
    model_id: str = ""
    fingerprint: str = ""
    """Of the model; empty where the format has no place for it."""
    scaled: int = 0
    """How many vectors had another length than one."""
    points: NDArray[np.float32] = field(default_factory=lambda: np.empty((0, 2), dtype=np.float32))
    """Of the map, shape (n, 2) or (0, 2)."""

    def __len__(self) -> int:
        """Count the pictures."""
        return len(self.pictures)


def joined(
    pictures: tuple[CarriedPicture, ...],
    rows: NDArray[np.floating],
    place: str,
    *,
    model_id: str = "",
    fingerprint: str = "",
) -> VectorSet:
    """Join pictures and rows that were read apart; rows become of length one where they are not.

    Raises:
        BadInput: There are not as many of the one as of the other, or none; a row is no vector; or
            a picture is there twice.
    """
    if len(pictures) != len(rows):
        cause = f"There are {len(pictures):,} pictures and {len(rows):,} vectors"
        remedy = "Each picture needs one vector, in the same order."
        raise BadInput(cause, place=place, remedy=remedy)
    if not pictures:
        cause = "There is no picture in it"
        raise BadInput(cause, place=place, remedy="Choose another folder.")
    _refuse_twins(pictures, place)
    with np.errstate(over="ignore"):  # what float32 cannot hold is refused as infinite
        vectors, scaled = _unit(np.asarray(rows, dtype=np.float32), place)
    return VectorSet(pictures, vectors, model_id, fingerprint, scaled)


def _refuse_twins(pictures: tuple[CarriedPicture, ...], place: str) -> None:
    first: dict[str, int] = {}
    for row, picture in enumerate(pictures, start=1):
        before = first.setdefault(picture.path, row)
        if before != row:
            shown = picture.path.encode("utf-8", "replace").decode()[-80:]
            cause = f"Rows {before:,} and {row:,} are of the same picture, '{shown}'"
            raise BadInput(cause, place=place, remedy="Leave one of them out.")


def _unit(rows: NDArray[np.float32], place: str) -> tuple[Vectors, int]:
    with np.errstate(invalid="ignore", over="ignore"):
        norms = np.linalg.norm(rows.astype(np.float64), axis=1)
    broken = np.flatnonzero(~np.isfinite(norms) | (norms < _SHORTEST))
    if len(broken):
        cause = f"Row {broken[0] + 1:,} is no vector: it has numbers that are none, or only zeros"
        more = f" So have {len(broken) - 1:,} more." if len(broken) > 1 else ""
        remedy = f"Leave such rows out, with their pictures.{more}"
        raise BadInput(cause, place=place, remedy=remedy)
    odd = np.abs(norms - 1) > _SAME_LENGTH
    if odd.any():
        rows = rows.copy()
        rows[odd] = (rows[odd] / norms[odd, None]).astype(np.float32)
    return rows, int(odd.sum())
