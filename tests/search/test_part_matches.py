"""A picture shows a part of what was asked for, and not another one: said for each."""

import json

import pytest

from search_engine.calibration import THRESHOLD
from search_engine.query import Query
from search_engine.sample import read_truth
from search_engine.sample.scenes import Colour, Kind
from search_engine.search import part_matches
from search_engine.search.part_matches import query_parts
from search_engine.settings import DATA_VARIABLE


def pictures(gallery, kind, colour):
    """Return the ids of the pictures of a kind, in a colour or in any."""
    truth = {one.path: one.scene for one in read_truth(gallery.collection.root)}
    records = gallery.records(gallery.embeddings.ids().tolist())
    return [
        number
        for number, record in records.items()
        if truth[record.path].kind is kind
        and (colour is None or truth[record.path].colour is colour)
    ]


def test_each_part_is_told_by_itself(gallery):
    """What is no fish is told so, and what is red is redder than others."""
    of_red, of_others = [], []
    for kind in (Kind.FISH, Kind.TURTLE, Kind.HEART, Kind.BOAT):
        for colour in Colour:
            for number in pictures(gallery, kind, colour):
                red, fish = part_matches(gallery, Query.parse("a red fish"), number)
                assert (red.text, fish.text) == ("red", "fish")
                assert fish.is_there == (kind is Kind.FISH)
                (of_red if colour is Colour.RED else of_others).append(red.match)
    assert len(of_red) > 1
    assert sum(match >= THRESHOLD for match in of_others) == 0
    assert min(of_red) > max(of_others)


@pytest.mark.parametrize(
    ("query", "parts"),
    [
        ("a red fish", ["red", "fish"]),
        ("fish", []),
        ("a photo of a fish", []),
        ("a red fish + snow", ["a red fish", "snow", "red", "fish"]),
        ("a red fish - a black cat", ["red", "fish"]),
        ("#7", []),
        ("#7 + fish", []),
        ("{a red fish}", ["red", "fish"]),
        ("one two three four five six seven eight nine ten",
         "one two three four five six seven eight".split()),
    ],
)  # fmt: skip
def test_parts_are_terms_and_words_that_say_something(query, parts):
    """Of what is asked for in words; eight at most."""
    assert query_parts(Query.parse(query)) == parts


def test_explain_tells_them(run, gallery, monkeypatch):
    """In a line, and in JSON."""
    monkeypatch.setenv(DATA_VARIABLE, str(gallery.settings.data_folder))
    (number, *_) = pictures(gallery, Kind.FISH, None)
    _, out, _ = run("explain", "a", "red", "fish", "--picture", str(number))
    assert "Each part by itself: red " in out
    _, out, _ = run("explain", "a", "red", "fish", "--picture", str(number), "--json")
    told = {one["text"]: one["match"] for one in json.loads(out)["parts"]}
    found = part_matches(gallery, Query.parse("a red fish"), number)
    assert told == {one.text: pytest.approx(one.match, abs=0.01) for one in found}
