"""Remarks and dates from the file to whoever asks: catalog, command line and filters."""

import json

import numpy as np
import pytest
from PIL import Image

from search_engine import Library
from search_engine.collection.catalog import Catalog
from search_engine.collection.dating import DatedBy
from search_engine.collection.decoding import decode
from search_engine.records import READER, Filters, SkippedFile, SkipReason
from search_engine.sample import draw_gallery
from tests.collection.decoding.pictures import encoded, scene
from tests.conftest import counts, paint

NO_END = "the end of the file is missing"


@pytest.fixture
def records(settings):
    """Return the pictures of the collection by name."""

    def by_name():
        with Library(settings).open_catalog("pictures") as catalog:
            return {record.path.rpartition("/")[2]: record for record in catalog.pictures}

    return by_name


@pytest.fixture
def cut(pictures):
    """One picture of the folder lacks its end, another nearly everything."""
    whole = encoded(scene((480, 360)), "JPEG", quality=90)
    (pictures / "red" / "cut.jpg").write_bytes(whole[:-2])
    (pictures / "red" / "half.jpg").write_bytes(whole[: len(whole) // 2])
    return pictures


def test_a_remark_goes_with_the_picture(build, cut, records):
    """The catalog keeps it, the report counts it, and a file that lacks much is left out."""
    report = build()
    assert report.remarked == 1
    assert records()["cut.jpg"].remark == NO_END
    assert records()["cut.jpg"].reader == READER
    assert [(skip.path, skip.reason) for skip in report.skipped] == [
        ("red/half.jpg", SkipReason.DAMAGED)
    ]
    assert NO_END in report.skipped[0].detail


def test_a_remark_goes_when_the_file_is_mended(build, cut, records):
    """What was odd about a file is no longer said of another content."""
    build()
    (cut / "red" / "cut.jpg").write_bytes(encoded(scene((480, 360)), "JPEG", quality=90))
    assert build().remarked == 0
    assert records()["cut.jpg"].remark is None


def test_remarks_are_listed_on_the_command_line(run, cut):
    """The summary counts them, ``info --remarks`` names them, JSON holds them."""
    out = run("index", cut, "--name", "c", "--model", "mini")[1]
    assert "1 picture was read with a remark: info c --remarks" in out
    assert "1 picture was read with a remark: info c --remarks" in run("info", "c")[1]
    assert f"red/cut.jpg  ({NO_END})" in run("info", "c", "--remarks")[1]
    told = json.loads(run("info", "c", "--json")[1])
    assert told["remarks"] == [{"path": "red/cut.jpg", "remark": NO_END}]
    assert json.loads(run("index", cut, "--name", "c", "--json")[1])["remarked"] == 1


def test_what_an_older_version_left_out_is_tried_again(build, cut, settings, records):
    """An update reads it once more, though nothing of the file has changed."""
    build()
    with Catalog.open(Library(settings).folder("pictures")) as catalog:
        record = records()["cut.jpg"]
        catalog.pictures.remove([record.picture_id])
        stamp = (record.size_bytes, record.modified_ns, record.changed_ns)
        old = SkippedFile(record.path, SkipReason.DAMAGED, "truncated", *stamp, reader=1)
        catalog.skipped.put([old])
    assert counts(build())["added"] == 1
    assert records()["cut.jpg"].remark == NO_END
    assert "added" not in counts(build())


def test_a_name_dates_a_picture_that_nothing_else_does(build, pictures, records, settings):
    """The date of a name is found by filters, and goes with the name."""
    file = paint(pictures / "red" / "IMG_20190504_101112.png", "red", salt=99)
    build()
    dated = records()["IMG_20190504_101112.png"]
    assert (dated.taken_at, dated.dated_by) == ("2019-05-04T10:11:12", DatedBy.NAME)
    with Library(settings).open_catalog("pictures") as catalog:
        found = catalog.pictures.matching(Filters(dated_from="2019-05-04", dated_to="2019-05-04"))
    assert found.tolist() == [dated.picture_id]
    file.rename(file.with_name("cat.png"))
    assert counts(build()).get("embedded", 0) == 0
    assert (records()["cat.png"].taken_at, records()["cat.png"].dated_by) == (None, None)
    file.with_name("cat.png").rename(file.with_name("2020-01-02.png"))
    build()
    assert records()["2020-01-02.png"].taken_at == "2020-01-02T00:00:00"


def test_a_copy_has_the_date_of_its_own_name(build, pictures, records):
    """Two files of one content share the vector, not what their names say."""
    file = paint(pictures / "red" / "IMG_20190504_101112.png", "red", salt=99)
    build()
    file.with_name("copy.png").write_bytes(file.read_bytes())
    file.with_name("2020-01-02.png").write_bytes(file.read_bytes())
    build()
    assert records()["copy.png"].taken_at is None
    assert records()["2020-01-02.png"].taken_at == "2020-01-02T00:00:00"


def test_the_camera_counts_before_the_name(build, pictures, records):
    """A picture that says when it was taken is not dated by how it is called."""
    exif = Image.Exif()
    exif.get_ifd(0x8769)[0x9003] = "2008:01:02 03:04:05"
    path = pictures / "red" / "IMG_20190504_101112.jpg"
    scene().save(path, exif=exif)
    build()
    path.rename(path.with_name("2020-01-02.jpg"))
    build()
    record = records()["2020-01-02.jpg"]
    assert (record.taken_at, record.dated_by) == ("2008-01-02T03:04:05", DatedBy.CAMERA)


def test_drawings_are_decoded_as_ever(tmp_path):
    """Reading better changes nothing about files that were read well: pixel by pixel the same."""
    draw_gallery(tmp_path / "drawings", pictures=50)
    for path in sorted((tmp_path / "drawings").rglob("*.jpg")):
        with Image.open(path) as image:
            assert np.array_equal(np.asarray(decode(path.read_bytes()).image), np.asarray(image))
