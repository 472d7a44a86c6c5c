"""File sizes, resolutions and dates of a collection, counted in steps that people read easily."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from math import ceil, floor, log10

from search_engine.collection.catalog import Catalog, Measure
from search_engine.records import Filters

_RENARD = (1.0, 1.6, 2.5, 4.0, 6.3)
"""Five steps a decade, rounded (Renard series R5, ISO 3)."""
_LINEAR_RATIO = 10
"""Values that differ by less than this factor are counted in steps of equal width."""
_STEPS = 12
_DAY, _MONTH, _YEAR = 10, 7, 4
_MOST_BARS = 40


@dataclass(frozen=True, slots=True)
class Bar:
    """The pictures within one step of a measure."""

    low: float
    high: float
    """Not included. Bytes or pixels; both 0 for dates."""
    date: str
    """A day, a month or a year in ISO 8601; empty for other measures."""
    pictures: int
    filters: Filters
    """Lets through just these pictures."""


def count_in_steps(catalog: Catalog, measure: Measure) -> list[Bar]:
    """Count the pictures of a collection in steps of a measure, lowest first."""
    if measure is Measure.DATE:
        return _by_date(catalog)
    extremes = catalog.statistics.extremes(measure)
    if extremes is None:
        return []
    edges = nice_edges(*extremes)
    counts = catalog.statistics.counts_between(measure, edges)
    return [
        Bar(low, high, "", count, _filters(measure, low, high - 1))
        for low, high, count in zip(edges, edges[1:], counts, strict=False)
    ]


def _filters(measure: Measure, low: int, high: int) -> Filters:
    if measure is Measure.FILE_SIZE:
        return Filters(min_bytes=low, max_bytes=high)
    return Filters(min_pixels=low, max_pixels=high)


def _by_date(catalog: Catalog) -> list[Bar]:
    counts: dict[str, int] = catalog.statistics.dates(_DAY)
    for digits in (_MONTH, _YEAR):
        if len(counts) <= _MOST_BARS:
            break
        coarser: Counter[str] = Counter()
        for date, count in counts.items():
            coarser[date[:digits]] += count
        counts = coarser
    return [
        Bar(0, 0, date, count, Filters(dated_from=date, dated_to=date))
        for date, count in counts.items()
    ]


def nice_edges(low: int, high: int) -> list[int]:
    """Return ascending whole edges around all values; ``high`` is below the last one.

    Equal steps where the values are close together, else five a decade.
    """
    low = max(low, 0)
    if high < _LINEAR_RATIO * max(low, 1):
        step = _nice_step(high - low)
        first = low // step * step
        return list(range(first, (high // step + 2) * step, step))
    edges = [0] if low == 0 else []
    for decade in range(floor(log10(max(low, 1))), ceil(log10(high)) + 1):
        edges += [round(step * 10**decade) for step in _RENARD]
    below = max(edge for edge in edges if edge <= low)
    above = min(edge for edge in edges if edge > high)
    return sorted({edge for edge in edges if below <= edge <= above})


def _nice_step(span: int) -> int:
    """Return 1, 2 or 5 times a power of ten, so that about a dozen of it make the span."""
    rough = max(span / _STEPS, 1)
    power = 10 ** floor(log10(rough))
    return int(next(f * power for f in (1, 2, 5, 10) if f * power >= rough))
