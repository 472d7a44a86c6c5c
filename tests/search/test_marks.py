"""Answers that are marked as good or bad change what is found, and what it is worth."""

import numpy as np
import pytest

from search_engine import Query
from search_engine.errors import BadQuery
from search_engine.evaluation.metrics import relevant_ranks
from search_engine.query import Marks
from search_engine.search import all_matches


def of_category(engine, name):
    return [
        picture.picture_id
        for picture in engine.records(engine.embeddings.ids().tolist()).values()
        if picture.category == name
    ]


def precision(engine, query, wanted, left_out=()):
    """Return the average precision of the order by match."""
    scored = engine.score_all(query)
    kept = ~np.isin(scored.all.picture_ids, left_out)
    right = np.isin(scored.all.picture_ids[kept], wanted)
    return relevant_ranks(scored.matches[kept], right).average_precision


def test_marks_find_what_the_words_did_not_say(gallery):
    """Of animals, marked cats lead to cats; marked as bad they lead away from them."""
    cats = of_category(gallery, "cat")
    marked, others = cats[:2], cats[2:]
    words, good, bad = (
        Query.words("an animal").marked(marks)
        for marks in (Marks(), Marks(tuple(marked)), Marks((), tuple(marked)))
    )
    left_out = tuple(marked)
    by_words = precision(gallery, words, others, left_out)
    assert precision(gallery, good, others, left_out) > 1.5 * by_words
    assert precision(gallery, bad, others, left_out) < by_words
    match = [gallery.measure.match_of(one, others[0]) for one in (words, good)]
    assert match == sorted(match)


def test_a_bad_answer_is_not_shown_again(gallery):
    """Neither among the nearest, nor among all matches, nor among all scores."""
    first = gallery.search("a fish", 5).results[0].record.picture_id
    query = Query.words("a fish").marked(Marks((), (first,)))
    answers = (gallery.search(query, 50), all_matches(gallery, query))
    for answer in answers:
        assert first not in {result.record.picture_id for result in answer.results}
    assert first not in gallery.score_all(query).all.picture_ids


def test_a_good_answer_counts_for_the_verdict(gallery):
    """Somebody says that it is there; with its card on the page nothing else could be said."""
    fish = of_category(gallery, "fish")
    answer = gallery.search(Query.words("a tax form").marked(Marks((fish[0],))), 240)
    assert gallery.search("a tax form", 240).verdict.matches == 0
    assert answer.verdict.best_match == max(one.match for one in answer.results)
    assert answer.verdict.matches == sum(one.match >= 50 for one in answer.results)


def test_scores_with_marks_are_still_sums(gallery):
    """Of what each term gives and what the marks give."""
    fish = of_category(gallery, "fish")
    answer = gallery.search(Query.parse(f"a fish - night + good:#{fish[0]}"), 5)
    ids = np.array([result.record.picture_id for result in answer.results])
    shares = answer.encoded.shares(gallery.embeddings.of(ids))
    assert shares.shape == (5, 3)
    assert shares.sum(axis=1) == pytest.approx([one.score for one in answer.results], abs=1e-5)
    assert shares[:, 2].max() > 0.05
    best = answer.results[0]
    explained = gallery.explain(answer.query, best.record.picture_id)
    assert explained.marks == pytest.approx(shares[0, 2], abs=1e-5)
    given = sum(one.contribution for one in explained.terms) + explained.marks
    assert given == pytest.approx(best.score, abs=1e-5)


@pytest.mark.parametrize(
    ("text", "cause"), [("a fish + good:#99999", "no picture #99999"), ("good:#1", "there is none")]
)
def test_marks_that_mean_nothing_here_are_refused(gallery, text, cause):
    """A picture that is not there, and answers to nothing."""
    with pytest.raises(BadQuery, match=cause):
        gallery.search(text)


def test_marks_work_without_a_calibration(pictures, settings, load, build, engine, monkeypatch):
    """They change the order by score."""
    build()
    opened = engine()
    monkeypatch.setattr(type(opened._calibrator), "scale", lambda _: None)
    ids = {
        record.path: one for one, record in opened.records(opened.embeddings.ids().tolist()).items()
    }
    red = next(one for path, one in ids.items() if "red" in path)
    plain, marked = (opened.search(query, 9) for query in ("blue", f"blue + good:#{red}"))
    rank = {
        name: next(r.rank for r in answer.results if r.record.picture_id == red)
        for name, answer in (("plain", plain), ("marked", marked))
    }
    assert rank["marked"] < rank["plain"]
    assert marked.results[0].match is None
