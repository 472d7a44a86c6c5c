"""What every picture scores and how well it matches, as far as filters let it through."""

from __future__ import annotations

import numpy as np

from search_engine.calibration import Calibrator
from search_engine.calibration.verdict import JUDGED
from search_engine.errors import BadInput
from search_engine.query import EncodedQuery
from search_engine.records import Filters
from search_engine.search.ranking import Ranking
from search_engine.search.results import ScoredCollection

HIGHEST = 100.0


def scored(
    ranking: Ranking, calibrator: Calibrator, encoded: EncodedQuery, filters: Filters
) -> ScoredCollection:
    """Return the score and the match of every picture that the filters let through.

    Raises:
        BadInput: No picture can have the match that the filters ask for.
    """
    refuse_impossible(filters.min_match)
    every = ranking.every(encoded, filters)
    matches = calibrator.matches(encoded, every.scores, every.cosines)
    cut = calibrator.cut_score(encoded)
    found = ScoredCollection(encoded, every.scores, cut, matches)
    if matches is not None:
        best = _best_match(found, ranking.examples(encoded))
        found = ScoredCollection(encoded, every.scores, cut, matches, best)
    return found if filters.min_match is None else found.matching(filters.min_match)


def refuse_impossible(match: float | None) -> None:
    """Refuse a match that no picture can have.

    Raises:
        BadInput: It is not from 0 to 100.
    """
    if match is not None and not 0 <= match <= HIGHEST:
        cause = f"No picture can have a match of {match:g} %"
        raise BadInput(cause, remedy=f"Choose from 0 to {HIGHEST:g}.")


def _best_match(found: ScoredCollection, examples: frozenset[int]) -> float | None:
    """Return the best match among those of the nearest pictures by which a query is judged."""
    scores, count = found.all.scores, JUDGED + len(examples)
    nearest = (
        np.argpartition(-scores, count)[:count] if len(scores) > count else np.arange(len(scores))
    )
    nearest = nearest[np.argsort(-scores[nearest], kind="stable")]
    others = nearest[~np.isin(found.all.picture_ids[nearest], list(examples))][:JUDGED]
    if found.matches is None or not len(others):
        return None
    return float(np.nan_to_num(found.matches[others]).max())


def scored_matches(
    ranking: Ranking, calibrator: Calibrator, encoded: EncodedQuery, filters: Filters
) -> ScoredCollection | None:
    """Return what matches as much as a filter says; None for all, as where there is none.

    Raises:
        BadInput: No picture can have the match that is asked for.
    """
    if filters.min_match is None:
        return None
    found = scored(ranking, calibrator, encoded, filters)
    return None if found.matches is None else found
