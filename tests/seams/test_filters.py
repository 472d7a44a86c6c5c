"""Every filter against a plain one in Python, with values below, on and above each boundary."""

import os
from contextlib import contextmanager
from dataclasses import fields, replace

import numpy as np
import pytest
from PIL import Image

from pages.ui.frame.address import SearchState
from pages.ui.search import filter_form
from search_engine import Filters, SearchEngine, Settings, build_collection, plan_build
from search_engine.collection.dating import date_of
from search_engine.errors import BadInput
from search_engine.records import Orientation
from search_engine.records.patterns import fits
from tests.conftest import COLOURS, ColourEmbedder

MANY = 1_000


def dated(record):
    """Return the ISO date that counts for a picture."""
    return date_of(record.taken_at, record.dated_by, record.file_date_ns)[0]


LEAST = {
    "min_width": lambda record: record.width,
    "min_height": lambda record: record.height,
    "min_bytes": lambda record: record.size_bytes,
    "min_pixels": lambda record: record.width * record.height,
    "dated_from": lambda record: dated(record)[:10],
}
"""Filters that let through what has as much, and the figure that they are about."""
MOST = {
    "max_width": LEAST["min_width"],
    "max_height": LEAST["min_height"],
    "max_bytes": LEAST["min_bytes"],
    "max_pixels": LEAST["min_pixels"],
    "dated_to": LEAST["dated_from"],
}
OTHERS = {"categories", "path", "orientation", "min_score", "min_match", "tags", "hidden"}


@pytest.fixture(scope="module")
def varied(tmp_path_factory):
    """Pictures of which no two have the same width, height, length, date or score."""
    with indexed_variety(tmp_path_factory.mktemp("varied")) as engine:
        yield engine


@contextmanager
def indexed_variety(root, store="local"):
    """Index such pictures, and open them."""
    embedder = ColourEmbedder()
    sizes = ((60, 40), (41, 61), (50, 50), (62, 39), (38, 63), (51, 51), (64, 37), (36, 65))
    for number, size in enumerate(sizes):
        colour = list(COLOURS)[number % 3]
        folder = root / "pictures" / (colour if number else "")
        folder.mkdir(parents=True, exist_ok=True)
        image = Image.new("RGB", size, tuple(part + 3 * number for part in COLOURS[colour]))
        exif = Image.Exif()
        exif.get_ifd(0x8769)[0x9003] = f"2024:0{number + 1}:15 23:59:48"
        file = folder / f"{number} {colour}.jpg"
        image.save(file, **({"exif": exif} if number % 2 else {}), comment="x" * number)
        os.utime(file, (1_700_000_000 + 86_400 * number,) * 2)
    settings = Settings(root / "data")
    name, wanted = plan_build(root / "pictures", settings, model_id="colours", store=store)
    build_collection(name, wanted, settings, load=lambda *_: embedder)
    with SearchEngine.open(name, settings, load=lambda *_: embedder) as engine:
        yield engine


def found(engine, filters):
    """Return the ids of what a search gives and what all scores are of: they must agree."""
    answer = engine.search("red", MANY, filters)
    ids = sorted(one.record.picture_id for one in answer.results)
    assert engine.score_all("red", filters).all.picture_ids.tolist() == ids
    if filters.min_score is None:
        assert answer.considered == len(ids)
        assert engine.catalog.pictures.matching(filters).tolist() == ids
        assert engine.catalog.pictures.count(filters) == len(ids)
    return ids


def searched(engine, filters):
    """Return the scores of a search, by id."""
    results = engine.search("red", MANY, filters).results
    return {one.record.picture_id: one.score for one in results}


def all_scored(engine, filters):
    """Return the scores of everything, by id; their last bit may be another one."""
    scored = engine.score_all("red", filters).all
    return dict(zip(scored.picture_ids.tolist(), scored.scores.tolist(), strict=True))


def next_to(score):
    """Return a score, and the numbers of its precision next to it."""
    single = np.float32(score)
    return [float(np.nextafter(single, np.float32(to))) for to in (-2, score, 2)]


def that(engine, fits):
    """Return the ids of the pictures that fit, in their order."""
    return sorted(one.picture_id for one in engine.catalog.pictures if fits(one))


def around(value):
    """Return a value, and those next to it."""
    if isinstance(value, int):
        return value - 1, value, value + 1
    year, month, day = value.split("-")
    return tuple(f"{year}-{month}-{int(day) + step:02}" for step in (-1, 0, 1))


def test_the_pictures_differ(varied):
    """A figure that two pictures have in common would hide which side of a boundary they are on."""
    for figure in LEAST.values():
        assert len({figure(record) for record in varied.catalog.pictures}) == len(varied) == 8


def test_every_filter_is_here():
    """A new filter needs a plain one beside it."""
    assert {field.name for field in fields(Filters)} == {*LEAST, *MOST, *OTHERS}


@pytest.mark.parametrize("name", [*LEAST, *MOST])
def test_each_limit_lets_its_own_value_through(varied, name):
    """At a limit that a picture has exactly, it is in; beyond, it is out."""
    figure = LEAST.get(name) or MOST[name]
    for record in varied.catalog.pictures:
        for limit in around(figure(record)):
            expected = that(
                varied,
                lambda one, limit=limit: (
                    figure(one) >= limit if name in LEAST else figure(one) <= limit
                ),
            )
            assert found(varied, Filters(**{name: limit})) == expected, limit


@pytest.mark.parametrize(("asked", "until"), [("2024", "2024-12-31"), ("2024-02", "2024-02-29")])
def test_a_year_or_a_month_is_all_of_it(varied, asked, until):
    """Both ends are in, to the last second of the last day."""
    inside = that(varied, lambda one: dated(one).startswith(asked))
    assert inside
    assert found(varied, Filters(dated_from=asked, dated_to=asked)) == inside
    assert found(varied, Filters(dated_from=asked, dated_to=until)) == inside


def test_a_moment_is_in_to_the_second(varied):
    """A date may have a time; what was taken at that second is in, a second later it is not."""
    for record in varied.catalog.pictures:
        moment = dated(record)
        later = f"{moment[:-2]}{int(moment[-2:]) + 1:02}"
        for limit in (moment, later):
            since = that(varied, lambda one, limit=limit: dated(one) >= limit)
            until = that(varied, lambda one, limit=limit: dated(one) <= limit)
            assert found(varied, Filters(dated_from=limit)) == since
            assert found(varied, Filters(dated_to=limit)) == until


@pytest.mark.parametrize("orientation", list(Orientation))
def test_each_orientation_is_its_own(varied, orientation):
    """Square pictures are neither landscape nor portrait."""
    fits = {
        Orientation.LANDSCAPE: lambda one: one.width > one.height,
        Orientation.PORTRAIT: lambda one: one.width < one.height,
        Orientation.SQUARE: lambda one: one.width == one.height,
    }[orientation]
    assert found(varied, Filters(orientation=orientation)) == that(varied, fits) != []


@pytest.mark.parametrize("names", [{"red"}, {"red", "blue"}, {""}, {"", "red"}, {"none"}, set()])
def test_categories_are_those_that_are_named(varied, names):
    """The empty name stands for pictures in none."""
    expected = that(varied, lambda one: (one.category or "") in names)
    assert found(varied, Filters(categories=frozenset(names))) == expected


@pytest.mark.parametrize(
    ("pattern", "fits"),
    [
        ("red", lambda path: "red" in path),
        ("red/", lambda path: path.startswith("red/")),
        ("/red", lambda path: path.startswith("red/")),
        ("? green.jpg", lambda path: path.endswith(" green.jpg")),
        ("3*", lambda path: path.rpartition("/")[2].startswith("3")),
        ("3", lambda path: "3 " in path),
        ("gree", lambda _path: False),
        ("GREEN", lambda path: "green" in path),
    ],
)
def test_patterns_fit_words_and_whole_names(varied, pattern, fits):
    """As the help says: a word, or whole names with signs for anything."""
    assert found(varied, Filters(path=pattern)) == that(varied, lambda one: fits(one.path))


@pytest.mark.parametrize(
    "patterns", [("red", "3"), ("red/", "/green"), ("gree", "nothing"), ("gree", "GREEN"), ()]
)
def test_of_several_patterns_one_has_to_fit(varied, patterns):
    """And of none, none does."""
    expected = that(varied, lambda one: any(fits(one.path, pattern) for pattern in patterns))
    assert found(varied, Filters(path=patterns)) == expected


def test_there_are_not_too_many_patterns(varied):
    """Each is tried on each path, so that thousands would take minutes."""
    assert len(found(varied, Filters(path=(*["x"] * 99, "*")))) == 8
    with pytest.raises(BadInput, match="101 patterns"):
        found(varied, Filters(path=("x",) * 101))


def test_the_match_is_a_filter_as_others(varied):
    """At the match that a picture has exactly, it is in; with the score, what has both."""
    scored = varied.score_all("red")
    matches = dict(zip(scored.all.picture_ids.tolist(), scored.matches.tolist(), strict=True))
    for least in matches.values():
        inside = sorted(one for one, match in matches.items() if match >= least)
        answer = varied.search("red", MANY, Filters(min_match=least))
        assert sorted(one.record.picture_id for one in answer.results) == inside
        assert answer.considered == len(inside)
        both = Filters(min_match=least, min_width=50)
        wide = that(varied, lambda one, inside=inside: one.picture_id in inside and one.width >= 50)
        results = varied.search("red", MANY, both).results
        assert sorted(one.record.picture_id for one in results) == wide


@pytest.fixture
def tagged(varied):
    """The same, with tags by id, and what is hidden."""
    tags = {"sea": {1, 2, 3}, "Sky": {3, 4}}
    for tag, ids in tags.items():
        varied.catalog.tags.add(ids, tag)
    varied.catalog.tags.hide([2, 4, 6])
    yield varied
    for tag, ids in tags.items():
        varied.catalog.tags.remove(ids, tag)
    varied.catalog.tags.show(range(10))


@pytest.mark.parametrize(
    ("names", "ids"),
    [({"sea"}, [1, 2, 3]), ({"SKY"}, [3, 4]), ({"sea", " sky "}, [1, 2, 3, 4]), ({"se"}, []),
     ({"sea", "none"}, [1, 2, 3]), ({"\ud800", "sea\nsky"}, []), (set(), [])],
)  # fmt: skip
@pytest.mark.parametrize("hidden", [None, False, True])
def test_tags_and_hiding_are_filters_as_others(tagged, names, ids, hidden):
    """Any of the named tags, whatever their case; hidden ones, all others or both."""
    expected = [one for one in ids if hidden in (None, one in {2, 4, 6})]
    assert found(tagged, Filters(tags=frozenset(names), hidden=hidden)) == expected
    everything = [one for one in range(1, 9) if hidden in (None, one in {2, 4, 6})]
    assert found(tagged, Filters(hidden=hidden)) == everything
    assert found(tagged, Filters(hidden=hidden, min_width=1)) == everything


@pytest.mark.parametrize("ask", [searched, all_scored])
def test_a_score_lets_its_own_value_through(varied, ask):
    """At the score that a picture has exactly, it is in; a hair above, it is out."""
    scores = ask(varied, Filters())
    assert len(set(scores.values())) == len(varied)
    for limit in scores.values():
        for least in next_to(limit):
            inside = {number for number, score in scores.items() if score >= least}
            assert set(ask(varied, Filters(min_score=least))) == inside, least


def test_filters_together_let_through_what_all_do(varied):
    """None of them is forgotten when there is another."""
    whole = Filters(
        categories=frozenset({"red", "green", "blue", ""}), path="*.jpg", dated_from="2020",
        dated_to="2030", min_width=1, max_width=MANY, min_height=1, max_height=MANY, min_bytes=1,
        max_bytes=10**9, min_pixels=1, max_pixels=10**9, min_score=-1.0, hidden=False,
    )  # fmt: skip
    assert found(varied, whole) == that(varied, lambda _: True)
    middle = sorted(varied.catalog.pictures, key=lambda one: one.width)[4]
    for name in ("min_width", "max_width", "min_height", "max_height", "min_pixels", "max_pixels"):
        figure = LEAST.get(name) or MOST[name]
        narrow = replace(whole, **{name: figure(middle)})
        assert found(varied, narrow) == found(varied, Filters(**{name: figure(middle)}))
    assert found(varied, Filters(categories=frozenset({"red"}), min_width=50)) == that(
        varied, lambda one: one.category == "red" and one.width >= 50
    )


@pytest.mark.parametrize("side", [36, 37, 38, 40, 50, 51, 52])
def test_the_shorter_side_of_the_page_is_that_of_the_picture(varied, side):
    """Whichever side is the shorter one."""
    filters = filter_form.filters(SearchState(min_side=side))
    assert found(varied, filters) == that(varied, lambda one: min(one.width, one.height) >= side)


def test_the_example_itself_counts_among_what_fits(varied):
    """Leaving examples out and a filter go together; nothing else is left out."""
    for record in varied.catalog.pictures:
        filters = Filters(categories=frozenset({record.category or ""}))
        answer = varied.search(
            f"#{record.picture_id}", MANY, filters, leave_out_examples=True
        ).results
        expected = that(
            varied,
            lambda one, record=record: one.category == record.category and one != record,
        )
        assert sorted(one.record.picture_id for one in answer) == expected
