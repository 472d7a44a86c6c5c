"""Filters as a person types them: categories that are meant, and patterns that fit nothing."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable
from dataclasses import dataclass

from search_engine.collection.catalog import Catalog
from search_engine.collection.catalog.tags import unknown_tag
from search_engine.errors import BadInput
from search_engine.names import all_known_as, did_you_mean, near
from search_engine.records import Filters

_SHOWN = 80
_WORD = re.compile(r"[^\W\d_]+")
_SHORTEST = 3
"""Letters; of fewer anything is near."""
_MOST_WORDS = 3
_MOST_PATHS = 200_000


@dataclass(frozen=True, slots=True)
class CategoryChoice:
    """Which categories of a collection are meant."""

    known: frozenset[str]
    """As the collection has them; the empty name stands for pictures in none."""
    unknown: tuple[str, ...] = ()
    """As they were given."""
    near: tuple[str, ...] = ()
    """Categories whose names are near to the first unknown one."""

    def refuse_unknown(self, place: str) -> None:
        """Refuse names that no category has.

        Raises:
            BadInput: There is one.
        """
        if self.unknown:
            cause = f"There is no category '{self.unknown[0][:_SHOWN]}'"
            remedy = did_you_mean(self.unknown[0], self.near) or "Take one of the collection's."
            raise BadInput(cause, place=place, remedy=remedy)


def chosen_categories(catalog: Catalog, names: Iterable[str]) -> CategoryChoice:
    """Find the categories that are meant; names that differ in case alone are all meant."""
    there = [name for name in catalog.pictures.categories() if name]
    meant = {name: all_known_as(name, there) if name else [""] for name in names}
    unknown = tuple(name for name, found in meant.items() if not found)
    nearest = tuple(near(unknown[0], there)) if unknown else ()
    known = frozenset(itertools.chain.from_iterable(meant.values()))
    return CategoryChoice(known, unknown, nearest)


def chosen_tags(catalog: Catalog, names: Iterable[str]) -> frozenset[str]:
    """Find the tags that are meant, as the collection spells them.

    Raises:
        BadInput: No picture has one of them.
    """
    there = list(catalog.tags.counts())
    meant = {name: all_known_as(name.strip(), there) for name in names}
    for name, found in meant.items():
        if not found:
            raise unknown_tag(name, there, catalog.folder.name)
    return frozenset(itertools.chain.from_iterable(meant.values()))


@dataclass(frozen=True, slots=True)
class WiderPattern:
    """A pattern that fits nothing, and one around it, or near to it, that fits something."""

    pattern: str
    wider: str = ""
    """Empty where that fits nothing either."""
    pictures: int = 0
    """How many that fits."""

    def __str__(self) -> str:
        """Say it in a sentence."""
        none = f"No path fits “{self.pattern[:_SHOWN]}”"
        if not self.wider:
            return f"{none}."
        noun = "picture" if self.pictures == 1 else "pictures"
        return f"{none}; “{self.wider[:_SHOWN]}” fits {self.pictures:,} {noun}."


def wider_pattern(catalog: Catalog, filters: Filters) -> WiderPattern | None:
    """Tell which pattern of a filter fits no path, and offer one that does; None where all fit."""
    pattern = next(
        (one for one in filters.paths if one and not catalog.pictures.some(Filters(path=one), 1)),
        None,
    )
    if pattern is None:
        return None
    for wider in dict.fromkeys((f"*{pattern.strip('*')}*", f"*{pattern.strip('*/.')}*")):
        count = catalog.pictures.count(Filters(path=wider)) if wider.strip("*") else 0
        if count:
            return WiderPattern(pattern, wider, count)
    return _near_pattern(catalog, pattern)


def _near_pattern(catalog: Catalog, pattern: str) -> WiderPattern:
    """Offer the pattern with a mistyped word put right, if that fits something."""
    typed = [word for word in _WORD.findall(pattern) if len(word) >= _SHORTEST]
    paths = (path for path in itertools.islice(catalog.pictures.stamps(), _MOST_PATHS))
    known = dict.fromkeys(word for path in paths for word in _WORD.findall(path)) if typed else {}
    for word in typed[:_MOST_WORDS]:
        for right in near(word, known):
            wider = pattern.replace(word, right)
            count = catalog.pictures.count(Filters(path=wider))
            if count:
                return WiderPattern(pattern, wider, count)
    return WiderPattern(pattern)
