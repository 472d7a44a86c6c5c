"""The names of exported files: every system takes them, and none takes two for one."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from search_engine.names import compared

_LONGEST = 140
"""Bytes of UTF-8. Most file systems take 255; those that encrypt names, as many home folders and
network drives do, take 143."""
_LONGEST_ENDING = 20
_NOT_IN_NAMES = re.compile(r"[\\/:*?\"<>|]")
_UNSEEN = {"Cc", "Cf", "Cs", "Zl", "Zp"}
_JOINERS = "\u200c\u200d"  # parts of words and of emoji
_RESERVED = re.compile(r"(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)", re.IGNORECASE)
_UNNAMED = "picture"


def portable_name(text: str) -> str:
    """Write a text so that it can be part of a file's name on every system; it may be empty.

    Signs that are not seen, that separate folders or that some systems refuse become ``_``.
    """
    readable = unicodedata.normalize("NFC", text.encode("utf-8", "replace").decode())
    cleaned = _NOT_IN_NAMES.sub("_", readable)
    return "".join("_" if _is_unseen(sign) else sign for sign in cleaned)


def _is_unseen(sign: str) -> bool:
    return unicodedata.category(sign) in _UNSEEN and sign not in _JOINERS


class FreeNames:
    """Gives each file of a folder a name that no other has, its own wherever that is possible.

    Names that differ in case or in the way of writing letters alone are one name to some systems.
    """

    def __init__(self, taken: Iterable[str] = ()) -> None:
        self._taken = set(map(compared, taken))

    def take(self, name: str) -> str:
        """Return a free name for a file that is called so; another one each time."""
        stem, ending = _parts(name)
        number = 1
        while compared(free := _numbered(stem, ending, number)) in self._taken:
            number += 1
        self._taken.add(compared(free))
        return free


def _parts(name: str) -> tuple[str, str]:
    """Return what a file is called, and the ending that says what it is, with its point."""
    cleaned = portable_name(name).rstrip(" .")
    stem, point, ending = cleaned.rpartition(".")
    if not stem.strip(" .") or len(ending.encode()) > _LONGEST_ENDING:
        stem, point, ending = cleaned, "", ""
    stem = stem.strip() or _UNNAMED
    if _RESERVED.fullmatch(stem.partition(".")[0].rstrip()):
        stem = f"_{stem}"
    return stem, point + ending


def _numbered(stem: str, ending: str, number: int) -> str:
    end = f" ({number}){ending}" if number > 1 else ending
    room = _LONGEST - len(end.encode())
    cut = stem.encode()[:room].decode(errors="ignore").rstrip(" .") if room else ""
    return f"{cut or _UNNAMED}{end}"
