"""Pictures of the collection that a person marked as good or bad answers to a query."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

from search_engine.errors import BadQuery

MOST_MARKS = 256
"""Of each kind."""
MARK = re.compile(r"(good|bad)\s*:\s*(#[0-9]+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Marks:
    """Good and bad answers, by id, in the order in which they were marked."""

    good: tuple[int, ...] = ()
    bad: tuple[int, ...] = ()

    @classmethod
    def of(cls, good: Iterable[int] = (), bad: Iterable[int] = ()) -> Self:
        """Mark pictures; one that is marked twice counts once.

        Raises:
            BadQuery: One is marked as both, or there are too many.
        """
        made = cls(tuple(dict.fromkeys(good)), tuple(dict.fromkeys(bad)))
        both = sorted(set(made.good).intersection(made.bad))
        if both:
            cause = f"Picture #{both[0]} is marked as a good and as a bad result"
            raise BadQuery(cause, remedy="Mark it as one of them.")
        if max(len(made.good), len(made.bad)) > MOST_MARKS:
            cause = f"More than {MOST_MARKS} pictures are marked"
            raise BadQuery(cause, remedy="Mark fewer; ten of each kind do most of what marks can.")
        return made

    def __bool__(self) -> bool:
        """Return whether any picture is marked."""
        return bool(self.good or self.bad)

    def __len__(self) -> int:
        """Count the marked pictures."""
        return len(self.good) + len(self.bad)

    def plus(self, other: Marks) -> Marks:
        """Add the marks of another; raises as `of`."""
        return Marks.of((*self.good, *other.good), (*self.bad, *other.bad))

    def toggled(self, picture_id: int, *, good: bool) -> Marks:
        """Mark a picture, in place of what it was marked before; unmark it where it is so."""
        before = self.good if good else self.bad
        kept = Marks(
            tuple(one for one in self.good if one != picture_id),
            tuple(one for one in self.bad if one != picture_id),
        )
        if picture_id in before:
            return kept
        return kept.plus(Marks((picture_id,)) if good else Marks((), (picture_id,)))

    def __str__(self) -> str:
        """Write them in the syntax of a query."""
        written = [f"+ good:#{one}" for one in self.good] + [f"+ bad:#{one}" for one in self.bad]
        return " ".join(written)


NO_MARKS = Marks()
