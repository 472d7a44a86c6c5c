"""One picture against many words: zero-shot classification as the model was trained to do it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from search_engine.embedding import Embedder
from search_engine.errors import BadQuery
from search_engine.names import one_spelling
from search_engine.query.phrasing import PLACE, filled
from search_engine.records import Vectors

MOST_LABELS = 1_000


@dataclass(frozen=True, slots=True)
class LabelScore:
    """What a label scores for a picture."""

    label: str
    text: str
    """What was compared with the picture: the label within the template."""
    score: float
    """Cosine similarity."""
    probability: float | None
    """As the model was trained to give it: a softmax over all labels, or each label by itself.

    None if the model has no temperature.
    """


def rate_labels(
    embedder: Embedder, picture: Vectors, labels: Sequence[str], template: str = PLACE
) -> list[LabelScore]:
    """Compare a picture's vector, shape (dimension,), with labels, best first.

    The probabilities are those of the picture being the label *if it must be one of these*: CLIP's
    zero-shot classification (Radford et al., "Learning Transferable Visual Models From Natural
    Language Supervision", ICML 2021, section 3.1). A model with a bias rates each label by itself,
    so that none or several may be likely (Zhai et al., "Sigmoid Loss for Language Image
    Pre-Training", ICCV 2023, section 3.2).

    Raises:
        BadQuery: There is no label, there are too many, or the template has no place for one.
    """
    wanted = list(dict.fromkeys(one_spelling(label.strip()) for label in labels if label.strip()))
    if not wanted:
        cause, remedy = "There is no label to compare with", "Type some, one a line."
        raise BadQuery(cause, remedy=remedy)
    if len(wanted) > MOST_LABELS:
        cause = f"{len(wanted):,} labels are too many to compare with"
        raise BadQuery(cause, remedy=f"Take {MOST_LABELS:,} at most.")
    texts = [filled(template, label) for label in wanted]
    scores = embedder.embed_words(texts) @ picture
    chances = _probabilities(embedder, scores)
    rated = [
        LabelScore(label, text, float(score), chance)
        for label, text, score, chance in zip(wanted, texts, scores, chances, strict=True)
    ]
    return sorted(rated, key=lambda one: -one.score)


def _probabilities(embedder: Embedder, scores: Vectors) -> Sequence[float | None]:
    scale, bias = embedder.logit_scale, embedder.logit_bias
    if scale is None:
        return [None] * len(scores)
    logits = [scale * score for score in scores.tolist()]
    if bias is not None:
        return [(1 + math.tanh((logit + bias) / 2)) / 2 for logit in logits]
    highest = max(logits)
    powers = [math.exp(logit - highest) for logit in logits]
    total = sum(powers)
    return [power / total for power in powers]
