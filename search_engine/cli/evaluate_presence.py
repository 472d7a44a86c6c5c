"""``evaluate presence``: is it told what is not here?"""

from __future__ import annotations

import argparse
from dataclasses import dataclass

from search_engine.calibration import Presence
from search_engine.cli.console import printable, say, share_done, show, show_table
from search_engine.cli.exit_codes import ExitCode
from search_engine.cli.json_answers import show_json
from search_engine.cli.labelling_options import (
    LabellingOptions,
    add_labelling,
    labelling_of,
)
from search_engine.cli.options import (
    add_collection,
    note_odd_names,
    opened,
)
from search_engine.cli.registry import Command
from search_engine.evaluation import (
    Case,
    PresenceProof,
)
from search_engine.reports import PresenceAnswer, presence_answer
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
