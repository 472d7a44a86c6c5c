"""Blurred, dark, bright, tiny and oddly shaped pictures."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from search_engine.audit.image_statistics import SHARPNESS_SIDE, ImageStatistics
from search_engine.audit.inventory import Inventory


@dataclass(frozen=True, slots=True)
class QualityLimits:
    """From where on a picture is called odd."""

    blur: float = 2.5
    """So many robust standard deviations below the median of the collection, of log sharpness."""
    dark: float = 64.0
    """Luminance, 0 to 255, that 95 of 100 pixels stay below."""
    bright: float = 200.0
    """Luminance that 95 of 100 pixels are above."""
    tiny: int = 128
    """Pixels of the shorter side, not reached."""
    odd: float = 3.0
    """Aspect ratio: of a picture of 3 : 1 the model sees the middle third."""


_MAD_TO_DEVIATION = 1.4826


def robust_deviation(values: NDArray[np.float64], least: float) -> float:
    """Return the standard deviation that outliers do not stretch, from the median absolute one."""
    middle = np.median(np.abs(values - np.median(values)))
    return max(_MAD_TO_DEVIATION * float(middle), least)


_LEAST_SPREAD = 0.05
_LEAST_SHARPNESS = 1e-6


def blur(inventory: Inventory, statistics: ImageStatistics) -> NDArray[np.float64]:
    """Return how far each picture's sharpness is below the median of the collection.

    In robust standard deviations (median absolute deviation) of its logarithm, so that a collection
    of soft pictures is not blurred as a whole. NaN for pictures too small to tell and for those of
    one even colour. Drawings with large even areas look blurred, and noise looks sharp.
    """
    shorter = np.minimum(inventory.widths, inventory.heights)[inventory.firsts]
    tells = statistics["known"] & ~statistics["flat"] & (shorter >= SHARPNESS_SIDE // 2)
    logs = np.log(np.maximum(statistics["sharpness"].astype(np.float64), _LEAST_SHARPNESS))
    if not tells.any():
        return np.full(len(inventory), np.nan)
    median = np.median(logs[tells])
    spread = robust_deviation(logs[tells], _LEAST_SPREAD)
    below: NDArray[np.float64] = np.where(tells, (median - logs) / spread, np.nan)
    return below[inventory.contents]


def bright_end(inventory: Inventory, statistics: ImageStatistics) -> NDArray[np.float64]:
    """Return the luminance, 0 to 255, that 95 of 100 pixels of each picture stay below."""
    return _per_picture(inventory, statistics, "bright_end")


def dark_end(inventory: Inventory, statistics: ImageStatistics) -> NDArray[np.float64]:
    """Return the luminance, 0 to 255, that 95 of 100 pixels of each picture are above."""
    return _per_picture(inventory, statistics, "dark_end")


def _per_picture(
    inventory: Inventory, statistics: ImageStatistics, field: str
) -> NDArray[np.float64]:
    values: NDArray[np.float64] = np.where(statistics["known"], statistics[field], np.nan).astype(
        np.float64
    )
    return values[inventory.contents]


def shorter_side(inventory: Inventory) -> NDArray[np.float64]:
    """Return the pixels of each picture's shorter side; NaN where they are not known."""
    sides = np.minimum(inventory.widths, inventory.heights).astype(np.float64)
    return np.where(sides > 0, sides, np.nan)


def elongation(inventory: Inventory) -> NDArray[np.float64]:
    """Return each picture's longer side in shorter sides; NaN where they are not known."""
    ratios: NDArray[np.float64] = np.maximum(inventory.widths, inventory.heights) / shorter_side(
        inventory
    )
    return ratios
