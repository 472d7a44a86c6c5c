"""The folder that was probably meant, where what was typed is none."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from difflib import get_close_matches
from itertools import islice
from pathlib import Path
from unicodedata import normalize

from search_engine.collection.folders.lying import can_be_a_path, way_to
from search_engine.settings import is_folder

_MOST_NAMES = 5_000
_CLOSE = 0.8
"""How alike two names are at least, as `difflib` counts it."""
_DRIVE = re.compile(r"(?P<drive>[A-Za-z]):[\\/]*(?P<rest>.*)", re.DOTALL)
_USERS = re.compile(
    r"(?:Users|Documents and Settings|home)[\\/]+[^\\/]+[\\/]*(?P<rest>.*)", re.DOTALL
)


def near(path: Path) -> Path | None:
    """Find the folder whose names are nearly those of a path: other capitals, a slip, a dot."""
    found: Path | None = None
    for part in way_to(path):
        if found is None or part.name == "..":
            found = part if is_folder(part) else None
        else:
            wanted = found / part.name
            found = wanted if is_folder(wanted) else _named_nearly(found, part.name)
        if found is None:
            return None
    return found


def _named_nearly(folder: Path, name: str) -> Path | None:
    if any(sign in name for sign in "*?"):  # a pattern for the files in there
        return folder
    try:
        with os.scandir(folder) as entries:
            names = [entry.name for entry in islice(entries, _MOST_NAMES)]
    except OSError:
        return None
    plain = {_plain(other): other for other in names if is_folder(folder / other)}
    close = get_close_matches(_plain(name), plain, n=1, cutoff=_CLOSE)
    return folder / plain[close[0]] if close else None


def _plain(name: str) -> str:
    return normalize("NFC", name).casefold().strip(" .,;:")


def of_lines(text: str) -> Iterator[str]:
    """Return what several lines or paths may stand for: one that was broken, or the first."""
    lines = [line.strip(' "“”') for line in re.split(r'[\r\n]+|["“”]\s+["“”]', text)]
    lines = [line for line in lines if line]
    yield from ("".join(lines), " ".join(lines), *lines[:1])


def of_windows(text: str) -> Iterator[str]:
    """Return where a path of Windows may lie on this computer."""
    found = _DRIVE.fullmatch(text)
    rest = (found["rest"] if found else text).replace("\\", "/")
    if found:
        yield f"/mnt/{found['drive'].lower()}/{rest}"
    at_home = _USERS.fullmatch(found["rest"]) if found else None
    if at_home:
        yield f"~/{at_home['rest']}".replace("\\", "/")
    yield rest


def of_elsewhere(text: str) -> Iterator[str]:
    """Return where a path of Linux or macOS may lie on a computer with Windows."""
    parts = [part for part in text.split("/") if part]
    if parts[:1] == ["mnt"]:
        parts = parts[1:]
    if parts and re.fullmatch("[A-Za-z]", parts[0]):
        yield f"{parts[0].upper()}:/{'/'.join(parts[1:])}"
    at_home = _USERS.fullmatch(text.lstrip("/"))
    if at_home:
        yield f"~/{at_home['rest']}"


def first_folder(texts: Iterator[str]) -> Path | None:
    """Return the first of these paths that is a folder."""
    for text in texts:
        if text and can_be_a_path(text):
            try:
                path = Path(os.path.normpath(Path(text).expanduser().absolute()))
            except (RuntimeError, OSError):  # nobody's home, or we are in a folder that is gone
                continue
            if is_folder(path):
                return path
    return None
