"""Where an export may lie, and what the disk there allows."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable
from pathlib import Path

from search_engine.errors import BadInput
from search_engine.settings import at_home, is_folder

_OTHER = "Choose a folder outside of it."


def usable_folder(folder: Path, kept_clear: Iterable[tuple[Path, str]]) -> Path:
    """Return the folder of an export in full, after a look at whether it may be one.

    Args:
        folder: It need not be there, but the folder above it has to.
        kept_clear: Folders that nothing is written into, at any depth, with what each is.

    Raises:
        BadInput: It may not, or no path can be like this.
    """
    place = at_home(folder)
    try:
        place = place.absolute()
        there = nearest(place)
        place = there.resolve() / place.relative_to(there)
    except (
        OSError,
        RuntimeError,
        ValueError,
    ) as error:  # the second for links that lead in a circle
        cause = f"The folder cannot be used: {getattr(error, 'strerror', None) or error}"
        raise BadInput(cause, place=str(folder), remedy="Choose another one.") from error
    if not is_folder(there):
        cause, remedy = "This is no folder", "Name one that is, or a new one in it."
        raise BadInput(cause, place=str(there), remedy=remedy)
    if not is_folder(place.parent):
        cause = "The folder above it is not there"
        remedy = "Make it first, or connect its drive."
        raise BadInput(cause, place=str(place.parent), remedy=remedy)
    for other, what in kept_clear:
        if _lies_in(place, other):
            cause = f"Nothing is written into {what}"
            raise BadInput(cause, place=str(place), remedy=_OTHER)
    return place


def nearest(folder: Path) -> Path:
    """Return the folder itself, or the nearest above it that is there."""
    return next((one for one in (folder, *folder.parents) if os.path.lexists(one)), folder)


def _lies_in(place: Path, other: Path) -> bool:
    """Return whether a path is a folder or lies in it, under whatever name it is reached."""
    if not is_folder(other):
        return place.is_relative_to(other)
    there = (one for one in (place, *place.parents) if os.path.lexists(one))
    return any(one.samefile(other) for one in there)


def free_bytes(folder: Path) -> int | None:
    """Return how much the disk of a folder still takes; None where that cannot be told."""
    try:
        return shutil.disk_usage(nearest(folder)).free
    except OSError:
        return None


def names_in(folder: Path) -> list[str]:
    """Return what lies in a folder; nothing where it is not there yet.

    Raises:
        BadInput: It cannot be read.
    """
    try:
        return os.listdir(folder)  # noqa: PTH208 - names alone, of all kinds
    except FileNotFoundError:
        return []
    except OSError as error:
        cause = f"The folder cannot be read: {error.strerror}"
        raise BadInput(cause, place=str(folder), remedy="Choose another one.") from error
