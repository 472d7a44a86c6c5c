"""``evaluate presence``: is it told what is not here?"""

from __future__ import annotations

import argparse
from dataclasses import dataclass

from search_engine.calibration import Presence
from search_engine.cli.console import printable, say, share_done, show, show_table
from search_engine.cli.exit_codes import ExitCode
from search_engine.cli.json_answers import show_json
from search_engine.cli.labelling_options import (
    LabellingAnswer,
    LabellingOptions,
    add_labelling,
    labelling_answer,
    labelling_of,
)
from search_engine.cli.options import (
    add_collection,
    note_odd_names,
    opened,
)
from search_engine.cli.registry import Command
from search_engine.evaluation import (
    AskedQuery,
    Case,
    CategoryProof,
    PresenceProof,
    remarks_on_names,
)
from search_engine.search import SearchEngine
from search_engine.settings import Settings

_NAMED = 12
_CASES = {
    Case.PRESENT: "present",
    Case.REMOVED: "removed",
    Case.NONSENSE: "nonsense",
}


@dataclass(frozen=True, kw_only=True)
class PresenceOptions(LabellingOptions):
    """How folders are read as categories, and how the proof is told."""

    json: bool


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


def add_options(presence: argparse.ArgumentParser) -> None:
    """Add the options."""
    add_collection(presence)
    add_labelling(presence)


def run(options: PresenceOptions, settings: Settings) -> ExitCode:
    """Prove it on a collection and show the figures."""
    labelling = labelling_of(options)
    with opened(options, settings) as engine:
        note_odd_names(engine, labelling)
        with share_done("Searching with and without pictures") as progress:
            proof = engine.measure.presence(progress, labelling)
        if options.json:
            show_json(presence_answer(engine, proof))
        else:
            _show(engine, proof)
    return ExitCode.DONE


def _show(engine: SearchEngine, proof: PresenceProof) -> None:
    sample = ", a sample" if proof.sampled else ""
    show(
        f"{engine.name}: {len(proof.categories)} categories searched for by name,"
        f" {len(proof.nonsense)} queries without a meaning, {proof.pictures:,} pictures{sample}"
    )
    show()
    rows = [
        [label, f"{proof.auroc_match(*absent):.4f}", f"{proof.auroc_cosine(*absent):.4f}"]
        for label, absent in (
            ("AUROC, there against not there", ()),
            ("  against categories removed", (Case.REMOVED,)),
            ("  against words without meaning", (Case.NONSENSE,)),
        )
    ]
    rows.append(["mAP of the ranking", f"{proof.map_match:.4f}", f"{proof.map_cosine:.4f}"])
    show_table(["", "match", "cosine"], rows)
    show()
    show_table(
        ["query", *(str(presence) for presence in Presence)],
        [
            [label, *(f"{proof.share(case, presence):.1%}" for presence in Presence)]
            for case, label in _CASES.items()
        ],
    )
    show()
    show(
        f"Calibration error {proof.reliability.error:.4f} over all pictures,"
        f" {proof.reliability_shown.error:.4f} over the first 24 results"
    )
    show_table(
        ["match", "pictures", "mean match", "true share"],
        [
            [f"{low}-{high}", f"{count:,}", f"{match:.1f}", f"{share:.1%}"]
            for low, high, count, match, share in proof.reliability_shown.rows()
        ],
    )
    _show_worst(proof)
    if proof.left_out:
        names = ", ".join(
            printable(proof.labelling.title(name) or "(none)") for name in proof.left_out
        )
        say(f"note: not searched for: the name has no words, or there is one picture: {names}")


def _show_worst(proof: PresenceProof) -> None:
    for label, case, wrong in (
        ("There, and not found", Case.PRESENT, {Presence.ABSENT}),
        ("Removed, and yet found", Case.REMOVED, {Presence.WEAK, Presence.CLEAR}),
    ):
        texts = [q.text for q in proof.queries if q.case is case and q.presence in wrong]
        if texts:
            more = f", and {len(texts) - _NAMED} more" if len(texts) > _NAMED else ""
            show(f"{label}: {', '.join(map(printable, texts[:_NAMED]))}{more}")


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


COMMAND = Command(
    name="evaluate presence",
    help="tell whether something is in the collection at all",
    description="Search for every category by its name, once with its pictures and once without,"
    " and for words that mean nothing; say how well the match tells them apart, and how far a match"
    " can be believed. Needs folders that are named after what their pictures show.",
    add_options=add_options,
    options=PresenceOptions,
    run=run,
    answer=PresenceAnswer,
)
