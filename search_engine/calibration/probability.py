"""The probability that a picture shows what words say: the model's own, against background texts.

CLIP was trained to give the probability of a text, of several, for a picture: a softmax of
cosines times the model's temperature (A. Radford et al., "Learning Transferable Visual Models From
Natural Language Supervision", ICML 2021). A question has nothing to stand out from by itself; so
the others are background texts, less those that say the same as the question.

Two things are taken into account beside that, both in log-odds:

* A text that scores more with the typical picture than any background text does, as nonsense may,
  is no better evidence for it; what it scores more is taken away.
* The prior. Where a question finds many pictures, more of the doubtful ones are right. How many it
  finds is estimated on a sample of the collection (M. Saerens, P. Latinne, C. Decaestecker,
  "Adjusting the outputs of a classifier to new a priori probabilities", Neural Computation 14,
  2002), and counts only as far as it is more than one in eighty, the level at which the softmax
  was seen to be right by itself.

A model like SigLIP, with a bias, rates a text by itself: sigmoid(scale × cosine + bias) (X. Zhai et
al., "Sigmoid Loss for Language Image Pre-Training", ICCV 2023). There is nothing to add to that.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from search_engine.calibration.background_texts import BackgroundTexts
from search_engine.records import Vectors
from search_engine.records.background import BackgroundVectors

Scores: TypeAlias = NDArray[np.float32]
Cosines: TypeAlias = Callable[[Vectors], Scores]
"""Gives what pictures score for vectors, shape (k, dimension): shape (pictures, k)."""

THRESHOLD = 50.0
"""A picture is a match from here on: it is as likely as not that it shows what is asked for."""
CLEAR = 90.0
"""A match from here on is a clear one."""

_SAME = 0.9
"""Cosine from which on two texts say the same."""
_USUAL_SHARE = 1 / 80
_LEAST_LEFT = 1e-4
"""Of the sum over background texts, less those that say the same: the rest is rounding."""
_TYPICAL = 0.25
"""The quantile of pictures that tells how much a text scores with the typical one: what most
pictures of a collection show raises it only where that is more than three quarters of them."""
_STEPS = 20
_NO_MORE = 1e-3
_IN_DOUBT = 12
_QUESTIONS_KEPT = 32


def as_match(log_odds: Scores) -> Scores:
    """Turn log-odds into a match: the probability, in per cent."""
    return np.asarray(100 / (1 + np.exp(-np.clip(log_odds, -50, 50))), dtype=np.float32)


def log_sums(vectors: Vectors, background: BackgroundVectors) -> Scores:
    """Return the logarithm of the sum of a picture's powers for all background texts, shape (n,).

    0 for a model that needs none.
    """
    if not background.scale or background.bias is not None:
        return np.zeros(len(vectors), dtype=np.float32)
    logits = background.scale * (vectors @ background.vectors.T)
    highest = logits.max(axis=1, keepdims=True)
    powers = np.exp(logits - highest).sum(axis=1)
    return np.asarray(highest[:, 0] + np.log(powers), dtype=np.float32)


def typical_logits(logits: Scores) -> Scores:
    """Return what texts score with the typical picture, from shape (pictures, texts)."""
    return np.asarray(np.quantile(logits, _TYPICAL, axis=0), dtype=np.float32)


@dataclass(frozen=True, slots=True)
class TextQuestion:
    """What is asked in words: a text as a vector, and the words it was made of."""

    vector: Vectors
    texts: tuple[str, ...]


@dataclass(frozen=True)
class TextProbability:
    """How probable it is that pictures show what words say, by one model."""

    texts: BackgroundTexts
    background: BackgroundVectors
    highest_typical: float
    """The most that a background text scores with the typical picture of the collection, times
    the model's scale."""

    def log_odds(
        self, question: TextQuestion, cosines: Cosines, sums: Scores, sample: Sample
    ) -> Scores:
        """Return the log-odds of pictures, shape (n,).

        Args:
            question: What is asked.
            cosines: Gives what the pictures score.
            sums: Their `log_sums`.
            sample: Pictures of the collection, by which the prior is estimated.
        """
        found = self._evidence(question, cosines, sums)
        return np.asarray(found + self._of_sample(question, sample).adjustment, dtype=np.float32)

    def even_cosine(self, question: TextQuestion, sample: Sample) -> float:
        """Return the cosine at which a match is 50, for the pictures for which that is in doubt."""
        known = self._of_sample(question, sample)
        odds = known.evidence + known.adjustment
        doubtful = np.argsort(np.abs(odds))[:_IN_DOUBT]
        above = sample.vectors[doubtful] @ question.vector - odds[doubtful] / (
            self.background.scale or 1.0
        )
        return float(np.median(above)) if len(above) else 1.0

    def _evidence(self, question: TextQuestion, cosines: Cosines, sums: Scores) -> Scores:
        scale, bias = self.background.scale or 1.0, self.background.bias
        if bias is not None:
            return np.asarray(scale * cosines(question.vector[None])[:, 0] + bias, dtype=np.float32)
        same = self.background.vectors @ question.vector >= _SAME
        if self.background.digest == self.texts.digest:
            same |= self.texts.saying_the_same(question.texts)
        asked = np.concatenate([question.vector[None], self.background.vectors[same]])
        logits = scale * cosines(asked)
        share = np.exp(np.minimum(logits[:, 1:] - sums[:, None], 0)).sum(axis=1)
        left = np.maximum(1 - share, _LEAST_LEFT)
        return np.asarray(logits[:, 0] - sums - np.log(left), dtype=np.float32)

    def _of_sample(self, question: TextQuestion, sample: Sample) -> SampleOdds:
        """Return what is known of a question on a sample: asked for each page of an answer."""
        key = (question.vector.tobytes(), question.texts)
        known = sample.known.get(key)
        if known is None:
            evidence = self._evidence(question, sample.cosines, sample.sums)
            known = SampleOdds(evidence, self._adjustment(question, sample, evidence))
            if len(sample.known) >= _QUESTIONS_KEPT:
                sample.known.clear()
            sample.known[key] = known
        return known

    def _adjustment(self, question: TextQuestion, sample: Sample, evidence: Scores) -> float:
        if self.background.bias is not None or not len(evidence):
            return 0.0
        scale = self.background.scale or 1.0
        typical = float(typical_logits(scale * (sample.vectors @ question.vector)))
        excess = max(0.0, typical - self.highest_typical)
        return _prior_shift(evidence - np.float32(excess)) - excess


@dataclass(frozen=True, slots=True)
class SampleOdds:
    """A question on a sample: the log-odds of its pictures, and what is to be added to all."""

    evidence: Scores
    adjustment: float


@dataclass(frozen=True)
class Sample:
    """Pictures of a collection that stand for all of it."""

    vectors: Vectors
    sums: Scores
    known: dict[tuple[bytes, tuple[str, ...]], SampleOdds] = field(default_factory=dict)
    """Of questions that were asked lately."""

    def cosines(self, asked: Vectors) -> Scores:
        """Return what they score for vectors, shape (pictures, k)."""
        return np.asarray(self.vectors @ asked.T, dtype=np.float32)

    def without(self, left_out: NDArray[np.bool_]) -> Sample:
        """Return the others."""
        return Sample(self.vectors[~left_out], self.sums[~left_out])


def _prior_shift(evidence: Scores) -> float:
    """Return what the share of pictures that a question finds adds to their log-odds."""
    shift, usual = 0.0, np.log(_USUAL_SHARE / (1 - _USUAL_SHARE))
    for _ in range(_STEPS):
        share = float(np.mean(as_match(evidence + np.float32(shift)))) / 100
        share = min(max(share, _USUAL_SHARE), 1 - _USUAL_SHARE)
        before, shift = shift, float(np.log(share / (1 - share)) - usual)
        if abs(shift - before) < _NO_MORE:
            break
    return shift


def weakest(parts: Sequence[Scores]) -> Scores:
    """Return the log-odds of a whole question: a picture fits it as well as its weakest part."""
    return np.asarray(np.min(np.stack(parts), axis=0), dtype=np.float32)
