"""Links to files: pictures of their own, or other ways to pictures that are in anyway."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path

from search_engine.records import PictureFile


def apart(
    root: Path, files: Iterable[PictureFile], links: Sequence[PictureFile]
) -> tuple[list[PictureFile], list[str]]:
    """Tell links that bring in a picture from those that lead to one that is in anyway.

    Args:
        root: The folder of all.
        files: What was found that is no link.
        links: Links to files, with the size and the times of what they lead to.

    Returns:
        The links that are taken as pictures, of several to one file the first; and the relative
        paths of the others.
    """
    stamps = {_stamp(link) for link in links}
    seen: dict[tuple[int, int, int], set[tuple[int, int]]] = defaultdict(set)
    for file in files:
        if _stamp(file) in stamps:  # few are looked at once more, or a scan would take longer
            seen[_stamp(file)] |= _number(root, file)
    taken, others = [], []
    for link in sorted(links, key=lambda one: one.path):
        number = _number(root, link)
        if number & seen[_stamp(link)]:
            others.append(link.path)
        else:
            taken.append(link)
            seen[_stamp(link)] |= number
    return taken, others


def _stamp(file: PictureFile) -> tuple[int, int, int]:
    return file.size_bytes, file.modified_ns, file.changed_ns


def _number(root: Path, file: PictureFile) -> set[tuple[int, int]]:
    """Return by what the system knows a file; nothing where it has just gone."""
    try:
        facts = os.stat(os.path.join(root, file.path))  # noqa: PTH116, PTH118 - many at once
    except OSError:
        return set()
    return {(facts.st_dev, facts.st_ino)}
