"""Matches put in order, and apart: by what people look for pictures by."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from search_engine.collection.dating import date_of
from search_engine.names import compared
from search_engine.records import SearchResult


class Order(StrEnum):
    """What matches are ordered by."""

    MATCH = "match"
    DATE = "date"
    NAME = "name"
    SIZE = "size"


class Grouping(StrEnum):
    """What matches are put apart by."""

    DAY = "day"
    MONTH = "month"
    CATEGORY = "category"


_DAY, _MONTH = 10, 7
"""Letters of an ISO date."""


def in_order(results: Sequence[SearchResult], order: Order) -> list[SearchResult]:
    """Return results in an order: best match, newest, by name, or with most pixels first.

    Equal ones stay as they are.
    """
    match order:
        case Order.MATCH:
            return sorted(results, key=lambda one: -(one.match or 0))
        case Order.DATE:
            return sorted(results, key=_date, reverse=True)
        case Order.NAME:
            return sorted(results, key=lambda one: compared(one.record.path.rpartition("/")[2]))
        case Order.SIZE:
            return sorted(results, key=lambda one: -one.record.width * one.record.height)


def in_groups(results: Sequence[SearchResult], grouping: Grouping) -> dict[str, list[SearchResult]]:
    """Return results by group, each in the order given; newest days first, categories by name."""
    groups: dict[str, list[SearchResult]] = {}
    for result in results:
        groups.setdefault(group_of(result, grouping), []).append(result)
    newest = grouping is not Grouping.CATEGORY
    return {name: groups[name] for name in sorted(groups, key=compared, reverse=newest)}


def group_of(result: SearchResult, grouping: Grouping) -> str:
    """Return the name of a result's group: a day, a month, a category or none, the empty text."""
    if grouping is Grouping.CATEGORY:
        return result.record.category or ""
    return _date(result)[: _DAY if grouping is Grouping.DAY else _MONTH]


def _date(result: SearchResult) -> str:
    record = result.record
    return date_of(record.taken_at, record.dated_by, record.file_date_ns)[0]
