"""Names of folders as words that a model can be asked for."""

from __future__ import annotations

import re

_WORDS = re.compile(r"[^\W\d_]+")
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")
_SHORTEST = 2


def as_words(name: str) -> str:
    """Write a folder's name as words, without digits and signs; empty if no word is in it.

    ``003.Sooty_Albatross`` becomes ``Sooty Albatross``, ``n02084071-dog`` becomes ``dog``, and
    ``2019`` nothing.
    """
    words = []
    for part in re.split(r"[\s_.,;/+-]+", _HUMP.sub(" ", name)):
        has_digits = any(c.isdigit() for c in part)
        found = ["".join(_WORDS.findall(part))] if not has_digits else _beside_digits(part)
        words += [word for word in found if len(word) >= _SHORTEST or not word.isascii()]
    return " ".join(words)


def _beside_digits(part: str) -> list[str]:
    """Keep ``cats2`` as ``cats``, but nothing of a code such as ``n02084071`` or ``a1b2``."""
    runs = _WORDS.findall(part)
    return runs if len(runs) == 1 and len(runs[0]) > _SHORTEST else []


def as_question(words: str) -> str:
    """Ask for a picture of something, as CLIP was trained to be asked."""
    article = "an" if words[:1].lower() in "aeiou" else "a"
    return f"a photo of {article} {words}"
