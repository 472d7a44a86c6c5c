"""The precision of a query, told from twenty pictures: how often its interval holds the truth."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from search_engine.evaluation import CheckedPrecision, Judgement, plan_check, proposed
from search_engine.evaluation.precision_check import FEWEST_ANSWERED, wilson_interval
from search_engine.lab.mini_model import vocabulary as words
from search_engine.lab.mini_model.captions import Clause
from search_engine.lab.model_quality.queries import with_article
from search_engine.lab.proofs.bounds import Beside, ProvedFigure, at_least
from search_engine.lab.proofs.studio import Studio
from search_engine.records import Ids
from search_engine.sample import read_truth
from search_engine.search.engine import SearchEngine

SESSIONS = 500
FLOOR = 0.93
_FEWEST_KEPT = 0.3
"""Each session is about a random part of the pictures, at least so much of them."""
_ROUNDING = 1e-9
_TRIES = 50
"""Sessions begun for each that counts, at most: a small gallery has hardly any."""


@dataclass(frozen=True, slots=True)
class Question:
    """A query of which it is known what is right."""

    picture_ids: Ids
    matches: NDArray[np.float32]
    right: NDArray[np.bool_]


@dataclass(slots=True)
class _Kept:
    """Whether intervals held the truth, and how wide they were."""

    held: list[bool] = field(default_factory=list)
    widths: list[float] = field(default_factory=list)

    def note(self, low: float, high: float, truth: float) -> None:
        self.held.append(low - _ROUNDING <= truth <= high + _ROUNDING)
        self.widths.append(high - low)


def prove(studio: Studio) -> list[ProvedFigure]:
    """Ask for what many drawings show, so that there is something to sample.

    With words that say all that is wanted, and with words that leave out which size or how many, so
    that only some of what they find is right.
    """
    engine = studio.gallery
    claims = _claims()
    studio.begin(f"Checking twenty pictures in {SESSIONS} sessions about {len(claims)} queries")
    questions = [one for text, claim in claims.items() for one in _questions(engine, text, claim)]
    return simulated(questions, studio.seed)


def _claims() -> dict[str, Clause]:
    """Ask for groups of kinds, colours and backgrounds."""
    groups = {with_article(noun.one): Clause(kinds) for noun, kinds in words.UMBRELLA_TERMS}
    colours = {f"something {colour}": Clause(colour=colour) for colour in words.COLOUR_WORDS}
    backgrounds = {texts[0]: Clause(background=at) for at, texts in words.PLACE_PHRASES.items()}
    return groups | colours | backgrounds


def _questions(engine: SearchEngine, text: str, claim: Clause) -> list[Question]:
    scored = engine.score_all(f'"{text}"')
    ids, matches = scored.all.picture_ids, engine.measure.matches_of(scored)
    records = engine.records(ids.tolist())
    drawn = {one.path: one.scene for one in read_truth(engine.collection.root)}
    scenes = [drawn[records[one].path] for one in ids.tolist()]
    wanted = [
        claim,
        *(replace(claim, size=size) for size in words.SIZE_WORDS),
        *(replace(claim, count=count) for count in words.COUNT_WORDS),
    ]
    return [
        Question(ids, matches, np.array([one.fits(scene) for scene in scenes])) for one in wanted
    ]


def simulated(questions: Sequence[Question], seed: int) -> list[ProvedFigure]:
    """Play sessions in which somebody judges twenty pictures without a mistake.

    Each is about a random question, a random part of its pictures, and a random threshold. Where
    all pictures that come near are asked there is nothing to be wrong about: these do not count.
    """
    chance = np.random.default_rng(seed)
    ways = {"random": _Kept(), "proposed": _Kept(), "plain": _Kept()}
    all_held: list[bool] = []
    for _ in range(_TRIES * SESSIONS):
        if len(all_held) == SESSIONS:
            break
        question = questions[int(chance.integers(len(questions)))]
        kept = chance.random(len(question.matches)) < chance.uniform(_FEWEST_KEPT, 1)
        ids, right = question.picture_ids[kept], question.right[kept]
        check = plan_check(ids, question.matches[kept], str(len(all_held)))
        truly = np.isin(check.picture_ids, ids[right])
        answers = _answered(check.asked({}), set(ids[right].tolist()))
        figures = check.figures(answers)
        if not figures or len(check.picture_ids) == len(check):
            continue
        one, best = figures[chance.integers(len(figures))], proposed(figures) or figures[0]
        ways["random"].note(one.low, one.high, truly[: one.pictures].mean())
        ways["proposed"].note(best.low, best.high, truly[: best.pictures].mean())
        _ask_plainly(ways["plain"], chance, one, truly)
        all_held.append(all(_holds(figure, truly) for figure in figures))
    return _figures(ways, all_held)


def _answered(asked: Sequence[int], right: set[int]) -> dict[int, Judgement]:
    return {one: Judgement.RIGHT if one in right else Judgement.WRONG for one in asked}


def _holds(figure: CheckedPrecision, truly: NDArray[np.bool_]) -> bool:
    truth = truly[: figure.pictures].mean()
    return bool(figure.low - _ROUNDING <= truth <= figure.high + _ROUNDING)


def _ask_plainly(
    kept: _Kept, chance: np.random.Generator, figure: CheckedPrecision, truly: NDArray[np.bool_]
) -> None:
    """Draw as many from the whole pool at random, and judge those above the same threshold."""
    drawn = chance.choice(len(truly), 20, replace=False)
    above = drawn[drawn < figure.pictures]
    if len(above) >= FEWEST_ANSWERED:
        low, high = wilson_interval(int(truly[above].sum()), len(above))
        kept.note(low, high, truly[: figure.pictures].mean())


def _figures(ways: dict[str, _Kept], all_held: list[bool]) -> list[ProvedFigure]:
    plain = ways["plain"]
    return [
        ProvedFigure(
            "interval holds the truth, random threshold",
            float(np.mean(ways["random"].held)), at_least(FLOOR),
            Beside("twenty at random", float(np.mean(plain.held))),
        ),
        ProvedFigure(
            "interval holds the truth, proposed threshold",
            float(np.mean(ways["proposed"].held)), at_least(FLOOR),
        ),
        ProvedFigure("all intervals of a session hold", float(np.mean(all_held))),
        ProvedFigure(
            "width of the interval, random threshold", float(np.mean(ways["random"].widths)),
            beside=Beside("twenty at random", float(np.mean(plain.widths))),
        ),
        ProvedFigure(
            "width of the interval, proposed threshold", float(np.mean(ways["proposed"].widths))
        ),
    ]  # fmt: skip
