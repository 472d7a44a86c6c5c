"""How well it is told what is not in a collection."""

from __future__ import annotations

from dataclasses import dataclass

from search_engine.calibration import Presence
from search_engine.evaluation import (
    AskedQuery,
    Case,
    CategoryProof,
    PresenceProof,
    remarks_on_names,
)
from search_engine.reports.labelling_report import LabellingAnswer, labelling_answer
from search_engine.search import SearchEngine


@dataclass(frozen=True, slots=True)
class CalibrationAnswer:
    """Pictures whose match lies in a range, and how many of them are right."""

    from_: int
    to: int
    pictures: int
    match: float
    true_share: float


@dataclass(frozen=True, slots=True)
class VerdictSharesAnswer:
    """How often each verdict is given."""

    clear: float
    weak: float
    absent: float


@dataclass(frozen=True, slots=True)
class VerdictsAnswer:
    """How often each verdict is given, by what is true."""

    present: VerdictSharesAnswer
    removed: VerdictSharesAnswer
    nonsense: VerdictSharesAnswer


@dataclass(frozen=True, slots=True)
class PresenceCategoryAnswer:
    """How a category is told, with its pictures and without."""

    names: tuple[str, ...]
    queries: tuple[str, ...]
    pictures: int
    ap_match: float
    ap_cosine: float
    present: tuple[Presence, ...]
    removed: tuple[Presence, ...]


@dataclass(frozen=True, slots=True)
class PresenceQueryAnswer:
    """What was said of one query."""

    query: str
    case: Case
    category: str | None
    best_match: float
    best_cosine: float
    verdict: Presence


@dataclass(frozen=True, slots=True)
class PresenceAnswer:
    """How well it is told what is not here."""

    collection: str
    model: str
    pictures: int
    sampled: bool
    auroc_match: float
    auroc_cosine: float
    auroc_match_removed: float
    auroc_cosine_removed: float
    auroc_match_nonsense: float
    auroc_cosine_nonsense: float
    map_match: float
    map_cosine: float
    calibration_error: float
    calibration_error_shown: float
    calibration: tuple[CalibrationAnswer, ...]
    verdicts: VerdictsAnswer
    categories: tuple[PresenceCategoryAnswer, ...]
    queries: tuple[PresenceQueryAnswer, ...]
    left_out: tuple[str, ...]
    labelling: LabellingAnswer
    remarks: tuple[str, ...]


def presence_answer(engine: SearchEngine, proof: PresenceProof) -> PresenceAnswer:
    """Return the proof as it is told."""
    return PresenceAnswer(
        collection=engine.name,
        model=engine.manifest.model.model_id,
        pictures=proof.pictures,
        sampled=proof.sampled,
        auroc_match=_rounded(proof.auroc_match()),
        auroc_cosine=_rounded(proof.auroc_cosine()),
        auroc_match_removed=_rounded(proof.auroc_match(Case.REMOVED)),
        auroc_cosine_removed=_rounded(proof.auroc_cosine(Case.REMOVED)),
        auroc_match_nonsense=_rounded(proof.auroc_match(Case.NONSENSE)),
        auroc_cosine_nonsense=_rounded(proof.auroc_cosine(Case.NONSENSE)),
        map_match=_rounded(proof.map_match),
        map_cosine=_rounded(proof.map_cosine),
        calibration_error=_rounded(proof.reliability.error),
        calibration_error_shown=_rounded(proof.reliability_shown.error),
        calibration=tuple(
            CalibrationAnswer(low, high, count, _rounded(match), _rounded(share))
            for low, high, count, match, share in proof.reliability.rows()
        ),
        verdicts=VerdictsAnswer(
            present=_verdict_shares(proof, Case.PRESENT),
            removed=_verdict_shares(proof, Case.REMOVED),
            nonsense=_verdict_shares(proof, Case.NONSENSE),
        ),
        categories=tuple(_category_answer(category) for category in proof.categories),
        queries=tuple(_query_answer(query) for query in proof.queries),
        left_out=tuple(proof.left_out),
        labelling=labelling_answer(proof.labelling, proof.folders),
        remarks=tuple(remarks_on_names(proof.folders, proof.labelling)),
    )


def _verdict_shares(proof: PresenceProof, case: Case) -> VerdictSharesAnswer:
    return VerdictSharesAnswer(
        clear=_rounded(proof.share(case, Presence.CLEAR)),
        weak=_rounded(proof.share(case, Presence.WEAK)),
        absent=_rounded(proof.share(case, Presence.ABSENT)),
    )


def _category_answer(category: CategoryProof) -> PresenceCategoryAnswer:
    return PresenceCategoryAnswer(
        names=tuple(category.names),
        queries=tuple(query.text for query in category.present),
        pictures=category.pictures,
        ap_match=_rounded(category.ap_match),
        ap_cosine=_rounded(category.ap_cosine),
        present=tuple(query.presence for query in category.present),
        removed=tuple(query.presence for query in category.removed),
    )


def _query_answer(query: AskedQuery) -> PresenceQueryAnswer:
    return PresenceQueryAnswer(
        query=query.text,
        case=query.case,
        category=query.category,
        best_match=_rounded(query.best_match),
        best_cosine=_rounded(query.best_cosine),
        verdict=query.presence,
    )


def _rounded(value: float) -> float:
    return round(value, 6)
