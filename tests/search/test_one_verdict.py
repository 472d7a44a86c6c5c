"""The verdict, its count and the matches of the results are of one set of numbers."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search_engine import Query
from search_engine.calibration import Presence
from search_engine.calibration.probability import THRESHOLD
from search_engine.calibration.verdict import JUDGED, presence_of, verdict
from search_engine.query import Marks
from search_engine.search import TOGETHER, all_matches, read

ASKED = (
    "a blue car", "two purple cats", "a cat", "an animal", "a red fish", "a tax form",
    "xyzzy plugh", "a fish - night", "a house + snow", "three yellow stars - a boat",
    "#7", "#7 + snow", "#12 + #60",
)  # fmt: skip
MARKED = st.lists(st.integers(0, 47), max_size=5, unique=True)


def results_of(engine, query, examples):
    """Return the answer as it is read, and the matches of all results that are no example."""
    found = read(lambda k: engine.search(query, k), 48)
    others = [one for one in found.order if one.record.picture_id not in examples]
    return found, [one.match for one in others]


@given(text=st.sampled_from(ASKED), good=MARKED, bad=MARKED)
@settings(max_examples=40, deadline=None, derandomize=True)
def test_verdict_count_and_cards_agree(gallery, text, good, bad):
    """Whatever is searched for and marked among the results that a page shows."""
    shown = [one.record.picture_id for one in gallery.search(text, 48).results]
    marks = Marks.of([shown[at] for at in good], [shown[at] for at in bad if at not in good])
    query = Query.parse(text).marked(marks)
    examples = {int(word[1:]) for word in text.split() if word[0] == "#"}
    found, matches = results_of(gallery, query, examples)
    judged = found.answer.verdict
    assert judged.best_match == max(matches)
    assert judged.presence is presence_of(max(matches))
    assert judged.matches == sum(one.match >= THRESHOLD for one in found.order)
    assert [one.stands_out for one in found.order] == [
        one.match >= THRESHOLD for one in found.order
    ]
    numbers = [one.match for one in found.order]
    assert numbers == sorted(numbers, reverse=True)
    if not examples:
        every = all_matches(gallery, query)
        assert (every.verdict.presence, len(every.results)) == (judged.presence, judged.matches)
        assert every.verdict.best_match == judged.best_match


@pytest.mark.parametrize("text", ["two purple cats", "a red fish", "an animal"])
def test_a_picture_that_is_marked_as_good_makes_no_verdict_worse(gallery, text):
    """The best result, marked, stays what was found: somebody says that it is there."""
    before = gallery.search(text, TOGETHER)
    best = max(before.results, key=lambda one: one.match).record.picture_id
    after = gallery.search(Query.parse(text).marked(Marks((best,))), TOGETHER).verdict
    assert before.verdict.presence is not Presence.ABSENT
    assert after.presence in {Presence.CLEAR, before.verdict.presence}
    assert after.matches


def test_what_is_read_together_is_judged_together():
    """A match that cards show is no verdict's blind spot, however far from the query it is."""
    assert TOGETHER == JUDGED
    far = [10.0] * (JUDGED - 1) + [60.0]
    judged = verdict(far, None, filtered=False, by_picture=False)
    assert (judged.presence, judged.best_match, judged.matches) == (Presence.WEAK, 60.0, 1)
