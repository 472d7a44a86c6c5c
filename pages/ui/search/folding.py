"""Near copies among results, for which one card stands."""

from __future__ import annotations

from itertools import accumulate

from pages.ui.frame import resources
from pages.ui.frame.search_state import ALIKE
from pages.ui.search.asking import Answered
from search_engine import SearchEngine


def groups(engine: SearchEngine, found: Answered) -> list[list[int]]:
    """Return the places of results, those of near copies together where that is asked for.

    No result goes below another heading than its own, so that each count above one stays true.
    """
    shown = found.shown
    if found.asked.alike != ALIKE[0]:
        return [[place] for place in range(len(shown))]
    headings = accumulate(place in found.headings for place in range(len(shown)))
    parts = [(heading, result.stands_out) for heading, result in zip(headings, shown, strict=True)]
    return resources.near_copies(engine).gathered([one.record for one in shown], parts)
