"""A no that the model does not understand is noticed, and only where it is one."""

import pytest

from search_engine.explain.negation import negation_in
from search_engine.query import Query


@pytest.mark.parametrize(
    ("query", "word", "suggestion"),
    [
        ("dog without leash", "without", "dog - leash"),
        ("a dog without a leash", "without", "a dog - leash"),
        ("a fish that is not red", "not", "a fish - red"),
        ("a fish that isn't red", "isn't", "a fish - red"),
        ("a beach where there aren’t any people", "aren’t", "a beach - people"),
        ("street with no people", "no", "street - people"),
        ("everything except cats", "except", "everything - cats"),
        ("fruit excluding apples", "excluding", "fruit - apples"),
        ("no people", "no", "- people"),
        ("A Dog WITHOUT Leash!", "WITHOUT", "A Dog - Leash"),
        ("a man who doesn't have a beard", "doesn't", "a man - beard"),
        ("snow + dog without leash - night", "without", "snow + dog - leash - night"),
        ("2:dog without leash", "without", "2:dog - 1:leash"),
        ("a cat, not a kitten", "not", "a cat - kitten"),
        ("dog -cat", "-cat", "dog - cat"),
        ("dog –cat", "–cat", "dog - cat"),
        ("dog −cat", "−cat", "dog - cat"),
        ("dog ‑cat", "‑cat", "dog - cat"),
        ("dog – cat", "–", "dog - cat"),
        ("dog − cat", "−", "dog - cat"),
        ("dog -cat on grass -bird", "-cat", "dog on grass - cat - bird"),
        ('dog -"black cat"', '-"black cat"', "dog - black cat"),
        ("-cat", "-cat", "- cat"),
    ],
)
def test_a_no_becomes_a_term_that_is_taken_away(query, word, suggestion):
    """What follows the negation is taken away with half the weight of its term."""
    found = negation_in(Query.parse(query))
    assert (found.word, str(found.suggestion)) == (word, suggestion)
    assert negation_in(found.suggestion) is None


@pytest.mark.parametrize(
    "query",
    [
        "a red fish",
        '"no smoking sign"',
        '"dog without leash" + snow',
        "a no smoking sign",
        "no parking zone",
        "a knot", "notebook", "piano", "forget-me-not", "nothing but water",
        "no. 5 perfume", "house no 12",
        "not only cats but dogs",
        "yes or no",
        "t-shirt", "-5 degrees", "black -and- white", "pre- and post-war", "sunset — beach",
        "– cat", '"dog -cat"',
        "do not enter",
        "a dog - without leash",
        "#12",
        "./without a leash.jpg",
        "snow - night",
    ],
)  # fmt: skip
def test_other_queries_raise_no_alarm(query):
    """Quotes, names, longer words and terms that are taken away already are left in peace."""
    assert negation_in(Query.parse(query, paths=True)) is None


def test_quotes_survive_being_written():
    """What was typed in quotes is written in quotes, so that it stays as it was meant."""
    found = negation_in(Query.parse('"no smoking sign" + dog without leash'))
    assert str(found.suggestion) == '"no smoking sign" + dog - leash'
