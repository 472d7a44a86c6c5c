"""Answers marked as good or bad find more of what was meant, and lose nothing where words said it.

Marks are made as a person would: of the right pictures among the first results by words, where
there are any, and of the first wrong ones. Marked pictures themselves do not count.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from search_engine.evaluation.metrics import relevant_ranks
from search_engine.lab.model_quality.queries import plain_name, with_article
from search_engine.lab.proofs.bounds import Beside, ProvedFigure, at_least
from search_engine.lab.proofs.studio import Studio
from search_engine.query import Marks, Query
from search_engine.sample import read_truth
from search_engine.search import SearchEngine

GAIN_FLOOR, LOSS_FLOOR = 0.15, -0.005
_ANIMALS = ("fish", "cat", "rabbit", "bird", "owl", "turtle", "butterfly", "snail", "whale", "crab")
_MANY = 3
_FIRST = 100


@dataclass(frozen=True, slots=True)
class _Meant:
    """What a person looks for, and the words that they have for it."""

    words: str
    right: NDArray[np.bool_]
    """Over all pictures, ascending ids."""


def prove(studio: Studio) -> list[ProvedFigure]:
    """Ask for each animal only as an animal, and for every kind by its name; then mark answers."""
    engine = studio.gallery
    kinds = _kinds(engine)
    studio.begin("Marking answers")
    rng = np.random.default_rng(studio.seed)
    vague = [_Meant("an animal", kinds == kind) for kind in _ANIMALS if (kinds == kind).any()]
    named = [_Meant(with_article(plain_name(kind)), kinds == kind) for kind in np.unique(kinds)]
    figures = []
    for meant, what, floor in ((vague, "animals", GAIN_FLOOR), (named, "names", LOSS_FLOOR)):
        for good, bad in ((1, 0), (0, 1), (_MANY, _MANY)):
            found = np.array([_precisions(engine, one, good, bad, rng) for one in meant])
            words, marked = found.mean(axis=0).tolist()
            is_bound = floor == LOSS_FLOOR or (good and bad)
            figures.append(
                ProvedFigure(
                    f"mAP of {what}, {good} good and {bad} bad: gain", marked - words,
                    at_least(floor) if is_bound else None, Beside("mAP by words", words),
                )
            )  # fmt: skip
    return figures


def _kinds(engine: SearchEngine) -> NDArray[np.str_]:
    """Return what each picture shows, by ascending id."""
    truth = {one.path: one.scene.kind for one in read_truth(engine.collection.root)}
    records = engine.records(engine.embeddings.ids().tolist())
    return np.array([truth[records[one].path] for one in sorted(records)])


def _precisions(
    engine: SearchEngine, meant: _Meant, good: int, bad: int, rng: np.random.Generator
) -> tuple[float, float]:
    """Return the average precision by words, and with so many marks as well."""
    query = Query.words(meant.words)
    scored = engine.score_all(query)
    ids, matches = scored.all.picture_ids, scored.matches
    assert matches is not None  # noqa: S101 - the studio calibrates what it indexes
    order = np.argsort(-matches, kind="stable")
    first = order[:_FIRST]
    seen = first[meant.right[first]] if meant.right[first].any() else order[meant.right[order]]
    liked = rng.choice(seen, min(good, len(seen)), replace=False)
    disliked = order[~meant.right[order]][:bad]
    marks = Marks(tuple(ids[liked].tolist()), tuple(ids[disliked].tolist()))
    kept = np.ones(len(ids), dtype=bool)
    kept[liked] = kept[disliked] = False
    again = engine.score_all(query.marked(marks))
    places = np.searchsorted(again.all.picture_ids, ids[kept])
    assert again.matches is not None  # noqa: S101 - as above
    return (
        relevant_ranks(matches[kept], meant.right[kept]).average_precision,
        relevant_ranks(again.matches[places], meant.right[kept]).average_precision,
    )
