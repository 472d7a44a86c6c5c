"""The proofs on the command line."""

from __future__ import annotations

import argparse
import json
import math
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from typing import Any

from search_engine.errors import SearchEngineError
from search_engine.lab.proofs import (
    prove_duplicates,
    prove_label_errors,
    prove_marks,
    prove_pointing,
    prove_precision,
    prove_presence,
    prove_retrieval,
    prove_words,
)
from search_engine.lab.proofs.bounds import ProvedFigure
from search_engine.lab.proofs.studio import Studio
from search_engine.records import Step
from search_engine.sample import GALLERY_PICTURES

SEED = 77
"""No method, threshold or floor was chosen on what is drawn from it."""
_FEWEST_PICTURES = 100
"""Two of every kind."""
_DIGITS = 6


class Proof(StrEnum):
    """What is claimed."""

    PRESENCE = "presence"
    SUSPECTS = "suspects"
    DUPLICATES = "duplicates"
    RETRIEVAL = "retrieval"
    PRECISION = "precision"
    POINTING = "pointing"
    MARKS = "marks"
    WORDS = "words"


PROOFS: dict[Proof, Callable[[Studio], list[ProvedFigure]]] = {
    Proof.PRESENCE: prove_presence.prove,
    Proof.SUSPECTS: prove_label_errors.prove,
    Proof.DUPLICATES: prove_duplicates.prove,
    Proof.RETRIEVAL: prove_retrieval.prove,
    Proof.PRECISION: prove_precision.prove,
    Proof.POINTING: prove_pointing.prove,
    Proof.MARKS: prove_marks.prove,
    Proof.WORDS: prove_words.prove,
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Show the figures as a table or as JSON; give 1 if one misses its bound."""
    parser = _parser()
    chosen = parser.parse_args(arguments)
    began = time.perf_counter()

    def show(step: Step) -> None:
        sys.stderr.write(f"{time.perf_counter() - began:6.1f} s  {step.stage}\n")

    wanted = [proof for proof in Proof if proof in (chosen.only or Proof)]
    try:
        with Studio(chosen.seed, chosen.pictures, show) as studio:
            proved = {proof: PROOFS[proof](studio) for proof in wanted}
    except SearchEngineError as problem:
        parser.exit(2, f"error: {problem}\n")
    show(Step("Done"))
    head = {
        "seed": chosen.seed,
        "pictures": chosen.pictures,
        "embedded": studio.notes,
        "seconds": round(time.perf_counter() - began, 1),
    }
    sys.stdout.write(_as_json(head, proved) if chosen.json else _as_table(proved))
    return int(any(figure.holds is False for figures in proved.values() for figure in figures))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m search_engine.lab.proofs",
        description="Draw a sample gallery that nothing was chosen on, index it with the bundled "
        "model in a temporary folder, and measure all that is claimed about scores, each figure "
        "beside its bound. The exit code is 1 if a figure misses its bound.",
    )
    option = parser.add_argument
    option("--only", nargs="+", type=Proof, metavar="PROOF", help=", ".join(Proof))
    option("--seed", type=_whole(0), default=SEED, help=f"what is drawn ({SEED})")
    option("--pictures", type=_whole(_FEWEST_PICTURES), default=GALLERY_PICTURES,
           help=f"of the gallery, at least {_FEWEST_PICTURES} ({GALLERY_PICTURES})")  # fmt: skip
    option("--json", action="store_true", help="JSON instead of a table")
    return parser


def _whole(least: int) -> Callable[[str], int]:
    def number(text: str) -> int:
        if not text.isdecimal() or int(text) < least:
            message = f"'{text}' is no whole number from {least} on"
            raise argparse.ArgumentTypeError(message)
        return int(text)

    return number


def _as_json(head: Mapping[str, Any], proved: Mapping[Proof, Sequence[ProvedFigure]]) -> str:
    figures = [_document(proof, figure) for proof in proved for figure in proved[proof]]
    return json.dumps({**head, "figures": figures}, indent=2) + "\n"


def _document(proof: Proof, figure: ProvedFigure) -> dict[str, Any]:
    beside, bound = figure.beside, figure.bound
    return {
        "proof": proof,
        "figure": figure.name,
        "value": _number(figure.value),
        "beside": beside and {"name": beside.name, "value": _number(beside.value)},
        "bound": bound and {"sign": bound.sign, "value": bound.value},
        "holds": figure.holds,
    }


def _number(value: float) -> float | None:
    """Round a value; what is too small for that keeps its leading digits."""
    if math.isnan(value):
        return None
    return float(f"{value:.{_DIGITS}g}")


def _as_table(proved: Mapping[Proof, Sequence[ProvedFigure]]) -> str:
    rows: list[tuple[str, ...]] = [("proof", "figure", "value", "beside", "bound", "")]
    rows += [_row(proof, figure) for proof in proved for figure in proved[proof]]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = ("  ".join(map(str.ljust, row, widths)).rstrip() for row in rows)
    return "".join(f"{line}\n" for line in lines)


def _row(proof: Proof, figure: ProvedFigure) -> tuple[str, ...]:
    beside = figure.beside
    return (
        proof,
        figure.name,
        _shown(figure.value),
        f"{_shown(beside.value)} {beside.name}" if beside else "",
        str(figure.bound or ""),
        "MISSED" if figure.holds is False else "",
    )


def _shown(value: float) -> str:
    return f"{value:.0e}" if 0 < abs(value) < 1e-4 else f"{value:.4f}"  # noqa: PLR2004 - digits
