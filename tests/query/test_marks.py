"""Marked answers: how they are written, and where they lead."""

import numpy as np
import pytest

from search_engine.embedding import unit_rows
from search_engine.errors import BadQuery
from search_engine.query import MOST_MARKS, MarkedPictures, Marks, Query, relevance_of


@pytest.mark.parametrize(
    ("text", "good", "bad"),
    [
        ("a fish + good:#3", (3,), ()),
        ("a fish + good:#3 + good:#5 + bad:#4", (3, 5), (4,)),
        ("good:#3 + a fish + BAD: #4", (3,), (4,)),
        ("a fish + good:#3 + good:#3", (3,), ()),
    ],
)
def test_marks_stand_among_the_terms(text, good, bad):
    """As good:#id and bad:#id; written anew the same is read back."""
    query = Query.parse(text)
    assert query.terms == Query.parse("a fish").terms
    assert query.marks == Marks(good, bad)
    assert Query.parse(str(query)) == query


@pytest.mark.parametrize("text", ['"good:#3"', "good: fish", "a good:#3 fish", "good:3"])
def test_words_that_look_like_marks_are_words(text):
    """In quotes, or where no id follows."""
    query = Query.parse(text)
    assert not query.marks
    assert Query.parse(str(query)) == query


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        ("a fish - good:#3", "excluded"),
        ("a fish + good:#3 + bad:#3", "good and as a bad"),
        ("a fish + good:#99999999999999999999999", "no picture"),
        ("+".join(f" good:#{one} " for one in range(MOST_MARKS + 1)), "More than"),
    ],
)
def test_what_cannot_be_a_mark_is_refused(text, cause):
    """With the cause."""
    with pytest.raises(BadQuery, match=cause):
        Query.parse(text)


def test_a_mark_takes_the_place_of_the_other_and_goes_when_made_again():
    """As a click on a button does."""
    marks = Marks((1, 2), (3,))
    assert marks.toggled(3, good=True) == Marks((1, 2, 3), ())
    assert marks.toggled(2, good=False) == Marks((1,), (3, 2))
    assert marks.toggled(1, good=True) == Marks((2,), (3,))
    assert len(marks) == 3
    assert not Marks()


def test_marks_stay_where_a_query_is_changed():
    """More terms, other words and wordings."""
    query = Query.parse("a fish + good:#3")
    changed = (
        query.plus(query.terms[0].subject),
        query.averaged(),
        query.minus(query.terms[0].subject),
    )
    assert {one.marks for one in changed} == {Marks((3,))}
    assert query.marked(Marks((), (7,))).marks == Marks((3,), (7,))


class Pictures:
    """A collection that differs along three directions, with a fourth that all have in common."""

    def __init__(self):
        chance = np.random.default_rng(0)
        self.all = unit_rows(
            np.column_stack([chance.normal(0, 1, (500, 3)), np.full((500, 1), 4)]).astype(
                np.float32
            )
        )

    def along(self, axis, count, sign=1):
        """Return the pictures that lie farthest in a direction."""
        return self.all[np.argsort(-sign * self.all[:, axis])[:count]]

    @property
    def none(self):
        return self.all[:0]


@pytest.fixture(scope="module")
def pictures():
    return Pictures()


def found(pictures, good, bad, best=None):
    marks = Marks(tuple(range(1, len(good) + 1)), tuple(range(1001, len(bad) + 1001)))
    marked = MarkedPictures(good, bad, pictures.none if best is None else best)
    return relevance_of(marks, marked, pictures.all)


def test_marks_lead_from_bad_to_good(pictures):
    """Along the direction in which both differ, and not along what all pictures have in common."""
    lead = found(pictures, pictures.along(0, 5), pictures.along(0, 5, -1))
    assert lead.vector[0] > 0.9
    assert abs(lead.vector[3]) < 0.4
    assert lead.good.min() > 1 > -1 > lead.bad.max()


def test_bad_marks_alone_do_not_lead_away_from_the_query(pictures):
    """The best answers to the query itself count as a good one."""
    best = pictures.along(1, 10)
    lead = found(pictures, pictures.none, pictures.along(0, 3), best)
    assert lead.vector[1] > 0.5
    assert lead.vector[0] < -0.2


def test_few_marks_count_less(pictures):
    """One a fifth, four half, twelve three quarters of what they can."""
    some = [found(pictures, pictures.along(0, n), pictures.none).strength for n in (1, 4, 12)]
    assert some == pytest.approx([1 / 5, 1 / 2, 3 / 4])


def test_marks_that_give_no_direction_give_none(pictures):
    """The mean of all pictures is no direction."""
    centre = pictures.all.mean(axis=0, keepdims=True)
    assert found(pictures, centre, pictures.none) is None
