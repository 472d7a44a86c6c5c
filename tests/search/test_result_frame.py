"""Results as a pandas frame: the same as the results, with a type for each column."""

import numpy as np
import pandas as pd

from search_engine import Filters
from search_engine.search.result_frame import COLUMNS, frame_of
from search_engine.search.results import SearchResults


def test_it_holds_what_the_results_hold(indexed_gallery):
    """Row by row, in their order, with paths that lead to the files."""
    found = indexed_gallery.search("a red fish", k=12)
    frame = found.frame()
    assert frame["rank"].tolist() == list(range(1, 13))
    for row, result in zip(frame.itertuples(), found.results, strict=True):
        assert row.picture_id == result.record.picture_id
        assert row.path == str(indexed_gallery.path(result.record))
        assert (row.category, row.score) == (result.record.category, result.score)
        assert (row.match, row.stands_out) == (result.match, result.stands_out)
        assert (row.width, row.height) == (result.record.width, result.record.height)
        assert pd.Timestamp(row.taken).year >= 2020
        assert row.dated_by == "file's own date"
    assert frame[frame["stands_out"]]["category"].eq("fish").all()


def test_columns_have_the_same_types_with_and_without_rows(indexed_gallery):
    """So that frames can be joined, and nothing has to be asked of an empty one."""
    full = indexed_gallery.search("a red fish", k=3).frame()
    empty = indexed_gallery.search("a fish", filters=Filters(min_width=10**6)).frame()
    assert list(full) == list(empty) == list(COLUMNS)
    assert len(empty) == 0
    assert full.dtypes.tolist() == empty.dtypes.tolist()


def test_what_is_not_known_is_missing(build, engine):
    """No match is NaN and no truth value is <NA>, not 0 and not False."""
    build()
    found = engine().search("red", k=2)
    unknown = [one for one in found.results if one.match is None]
    frame = frame_of(found.results, None)
    assert frame["match"].isna().tolist() == [one in unknown for one in found.results]
    assert frame["path"].str.startswith("red/").all()
    assert frame["camera"].isna().all()


def test_every_column_is_explained():
    """In the order in which they come."""
    told = SearchResults.frame.__doc__
    lines = [line.split()[0] for line in told.splitlines() if line.strip()]
    assert [line for line in lines if line in COLUMNS] == list(COLUMNS)
    assert np.dtype(COLUMNS["score"]) == np.float64
