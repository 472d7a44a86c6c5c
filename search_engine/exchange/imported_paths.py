"""The paths that another program wrote, as paths below the folder where the pictures are.

Nothing outside that folder is ever looked at, whatever a path says: what lies elsewhere is missing.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from search_engine.errors import BadInput
from search_engine.records import PictureFile
from search_engine.records.soundness import has_picture_suffix, leads_outside

_LONGEST = 4_096
_SAMPLE = 200
_DRIVE = re.compile(r"[A-Za-z]:[\\/]")
_SHOWN = 80


def below(root: Path, paths: Sequence[str], place: str) -> tuple[str, ...]:
    """Return each path as one below ``root``, with ``/``.

    A path may be relative, or in full, of this machine or of another one. As many of its first
    folders are left out as it takes for most of a sample of files to be there; where none is, the
    folders that all paths in full have in common.

    Args:
        root: The folder of the pictures.
        paths: As they were written.
        place: Where, for errors.

    Raises:
        BadInput: A path leads upwards, is none of a picture, or two become one.
    """
    parts = [_parts(path, row, place) for row, path in enumerate(paths, start=1)]
    inside = tuple(part for part in root.parts if part != root.anchor)
    in_full = [_is_in_full(path) for path in paths]
    known = [
        one[: len(inside)] == inside and full for one, full in zip(parts, in_full, strict=True)
    ]
    cut = _cut(root, parts, in_full, known)
    placed = tuple(
        "/".join(one[len(inside) :] if is_known else one[min(cut, len(one) - 1) :])
        for one, is_known in zip(parts, known, strict=True)
    )
    _refuse_twins(placed, paths, place)
    return placed


def _is_in_full(path: str) -> bool:
    return path.startswith("/") or _DRIVE.match(path) is not None


def _parts(path: str, row: int, place: str) -> tuple[str, ...]:
    shown = path.encode("utf-8", "replace").decode()[:_SHOWN]
    if _DRIVE.match(path):
        path = path[2:].replace("\\", "/")
    parts = tuple(part for part in path.split("/") if part not in {"", "."})
    remedy = "Write paths of pictures, below one folder."
    try:
        length = len(os.fsencode(path))
    except UnicodeEncodeError:
        raise _bad(row, shown, "is no name that a file can have", place, remedy) from None
    if ".." in parts:
        raise _bad(row, shown, "leads upwards, and is not followed", place, remedy)
    if not parts or length > _LONGEST or leads_outside("/".join(parts)):
        raise _bad(row, shown, "is no path", place, remedy)
    if not has_picture_suffix(parts[-1]):
        remedy = "The name has to end like that of a picture, such as .jpg."
        raise _bad(row, shown, "is no name of a picture", place, remedy)
    return parts


def _bad(row: int, shown: str, why: str, place: str, remedy: str) -> BadInput:
    return BadInput(f"Row {row:,}, '{shown}', {why}", place=place, remedy=remedy)


def _cut(
    root: Path, parts: Sequence[tuple[str, ...]], in_full: Sequence[bool], known: Sequence[bool]
) -> int:
    """Return how many first folders are left out of paths that do not begin at the root."""
    others = [row for row, is_known in enumerate(known) if not is_known]
    if not others:
        return 0
    some = [others[at] for at in np.linspace(0, len(others) - 1, _SAMPLE, dtype=int)]
    sample = [parts[row] for row in dict.fromkeys(some)]
    deepest = max(len(one) for one in sample)
    counts = [sum(_is_there(root, one[cut:]) for one in sample) for cut in range(deepest)]
    if max(counts) > 0:
        return counts.index(max(counts))
    full = [parts[row][:-1] for row in others if in_full[row]]
    return _shared(full) if full and len(full) == len(others) else 0


def _shared(folders: Sequence[tuple[str, ...]]) -> int:
    """Return how many first folders all of these have in common."""
    one, other = min(folders), max(folders)
    same = (at for at, pair in enumerate(zip(one, other, strict=False)) if pair[0] != pair[1])
    return next(same, min(len(one), len(other)))


def _is_there(root: Path, parts: tuple[str, ...]) -> bool:
    return bool(parts) and file_at(root, "/".join(parts)) is not None


def file_at(root: Path, path: str) -> PictureFile | None:
    """Return the file of a picture; None where it is missing, or a link leads out of the folder.

    ``root`` is where the folder really is.
    """
    try:
        real = (root / path).resolve(strict=True)
        facts = real.stat()
    except (OSError, ValueError, RuntimeError):  # the last for links that lead in a circle
        return None
    if not stat.S_ISREG(facts.st_mode) or not facts.st_size or not real.is_relative_to(root):
        return None
    return PictureFile(path, facts.st_size, facts.st_mtime_ns)


def _refuse_twins(placed: Sequence[str], paths: Sequence[str], place: str) -> None:
    first: dict[str, int] = {}
    for row, path in enumerate(placed):
        before = first.setdefault(path, row)
        if before != row:
            one, other = (
                paths[at].encode("utf-8", "replace").decode()[-_SHOWN:] for at in (before, row)
            )
            cause = f"'{one}' and '{other}' are of the same picture, '{path[:_SHOWN]}'"
            raise BadInput(cause, place=place, remedy="Leave one of them out.")
