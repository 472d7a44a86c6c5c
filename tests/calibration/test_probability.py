"""A match is a probability: the model's own, with what is known of texts and collections in it."""

import numpy as np
import pytest

from search_engine.calibration.background_texts import BackgroundText, BackgroundTexts
from search_engine.calibration.calibrate import Level
from search_engine.calibration.probability import (
    Sample,
    TextProbability,
    TextQuestion,
    as_match,
    log_sums,
    typical_logits,
)
from search_engine.embedding import unit_rows
from search_engine.records.background import BackgroundVectors
from tests.calibration.made_up_vectors import BACK, MODEL, SCALE, TEXTS, vectors

PICTURES = vectors(400, 3)
SAMPLE = Sample(PICTURES, log_sums(PICTURES, BACK))
WORDS = TextProbability(TEXTS, BACK, 1e6)
"""No text scores more with the typical picture than that."""


def log_odds(words, vector, text="question", sample=SAMPLE):
    asked = TextQuestion(vector, (text,))
    return words.log_odds(asked, sample.cosines, sample.sums, sample)


def prior(found):
    """What the share of pictures that are found adds to log-odds."""
    share = max(as_match(found).mean() / 100, 1 / 80)
    return np.log(share / (1 - share)) - np.log((1 / 80) / (79 / 80))


def softmax(vector, others):
    """The probability of a text among others, the plain way."""
    powers = np.exp(SCALE * (PICTURES.astype(np.float64) @ np.vstack([vector, others]).T))
    return powers[:, 0] / powers.sum(axis=1)


def test_it_is_the_softmax_of_the_model():
    """Against all background texts, where the question finds next to nothing."""
    vector = vectors(1, 8)[0]
    assert as_match(log_odds(WORDS, vector)) == pytest.approx(
        100 * softmax(vector, BACK.vectors), abs=1e-2
    )


def test_texts_that_say_the_same_are_no_others():
    """Neither the one with the same words nor the one with nearly the same vector."""
    vector = unit_rows((BACK.vectors[7] + 0.01 * vectors(1, 8)[0])[None])[0]
    others = np.delete(BACK.vectors, [5, 7], axis=0)
    found = as_match(log_odds(WORDS, vector, text="thing5"))
    share = softmax(vector, others)
    assert (share.max() > 0.5, share.mean() < 1 / 80) == (True, True)
    assert found == pytest.approx(100 * share, abs=0.3)


def test_what_scores_with_everything_is_no_better_evidence():
    """What the typical picture scores more than with any background text is taken away."""
    mean = unit_rows(PICTURES.mean(axis=0)[None])[0]
    highest = float(typical_logits(SCALE * (PICTURES @ BACK.vectors.T)).max())
    held = TextProbability(TEXTS, BACK, highest)
    excess = float(typical_logits(SCALE * (PICTURES @ mean))) - highest
    assert excess > 2
    few = Sample(PICTURES[:0], SAMPLE.sums[:0])
    asked = TextQuestion(mean, ("question",))
    free = WORDS.log_odds(asked, SAMPLE.cosines, SAMPLE.sums, few)
    found = log_odds(held, mean)
    assert found == pytest.approx(free - excess + prior(found), abs=0.02)


def test_what_is_often_there_is_likelier_of_each_doubtful_picture():
    """The prior is the share that is found; below one in eighty nothing changes."""
    vector = vectors(1, 8)[0]
    near = unit_rows(vector[None] + 0.3 * vectors(100, 9))
    often = np.vstack([PICTURES, near])
    sample = Sample(often, log_sums(often, BACK))
    few, many = log_odds(WORDS, vector), log_odds(WORDS, vector, sample=sample)
    shift = many[: len(PICTURES)] - few
    assert shift == pytest.approx(shift[0], abs=1e-3)
    assert as_match(many).mean() > 10
    assert shift[0] == pytest.approx(prior(many), abs=0.02)


def test_at_the_even_cosine_doubtful_pictures_match_by_half():
    """The figure that is told beside a match: those above it match, those below do not."""
    vector = vectors(1, 8)[0]
    near = unit_rows(vector[None] + np.linspace(0.2, 2, 100)[:, None] * vectors(100, 9))
    sample = Sample(np.vstack([PICTURES, near]), log_sums(np.vstack([PICTURES, near]), BACK))
    even = WORDS.even_cosine(TextQuestion(vector, ("question",)), sample)
    odds, cosines = log_odds(WORDS, vector, sample=sample), sample.vectors @ vector
    close = np.abs(cosines - even) < 0.03
    assert abs(np.median(odds[close])) < 0.2 * (odds.max() - odds.min())
    assert (odds[cosines > even + 0.1] > 0).all()
    assert (odds[cosines < even - 0.1] < 0).mean() > 0.95


def test_a_model_with_a_bias_rates_a_text_by_itself():
    """As SigLIP does: no background, no prior, no level."""
    vector = vectors(1, 8)[0]
    back = BackgroundVectors(TEXTS.digest, BACK.vectors, SCALE, -9.0)
    assert log_sums(PICTURES, back).tolist() == [0.0] * len(PICTURES)
    found = log_odds(TextProbability(TEXTS, back, -1e6), vector)
    assert found == pytest.approx(SCALE * (PICTURES @ vector) - 9.0, abs=1e-4)


def test_nothing_breaks_where_the_question_is_all_there_is():
    """A vocabulary of one text, which is asked for."""
    one = BackgroundTexts((BackgroundText("thing"),))
    back = BackgroundVectors(one.digest, BACK.vectors[:1], SCALE)
    sample = Sample(PICTURES, log_sums(PICTURES, back))
    words = TextProbability(one, back, 1e6)
    assert np.isfinite(log_odds(words, BACK.vectors[0], "thing", sample)).all()


def test_a_picture_is_compared_with_the_nearest_pairs_of_the_collection():
    """At the threshold it is as likely a match as not; the median's nearest is a clear one."""
    level = Level(0.2, 0.1)
    found = as_match(level.log_odds(np.float32([0.5, 0.6, 0.4]), mean=0.3))
    assert found == pytest.approx([50, 95.26, 4.74], abs=0.01)
    assert MODEL.dimension == len(PICTURES[0])
