"""Measured figures, each with what it is compared with and the bound that it has to keep."""

from __future__ import annotations

import operator
from dataclasses import dataclass
from enum import StrEnum


class Sign(StrEnum):
    """On which side of a bound a figure has to lie."""

    AT_LEAST = ">="
    MORE_THAN = ">"
    AT_MOST = "<="


_HOLDS = {
    Sign.AT_LEAST: operator.ge,
    Sign.MORE_THAN: operator.gt,
    Sign.AT_MOST: operator.le,
}


@dataclass(frozen=True, slots=True)
class Bound:
    """A floor or a ceiling."""

    sign: Sign
    value: float

    def holds(self, value: float) -> bool:
        """Return whether a value keeps it; NaN keeps none."""
        return bool(_HOLDS[self.sign](value, self.value))

    def __str__(self) -> str:
        """Write it as in a formula."""
        return f"{self.sign} {self.value:g}"


def at_least(floor: float) -> Bound:
    """Return a floor."""
    return Bound(Sign.AT_LEAST, floor)


def more_than(floor: float) -> Bound:
    """Return a floor that is not enough itself."""
    return Bound(Sign.MORE_THAN, floor)


def at_most(ceiling: float) -> Bound:
    """Return a ceiling."""
    return Bound(Sign.AT_MOST, ceiling)


@dataclass(frozen=True, slots=True)
class Beside:
    """What a figure is compared with: chance, or the plain way."""

    name: str
    value: float


@dataclass(frozen=True, slots=True)
class ProvedFigure:
    """One measured figure."""

    name: str
    value: float
    bound: Bound | None = None
    """None where nothing is claimed."""
    beside: Beside | None = None

    @property
    def holds(self) -> bool | None:
        """Whether it keeps its bound; None without one."""
        return None if self.bound is None else self.bound.holds(self.value)
