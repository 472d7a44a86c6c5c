"""How far answers depend on their wording, and queries in several wordings at once."""

import numpy as np
import pytest

from search_engine.embedding import unit_rows
from search_engine.errors import BadInput, BadQuery
from search_engine.evaluation.wording import Stability, check_wording, worded
from search_engine.query import Query, QueryEncoder, Term, Words
from search_engine.query.phrasing import WORDINGS
from tests.conftest import ColourEmbedder

FISH = Query.words("a fish")


def test_equal_answers_are_stable():
    """If every wording gives the same, the agreement is one and nothing comes or goes."""
    found = check_wording(FISH, lambda query, k: list(range(k)), k=3)
    assert found.agreement == pytest.approx(1)
    assert found.stability is Stability.STABLE
    assert found.always == (0, 1, 2)
    assert found.unstable == ()
    assert [one.template for one in found.wordings] == list(WORDINGS)
    assert found.wordings[1].query == "a photo of a fish"
    assert {one.shared for one in (*found.wordings, found.average)} == {3}


def test_answers_that_share_nothing_are_fragile():
    """If each wording gives others, nothing agrees but each with itself."""
    asked = []

    def rank(query, k):
        asked.append(query)
        return list(range(1000 * len(asked), 1000 * len(asked) + k))

    found = check_wording(FISH, rank, k=3)
    assert found.agreement == 0
    assert found.stability is Stability.FRAGILE
    assert found.wordings[0].overlap == pytest.approx(1)
    assert found.wordings[1].overlap == 0
    assert found.always == ()
    assert len(found.unstable) == 3 * len(WORDINGS)
    assert asked[-1] == Query.words("a fish").averaged()


def test_the_picture_that_one_wording_does_not_find():
    """One wording has another third picture: both are named, with their ranks."""
    odd = worded(FISH, WORDINGS[2])

    def rank(query, k):
        return [1, 2, 9, 3] if query == odd else [1, 2, 3, 9]

    found = check_wording(FISH, rank, k=3)
    assert found.always == (1, 2)
    three, nine = found.unstable
    others = len(WORDINGS) - 1
    assert (three.picture_id, three.within) == (3, others)
    assert (nine.picture_id, nine.within) == (9, 1)
    assert three.ranks == tuple(4 if at == 2 else 3 for at in range(len(WORDINGS)))
    assert [one.shared for one in found.wordings] == [2 if at == 2 else 3 for at in range(6)]
    assert found.wordings[2].overlap < 1
    assert found.wordings[2].others < found.wordings[1].others
    pairs = len(WORDINGS) * others / 2
    expected = ((pairs - others) + others * found.wordings[2].overlap) / pairs
    assert found.agreement == pytest.approx(expected)
    assert found.stability is Stability.STABLE


@pytest.mark.parametrize(("answers", "agreement"), [([], 1.0), ([5], 1.0)])
def test_few_answers_are_no_error(answers, agreement):
    """No answers at all, or one."""
    assert check_wording(FISH, lambda *_: answers).agreement == pytest.approx(agreement)


def test_a_query_without_words_has_no_wording():
    """A picture is not worded, and no answers are not compared."""
    with pytest.raises(BadQuery, match="no words"):
        check_wording(Query.like(3), lambda *_: [])
    with pytest.raises(BadInput, match="cannot be judged"):
        check_wording(FISH, lambda *_: [], k=0)


def test_only_words_are_worded():
    """Each term of words goes into the template; pictures, weights and signs stay."""
    query = Query.parse("a fish + 0.5:#3 - night")
    assert str(worded(query, "a photo of {}")) == "a photo of a fish + 0.5:#3 - a photo of night"
    assert str(query.averaged()) == "{a fish} + 0.5:#3 - {night}"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{a red fish}", Words("a red fish", averaged=True)),
        ("{ fish }", Words("fish", averaged=True)),
        ('{"1 + 1"}', Words("1 + 1", averaged=True)),
        ('"{fish}"', Words("{fish}")),
        ("{fish", Words("{fish")),
        ("{} fish", Words("{} fish")),
    ],
)
def test_braces_ask_in_several_wordings(text, words):
    """The syntax is read and written."""
    query = Query.parse(text)
    assert query.terms == (Term(words),)
    assert Query.parse(str(query)) == query
    assert Query.parse("- 2:{fish} + red").terms[0] == Term(Words("fish", averaged=True), -2)


def test_averaged_words_are_the_mean_of_their_wordings():
    """Each wording is embedded; the mean has length one."""
    asked = []

    class Counting(ColourEmbedder):
        def embed_words(self, texts):
            asked.extend(texts)
            angles = np.arange(len(texts)) / 10
            return unit_rows(np.stack([np.cos(angles), np.sin(angles)], axis=1))

    encoder = QueryEncoder(Counting, lambda _: None)
    vector = encoder.encode(Query.parse("{red}")).vector
    assert asked == [template.replace("{}", "red") for template in WORDINGS]
    assert np.linalg.norm(vector) == pytest.approx(1)
    middle = (len(WORDINGS) - 1) / 20
    assert vector == pytest.approx([np.cos(middle), np.sin(middle)], abs=1e-6)
    assert encoder.encode(Query.parse("{red}")).vector is not None
    assert len(asked) == len(WORDINGS)
    with pytest.raises(BadQuery, match="empty"):
        encoder.encode(Query.parse("{}"))


def test_averaged_words_that_are_too_long_are_named():
    """Also if only the longest of their wordings is cut; the words alone may just fit."""
    encoder = QueryEncoder(ColourEmbedder, lambda _: None)
    text = "red " * 9
    assert encoder.encode(Query.words(text.strip())).cut_texts == ()
    assert encoder.encode(Query.words(text.strip()).averaged()).cut_texts == (text.strip(),)
