"""Which kind of index at which size, and why: the one table.

Medians of one search on two cores, one thread, 512 dimensions, vectors made up as CLIP places
photographs; recall@10 of questions of one word that had no part in the tuning.
`lab.benchmark.search_speed` measures it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from search_engine.records import IndexKind


@dataclass(frozen=True, slots=True)
class Rule:
    """A row of the table."""

    up_to: float
    """Number of vectors, included."""
    kind: IndexKind
    why: str


POLICY = (
    Rule(
        200_000,
        IndexKind.EXACT,
        "certain; 14 ms at 100,000 and twice that at 200,000 are not seen beside the 140 ms that a"
        " page takes to show its results",
    ),
    Rule(
        math.inf,
        IndexKind.IVF,
        "a million takes 26 ms in 0.54 GB and finds 0.995 of the true ten, exact 105 ms in 2.1 GB",
    ),
)
"""HNSW is never chosen: it takes 2.2 GB for a million, cannot forget, and loses more answers to
words (recall 0.97 of 100,000 at efSearch 1,024, its highest)."""

_BACK_BELOW = 0.75
"""A collection that hovers round a limit is not made anew each time it crosses it: it goes back to
the kind for smaller ones when it has shrunk to this share of the limit."""


def kind_for(count: int, now: IndexKind | None = None) -> IndexKind:
    """Choose the kind for so many vectors; ``now`` is the kind that they are in, if any."""
    chosen = _by_table(count)
    if now is None or chosen is now:
        return chosen
    return now if _by_table(math.floor(count / _BACK_BELOW)) is now else chosen


def _by_table(count: int) -> IndexKind:
    return next(rule.kind for rule in POLICY if count <= rule.up_to)
