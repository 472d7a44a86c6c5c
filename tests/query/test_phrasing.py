"""Names of folders become words, and words go into templates."""

import pytest

from search_engine.errors import BadQuery
from search_engine.query.phrasing import WORDINGS, filled, name_as_words, query_for


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("fish", "fish"),
        ("red_fish", "red fish"),
        ("ice-cream", "ice cream"),
        ("GoldenRetriever", "golden retriever"),
        ("HTMLParser", "HTML parser"),
        ("BMW", "BMW"),
        ("iPhone", "iphone"),
        ("001.ak47", "ak47"),
        ("012_GoldenRetriever", "golden retriever"),
        ("n02084071-dog", "dog"),
        ("2019-06-01 Beach", "beach"),
        ("2019 beach", "beach"),
        ("3 cats", "3 cats"),
        ("boeing_747", "boeing 747"),
        ("2019", "2019"),
        ("___", "___"),
        ("été_à_la_mer", "été à la mer"),
        ("日本の猫", "日本の猫"),
        ("a\udcffb", "a b"),
    ],
)
def test_names_become_words(name, words):
    """Signs, capitals and numbers that order are no part of what a folder shows."""
    assert name_as_words(name) == words


def test_templates_have_a_place_for_the_words():
    """Braces are filled; a template without them is refused with a remedy."""
    assert filled("a photo of a {}", "fish") == "a photo of a fish"
    assert filled("A {}, a drawing of {}", "owl") == "An owl, a drawing of owl"
    assert filled("pizza {}", "egg") == "pizza egg"
    assert filled("a {}", "") == "a "
    with pytest.raises(BadQuery, match="no place"):
        filled("a photo", "fish")
    assert len(set(WORDINGS)) == len(WORDINGS)
    assert all("{}" in template for template in WORDINGS)


@pytest.mark.parametrize(
    ("name", "query"),
    [
        ("apple", "a photo of an apple"),
        ("bus", "a photo of a bus"),
        ("cats", "a photo of cats"),
        ("snow", "a photo of snow"),
        ("Alps", "Alps"),
        ("n01440764_tench", "a photo of a tench"),
        ("ice_cream", "a photo of an ice cream"),
        ("犬", "a photo of a 犬"),
        *((name, None) for name in ("2023-Alps", "n01440764", "100CANON", "DCIM", "IMG", "misc")),
        *((name, None) for name in ("IMG_2023", "Photos", "a", "", "dsc", "3 cats", "!", "x" * 99)),
    ],
)
def test_a_folder_named_by_a_word_makes_a_query(name, query):
    """With the right article; names that say nothing of the pictures make none."""
    assert query_for(name) == query
