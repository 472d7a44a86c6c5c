"""A query becomes the vector that its terms and weights say."""

from pathlib import Path

import numpy as np
import pytest

from search_engine.embedding import unit_rows
from search_engine.errors import BadQuery
from search_engine.query import (
    TAKEN_AWAY,
    ExamplePicture,
    IndexedPicture,
    Query,
    QueryEncoder,
    Term,
    Words,
    require_finished,
)
from tests.conftest import ColourEmbedder, paint

BOAT = ExamplePicture(Path("./boat.jpg"))


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("a red fish", [Term(Words("a red fish"))]),
        ("  red   fish ", [Term(Words("red   fish"))]),
        ("red + blue", [Term(Words("red")), Term(Words("blue"))]),
        ("red - night", [Term(Words("red")), Term(Words("night"), -0.5)]),
        ("red - 1:night", [Term(Words("red")), Term(Words("night"), -1)]),
        ("- night", [Term(Words("night"), -0.5)]),
        ("+ day", [Term(Words("day"))]),
        (
            "a red fish + 0.5:./boat.jpg - night",
            [Term(Words("a red fish")), Term(BOAT, 0.5), Term(Words("night"), -0.5)],
        ),
        ("2:red - .25:#12", [Term(Words("red"), 2), Term(IndexedPicture(12), -0.25)]),
        ("2 : red", [Term(Words("red"), 2)]),
        ("t-shirt", [Term(Words("t-shirt"))]),
        ("black-and-white", [Term(Words("black-and-white"))]),
        ("C++", [Term(Words("C++"))]),
        ("black & white #1", [Term(Words("black & white #1"))]),
        ("at 12:30", [Term(Words("at 12:30"))]),
        ("12:30 train", [Term(Words("12:30 train"))]),
        ('"1 + 1"', [Term(Words("1 + 1"))]),
        ('red + "a - b"', [Term(Words("red")), Term(Words("a - b"))]),
        ('"./not a file"', [Term(Words("./not a file"))]),
        ('2:"3 cats" - cat', [Term(Words("3 cats"), 2), Term(Words("cat"), -0.5)]),
        ('a 5" disk - box', [Term(Words('a 5" disk')), Term(Words("box"), -0.5)]),
        ("/home/me/a b.jpg", [Term(ExamplePicture(Path("/home/me/a b.jpg")))]),
        ("~/x.png", [Term(ExamplePicture(Path("~/x.png")))]),
        ("../x.png", [Term(ExamplePicture(Path("../x.png")))]),
        ("and/or", [Term(Words("and/or"))]),
        ("exit", [Term(Words("exit"))]),
        ("日本の猫", [Term(Words("日本の猫"))]),
    ],
)
def test_the_syntax_reads_as_documented(text, terms):
    """Signs, weights, paths, ids, quotes and plain words are told apart."""
    assert Query.parse(text, paths=True).terms == tuple(terms)


@pytest.mark.parametrize("text", ["", "   ", "+", "-", "red +", "red - ", "red + + blue +", "2:"])
def test_an_empty_term_is_refused(text):
    """A query or term without content is an error with a remedy, not a search for nothing."""
    if text == "2:":
        assert Query.parse(text).terms == (Term(Words("2:")),)
        return
    with pytest.raises(BadQuery, match=r"empty|follows the sign"):
        Query.parse(text)


@pytest.mark.parametrize(
    "text",
    ["0.5:", "red + 2 :", "red - .5:", "{a red", "red + {blue", "2:{a red", '"a red', 'red - "blue',
     '{"a red', '2:"a red', "#", "red - #"],
)  # fmt: skip
def test_what_is_half_typed_is_told(text):
    """A weight, a sign of a picture, a quote or a brace that wants to go on is not yet words."""
    with pytest.raises(BadQuery, match="Type on"):
        require_finished(text)


@pytest.mark.parametrize(
    "text",
    ["", "red", 'a 5" disk', "#12", "{a red fish}", "2", "0.5:red", '"a - b"', '"#"', "C#", "a {b",
     "at 12:", "red + #3 - {blue}", '"{a"', 'say "hi" now', "red -"],
)  # fmt: skip
def test_what_is_whole_is_left_in_peace(text):
    """Quotes and signs within words, and what parsing tells itself, are no such case."""
    require_finished(text)


@pytest.mark.parametrize(
    "query",
    [
        Query.words("a red fish").plus(BOAT, 0.5).minus(Words("night")),
        Query.words("1 + 1"),
        Query.words("#3"),
        Query.words("./words"),
        Query.words("2:words"),
        Query.like(7).minus(Words("a"), 0.3),
        Query((Term(Words("night"), -2.5),)),
        *(
            Query((Term(Words(text), weight),))
            for text in ("night", "3 cats", "1:night")
            for weight in (-1.0, -0.5, 0.5, 1.0)
        ),
    ],
)
def test_what_is_written_is_read_back(query):
    """The text of a typed query parses to the same query, whatever its weights are."""
    assert Query.parse(str(query), paths=True).terms == query.terms


def test_taking_away_is_by_half_wherever_no_weight_is_given():
    """A sign, a call and a whole query that is taken away agree; a given weight is kept."""
    away = Query((Term(Words("red")), Term(Words("night"), -TAKEN_AWAY)))
    assert Query.parse("red - night") == away == Query.words("red").minus(Words("night"))
    assert str(away) == "red - night"
    assert str(Query.words("red").minus(Words("night"), 1)) == "red - 1:night"
    turned = Query.parse("night + 1:fog - dawn", away=True)
    assert str(turned) == "- night - 1:fog + dawn"


@pytest.fixture
def encoder(embedder):
    indexed = {7: embedder.embed_words(["blue"])[0]}
    return QueryEncoder(lambda: embedder, indexed.get)


def test_a_sum_is_the_weighted_sum_of_unit_vectors(encoder, embedder):
    """The vector is the normalised sum of weight times unit vector of each term."""
    red, green, blue = embedder.embed_words(["red", "green", "blue"])
    encoded = encoder.encode(Query.parse("red + 0.5:green - 2:#7"))
    total = red + 0.5 * green - 2 * blue
    assert encoded.vector == pytest.approx(total / np.linalg.norm(total), abs=1e-6)
    assert np.linalg.norm(encoded.vector) == pytest.approx(1, abs=1e-6)


def test_shares_of_the_terms_sum_to_the_score(encoder):
    """Each term's part of a score is kept, and the parts sum to the whole."""
    encoded = encoder.encode(Query.parse("red + 0.5:green - 2:#7"))
    pictures = unit_rows(np.random.default_rng(0).normal(size=(20, 4)))
    shares = encoded.shares(pictures)
    assert shares.shape == (20, 3)
    assert shares.sum(axis=1) == pytest.approx(pictures @ encoded.vector, abs=1e-6)


def test_a_minus_term_leads_away(encoder, embedder):
    """Taking a colour away lowers the score of pictures of that colour."""
    green = embedder.embed_words(["green"])[0]
    plain = encoder.encode(Query.parse("yellow")).vector @ green
    assert encoder.encode(Query.parse("yellow - 0.5:green")).vector @ green < plain


def test_terms_that_cancel_are_refused(encoder):
    """Red minus red is no direction."""
    with pytest.raises(BadQuery, match="cancel"):
        encoder.encode(Query.parse("red - 1:red"))


def test_a_weight_of_zero_everywhere_is_refused(encoder):
    """A query that weighs nothing is refused."""
    with pytest.raises(BadQuery, match="cancel"):
        encoder.encode(Query.parse("0:red"))


def test_an_unknown_picture_is_refused(encoder):
    """An id that is not in the collection is named."""
    with pytest.raises(BadQuery, match="#99"):
        encoder.encode(Query.like(99))


@pytest.mark.parametrize("text", ["", " ", "\n"])
def test_words_without_content_are_refused(encoder, text):
    """Blank words are an empty query, however they came in."""
    with pytest.raises(BadQuery, match="empty"):
        encoder.encode(Query.words(text))


def test_an_example_may_be_a_file_or_bytes(encoder, embedder, tmp_path):
    """A picture file and its bytes give the same vector, that of its colour."""
    file = paint(tmp_path / "x.png", "green")
    by_path = encoder.encode(Query.picture(file)).vector
    by_bytes = encoder.encode(Query.picture(file.read_bytes())).vector
    assert by_path.tolist() == by_bytes.tolist()
    assert by_path @ embedder.embed_words(["green"])[0] == pytest.approx(1, abs=1e-5)


@pytest.mark.parametrize("content", [b"text, no picture", b"", None])
def test_a_bad_example_is_named(encoder, tmp_path, content):
    """An example that is missing, empty or no picture is refused by its path."""
    file = tmp_path / "bad.jpg"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(BadQuery, match=r"bad\.jpg"):
        encoder.encode(Query.picture(file))


def test_cut_texts_are_told(encoder):
    """A text over the model's limit is searched, and named as cut."""
    long_text = "red " * 20
    encoded = encoder.encode(Query.words(long_text).plus(Words("blue")))
    assert encoded.cut_texts == (long_text,)


def test_an_indexed_picture_needs_no_model():
    """Looking for more like an indexed picture does not load the model."""
    vector = ColourEmbedder().embed_words(["red"])[0]
    encoder = QueryEncoder(lambda: pytest.fail("the model was loaded"), lambda _: vector)
    assert encoder.encode(Query.like(1)).vector == pytest.approx(vector, abs=1e-6)


def test_a_vector_needs_no_model_and_takes_part_as_any_term():
    """It becomes of length one; with words it is a part of the sum, away as well."""
    red, blue = ColourEmbedder().embed_words(["red", "blue"])
    no_model = QueryEncoder(lambda: pytest.fail("the model was loaded"), lambda _: None, 4)
    query = Query.vector(7 * red)
    assert not query.needs_model
    assert no_model.encode(query).vector == pytest.approx(red, abs=1e-6)
    assert str(query) == "(vector of 4 numbers)"
    encoder = QueryEncoder(ColourEmbedder, lambda _: None, 4)
    away = Query.vector(red).minus(Words("blue"), 0.5)
    assert encoder.encode(away).vector == pytest.approx(
        (red - 0.5 * blue) / np.linalg.norm(red - 0.5 * blue), abs=1e-6
    )


@pytest.mark.parametrize(
    ("values", "said"),
    [([1, 0, 0], "has 3 numbers, and those of the collection have 4"), ([0] * 4, "only zeros"),
     ([float("nan")] * 4, "numbers that are none"), ([1e300] * 4, "numbers that are none")],
)  # fmt: skip
def test_a_vector_that_is_none_is_refused(values, said):
    """Of another dimension, of zeros, of what is no number."""
    encoder = QueryEncoder(ColourEmbedder, lambda _: None, 4)
    with pytest.raises(BadQuery, match=said):
        encoder.encode(Query.vector(values))


def test_words_are_embedded_once(encoder, embedder, monkeypatch):
    """The same words in another query, or searched again, do not go through the model again."""
    texts = []
    whole = embedder.embed_words
    monkeypatch.setattr(embedder, "embed_words", lambda some: texts.extend(some) or whole(some))
    first = encoder.encode(Query.parse("red"))
    again = encoder.encode(Query.parse("red - blue"))
    assert encoder.encode(Query.parse("red")).vector == pytest.approx(first.vector)
    assert again.term_vectors[0] == pytest.approx(first.vector)
    assert texts == ["red", "blue"]
