"""How folders were read as categories."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from search_engine.evaluation import Labelling, is_code

_CODES_LISTED = 100


@dataclass(frozen=True, slots=True)
class CodesAnswer:
    """Some codes: how many there are, and the first of them."""

    found: int
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LabellingAnswer:
    """How folders were read as categories."""

    level: int
    categories: int
    """How many there are at that level."""
    named: int
    """How many of them the file of names names."""
    codes: CodesAnswer
    """Those that are named by codes, and not by the file."""
    unnamed: CodesAnswer
    """Those that the file does not name; none where there is no file."""
    unused: CodesAnswer
    """Codes of the file that no category has."""


def labelling_answer(labelling: Labelling, names: Sequence[str]) -> LabellingAnswer:
    """Return how folders were read as these categories."""
    named = [name for name in names if labelling.name(name) is not None]
    codes = [name for name in names if labelling.name(name) is None and is_code(name)]
    return LabellingAnswer(
        level=labelling.level,
        categories=len(names),
        named=len(named),
        codes=_codes(codes),
        unnamed=_codes(labelling.unnamed(names)),
        unused=_codes(labelling.unused(names)),
    )


def _codes(codes: Sequence[str]) -> CodesAnswer:
    return CodesAnswer(len(codes), tuple(codes[:_CODES_LISTED]))
