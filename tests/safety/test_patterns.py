"""Patterns and texts are read in time that grows as their length, whatever is in them."""

import os
import random
import re
import time
from contextlib import suppress

import pytest

from pages.ui.frame import feedback
from search_engine.collection.catalog import Catalog
from search_engine.collection.scanning import scan
from search_engine.errors import BadInput, BadQuery
from search_engine.explain.negation import negation_in
from search_engine.explain.word_effects import MOST_WORDS, shortened
from search_engine.query import Query, Words
from search_engine.query.phrasing import filled, name_as_words
from search_engine.records import Filters, PictureFacts, PictureFile, ScanRules
from search_engine.records.patterns import LONGEST_PATTERN
from search_engine.records.patterns import fits as pattern_fits
from tests.conftest import paint

MILLION = 1_000_000
SECONDS = 20
"""A million characters take under a second here; steps that grow by the square would take hours."""
PATH = "a" * 46
UGLY = [
    "*" * 30 + "b",
    "*a" * 30 + "b",
    "*a*?" * 20 + "b",
    "*?" * 40 + "b",
    ("*" + "a" * 5) * 60 + "b",
    "*" + "?" * 45 + "b*",
    "**/*a*/**/*a*b",
    "*" * 4000 + "b",
]


def fits(pattern, path):
    """Compare in the plainest way there is: each sign against each letter of whole names."""
    whole = f"*/{pattern.strip('/')}/{'?*' if pattern.endswith('/') else '*'}"
    wild = whole.removeprefix("*") if pattern.startswith(("/", "./")) else whole
    path = f"/{path}/"
    reached = {0}
    for sign in wild.replace("/./", "/"):
        if sign == "*":
            reached = set(range(min(reached), len(path) + 1)) if reached else set()
        else:
            reached = {n + 1 for n in reached if n < len(path) and sign in ("?", path[n])}
    return len(path) in reached


def test_patterns_match_what_the_plainest_comparison_matches():
    """20,000 random patterns over random paths, brackets and slashes among their letters."""
    draw = random.Random(10)  # noqa: S311 - no secret
    found = 0
    for _ in range(20_000):
        pattern = "".join(draw.choices("ab*?[]!^-\n/", [4, 4, 5, 3, 1, 1, 1, 1, 1, 1, 3], k=8))
        pattern = re.sub("/+", "/", pattern[: draw.randint(1, 8)])
        path = re.sub("/+", "/", "".join(draw.choices("ab[]!^-\n*?/", k=draw.randint(1, 9))))
        path = path.strip("/")
        if "**/" in pattern or not set("*?/") & set(pattern) or not pattern.strip("/"):
            continue
        found += fits(pattern, path)
        assert pattern_fits(path, pattern) == fits(pattern, path), (pattern, path)
    assert found > 500


@pytest.mark.parametrize("text", ["a", "ab", "1", "a1", "é", "-", "a b"])
def test_words_match_what_the_plainest_comparison_matches(text):
    """Words begin and end where letters do, numbers where digits do, in random paths."""
    draw = random.Random(11)  # noqa: S311 - no secret
    for _ in range(3_000):
        path = "".join(draw.choices("ab1 é-_./2", k=draw.randint(0, 9)))
        ends = [n for n in range(len(path)) if path.startswith(text, n)]
        free = [n for n in ends if not _goes_on(path[:n][-1:], text[0])
                and not _goes_on(path[n + len(text):][:1], text[-1])]  # fmt: skip
        assert pattern_fits(path, text) == bool(free), (text, path)


def _goes_on(one, other):
    return any(kind(one) and kind(other) for kind in (str.isalpha, str.isdigit))


@pytest.mark.parametrize("pattern", UGLY)
def test_no_pattern_takes_long_with_one_path(pattern):
    """Thirty stars take microseconds a path; they took longer than anybody waits."""
    assert not pattern_fits(PATH, pattern)
    began = time.process_time()
    for _ in range(1_000):
        pattern_fits(PATH, pattern)
    assert time.process_time() - began < 1


@pytest.fixture(scope="module")
def shelf(tmp_path_factory):
    """A catalog of 100,000 paths."""
    with Catalog.create(tmp_path_factory.mktemp("shelf")) as catalog:
        facts = PictureFacts("hash", 10, 10)
        with catalog.transaction():
            for number in range(100_000):
                catalog.pictures.add(PictureFile(f"aaaa/{PATH}{number:06}.jpg", 1, 0), facts)
        yield catalog


def test_a_hundred_thousand_paths_are_filtered_by_any_pattern(shelf):
    """The ugliest pattern takes at most some times as long as a plain one."""

    def seconds(pattern):
        began = time.process_time()
        shelf.pictures.matching(Filters(path=pattern))
        return time.process_time() - began

    plain = min(seconds("*000007*"), seconds("*00000?.jpg"))
    for pattern in UGLY:
        assert seconds(pattern) < 15 * plain + 0.2, pattern
    assert len(shelf.pictures.matching(Filters(path="*a*a*00000?.JPG"))) == 10


def test_a_pattern_longer_than_any_path_is_refused(shelf):
    """It is named, before it costs anything."""
    with pytest.raises(BadInput, match="5,000 characters"):
        shelf.pictures.matching(Filters(path="*a" * 2500))
    assert not len(shelf.pictures.matching(Filters(path="*" * (LONGEST_PATTERN - 1) + "b")))


@pytest.mark.parametrize("pattern", [one for one in UGLY if "/" not in one])
def test_patterns_of_a_build_are_no_worse(tmp_path, pattern):
    """What is taken in or left out by ugly patterns is looked for as quickly."""
    for number in range(40):
        paint(tmp_path / f"{PATH}{number}.png", size=(2, 2))
    began = time.process_time()
    assert len(scan(tmp_path, ScanRules(exclude=(pattern,))).files) == 40
    assert time.process_time() - began < 5


LONG_TEXTS = {
    "blanks": "a" + " " * MILLION + "b",
    "signs": "a - b + " * (MILLION // 8) + "c",
    "signs in quotes": '"a" - ' * (MILLION // 6) + "c",
    "one quote": 'a" - b ' * (MILLION // 7),
    "quotes": '"' * MILLION,
    "odd quotes": '"' * (MILLION + 1),
    "braces": "{" * MILLION,
    "pairs of braces": "{}" * (MILLION // 2),
    "digits": "1" * MILLION,
    "digits and a colon": "1" * MILLION + ":fish",
    "dots": "1." * (MILLION // 2),
    "ids": "#" + "9" * MILLION,
    "tildes": "~" + "a" * MILLION,
    "link words": "that is " * (MILLION // 8) + "without x",
    "blanks before a no": "a" + " " * MILLION + "b without x",
    "negations": "no 5 " * (MILLION // 5),
    "no's": "no " * (MILLION // 3),
    "except": "except" + " " * MILLION + "x",
    "apostrophes": "n't" * (MILLION // 3),
    "long word": "n" * MILLION,
    "articles": "no " + "a the " * (MILLION // 6),
    "upper case": "aB" * (MILLION // 2),
    "combining": "e\u0301" * (MILLION // 2),
}


@pytest.mark.parametrize("name", LONG_TEXTS)
def test_a_query_of_a_million_characters_is_read(name):
    """It becomes a query, or is refused, in the time that its length takes; so is its no."""
    text = LONG_TEXTS[name]
    began = time.process_time()
    with suppress(BadQuery):
        query = Query.parse(text, paths=True)
        negation_in(query)
        str(query)
    feedback.plain(text)
    assert time.process_time() - began < SECONDS


@pytest.mark.parametrize("name", LONG_TEXTS)
def test_a_no_in_any_long_text_is_looked_for_in_linear_time(name):
    """Words that were quoted or come from a program are looked through as quickly."""
    began = time.process_time()
    negation_in(Query.words(LONG_TEXTS[name]))
    name_as_words(LONG_TEXTS[name])
    name_as_words("1_" * (MILLION // 2))
    assert time.process_time() - began < SECONDS


def test_a_long_query_is_explained_by_its_first_words_alone():
    """Leaving out each of 300,000 words would copy the others as often."""
    began = time.process_time()
    assert len(shortened(Query.words("a b " * 150_000))) == MOST_WORDS
    assert time.process_time() - began < SECONDS


def test_template_and_words_do_not_multiply_without_end():
    """A template full of places and words of a book are refused together."""
    with pytest.raises(BadQuery, match="too long"):
        filled("{}" * 10_000, "x" * 10_000)
    assert filled("{} and {}", "cat") == "cat and cat"


def random_queries(count):
    """Queries of random words in random terms, made of the signs that the syntax has."""
    draw = random.Random(5)  # noqa: S311 - no secret
    letters = ['"', '"', " ", " ", *"+-{}#12:./~\\abé\n\t'", "٣", "²", "\xa0", "\x1c", "\udce9"]
    weights = [1, 1, 1, -1, -1, 0.5, -0.3, 2, 1 / 3, 1e-7, 123456.789, 0.0]
    for _ in range(count):
        query = Query(())
        for _ in range(draw.randint(1, 4)):
            text = "".join(draw.choices(letters, k=draw.randint(0, 8)))
            word = Words(text, averaged=draw.random() < 0.3, quoted=draw.random() < 0.3)
            other = draw.choice(
                [Query.like(draw.randint(0, 99)), Query.parse("./boat.jpg", paths=True)]
            )
            subject = word if draw.random() < 0.7 else other.terms[0].subject
            query = query.plus(subject, draw.choice(weights))
        yield query


def test_every_query_is_read_back_as_it_was_written():
    """Words with quotes, signs, braces or blanks at their ends, and weights to the last digit."""
    for query in random_queries(20_000):
        assert Query.parse(str(query), paths=True) == query, repr(query)


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ('a 5" disk - box', '"a 5"" disk" - box'),
        ('say "hi - there" now', '"say ""hi - there"" now"'),
        ("0.123456789:red - 3:blue", "0.123456789:red - 3:blue"),
        ('2:"3 cats"', '2:"3 cats"'),
    ],
)
def test_quotes_within_words_are_doubled(text, written):
    """Two queries that differ are never written alike, so none is answered for another."""
    assert str(Query.parse(text)) == written or Query.parse(text).terms[0].subject.quoted
    assert Query.parse(str(Query.parse(text))) == Query.parse(text)


def test_names_that_no_file_has_are_found_nowhere(shelf):
    """A filter of letters that no system can write is a filter that lets nothing through."""
    assert not len(shelf.pictures.matching(Filters(path="\ud800")))
    assert not len(shelf.pictures.matching(Filters(categories=frozenset({"\ud800", os.sep}))))
    with pytest.raises(BadInput, match="too many"):
        shelf.pictures.matching(Filters(categories=frozenset(map(str, range(40_000)))))
