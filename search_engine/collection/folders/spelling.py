"""The ways in which people and programs write the path of a folder."""

from __future__ import annotations

import os
import re
import socket
import string
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote_from_bytes, unquote_to_bytes

_UNSEEN = (
    "\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff"
)
"""Come along with a copied path; Windows puts U+202A before what its properties show."""
_AROUND = string.whitespace + "\u00a0\u202f\u3000" + _UNSEEN
_QUOTES = "\"'`´“”„‟‘’‚‛«»‹›「」『』＂＇"
_ESCAPED = re.compile(r"\\([^\w\\/])")
"""A shell writes a backslash before a space, a bracket and the like."""
_FILE = re.compile(r"(?i)file:(?://(?P<host>[^/\\]*))?(?P<path>[/\\].*)", re.DOTALL)
_HOME = re.compile(
    r"(?i)(?:\$HOME|\$\{HOME\}|\$env:(?:HOME|USERPROFILE)|%HOME%|%USERPROFILE%"
    r"|%HOMEDRIVE%%HOMEPATH%)(?=[/\\]|$)"
)
_HERE = {"", "localhost", "127.0.0.1", "."}


def bare(text: str) -> str:
    """Return a text without the blanks and unseen signs around it."""
    return text.strip(_AROUND)


def is_empty(text: str) -> bool:
    """Return whether a text holds nothing but blanks and quotes."""
    return not bare(text).strip(_QUOTES + _AROUND)


def readings(text: str, *, windows: bool) -> Iterator[str]:
    """Return the paths that a text may stand for: first as it is, then with one way more undone.

    A folder can be named like anything, so the first that is one is meant; the last is what most
    likely was meant where none is. Nothing is given twice.
    """
    seen: set[str] = set()
    reading = text
    undone = (str, bare, _unquoted, _from_address, _at_home, *(() if windows else (_unescaped,)))
    for undo in undone:
        reading = undo(reading)
        if reading not in seen:
            seen.add(reading)
            yield reading


def _unquoted(text: str) -> str:
    """Leave out quotes around a path, a single one as well, as of a copy that was cut."""
    while text and (text[0] in _QUOTES or text[-1] in _QUOTES):
        shorter = bare(text.strip(_QUOTES))
        if any(sign in shorter for sign in '"“”') or shorter == text:
            return text  # several paths, each in its own
        text = shorter
    return text


def _from_address(text: str) -> str:
    """Read ``file://`` with its escapes; that of another computer stays as it is."""
    found = _FILE.fullmatch(text)
    if not found or not is_this_computer(found["host"] or ""):
        return text
    path = os.fsdecode(unquote_to_bytes(found["path"].encode("utf-8", "surrogateescape")))
    return path[1:] if re.match(r"/[A-Za-z]:", path) else path


def host_of(text: str) -> str:
    """Return the computer that a ``file://`` address names; empty where it names none."""
    found = _FILE.fullmatch(text)
    return (found["host"] or "") if found else ""


def is_this_computer(host: str) -> bool:
    """Return whether an address that names this host is about this computer."""
    name = socket.gethostname().casefold()
    return host.casefold() in _HERE | {name, name.partition(".")[0]}


def _at_home(text: str) -> str:
    r"""Put the home folder where ``~`` or a variable stands for it, as in ``$HOME/Pictures``.

    Only what names a home is put in; whatever else the surroundings hold is nobody's to see.
    """
    found = _HOME.match(text)
    try:
        if found:
            rest = text[found.end() :].replace("\\", "/")  # Windows reads this as well
            return f"{Path.home()}{rest}"
        return str(Path(text).expanduser()) if text.startswith("~") else text
    except (RuntimeError, ValueError):  # nobody's home, or no name at all
        return text


def _unescaped(text: str) -> str:
    return _ESCAPED.sub(r"\1", text)


def spelled(path: Path) -> str:
    """Write a path so that it can be shown, edited and read back, whatever signs it has."""
    text = str(path)
    if text.isprintable() and text == bare(text):
        return text
    return f"file://{quote_from_bytes(os.fsencode(path))}"
