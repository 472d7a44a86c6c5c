"""All pictures in an order, without a query."""

import os
import time
from datetime import datetime

import pytest

from search_engine.collection import UNDATED, ListOrder
from search_engine.collection.catalog import Catalog
from search_engine.errors import CollectionDamaged
from search_engine.records import Filters, PictureFacts, PictureFile

DAY = 86_400 * 10**9
SOME = (
    # path, taken, changed, size
    ("b/IMG_2.jpg", "2024-05-03T10:00:00", 9 * DAY, (400, 300)),
    ("a/img_1.jpg", "2024-05-04T08:00:00", 1 * DAY, (300, 400)),
    ("a/scan.png", None, 5 * DAY, (900, 900)),
    ("a/Édouard.jpg", "2019-01-01T00:00:00", 2 * DAY, (100, 100)),
    ("b/later.png", None, 8 * DAY, (50, 50)),
    ("c/img_0.jpg", "2024-05-03T10:00:00", 3 * DAY, (10, 20)),
)
BY_DATE = ["img_1.jpg", "IMG_2.jpg", "img_0.jpg", "Édouard.jpg", "later.png", "scan.png"]


@pytest.fixture
def catalog(tmp_path):
    with Catalog.create(tmp_path) as catalog:
        for path, taken, changed, size in SOME:
            facts = PictureFacts("hash", *size, taken_at=taken)
            catalog.pictures.add(PictureFile(path, 1, changed), facts)
        yield catalog


def names(records):
    return [record.path.rpartition("/")[2] for record in records]


def listed(catalog, order=ListOrder.DATE, count=100, skip=0, **filters):
    return names(catalog.timeline.page(Filters(**filters), order, count, skip))


def test_the_newest_come_first_and_the_undated_last(catalog):
    """Of equal moments the one that was found first; those that only a file dates follow."""
    assert listed(catalog) == BY_DATE


def test_by_name_case_does_not_matter(catalog):
    """And folders do not either."""
    expected = ["img_0.jpg", "img_1.jpg", "IMG_2.jpg", "later.png", "scan.png", "Édouard.jpg"]
    assert listed(catalog, ListOrder.NAME) == expected


def test_by_size_the_largest_come_first(catalog):
    """By pixels; a picture on its side is as large."""
    expected = ["scan.png", "IMG_2.jpg", "img_1.jpg", "Édouard.jpg", "later.png", "img_0.jpg"]
    assert listed(catalog, ListOrder.SIZE) == expected


@pytest.mark.parametrize("order", ListOrder)
def test_pages_go_on_where_the_one_before_ended(catalog, order):
    """All pages together are the whole list, and beyond its end there is nothing."""
    whole = listed(catalog, order)
    assert [*listed(catalog, order, 4), *listed(catalog, order, 4, 4)] == whole
    assert listed(catalog, order, 4, 6) == []


@pytest.mark.parametrize("order", ListOrder)
def test_filters_leave_out_and_keep_the_order(catalog, order):
    """Of the folder that is asked for, and nothing that is hidden."""
    whole = listed(catalog, order)
    in_a = {"img_1.jpg", "scan.png", "Édouard.jpg"}
    a = frozenset(["a"])
    assert listed(catalog, order, categories=a) == [one for one in whole if one in in_a]
    hidden = catalog.timeline.page(Filters(), order, 1)[0]
    catalog.tags.hide([hidden.picture_id])
    assert listed(catalog, order, hidden=False) == whole[1:]
    catalog.tags.show([hidden.picture_id])
    assert listed(catalog, order, hidden=False) == whole
    assert listed(catalog, order, min_score=0.9) == whole


def test_months_are_counted_in_the_order_of_the_list(catalog):
    """The undated last; filters count."""
    months = catalog.timeline.months(Filters())
    assert list(months.items()) == [("2024-05", 3), ("2019-01", 1), (UNDATED, 2)]
    in_b = catalog.timeline.months(Filters(categories=frozenset(["b"])))
    assert list(in_b.items()) == [("2024-05", 1), (UNDATED, 1)]
    months.clear()  # what a caller does to its copy is its own affair
    assert len(catalog.timeline.months(Filters())) == 3


def test_a_new_picture_is_in_the_list_at_once(catalog):
    """What is kept is of this state of the catalog only."""
    before = listed(catalog)
    facts = PictureFacts("hash", 5, 5, taken_at="2030-01-01T00:00:00")
    catalog.pictures.add(PictureFile("new.jpg", 1, 1), facts)
    assert listed(catalog) == ["new.jpg", *before]
    assert next(iter(catalog.timeline.months(Filters()))) == "2030-01"


def test_names_that_are_not_utf_8_are_listed(catalog):
    """By their bytes, as far as they have no letters."""
    odd = os.fsdecode(b"\xff.jpg")
    catalog.pictures.add(PictureFile(odd, 1, 1), PictureFacts("hash", 5, 5))
    assert odd in listed(catalog, ListOrder.NAME)


def test_a_date_that_is_no_text_is_damage(catalog):
    """As everywhere in a catalog."""
    catalog._database.rows("UPDATE pictures SET taken_at = x'00' WHERE id = 1")
    with pytest.raises(CollectionDamaged):
        listed(catalog)


def test_many_pictures_are_listed_quickly(tmp_path):
    """Of 20,000 the first page, and the last, take no time that one would notice."""
    with Catalog.create(tmp_path) as catalog:
        with catalog.transaction():
            for number in range(20_000):
                day = datetime.fromordinal(730_000 + number * 7919 % 9_000)
                taken = None if number % 5 == 0 else day.isoformat()
                facts = PictureFacts("hash", 100, 100, taken_at=taken)
                catalog.pictures.add(PictureFile(f"{number}.jpg", 1, number * 10**9), facts)
        timeline, start = catalog.timeline, time.perf_counter()
        first = timeline.page(Filters(hidden=False), ListOrder.DATE, 48)
        last = timeline.page(Filters(hidden=False), ListOrder.DATE, 48, 19_952)
        assert time.perf_counter() - start < 2
    assert [one.taken_at for one in first] == sorted((one.taken_at for one in first), reverse=True)
    assert all(one.taken_at is None for one in last)
    assert [one.modified_ns for one in last] == sorted(
        (one.modified_ns for one in last), reverse=True
    )
