"""One name for what people read as one: how names are kept, compared and looked for.

The same letters come in several spellings. Keyboards and most systems write ``é`` as one character
(NFC), Macs keep names of files as ``e`` and an accent (NFD); both are canonically equivalent in
Unicode, and nobody sees a difference. So names are kept in NFC and compared without regard to case
("canonical caseless match", The Unicode Standard, section 3.13). What only looks alike stays apart:
no NFKC, no dropped accents. The path of a file stays as the disk has it.
"""

from __future__ import annotations

import logging
import os
import re
import unicodedata
from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from pathlib import Path

_LOG = logging.getLogger(__name__)

_LONGEST_COMPARED = 200
_MOST_COMPARED = 30_000
_NEAR = 3

_FOLDER = re.compile(r"[^\W_][\w .+-]{0,63}")
_RESERVED = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\..*)?")
_LONGEST_FOLDER = 240  # bytes; file systems take 255


def one_spelling(name: str) -> str:
    """Write a name in the one spelling in which names are kept (NFC); its case stays."""
    return name if name.isascii() else unicodedata.normalize("NFC", name)


def compared(name: str) -> str:
    """Write a name so that two are equal if people take them for one, whatever their case."""
    if name.isascii():
        return name.lower()
    return unicodedata.normalize("NFC", unicodedata.normalize("NFD", name).casefold())


def names_a_folder(name: str) -> bool:
    """Return whether a name is one safe folder name on every system."""
    fits = _FOLDER.fullmatch(name) is not None and len(os.fsencode(name)) <= _LONGEST_FOLDER
    return fits and name[-1] not in " ." and not _RESERVED.fullmatch(name)


def known_as(name: str, known: Iterable[str]) -> str | None:
    """Return the one of the known names that is meant: as it is spelled, else without its case.

    None where there is none, or where several differ in nothing but their case.
    """
    found = all_known_as(name, known)
    return found[0] if len(found) == 1 else None


def all_known_as(name: str, known: Iterable[str]) -> list[str]:
    """Return the known names that are meant: more than one where only their case differs."""
    names = list(known)
    if name in names:
        return [name]
    for spelled in (one_spelling, compared):
        wanted = spelled(name)
        found = [one for one in names if spelled(one) == wanted]
        if found:
            return found
    return []


def near(name: str, known: Iterable[str]) -> list[str]:
    """Return the known names that are nearest to a mistyped one, nearest first, at most three."""
    by_letters: dict[str, str] = {}
    for one in known:
        by_letters.setdefault(compared(one[:_LONGEST_COMPARED]), one)
        if len(by_letters) == _MOST_COMPARED:
            break
    wanted = compared(name[:_LONGEST_COMPARED])
    found = get_close_matches(wanted, by_letters, n=_NEAR, cutoff=0.6)
    if len(wanted) > 1:
        found += [one for one in by_letters if wanted in one and one not in found]
    return [by_letters[one] for one in found[:_NEAR]]


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Ask for the names that are near, as a sentence; nothing where none is."""
    found = [f"'{one}'" for one in near(name, known)]
    return f"Did you mean {' or '.join(found)}?" if found else ""


def as_on_disk(path: Path) -> Path:
    """Return the path of what is there under another spelling of the same name, else the path.

    A folder that came from a Mac is ``Café`` in letters that no keyboard here writes.
    """
    if str(path).isascii() or _is_there(path):
        return path
    start = Path(path.anchor) if path.anchor else Path()
    return next(_spellings(start, path.parts[1 if path.anchor else 0 :]), path)


def _spellings(start: Path, parts: tuple[str, ...]) -> Iterator[Path]:
    """Return what is there under a path, part by part; as typed first, where both spellings are."""
    if not parts:
        yield start
        return
    first, *rest = parts
    for name in _spelled(start, first):
        yield from _spellings(start / name, tuple(rest))


def _spelled(folder: Path, name: str) -> Iterator[str]:
    if _is_there(folder / name):
        yield name
    if name.isascii():
        return
    wanted = one_spelling(name)
    try:
        there = sorted(one.name for one in folder.iterdir())
    except (OSError, ValueError) as error:
        _LOG.debug("other spellings of a name are not looked for: %s", error)
        return
    yield from (one for one in there if one != name and one_spelling(one) == wanted)


def _is_there(path: Path) -> bool:
    try:
        path.lstat()
    except (OSError, ValueError):
        return False
    return True
