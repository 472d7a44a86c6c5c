"""Charts: where names stand, in which unit, and which order shows most."""

import json
from itertools import pairwise

import altair as alt
import numpy as np
import pandas as pd
import pytest

from pages.ui.categories.category_overview import _start, _step
from pages.ui.widgets import charts
from search_engine.collection import Measure
from search_engine.explore import alike_in_order
from search_engine.explore.counts import Bar
from search_engine.records import Filters


def bar(low, high, date=""):
    return Bar(low, high, date, 1, Filters())


@pytest.mark.parametrize(
    ("measure", "one", "written", "start"),
    [
        (Measure.FILE_SIZE, bar(630_000, 1_000_000), "630 kB–1 MB", "630 kB"),
        (Measure.FILE_SIZE, bar(10_000, 16_000), "10–16 kB", "10 kB"),
        (Measure.FILE_SIZE, bar(1_600_000, 2_500_000), "1.6–2.5 MB", "1.6 MB"),
        (Measure.RESOLUTION, bar(160_000, 250_000), "0.16–0.25 MP", "0.16 MP"),
        (Measure.DATE, bar(0, 0, "2024-05"), "2024-05", "2024-05"),
    ],
)
def test_steps_are_in_the_unit_that_is_read_at_once(measure, one, written, start):
    """Each end has its own unit where they differ, and none is a power of ten."""
    assert _step(measure, one) == written
    assert _start(measure, one) == start


def drawn(names):
    table = pd.DataFrame({"name": names, "pictures": range(1, len(names) + 1)})
    return charts.named_bars(table, "name", {"shorthand": "pictures:Q"}, [], "name").to_dict()


def test_bars_lie_where_their_names_do_not_fit_below():
    """No name is turned or left out: few short ones stand, others have a row each."""
    few = drawn(["cat", "dog", "fish"])["encoding"]
    assert (few["x"]["field"], few["y"]["field"]) == ("name", "pictures")
    many = drawn([f"a long name {at}" for at in range(20)])
    assert (many["encoding"]["y"]["field"], many["encoding"]["x"]["field"]) == ("name", "pictures")
    for axis in (few["x"]["axis"], many["encoding"]["y"]["axis"]):
        assert (axis["labelAngle"], axis["labelOverlap"]) == (0, False)
    assert many["height"] >= 20 * 20


def square(count, *, named):
    names = [f"category {at}" for at in range(count)]
    table = pd.DataFrame({"one": names, "other": names, "similarity": 1.0})
    made = charts.heat_map(table, names[::-1], alt.Color("similarity:Q"), [], named=named)
    return made.to_dict()


def test_a_heat_map_names_all_rows_or_none():
    """Every row has its name in letters that can be read, or the map is small and has none."""
    named = square(50, named=True)
    assert named["height"] >= 50 * 14
    assert named["encoding"]["y"]["axis"]["labels"]
    assert named["encoding"]["y"]["axis"]["labelOverlap"] is False
    assert named["encoding"]["y"]["axis"]["labelFontSize"] >= 11
    plain = square(50, named=False)
    assert not plain["encoding"]["y"]["axis"]["labels"]
    assert plain["height"] < 600
    assert plain["encoding"]["y"]["sort"][0] == "category 49"
    assert json.dumps(plain).count("labels") == 2


def test_alike_categories_are_neighbours():
    """Two kinds that are mixed up come out apart, each together; every one has a place."""
    kind = np.array([0, 1, 0, 1, 0, 1, 2])
    rng = np.random.default_rng(0)
    likeness = np.where(kind[:, None] == kind, 0.8, 0.2) + rng.normal(0, 0.01, (7, 7))
    order = alike_in_order((likeness + likeness.T) / 2)
    assert sorted(order) == list(range(7))
    kinds = kind[order].tolist()
    assert sum(one != other for one, other in pairwise(kinds)) == 2
    assert alike_in_order(np.array([[1.0, np.nan], [np.nan, 1.0]])) == [0, 1]
    assert sorted(alike_in_order(np.full((4, 4), np.nan))) == [0, 1, 2, 3]
