r"""What a pattern for paths means, to a build, a search, a link and a saved query alike.

==================  =========================================================================
a pattern           fits
==================  =========================================================================
``beach``           paths with this word: ``beach 1.jpg``, ``my-beach/…``, but not ``beaches``
``beach*.jpg``      files and folders so called; ``*`` and ``?`` stand for anything, ``/`` too
``private/``        folders so called, wherever they are, and all that is in them
``2019/june``       names one after the other, wherever they are
``/cat`` ``./cat``  the same, but only right in the collection's folder
==================  =========================================================================

So with ``*``, ``?`` or ``/`` a pattern stands for whole names, without them for whole words. What
is in a folder that fits, fits too. A path in full, as results print it, means what it leads to.
Case does not matter, nor how letters with accents are written. ``\`` may stand for ``/``, and
quotes around a pattern, which some shells pass on, are none of it; a name with such signs fits too.
"""

from __future__ import annotations

import os
import posixpath
import re
from collections.abc import Callable, Sequence
from fnmatch import translate
from functools import lru_cache
from typing import TypeAlias

from search_engine.errors import BadInput
from search_engine.names import compared

LONGEST_PATTERN = 4096
"""No system has longer paths, and to read a pattern takes as long as to try it on many paths."""

Fits: TypeAlias = Callable[[str], bool]
"""Tells whether a relative path fits; it is given as `names.compared` writes it."""

_WHOLE_NAMES = re.compile(r"[*?/]")
_ALL_INSIDE = re.compile(r"[\\/]\*{0,2}$")
_QUOTES = {'"': '"', "'": "'", "“": "”", "‘": "’", "„": "“", "«": "»"}
_LETTER = r"[^\W\d_]"
_ENDS = ((re.compile(_LETTER), rf"(?:{_LETTER}|[\u0300-\u036f])"), (re.compile(r"\d"), r"\d"))
"""Words end where letters do, and numbers where digits do: 1 is not in 12."""


def check(pattern: str) -> None:
    """Refuse a pattern that takes too long to read.

    Raises:
        BadInput: It is longer than any path.
    """
    if len(pattern) > LONGEST_PATTERN:
        cause = f"The pattern for paths has {len(pattern):,} characters"
        raise BadInput(cause, remedy=f"Take one of {LONGEST_PATTERN:,} at most.")


def fits(path: str, pattern: str, root: str = "") -> bool:
    """Return whether a relative path fits a pattern; ``root`` is the folder that it lies below."""
    return matcher(pattern, root)(compared(path))


@lru_cache(256)
def matcher(pattern: str, root: str = "") -> Fits:
    """Translate a pattern; every path is tried in time that grows as its length.

    `fnmatch` makes one star of many, and of the text between two stars a group that is found once
    and for all, so that no pattern tries a path in more ways than it has letters.
    """
    found = [_compiled(reading, compared(root)) for reading in _readings(compared(pattern))]
    if len(found) == 1:
        return found[0]
    return lambda path: any(fit(path) for fit in found)


def below(pattern: str, root: str) -> str:
    """Write a pattern that is a path in full as one that goes on fitting when ``root`` is moved."""
    plain = os.path.expanduser(_unquoted(pattern))  # noqa: PTH111 - a pattern is no path
    for start in (root, root.replace("\\", "/")):
        for text in (plain, plain.replace("\\", "/")):
            rest = _rest_below(text, start)
            if rest is not None:
                return rest or "/"
    return pattern


def folder_of(pattern: str) -> str:
    """Write a pattern that fits a folder itself if all that is in it fits the given one."""
    plain = _unquoted(pattern)
    stem = _ALL_INSIDE.sub("", plain)
    if stem == plain:
        return pattern
    return stem if stem.startswith(("/", "./", "~/")) else f"**/{stem}" if stem else "/"


def of_version_5(pattern: str) -> str:
    """Return the pattern that means now what one of a search meant to versions before 0.6.

    With ``*`` or ``?`` it was compared with the whole path, without them it stood anywhere in it.
    """
    if not pattern:
        return pattern
    return f"/{pattern.lstrip('/')}" if set("*?") & set(pattern) else f"*{pattern}*"


def words(pattern: str) -> bool:
    """Return whether a pattern stands for words, not for whole names."""
    return not _WHOLE_NAMES.search(pattern)


def _readings(pattern: str) -> Sequence[str]:
    """Return the ways in which a pattern can be meant, the plainest first."""
    readings = dict.fromkeys((pattern, _unquoted(pattern)))
    readings |= dict.fromkeys(one.replace("/**/", "/") for one in list(readings))
    # A lone one is a sign in a name, not the whole folder.
    turned = [one.replace("\\", "/") for one in readings if one.strip("\\/.")]
    return list(readings | dict.fromkeys(turned))


def _unquoted(pattern: str) -> str:
    has_quotes = len(pattern) > 2 and _QUOTES.get(pattern[0]) == pattern[-1]  # noqa: PLR2004 - more than the quotes
    return pattern[1:-1] if has_quotes else pattern


def _rest_below(text: str, root: str) -> str | None:
    """Return what follows the folder in a path in full, from the ``/``; None for any other text."""
    if not root or not compared(text).startswith(compared(root)):
        return None
    # Both may be spelled otherwise, so that their lengths say nothing.
    parts = len(root.rstrip("/").split("/"))
    rest = text.split("/")[parts:]
    is_below = compared("/".join(text.split("/")[:parts])) == compared(root.rstrip("/"))
    return "".join(f"/{part}" for part in rest) if is_below else None


def _compiled(pattern: str, root: str) -> Fits:
    if pattern.startswith("~/"):
        pattern = compared(os.path.expanduser(pattern))  # noqa: PTH111 - a pattern is no path
    for start in (root, root.replace("\\", "/")):
        rest = _rest_below(pattern, start)
        pattern = pattern if rest is None else rest or "/"
    if pattern in {"", "."}:
        return lambda _path: True
    if words(pattern):
        return _with_words(pattern)
    while pattern.startswith("**/"):
        pattern = pattern[3:]
    anywhere = "" if pattern.startswith(("/", "./")) else "*"
    inside = "?*" if pattern.endswith("/") else "*"
    names = posixpath.normpath(pattern.lstrip("/")).strip("/")
    if names in {"", "."}:
        return lambda _path: True
    whole = f"{anywhere}/{names}/{inside}".replace("[", "[[]")
    match = re.compile(translate(whole)).match
    return lambda path: match(f"/{path}/") is not None


def _with_words(pattern: str) -> Fits:
    before = next((f"(?<!{kind})" for first, kind in _ENDS if first.match(pattern[0])), "")
    before = before.replace(_ENDS[0][1], _LETTER)  # an accent follows its letter
    after = next((f"(?!{kind})" for last, kind in _ENDS if last.match(pattern[-1])), "")
    search = re.compile(f"{before}{re.escape(pattern)}{after}").search
    return lambda path: search(path) is not None
