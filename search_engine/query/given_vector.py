"""A vector that another program made, as a part of a query."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from search_engine.embedding import unit_rows
from search_engine.errors import BadQuery
from search_engine.records import Vectors


@dataclass(frozen=True, slots=True)
class GivenVector:
    """A vector of the collection's model, of any length but none."""

    values: tuple[float, ...]

    def as_unit(self, dimension: int | None) -> Vectors:
        """Return it of length one, shape (dimension,), which is looked at where it is known.

        Raises:
            BadQuery: It is of another dimension, or no vector.
        """
        count = len(self.values)
        if dimension is not None and count != dimension:
            cause = (
                f"The vector has {count:,} numbers, and those of the collection have {dimension:,}"
            )
            raise BadQuery(cause, remedy="Give one of the model that the collection was made with.")
        with np.errstate(over="ignore"):  # what float32 cannot hold is no number of a vector
            row: Vectors = unit_rows(np.array(self.values)[None])[0]
        if not np.isfinite(row).all():
            cause = "The vector has numbers that are none, or only zeros"
            raise BadQuery(cause, remedy="Give one that the model made.")
        return row

    def __str__(self) -> str:
        """Say what it is; it has no name in the syntax of a query."""
        return f"(vector of {len(self.values):,} numbers)"
