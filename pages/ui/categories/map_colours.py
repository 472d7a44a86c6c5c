"""What the colours of the map stand for: categories, the match with a search, dates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from pages.ui.categories.map_points import MapPoints
from pages.ui.frame import feedback, look, resources
from search_engine import SearchEngine
from search_engine.explore import MapCells
from search_engine.records import Ids
from search_engine.search import ScoredCollection


class ColourBy(StrEnum):
    """What the colours stand for."""

    CATEGORY = "category"
    MATCH = "match"
    DATE = "date"


KINDS: Mapping[str, Sequence[str]] = {
    "light": (
        "#0472b3", "#d55e05", "#059770", "#b93c8e", "#915401", "#5191ca", "#7b3290", "#8a2d0c",
        "#5c9143", "#174965", "#fd4376", "#1b8354",
    ),
    "dark": (
        "#53c6ff", "#f28902", "#1eb87c", "#e999c3", "#fffe06", "#678afe", "#c8fefd", "#de5605",
        "#d4d205", "#5560d7", "#c5354b", "#d7d0a5",
    ),
}  # fmt: skip
"""For the largest categories, by theme: seen apart with all kinds of colour vision."""
OTHER: Mapping[str, str] = {"light": "#868e96", "dark": "#7d8791"}
RAMPS: Mapping[str, Sequence[str]] = {
    "light": ("#c9ced6", "#dd9a52", "#8a3b00"),
    "dark": ("#3a424c", "#b5722a", "#ffd08a"),
}
"""From little to much: lighter or darker all the way, so that nobody needs the hue."""
TIMES: Mapping[str, Sequence[str]] = {
    "light": ("#b8c9cc", "#3f97a0", "#063a41"),
    "dark": ("#2c464b", "#2d97a2", "#c5f7fa"),
}
RINGS: Mapping[str, str] = {theme: accent for theme, (accent, _) in look.ACCENTS.items()}
"""Round the results of a search."""

_STEPS = 100
"""A place on a ramp is a whole number up to this; −1 stands for no value."""
_TAILS = (0.01, 0.99)
"""Dates before and after these shares have the colours of the ends: one odd date is no scale."""


@dataclass(frozen=True)
class MapColours:
    """The colour of each point, and the legend."""

    by: ColourBy
    values: NDArray[np.int64]
    """The place among the names or on the ramp, shape (n,); −1 for no value."""
    names: Sequence[str] = ()
    """Of categories, as the legend has them; what is behind them is called “other”."""
    counts: Sequence[int] = ()
    title: str = ""
    """What a ramp shows, with its unit."""
    ticks: Sequence[str] = ()
    """At the beginning, the middle and the end of a ramp."""
    nothing: str = ""
    """What is said of points without a value, where there are any."""
    ramp: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def of_cells(self, cells: MapCells, places: Ids) -> list[int]:
        """Return the colour of each cell that holds some of the points."""
        values = self.values[places]
        if self.by is ColourBy.CATEGORY:
            return [int(one) for one in cells.most_common(values, len(self.names))]
        mean = cells.mean(np.where(values < 0, np.nan, values))
        return [int(one) for one in np.where(np.isfinite(mean), mean, -1).round()]

    def legend(self) -> dict[str, object]:
        """Return what the browser draws as legend and colours by."""
        return {
            "by": str(self.by),
            "names": list(self.names),
            "counts": list(self.counts),
            "title": self.title,
            "ticks": list(self.ticks),
            "nothing": self.nothing,
            "kinds": {theme: [*KINDS[theme], OTHER[theme]] for theme in KINDS},
            "ramp": {theme: list(colours) for theme, colours in self.ramp.items()},
            "ring": dict(RINGS),
        }


def colours_of(
    engine: SearchEngine, shown: MapPoints, by: ColourBy, scored: ScoredCollection | None
) -> MapColours:
    """Return the colours of the map."""
    if by is ColourBy.MATCH:
        return _by_match(shown, scored)
    return _by_date(engine, shown) if by is ColourBy.DATE else _by_category(shown)


def _by_category(shown: MapPoints) -> MapColours:
    """Colour the largest categories; all others are one grey."""
    counts = np.bincount(shown.numbers, minlength=len(shown.names))
    largest = np.argsort(-counts, kind="stable")[: len(KINDS["light"])]
    largest = largest[counts[largest] > 0]
    has_others = int((counts > 0).sum()) > len(largest)
    colour = np.full(max(len(shown.names), 1), len(largest), dtype=np.int64)
    colour[largest] = np.arange(len(largest))
    names = [feedback.category_name(shown.names[at]) for at in largest.tolist()]
    tallies = counts[largest].tolist()
    if has_others:
        names.append("other")
        tallies.append(len(shown) - sum(tallies))
    values = colour[shown.numbers]
    return MapColours(ColourBy.CATEGORY, values, names, tallies)


def _by_match(shown: MapPoints, scored: ScoredCollection | None) -> MapColours:
    if scored is None or not len(scored.all.picture_ids):
        unknown = np.full(len(shown), -1)
        hint = "Type above what the pictures should match"
        return MapColours(ColourBy.MATCH, unknown, nothing=hint, ramp=RAMPS)
    ticks: Sequence[str] = ("0 %", "50 %", "100 %")
    low, high, title = 0.0, 100.0, "match"
    if scored.matches is not None:
        of_each = np.asarray(scored.matches, dtype=np.float64)
    else:
        of_each = np.asarray(scored.all.scores, dtype=np.float64)
        low, high = float(of_each.min()), float(of_each.max())
        ticks = tuple(feedback.unsigned(one, 2) for one in (low, (low + high) / 2, high))
        title = "cosine"
    values = _scaled(shown.of(scored.all.picture_ids, of_each), low, high)
    nothing = "does not pass the filters" if (values < 0).any() else ""
    return MapColours(ColourBy.MATCH, values, title=title, ticks=ticks, nothing=nothing, ramp=RAMPS)


def _by_date(engine: SearchEngine, shown: MapPoints) -> MapColours:
    found = shown.of(*resources.seconds(engine))
    known = found[np.isfinite(found)]
    nothing = "no date" if len(known) < len(found) else ""
    if not len(known):
        return MapColours(ColourBy.DATE, np.full(len(shown), -1), nothing=nothing, ramp=TIMES)
    low, high = (float(one) for one in np.quantile(known, _TAILS))
    days = [_day(one) for one in (low, (low + high) / 2, high)]
    if known.min() < low:
        days[0] = f"until {days[0]}"
    if known.max() > high:
        days[2] = f"from {days[2]}"
    values = _scaled(np.clip(found, low, high), low, high)
    ticks = days if high > low else days[:1]
    return MapColours(ColourBy.DATE, values, title="date", ticks=ticks, nothing=nothing, ramp=TIMES)


def _day(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).date().isoformat()


def _scaled(values: NDArray[np.float64], low: float, high: float) -> NDArray[np.int64]:
    part = (
        (values - low) / (high - low) if high > low else np.where(np.isfinite(values), 0.5, np.nan)
    )
    return np.where(np.isfinite(part), (part * _STEPS).round(), -1).astype(np.int64)
