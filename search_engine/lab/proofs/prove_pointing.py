"""Heat maps point at what was asked for: the pointing game of `sample.pointing`, drawn anew."""

from __future__ import annotations

from search_engine.embedding import load_embedder
from search_engine.explain.heat_map import HeatMethod
from search_engine.lab.model_quality.pointing import CASES, FLOOR, draw_collages, measure
from search_engine.lab.proofs.bounds import Beside, ProvedFigure, at_least
from search_engine.lab.proofs.studio import Studio
from search_engine.settings import MINI_MODEL


def prove(studio: Studio) -> list[ProvedFigure]:
    """Play it with every method on the same collages."""
    studio.begin(f"Drawing {CASES} collages")
    collages = draw_collages(CASES, f"collages of proof {studio.seed}")
    embedder = load_embedder(MINI_MODEL, studio.settings)
    figures = []
    for method in HeatMethod:
        studio.begin(f"Looking where heat maps point, by {method}")
        measured = measure(embedder, method, collages)
        chance = Beside("chance", measured.chance)
        name = f"peak on the asked drawing, {method}"
        figures.append(ProvedFigure(name, measured.on_asked, at_least(FLOOR), chance))
        figures.append(ProvedFigure(f"peak on the other drawing, {method}", measured.on_other))
    return figures
