"""What a tag may be called, and when two names are of one tag."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

from search_engine.errors import BadInput
from search_engine.names import compared, one_spelling

MOST_LETTERS = 80
_REFUSED = {"Cc", "Cs", "Zl", "Zp"}
"""Control characters, halves of pairs, and what ends a line or a paragraph."""
_TURNS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""What turns the direction of all text that follows."""
_SHOWN = 40
_REMEMBERED = 16_384
"""More than a collection has tags, which are looked at again and again."""


def as_tag(text: str) -> str:
    """Return a tag as it is kept: without blanks round it, in the one spelling; its case stays.

    Raises:
        BadInput: It is empty, too long, or holds what cannot be seen.
    """
    tag = one_spelling(text.strip())
    cause = ""
    if not tag:
        cause = "A tag needs at least one letter"
    elif len(tag) > MOST_LETTERS:
        cause = f"A tag of {len(tag):,} letters is too long"
    elif any(unicodedata.category(one) in _REFUSED or one in _TURNS for one in tag):
        cause = "The tag holds characters that cannot be seen"
    if cause:
        shown = "".join(one for one in tag[:_SHOWN] if one.isprintable())
        remedy = f"Take 1 to {MOST_LETTERS} letters, digits and signs."
        raise BadInput(cause, place=shown, remedy=remedy)
    return tag


@lru_cache(_REMEMBERED)
def is_tag(content: object) -> bool:
    """Return whether the bytes of a catalog's text are a tag as it is kept."""
    try:
        return isinstance(content, bytes) and as_tag(content.decode()) == content.decode()
    except (UnicodeDecodeError, BadInput):
        return False


def wanted_tags(names: frozenset[str]) -> bytes:
    """Write the names that `tag_fits` is to find, for SQL; what can be no tag is left out."""
    there = {compared(name.strip()) for name in names if _can_be(name)}
    return "\n".join(sorted(there)).encode()


def tag_fits(name: bytes, wanted: bytes) -> bool:
    """Return whether a tag of the catalog is one of those that are wanted, whatever its case."""
    return compared(name.decode("utf-8", "replace")) in _wanted(wanted)


@lru_cache
def _wanted(names: bytes) -> frozenset[str]:
    return frozenset(names.decode().split("\n")) if names else frozenset()


def _can_be(name: str) -> bool:
    try:
        as_tag(name)
    except BadInput:
        return False
    return True
