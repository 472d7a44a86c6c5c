"""The order in which people read results: one, however many of them are shown on a page.

What matches comes first, best match first; what is weaker follows, and never comes before a match.
The nearest pictures are searched by cosine, which is quick, and put in order by their match. So
that this order is the same on every page, so many are put in order together that no match is among
the last of them; beyond these, results follow by cosine.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from search_engine.calibration.verdict import JUDGED
from search_engine.records import SearchResult
from search_engine.search.results import SearchResults, in_order_of_match

TOGETHER = JUDGED
"""So many of the nearest pictures are put in order together, and more where it takes more."""
MOST_TOGETHER = 3840
_LAST = 4
"""There is no match among the last quarter of them."""


@dataclass(frozen=True, slots=True)
class ReadingOrder:
    """An answer in the order in which people read it."""

    answer: SearchResults
    """All results that were looked at, by rank; its verdict counts the matches among them."""
    order: tuple[SearchResult, ...]
    """The same, best first."""
    has_more_matches: bool
    """Whether there may be matches beyond these."""


def read(search: Callable[[int], SearchResults], wanted: int) -> ReadingOrder:
    """Search for results and put them in order.

    Args:
        search: Returns so many of the nearest pictures.
        wanted: How many results are needed, at least, where there are as many.

    Raises:
        BadQuery: The query cannot be run as it stands.
        ModelError: The model cannot be used.
    """
    count = TOGETHER
    answer = search(count)
    while _matches_go_on(answer.results, count) and count < MOST_TOGETHER:
        count *= 2
        answer = search(count)
    order = in_order_of_match(answer.results)
    goes_on = _matches_go_on(answer.results, count)
    if wanted > count == len(answer.results):
        further = [replace(one, stands_out=False) for one in search(wanted).results[count:]]
        answer = replace(answer, results=(*answer.results, *further))
        order += further
    return ReadingOrder(answer, tuple(order), goes_on)


def _matches_go_on(results: Sequence[SearchResult], count: int) -> bool:
    """Return whether there may be more matches among pictures that are less near."""
    last = results[-(count // _LAST) :]
    return len(results) == count and any(one.stands_out for one in last)
