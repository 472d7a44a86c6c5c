"""A word that the model does not use is named as such, instead of with an effect near zero."""

import json
from dataclasses import replace

import numpy as np
import pytest

from search_engine.explain import hardly_used
from search_engine.explain.word_effects import FEWEST_PICTURES, HARDLY_USED
from search_engine.settings import DATA_VARIABLE


@pytest.fixture
def explained(gallery):
    """Explain the best picture of a query."""

    def explain(query):
        best = gallery.search(query, k=1).results[0].record.picture_id
        return gallery.explain(query, best).words

    return explain


@pytest.mark.parametrize(
    ("query", "unused"),
    [
        ("a red fish", "“a”"),
        ("a red fish zuloonvar", "“a”, “zuloonvar”"),
        ("please show me the green boat", "“please”, “show”, “me”, “the”"),
        ("red boat", ""),
    ],
)
def test_small_and_made_up_words_are_named(explained, query, unused):
    """Each once, in their order; words that colour, number or name a thing are not."""
    assert hardly_used(explained(query)) == unused


def test_it_is_told_by_how_alike_pictures_score(gallery, explained):
    """The correlation over the collection, which does not change when scores shift or stretch."""
    words = {one.word: one for one in explained("a blue castle at night")}
    with_all = gallery.score_all("a blue castle at night").all.scores
    without = gallery.score_all("a castle at night").all.scores
    expected = np.corrcoef(with_all, without)[0, 1]
    assert words["blue"].agreement == pytest.approx(expected, abs=0.01)
    assert words["blue"].agreement < HARDLY_USED <= words["a"].agreement
    assert replace(words["blue"], agreement=HARDLY_USED).hardly_used


def test_few_pictures_tell_nothing(gallery, explained, monkeypatch):
    """Scores of a handful may agree by chance; so nothing is said."""
    backdrop = gallery.backdrop()
    few = replace(backdrop, sample=backdrop.sample[: FEWEST_PICTURES - 1])
    monkeypatch.setattr(gallery, "backdrop", lambda: few)
    words = explained("a red fish")
    assert {one.agreement for one in words} == {None}
    assert hardly_used(words) == ""
    enough = replace(backdrop, sample=backdrop.sample[:FEWEST_PICTURES])
    monkeypatch.setattr(gallery, "backdrop", lambda: enough)
    assert hardly_used(explained("a red fish")) == "“a”"


def test_the_command_says_so(gallery, run, monkeypatch):
    """In a sentence instead of a row; the document keeps the figures, and adds what is said."""
    monkeypatch.setenv(DATA_VARIABLE, str(gallery.settings.data_folder))
    best = gallery.search("a red fish zuloonvar", k=1).results[0].record.picture_id
    line = ("explain", "a", "red", "fish", "zuloonvar", "--picture", best)
    _, out, _ = run(*line)
    assert "The model hardly uses “a”, “zuloonvar”: pictures score alike without." in out
    rows = [row.split()[0] for row in out.splitlines() if row]
    assert {"red", "fish"} <= set(rows)
    assert not {"a", "zuloonvar"} & set(rows[rows.index("WITHOUT") :])
    words = {one["word"]: one for one in json.loads(run(*line, "--json")[1])["words"]}
    assert [word for word, one in words.items() if one["hardly_used"]] == ["a", "zuloonvar"]
    assert words["red"]["agreement"] < HARDLY_USED <= words["zuloonvar"]["agreement"]
    assert words["zuloonvar"]["difference"] != 0
