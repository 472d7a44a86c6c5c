"""Every way of being odd, as a ranking."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from search_engine.audit import picture_quality
from search_engine.audit.audit import Audit
from search_engine.audit.hubness import HUBNESS_K, Hubness
from search_engine.audit.outliers import far_from_all
from search_engine.audit.picture_quality import QualityLimits
from search_engine.records import Ids, Progress, counted, no_progress

Values: TypeAlias = NDArray[np.float64]

_LEAST_SPREAD = 0.002
"""Of distances: copies that were saved again differ by as much."""


class Oddity(StrEnum):
    """In what a picture is unusual."""

    FAR = "far"
    FAR_IN_CATEGORY = "far-in-category"
    TYPICAL = "typical"
    HUB = "hub"
    UNREACHED = "unreached"
    NEIGHBOUR_OF_MANY = "neighbour-of-many"
    BLURRED = "blurred"
    DARK = "dark"
    BRIGHT = "bright"
    TINY = "tiny"
    ODD_SHAPED = "odd-shaped"

    @property
    def needs_model(self) -> bool:
        """Whether words have to be embedded to find it."""
        return self in {Oddity.HUB, Oddity.UNREACHED}


@dataclass(frozen=True, slots=True)
class UnusualLimits:
    """What is asked for."""

    k: int = HUBNESS_K
    """How many results of a query count as found."""
    far: float = 2.0
    """So many robust standard deviations above the median distance of the collection."""
    off: float = 1.25
    """So many times as far as is usual in the category."""
    typical: float = 0.9
    """At most so many times as far as is usual in the category."""
    quality: QualityLimits = field(default_factory=QualityLimits)


@dataclass(frozen=True, slots=True)
class UnusualPictures:
    """The pictures that are odd in one way, the oddest first."""

    oddity: Oddity
    picture_ids: Ids
    values: Values
    measure: str
    """What the values are."""
    note: str = ""
    """A figure about the collection as a whole."""

    def head(self, most: int) -> UnusualPictures:
        """Return no more than the first so many."""
        ids, values = self.picture_ids[:most], self.values[:most]
        return UnusualPictures(self.oddity, ids, values, self.measure, self.note)


def find_unusual(
    audit: Audit,
    oddity: Oddity,
    limits: UnusualLimits | None = None,
    progress: Progress = no_progress,
) -> UnusualPictures:
    """Rank the pictures by one oddity.

    Only those beyond a limit are given: every list has an end.

    Raises:
        ModelError: The model is needed and cannot be used.
    """
    return _FINDERS[oddity](audit, oddity, limits or UnusualLimits(), progress)


def _far(
    audit: Audit, oddity: Oddity, limits: UnusualLimits, progress: Progress
) -> UnusualPictures:
    distances = far_from_all(audit.inventory, audit.neighbours(progress)).astype(np.float64)
    known = distances[np.isfinite(distances)]
    measure = "distance from the 10th nearest picture, 1 − cosine"
    if not len(known):
        return _ranked(audit, oddity, distances, measure)
    limit = np.median(known) + limits.far * picture_quality.robust_deviation(known, _LEAST_SPREAD)
    ranking = _ranked(audit, oddity, distances, measure, distances >= limit)
    note = f"Half of the pictures are nearer than {np.median(known):.3f}; the limit is {limit:.3f}."
    return replace(ranking, note=note)


def _in_category(
    audit: Audit, oddity: Oddity, limits: UnusualLimits, progress: Progress
) -> UnusualPictures:
    ratios = audit.within_category(progress)
    measure = "distance from the 10th nearest of its category, in medians of the category"
    if oddity is Oddity.TYPICAL:
        near = ratios <= limits.typical
        return _ranked(audit, oddity, ratios, measure, near, lowest_first=True)
    return _ranked(audit, oddity, ratios, measure, ratios >= limits.off)


def _reached(
    audit: Audit, oddity: Oddity, limits: UnusualLimits, progress: Progress
) -> UnusualPictures:
    found = audit.hubness_of_queries(limits.k, progress)
    measure = f"how many of {found.queries:,} queries have it among their first {found.k}"
    if oddity is Oddity.HUB:
        ranking = _ranked(audit, oddity, found.counts, measure, found.hubs)
        return replace(ranking, note=_skew(found))
    share = found.unreached / max(len(found.counts), 1)
    note = (
        f"{counted(found.unreached, 'picture', 'pictures')} ({share:.0%}) came among the first"
        f" {found.k} of none of {found.queries:,} queries;"
        f" {found.by_chance:,.0f} would be by chance."
    )
    if 2 * found.by_chance > len(found.counts):
        note += " So few results can hardly reach all pictures: the list says little."
    ranking = _ranked(audit, oddity, found.counts, measure, found.counts == 0)
    return replace(ranking, note=note)


def _neighbour_of_many(
    audit: Audit, oddity: Oddity, _limits: UnusualLimits, progress: Progress
) -> UnusualPictures:
    found = audit.hubness_of_pictures(progress)
    measure = f"how many pictures have it among their {found.k} nearest"
    ranking = _ranked(audit, oddity, found.counts, measure, found.hubs)
    return replace(ranking, note=_skew(found))


def _skew(found: Hubness) -> str:
    most = int(found.counts.max(initial=0))
    note = f"Skewness of the counts {found.skewness:.2f}; the highest is {most:,}."
    if found.k * found.queries < len(found.counts):
        note += " There were fewer results than pictures, so the skewness says little."
    return note


def _blurred(
    audit: Audit, oddity: Oddity, limits: UnusualLimits, progress: Progress
) -> UnusualPictures:
    below = picture_quality.blur(audit.inventory, audit.image_statistics(progress))
    measure = "robust deviations less sharp than the median picture"
    return _ranked(audit, oddity, below, measure, below >= limits.quality.blur)


def _dark(
    audit: Audit, oddity: Oddity, limits: UnusualLimits, progress: Progress
) -> UnusualPictures:
    ends = picture_quality.bright_end(audit.inventory, audit.image_statistics(progress))
    measure = "luminance of the brighter end (95th percentile), 0 to 255"
    beyond = ends <= limits.quality.dark
    return _ranked(audit, oddity, ends, measure, beyond, lowest_first=True)


def _bright(
    audit: Audit, oddity: Oddity, limits: UnusualLimits, progress: Progress
) -> UnusualPictures:
    ends = picture_quality.dark_end(audit.inventory, audit.image_statistics(progress))
    measure = "luminance of the darker end (5th percentile), 0 to 255"
    return _ranked(audit, oddity, ends, measure, ends >= limits.quality.bright)


def _tiny(
    audit: Audit, oddity: Oddity, limits: UnusualLimits, _progress: Progress
) -> UnusualPictures:
    sides = picture_quality.shorter_side(audit.inventory)
    beyond = sides < limits.quality.tiny
    return _ranked(audit, oddity, sides, "pixels of the shorter side", beyond, lowest_first=True)


def _odd_shaped(
    audit: Audit, oddity: Oddity, limits: UnusualLimits, _progress: Progress
) -> UnusualPictures:
    ratios = picture_quality.elongation(audit.inventory)
    measure = "aspect ratio"
    return _ranked(audit, oddity, ratios, measure, ratios >= limits.quality.odd)


def _ranked(
    audit: Audit,
    oddity: Oddity,
    values: NDArray[np.generic],
    measure: str,
    beyond: NDArray[np.bool_] | None = None,
    *,
    lowest_first: bool = False,
) -> UnusualPictures:
    numbers = np.asarray(values, dtype=np.float64)
    shown = np.isfinite(numbers) if beyond is None else np.isfinite(numbers) & beyond
    places = np.flatnonzero(shown)
    order = np.argsort(numbers[places] if lowest_first else -numbers[places], kind="stable")
    places = places[order]
    return UnusualPictures(oddity, audit.inventory.picture_ids[places], numbers[places], measure)


_FINDERS: dict[Oddity, Callable[[Audit, Oddity, UnusualLimits, Progress], UnusualPictures]] = {
    Oddity.FAR: _far,
    Oddity.FAR_IN_CATEGORY: _in_category,
    Oddity.TYPICAL: _in_category,
    Oddity.HUB: _reached,
    Oddity.UNREACHED: _reached,
    Oddity.NEIGHBOUR_OF_MANY: _neighbour_of_many,
    Oddity.BLURRED: _blurred,
    Oddity.DARK: _dark,
    Oddity.BRIGHT: _bright,
    Oddity.TINY: _tiny,
    Oddity.ODD_SHAPED: _odd_shaped,
}
