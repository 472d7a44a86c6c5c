"""Which pictures a filter lets through."""

import time
from dataclasses import replace
from datetime import datetime

import pytest

from search_engine.collection.catalog import Catalog
from search_engine.records import Filters, Orientation, PictureFacts, PictureFile

ODD = b"caf\xe9/\xff.jpg".decode("utf-8", "surrogateescape")


def nanoseconds(*moment):
    """A time of change, given as the local time that a file manager shows."""
    return int(datetime(*moment).astimezone().timestamp()) * 10**9


class Shelf:
    """A catalog that is filled by path and asked for paths."""

    def __init__(self, catalog):
        self.pictures = catalog.pictures

    def put(self, path, *, size=(100, 100), taken=None, changed=0):
        """Add a picture."""
        file = PictureFile(path, 1, changed)
        self.pictures.add(file, PictureFacts("hash", *size, taken_at=taken))

    def find(self, **filters):
        """Return the paths that pass, in the order of their ids."""
        ids = self.pictures.matching(Filters(**filters))
        assert ids.dtype == "int64"
        records = {record.picture_id: record for record in self.pictures}
        return [records[int(picture_id)].path for picture_id in ids]


@pytest.fixture
def shelf(tmp_path):
    with Catalog.create(tmp_path) as catalog:
        yield Shelf(catalog)


@pytest.fixture
def named(shelf):
    """A shelf with names that mean something to patterns."""
    for path in ("top.jpg", "cats/a.jpg", "cats/old/b.PNG", "100%_done.jpg", "100 done.jpg",
                 "back\\slash.jpg", "x_y/z.jpg", "xay/z.jpg", "Ärger/ö.jpg", ODD):  # fmt: skip
        shelf.put(path)
    return shelf


def test_no_filter_lets_everything_through(named):
    """An empty filter restricts nothing and gives ids in ascending order."""
    assert len(named.find()) == 10
    assert named.find()[0] == "top.jpg"
    assert not Filters().restricts_pictures
    assert not Filters(min_score=0.5).restricts_pictures


@pytest.mark.parametrize(
    ("categories", "expected"),
    [
        ({"cats"}, ["cats/a.jpg", "cats/old/b.PNG"]),
        ({"cats", "xay"}, ["cats/a.jpg", "cats/old/b.PNG", "xay/z.jpg"]),
        ({""}, ["top.jpg", "100%_done.jpg", "100 done.jpg", "back\\slash.jpg"]),
        ({"", "x_y"}, ["top.jpg", "100%_done.jpg", "100 done.jpg", "back\\slash.jpg", "x_y/z.jpg"]),
        ({ODD.partition("/")[0]}, [ODD]),
        ({"Ärger"}, ["Ärger/ö.jpg"]),
        ({"none", "cat", "old"}, []),
        ({"' OR 1=1 --"}, []),
        (set(), []),
    ],
)
def test_categories(named, categories, expected):
    """Only pictures of the named first folders pass; the empty name means those in none."""
    assert named.find(categories=frozenset(categories)) == expected


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("cats/*", ["cats/a.jpg", "cats/old/b.PNG"]),
        ("*.png", ["cats/old/b.PNG"]),
        ("?ats/?.jpg", ["cats/a.jpg"]),
        ("CATS/A*", ["cats/a.jpg"]),
        ("ats/*", []),
        ("old", ["cats/old/b.PNG"]),
        ("a.jpg", ["cats/a.jpg"]),
        ("100%", ["100%_done.jpg"]),
        ("100%*", ["100%_done.jpg"]),
        ("x_y", ["x_y/z.jpg"]),
        ("x?y/*", ["x_y/z.jpg", "xay/z.jpg"]),
        ("%", ["100%_done.jpg"]),
        ("\\", ["back\\slash.jpg"]),
        ("back\\*", ["back\\slash.jpg"]),
        ("Ärger/?.jpg", ["Ärger/ö.jpg"]),
        ("' OR 1=1 --", []),
        (ODD, [ODD]),
        (ODD[:4] + "/*", [ODD]),
        ("caf?/?.jpg", [ODD]),
    ],
)
def test_path_patterns(named, pattern, expected):
    """* and ? match over the whole path, plain text anywhere in it; no other sign is special."""
    assert named.find(path=pattern) == expected


@pytest.mark.parametrize("pattern", ["ärger/*", "ÄRGER/Ö*", "ärger"])
def test_case_does_not_matter_in_any_alphabet(named, pattern):
    """A pattern that is blind to case is so for all letters, not only for English ones."""
    assert named.find(path=pattern) == ["Ärger/ö.jpg"]


def test_everything_matches_a_star(named):
    """A lone star, and an empty pattern, let everything through."""
    assert len(named.find(path="*")) == len(named.find(path="")) == 10


@pytest.fixture(params=["UTC", "Asia/Tokyo", "America/Los_Angeles"])
def somewhere(request, monkeypatch):
    """Places where the day begins at different times."""
    with monkeypatch.context() as there:
        there.setenv("TZ", request.param)
        time.tzset()
        yield
    time.tzset()


@pytest.fixture
def dated(somewhere, shelf):
    """Pictures named after their dates, from the file's time where the camera gave none."""
    shelf.put("2023-12-31 23:59", taken="2023-12-31T23:59:59")
    shelf.put("2024-05-01 00:00", taken="2024-05-01T00:00:00", changed=nanoseconds(2030, 1, 1))
    shelf.put("2024-05-17 12:00 file", changed=nanoseconds(2024, 5, 17, 12))
    shelf.put("2024-05-31 23:30 file", changed=nanoseconds(2024, 5, 31, 23, 30))
    shelf.put("2024-06-01 00:00", taken="2024-06-01T00:00:00")
    shelf.put("1969-07-20 20:17 file", changed=nanoseconds(1969, 7, 20, 20, 17))
    return shelf


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ("2024-05", "2024-05", ["2024-05-01 00:00", "2024-05-17 12:00", "2024-05-31 23:30"]),
        ("2024-05-01", "2024-05-01", ["2024-05-01 00:00"]),
        ("2024-05-31", "2024-05-31", ["2024-05-31 23:30"]),
        ("2024-05-31", None, ["2024-05-31 23:30", "2024-06-01 00:00"]),
        (None, "2023", ["2023-12-31 23:59", "1969-07-20 20:17"]),
        ("2023", "2023", ["2023-12-31 23:59"]),
        ("1969", "1970", ["1969-07-20 20:17"]),
        ("2024-05-17T12:00", "2024-05-17T12:00", ["2024-05-17 12:00"]),
        ("2024-05-17T12:00:01", "2024-05-17", []),
        ("2025", None, []),
        ("2024-06", "2024-05", []),
    ],
)
def test_dates(dated, start, end, expected):
    """Both ends count as far as they are given: all of May lies within 2024-05."""
    found = dated.find(dated_from=start, dated_to=end)
    assert [path.removesuffix(" file") for path in found] == expected


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({"min_width": 200}, ["wide", "large"]),
        ({"max_width": 200}, ["small", "high", "wide"]),
        ({"min_height": 201}, ["high", "large"]),
        ({"max_height": 99}, []),
        ({"max_height": 100}, ["small", "wide"]),
        ({"min_width": 150, "max_width": 250}, ["wide"]),
        ({"min_width": 0}, ["small", "high", "wide", "large"]),
        ({"max_width": 0}, []),
        ({"orientation": Orientation.LANDSCAPE}, ["wide"]),
        ({"orientation": Orientation.PORTRAIT}, ["high"]),
        ({"orientation": Orientation.SQUARE}, ["small", "large"]),
        ({"orientation": Orientation.SQUARE, "min_width": 200}, ["large"]),
    ],
    ids=str,
)
def test_sizes(shelf, filters, expected):
    """Sides pass from the smallest to the largest allowed, and by which of them is longer."""
    for name, size in (("small", (100, 100)), ("high", (100, 300)), ("wide", (200, 100)),
                       ("large", (300, 300))):  # fmt: skip
        shelf.put(name, size=size)
    assert shelf.find(**filters) == expected


def test_all_filters_together(shelf):
    """A picture has to pass every filter; failing one is enough to be left out."""
    wanted = {"size": (200, 300), "taken": "2024-05-05T10:00:00"}
    filters = {
        "categories": frozenset({"cats"}),
        "path": "*hit*",
        "dated_from": "2024-05",
        "dated_to": "2024-05",
        "min_width": 200,
        "max_width": 200,
        "min_height": 300,
        "max_height": 300,
    }
    shelf.put("cats/hit.jpg", **wanted)
    shelf.put("dogs/hit.jpg", **wanted)
    shelf.put("cats/miss.jpg", **wanted)
    for number, other in enumerate([
        {"taken": "2024-04-30T23:59:59"}, {"taken": "2024-06-01T00:00:00"},
        {"size": (199, 300)}, {"size": (201, 300)}, {"size": (200, 299)}, {"size": (200, 301)},
    ]):  # fmt: skip
        shelf.put(f"cats/hit {number}.jpg", **(wanted | other))
    assert shelf.find(**filters) == ["cats/hit.jpg"]
    for left_out in filters:
        fewer = {name: value for name, value in filters.items() if name != left_out}
        assert len(shelf.find(**fewer)) == 2, left_out


def test_a_filter_asked_again_notices_every_change(tmp_path):
    """What passed is remembered until the catalog changes, here or through another process."""
    filters = Filters(path="a*", min_score=0.5)
    with Catalog.create(tmp_path) as catalog, Catalog.open(tmp_path) as another:
        Shelf(catalog).put("a1")
        first = catalog.pictures.matching(filters)
        assert catalog.pictures.matching(replace(filters, min_score=None)) is first
        Shelf(another).put("a2")
        assert len(catalog.pictures.matching(filters)) == 2
        catalog.pictures.remove(first.tolist())
        assert len(catalog.pictures.matching(filters)) == 1
