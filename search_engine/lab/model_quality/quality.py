"""Measure the mini model: ``python -m search_engine.lab.model_quality [--model FOLDER] [--json]``.

Everything goes through sentence-transformers, as in the app, on drawings that training never saw:
their seeds lie beyond all seeds of training, and one colour of every kind was never shown.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from search_engine.evaluation.metrics import auroc
from search_engine.lab.model_quality.album import Album, Encode, Vectors, encoder_of, fresh_album
from search_engine.lab.model_quality.judges import LOOK_ALIKES, OUTSIDERS
from search_engine.lab.model_quality.queries import (
    FIRST_ANSWERS,
    JudgedQuery,
    coloured,
    named,
    queries_about,
    with_article,
)
from search_engine.settings import Settings

FLOORS = {
    "object P@10": 0.98,
    "colour + object R@1": 0.98,
    "never-drawn pair R@1": 0.95,
    "count + object R@1": 0.9,
    "position + object R@1": 0.9,
    "one typo R@1": 0.9,
    "match or unknown word AUROC": 0.95,
}
"""Below these the model is not good enough to ship."""

_TOP = 10


@dataclass(frozen=True, slots=True)
class QualityFigure:
    """One measured figure."""

    name: str
    value: float
    queries: int
    floor: float | None


def measure(model_folder: Path) -> list[QualityFigure]:
    """Measure a model on fresh drawings."""
    encode = encoder_of(model_folder)
    album = fresh_album(encode)
    return [*_rankings(encode, album), *_rejections(encode, album)]


def _rankings(encode: Encode, album: Album) -> list[QualityFigure]:
    queries = queries_about(album, named)
    figures = [_figure("object P@10", _precision(encode, album, queries, _TOP), len(queries))]
    for name, ask in FIRST_ANSWERS:
        queries = queries_about(album, ask)
        figures.append(_figure(name, _precision(encode, album, queries, 1), len(queries)))
    return figures


def _precision(encode: Encode, album: Album, queries: Sequence[JudgedQuery], k: int) -> float:
    """Average the share of right answers among the first k, or as many as there are."""
    cosines = encode([query.text for query in queries]) @ album.vectors.T
    shares = []
    for query, row in zip(queries, cosines, strict=True):
        right = album.right(query.claim)
        best = np.argsort(-row)[: min(k, int(right.sum()))]
        shares.append(right[best].mean())
    return float(np.mean(shares))


def _rejections(encode: Encode, album: Album) -> list[QualityFigure]:
    """Compare the best cosine of real queries with that of queries without an answer."""
    kinds = queries_about(album, named)
    present = _best(encode, album, [query.text for query in kinds])
    coloured_ones = [query.text for query in queries_about(album, coloured)]
    real = np.concatenate([present, _best(encode, album, coloured_ones)])
    groups = {
        "unknown word": _best(encode, album, _forms(OUTSIDERS)),
        "look-alike word": _best(encode, album, _forms(LOOK_ALIKES)),
    }
    removed = _best_of_others(encode, album, kinds)
    figures = [
        _figure(f"match or {name} AUROC", auroc(real.tolist(), best.tolist()), len(best))
        for name, best in groups.items()
    ]
    told = auroc(present.tolist(), removed.tolist())
    figures.append(_figure("kind present or removed AUROC", told, len(removed)))
    for name, best in {"match": real, **groups, "kind removed": removed}.items():
        figures.append(_figure(f"median best cosine, {name}", float(np.median(best)), len(best)))
    return figures


def _forms(texts: Sequence[str]) -> list[str]:
    """Ask for a word bare and in a sentence."""
    return [form for text in texts for form in (text, f"a photo of {with_article(text)}")]


def _best(encode: Encode, album: Album, texts: Sequence[str]) -> Vectors:
    best: Vectors = (encode(texts) @ album.vectors.T).max(axis=1)
    return best


def _best_of_others(encode: Encode, album: Album, queries: Sequence[JudgedQuery]) -> Vectors:
    """Return the best cosine of each query once all its right answers are removed."""
    cosines = encode([query.text for query in queries]) @ album.vectors.T
    right = np.array([album.right(query.claim) for query in queries])
    best: Vectors = np.where(right, -1, cosines).max(axis=1)
    return best


def _figure(name: str, value: float, queries: int) -> QualityFigure:
    return QualityFigure(name, round(value, 4), queries, FLOORS.get(name))


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the figures as a table or as JSON; exit with 1 if one is below its floor."""
    parser = argparse.ArgumentParser(prog="search_engine.lab.model_quality", description=__doc__)
    parser.add_argument("--model", type=Path, default=Settings.from_environment().mini_model_folder)
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    chosen = parser.parse_args(arguments)
    figures = measure(chosen.model)
    sys.stdout.write(_as_json(figures) if chosen.json else _as_table(figures))
    sys.exit(any(figure.floor is not None and figure.value < figure.floor for figure in figures))


def _as_json(figures: Sequence[QualityFigure]) -> str:
    return json.dumps([asdict(figure) for figure in figures], indent=2) + "\n"


def _as_table(figures: Sequence[QualityFigure]) -> str:
    lines = [f"{'figure':36} {'value':>7} {'floor':>6} {'queries':>8}"]
    for figure in figures:
        floor = "" if figure.floor is None else f"{figure.floor:.2f}"
        lines.append(f"{figure.name:36} {figure.value:7.3f} {floor:>6} {figure.queries:8}")
    return "\n".join(lines) + "\n"
