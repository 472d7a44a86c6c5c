"""What the catalog says in sum, against the plain way over all its pictures."""

import random
import time
from collections import Counter, defaultdict
from datetime import datetime

import pytest

from search_engine.collection.catalog import Catalog, Measure
from search_engine.explore.counts import count_in_steps
from search_engine.records import (
    Filters,
    PictureFacts,
    PictureFile,
    SkippedFile,
    SkipReason,
)

DAY = 86_400 * 10**9
NOON = 1_700_000_000 * 10**9


@pytest.fixture
def catalog(tmp_path):
    with Catalog.create(tmp_path / "cats") as catalog:
        yield catalog


@pytest.fixture
def mixed(catalog):
    """Three hundred pictures of all kinds of facts, in folders of very unequal size."""
    chance = random.Random(0)  # noqa: S311 - only has to be the same each time
    folders = [
        "",
        *[f"c{chance.randrange(3)}/" for _ in range(5)],
        b"\xff/".decode(errors="surrogateescape"),
    ]
    for number in range(300):
        moment = NOON + chance.randrange(-900, 900) * DAY + chance.randrange(DAY)
        taken = datetime.fromtimestamp(moment // 10**9).astimezone().strftime("%Y-%m-%dT%H:%M:%S")
        file = PictureFile(f"{chance.choice(folders)}{number}.jpg", chance.randrange(10**6), moment)
        size = chance.randrange(1, 900), chance.randrange(1, 900)
        known = PictureFacts(f"{number}", *size, taken_at=chance.choice([taken, None]))
        catalog.pictures.add(file, known)
    catalog.pictures.remove([3, 77, 150])
    return catalog


def date_of(record):
    """When a picture was taken or its file changed, as a clock here showed it."""
    seconds = record.modified_ns // 10**9
    of_file = datetime.fromtimestamp(seconds).astimezone().strftime("%Y-%m-%dT%H:%M:%S")
    return record.taken_at or of_file


def test_categories_are_summed_up_as_by_hand(mixed):
    """Count, bytes, mean resolution and both dates of each category are those of its pictures."""
    by_name = defaultdict(list)
    for record in mixed.pictures:
        by_name[record.category or ""].append(record)
    found = mixed.statistics.categories()
    assert [one.name for one in found] == list(mixed.statistics.category_numbers()[0])
    assert {one.name for one in found} == set(by_name)
    for one in found:
        records = by_name[one.name]
        dates = sorted(map(date_of, records))
        assert one.pictures == len(records)
        assert one.size_bytes == sum(r.size_bytes for r in records)
        assert one.mean_pixels == pytest.approx(
            sum(r.width * r.height for r in records) / len(records)
        )
        assert (one.first_date, one.last_date) == (dates[0], dates[-1])


def test_every_id_has_the_number_of_its_category(mixed):
    """Ids come in ascending order, each with the place of its category's name."""
    names, ids, numbers = mixed.statistics.category_numbers()
    plain = {record.picture_id: record.category or "" for record in mixed.pictures}
    assert {int(i): names[n] for i, n in zip(ids, numbers, strict=True)} == plain
    assert ids.tolist() == sorted(plain)


def test_an_empty_catalog_sums_up_to_nothing(catalog):
    """Without pictures there are no categories, no numbers and no bars."""
    names, ids, numbers = catalog.statistics.category_numbers()
    assert (names, ids.tolist(), numbers.tolist()) == ([], [], [])
    assert catalog.statistics.categories() == []
    assert catalog.pictures.count_categories() == 0
    assert catalog.pictures.spread(5) == []
    assert [count_in_steps(catalog, measure) for measure in Measure] == [[], [], []]


def test_categories_are_counted_without_those_in_none(mixed):
    """As many are counted as have a name."""
    names = {record.category for record in mixed.pictures} - {None}
    assert mixed.pictures.count_categories() == len(names)


@pytest.mark.parametrize("days", [0, 20, 200, 2_000])
def test_bars_of_dates_hold_each_picture_once(catalog, days):
    """Days become months and months years when there are many, and nothing is lost."""
    for number in range(60):
        file = PictureFile(f"{number}.jpg", 1, NOON + days * number * DAY // 60)
        catalog.pictures.add(file, PictureFacts("hash", 1, 1))
    digits = {0: 10, 20: 10, 200: 7, 2_000: 4}[days]
    bars = {bar.date: bar.pictures for bar in count_in_steps(catalog, Measure.DATE)}
    assert bars == Counter(date_of(record)[:digits] for record in catalog.pictures)
    assert list(bars) == sorted(bars)


@pytest.mark.parametrize(
    "zone", ["UTC", "Pacific/Kiritimati", "Pacific/Pago_Pago", "America/New_York"]
)
@pytest.mark.parametrize("digits", [4, 6, 7, 10, 13, 16, 19])
def test_dates_filter_by_what_clocks_here_showed(mixed, monkeypatch, zone, digits):
    """Whatever the time zone, dates let through what a comparison of written dates does."""
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    try:
        some = sorted(map(date_of, mixed.pictures))[::40]
        for date in [
            some[0][:digits],
            some[3][:digits],
            some[-1][:digits],
            "2023-99"[:digits],
            "x",
        ]:
            since = mixed.pictures.some(Filters(dated_from=date), 999)
            until = mixed.pictures.some(Filters(dated_to=date), 999)
            everything = list(mixed.pictures)
            assert since == [r for r in everything if date_of(r) >= date]
            assert until == [r for r in everything if date_of(r)[: len(date)] <= date]
    finally:
        monkeypatch.undo()
        time.tzset()


def test_pictures_are_taken_in_turns(catalog):
    """Each category gives one before any gives a second; the large ones fill up what is left."""
    for name, count in (("large", 50), ("small", 1), ("third", 3)):
        for number in range(count):
            catalog.pictures.add(PictureFile(f"{name}/{number}.jpg", 1, 1), PictureFacts("x", 1, 1))
    found = [record.category for record in catalog.pictures.spread(8)]
    assert sorted(found[:3]) == ["large", "small", "third"]
    assert Counter(found) == {"large": 4, "third": 3, "small": 1}
    assert len({record.picture_id for record in catalog.pictures.spread(99)}) == 54


def test_a_sample_comes_from_all_over(catalog):
    """Of many categories and pictures not only the first are taken."""
    for number in range(400):
        place = f"c{number % 100:02}/{number}.jpg"
        catalog.pictures.add(PictureFile(place, 1, 1), PictureFacts("x", 1, 1))
        catalog.pictures.add(PictureFile(f"whole/{number}.jpg", 1, 1), PictureFacts("x", 1, 1))
    names = [record.category for record in catalog.pictures.spread(11)]
    assert len(set(names)) == 11
    assert (min(names), max(names)) == ("c00", "whole")


def test_files_are_known_by_their_stamps(mixed):
    """What every picture's file is known by is told by its path."""
    assert mixed.pictures.stamps() == {
        record.path: (record.size_bytes, record.modified_ns, record.changed_ns, record.device)
        for record in mixed.pictures
    }


def test_only_some_of_the_skipped_files_are_read(catalog):
    """The first by path come, no more than were asked for."""
    skips = [SkippedFile(f"{n}.jpg", SkipReason.EMPTY, "") for n in (3, 1, 2)]
    catalog.skipped.put(skips)
    assert [skip.path for skip in catalog.skipped.some(2)] == ["1.jpg", "2.jpg"]
    assert len(catalog.skipped.some(9)) == 3


def test_a_build_that_runs_has_not_ended(catalog):
    """The number of the last build changes when a build ends, whichever way, not when it begins."""
    assert catalog.builds.ended() == 0
    first = catalog.builds.start("model")
    assert catalog.builds.ended() == 0
    catalog.builds.finish(first, "done")
    assert catalog.builds.ended() == first
    second = catalog.builds.start("model")
    assert catalog.builds.ended() == first
    catalog.builds.finish(second, "cancelled")
    assert catalog.builds.ended() == second
