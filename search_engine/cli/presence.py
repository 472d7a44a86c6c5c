"""The proof of “is it here?” on the command line."""

from __future__ import annotations

import argparse
from typing import Any

from search_engine.calibration.verdict import Presence
from search_engine.cli.console import printable, say, share_done, show, show_table
from search_engine.cli.documents import as_json
from search_engine.cli.exit_codes import ExitCode
from search_engine.cli.options import add_collection, add_json, collection_of, note_odd_names
from search_engine.evaluation.presence import AskedQuestion, Case, CategoryProof, PresenceProof
from search_engine.search.engine import SearchEngine
from search_engine.settings import Settings

_Parsers = argparse._SubParsersAction  # noqa: SLF001 - argparse has no public name for it
_NAMED = 12
_CASES = {
    Case.PRESENT: "its pictures are there",
    Case.REMOVED: "its pictures were taken away",
    Case.NONSENSE: "means nothing",
}


def add(parts: _Parsers[argparse.ArgumentParser]) -> None:
    """Add what can be typed after ``evaluate presence``."""
    presence = parts.add_parser(
        "presence",
        help="tell whether something is in the collection at all",
        description="Ask for every category by its name, once with its pictures and once without, "
        "and for words that mean nothing; say how well the match tells them apart, and how far a "
        "match can be believed. Needs folders that are named after what their pictures show.",
    )
    add_collection(presence)
    add_json(presence)


def run(arguments: argparse.Namespace, settings: Settings) -> ExitCode:
    """Prove it on a collection and show the figures."""
    with SearchEngine.open(collection_of(arguments, settings), settings) as engine:
        note_odd_names(engine)
        with share_done("Asking with and without pictures") as progress:
            proof = engine.prove_presence(lambda done, total: progress(done / total))
        if arguments.json:
            show(as_json(document(engine, proof)))
        else:
            report(engine, proof)
    return ExitCode.DONE


def report(engine: SearchEngine, proof: PresenceProof) -> None:
    """Show the proof to a person."""
    sample = ", a sample" if proof.sampled else ""
    show(
        f"{engine.name}: {len(proof.categories)} categories asked for by name,"
        f" {len(proof.nonsense)} questions without a meaning, {proof.pictures:,} pictures{sample}"
    )
    show()
    rows = [
        [label, f"{proof.auroc_match(*absent):.4f}", f"{proof.auroc_cosine(*absent):.4f}"]
        for label, absent in (
            ("AUROC, there against not there", ()),
            ("  against categories taken away", (Case.REMOVED,)),
            ("  against words without meaning", (Case.NONSENSE,)),
        )
    ]
    rows.append(["mAP of the ranking", f"{proof.map_match:.4f}", f"{proof.map_cosine:.4f}"])
    show_table(["", "match", "cosine"], rows)
    show()
    show_table(
        ["question", *(str(presence) for presence in Presence)],
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
        names = ", ".join(printable(name or "(none)") for name in proof.left_out)
        say(f"note: not asked for, because the name has no words or there is one picture: {names}")


def _show_worst(proof: PresenceProof) -> None:
    for label, case, wrong in (
        ("There, and not found", Case.PRESENT, {Presence.ABSENT}),
        ("Taken away, and yet found", Case.REMOVED, {Presence.WEAK, Presence.CLEAR}),
    ):
        texts = [q.text for q in proof.questions if q.case is case and q.presence in wrong]
        if texts:
            more = f", and {len(texts) - _NAMED} more" if len(texts) > _NAMED else ""
            show(f"{label}: {', '.join(map(printable, texts[:_NAMED]))}{more}")


def document(engine: SearchEngine, proof: PresenceProof) -> dict[str, Any]:
    """Return the proof as JSON."""
    return {
        "collection": engine.name,
        "model": engine.manifest.model.model_id,
        "pictures": proof.pictures,
        "sampled": proof.sampled,
        "auroc_match": _rounded(proof.auroc_match()),
        "auroc_cosine": _rounded(proof.auroc_cosine()),
        "auroc_match_removed": _rounded(proof.auroc_match(Case.REMOVED)),
        "auroc_cosine_removed": _rounded(proof.auroc_cosine(Case.REMOVED)),
        "auroc_match_nonsense": _rounded(proof.auroc_match(Case.NONSENSE)),
        "auroc_cosine_nonsense": _rounded(proof.auroc_cosine(Case.NONSENSE)),
        "map_match": _rounded(proof.map_match),
        "map_cosine": _rounded(proof.map_cosine),
        "calibration_error": _rounded(proof.reliability.error),
        "calibration_error_shown": _rounded(proof.reliability_shown.error),
        "calibration": [
            {"from": low, "to": high, "pictures": count, "match": _rounded(match),
             "true_share": _rounded(share)}
            for low, high, count, match, share in proof.reliability.rows()
        ],
        "verdicts": {
            case: {presence: _rounded(proof.share(case, presence)) for presence in Presence}
            for case in Case
        },
        "categories": [_of_category(category) for category in proof.categories],
        "queries": [_of_question(question) for question in proof.questions],
        "left_out": list(proof.left_out),
    }  # fmt: skip


def _of_category(category: CategoryProof) -> dict[str, Any]:
    return {
        "names": list(category.names),
        "queries": [question.text for question in category.present],
        "pictures": category.pictures,
        "ap_match": _rounded(category.ap_match),
        "ap_cosine": _rounded(category.ap_cosine),
        "present": [question.presence for question in category.present],
        "removed": [question.presence for question in category.removed],
    }


def _of_question(question: AskedQuestion) -> dict[str, Any]:
    return {
        "query": question.text,
        "case": question.case,
        "category": question.category,
        "best_match": _rounded(question.best_match),
        "best_cosine": _rounded(question.best_cosine),
        "verdict": question.presence,
    }


def _rounded(value: float) -> float:
    return round(value, 6)
