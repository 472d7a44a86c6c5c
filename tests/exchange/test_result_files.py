"""Results as one file say the same in every kind, and no kind says more than there is."""

import csv
import io
import json
import zipfile
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from search_engine.errors import BadInput
from search_engine.exchange import ResultForm, form_of, pictures_as, results_as
from search_engine.files import tables


def rows(content):
    """Read a table as a spreadsheet does, and take its marks away."""
    lines = csv.DictReader(io.StringIO(content.decode(tables.ENCODING), newline=""))
    return [{name: tables.as_named(cell) for name, cell in line.items()} for line in lines]


@pytest.fixture
def found(shared):
    """The results of a search, the first of which have tags."""
    return shared.search("black", k=4).results


def test_lines_and_parquet_have_the_keys_and_values_of_the_table(shared, found):
    """One row a result, in their order; tags are a list, and what is not known is null."""
    lines = [
        json.loads(line)
        for line in results_as(shared, found, ResultForm.JSON_LINES).decode().splitlines()
    ]
    table = pq.read_table(io.BytesIO(results_as(shared, found, ResultForm.PARQUET))).to_pylist()
    assert lines == table
    assert [line["picture_id"] for line in lines] == [one.record.picture_id for one in found]
    tags = {line["picture_id"]: set(line["tags"]) for line in lines}
    assert tags[1] == {"sea"}
    assert tags[2] == {"sea", 'Ärger, "quoted"'}
    cells_of = rows(results_as(shared, found, ResultForm.CSV))
    for line, cells in zip(lines, cells_of, strict=True):
        assert list(line) == list(cells)
        assert tables.as_values(cells.pop("tags")) == line.pop("tags")
        assert {name: "" if value is None else str(value) for name, value in line.items()} == cells


def test_the_pictures_come_with_their_dates(shared, found):
    """As they are, each once, and whoever unpacks them has the dates they had."""
    packed = results_as(shared, found, ResultForm.ZIP)
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        assert [archive.read(name) for name in archive.namelist()] == [
            shared.path(one.record).read_bytes() for one in found
        ]
        assert archive.infolist()[0].date_time[0] >= 2020


def test_chosen_pictures_have_no_rank(shared, found):
    """What no query has found has no score either."""
    records = [one.record for one in found]
    line = json.loads(pictures_as(shared, records, ResultForm.JSON_LINES).splitlines()[0])
    assert not {"rank", "score", "match"} & set(line)
    assert line["path"] == str(shared.path(records[0]))


def test_a_name_says_what_kind_of_file_it_is():
    """And any other ending is refused with those that there are."""
    assert form_of(Path("a/B.JSONL")) is ResultForm.JSON_LINES
    with pytest.raises(BadInput, match=r"\.csv, \.jsonl, \.parquet, \.zip"):
        form_of(Path("results.xlsx"))
