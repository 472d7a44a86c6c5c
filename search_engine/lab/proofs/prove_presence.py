"""What is here is told from what is not: by the best match, and by the best cosine beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from search_engine.evaluation.metrics import auroc
from search_engine.evaluation.nonsense import nonsense_queries
from search_engine.evaluation.presence import Case
from search_engine.lab.model_quality.judges import LOOK_ALIKES, OUTSIDERS
from search_engine.lab.model_quality.queries import (
    coloured,
    named,
    never_drawn,
    plain_name,
    with_article,
)
from search_engine.lab.proofs.bounds import Beside, ProvedFigure, at_least, at_most, more_than
from search_engine.lab.proofs.studio import Studio
from search_engine.sample import read_truth
from search_engine.sample.scenes import Scene
from search_engine.search.engine import SearchEngine

AUROC_FLOOR = 0.95
_NAMES_FLOOR, _REMOVED_FLOOR = 0.99, 0.95
_MAP_FLOOR, _MAP_LOST_AT_MOST = 0.9, 0.01
_ERROR_CEILING, _ERROR_SHOWN_CEILING = 0.01, 0.08
_NONSENSE = 64


def prove(studio: Studio) -> list[ProvedFigure]:
    """Ask for what the gallery shows and for what it does not."""
    engine = studio.gallery
    scenes = [picture.scene for picture in read_truth(engine.collection.root)]
    absent = {
        "unknown words": _forms(OUTSIDERS),
        "look-alike words": _forms(LOOK_ALIKES),
        "nonsense": nonsense_queries(_NONSENSE, studio.seed),
    }
    present = _present(scenes)
    count = len(present) + sum(map(len, absent.values()))
    studio.begin(f"Running {count:,} queries, {len(present):,} about what is there")
    there = _best(engine, present)
    not_there = {name: _best(engine, texts) for name, texts in absent.items()}
    studio.begin("Searching for every category with and without its pictures")
    return [*_by_queries(there, not_there), *_by_categories(engine)]


def _present(scenes: Sequence[Scene]) -> list[str]:
    """Ask for each kind, bare and in a sentence, and for each colour of a kind that is there."""
    texts = [plain_name(scene.kind) for scene in scenes]
    for ask in (named, coloured, never_drawn):
        texts += [query.text for scene in scenes if (query := ask(scene))]
    return list(dict.fromkeys(texts))


def _forms(words: Sequence[str]) -> list[str]:
    """Ask for a word bare and in a sentence."""
    return [form for word in words for form in (word, f"a photo of {with_article(word)}")]


@dataclass(frozen=True, slots=True)
class _Best:
    """The best match and the best cosine of some queries."""

    matches: list[float]
    cosines: list[float]


def _best(engine: SearchEngine, texts: Sequence[str]) -> _Best:
    """Ask as the app does; quotation marks keep a hyphen from taking something away."""
    answers = [engine.search(f'"{text}"').results for text in texts]
    matches = [max(float(one.match or 0) for one in results) for results in answers]
    return _Best(matches, [results[0].score for results in answers])


def _by_queries(there: _Best, not_there: dict[str, _Best]) -> list[ProvedFigure]:
    every = _Best(
        [match for best in not_there.values() for match in best.matches],
        [cosine for best in not_there.values() for cosine in best.cosines],
    )
    figures = [
        _told_apart(f"AUROC of the best match, against {name}", there, absent)
        for name, absent in {"all that is absent": every, **not_there}.items()
    ]
    match, cosine = auroc(there.matches, every.matches), auroc(there.cosines, every.cosines)
    return [*figures, ProvedFigure("AUROC, match less cosine", match - cosine, more_than(0))]


def _told_apart(name: str, there: _Best, absent: _Best) -> ProvedFigure:
    cosine = Beside("best cosine", auroc(there.cosines, absent.cosines))
    return ProvedFigure(name, auroc(there.matches, absent.matches), at_least(AUROC_FLOOR), cosine)


def _by_categories(engine: SearchEngine) -> list[ProvedFigure]:
    """Return what the app proves on anybody's categories, here on those of the gallery."""
    proof = engine.measure.presence()
    cases = {
        "absent": ((), _NAMES_FLOOR),
        "pictures taken away": ((Case.REMOVED,), _REMOVED_FLOOR),
        "nonsense": ((Case.NONSENSE,), _NAMES_FLOOR),
    }
    figures = [
        ProvedFigure(
            f"AUROC of names of categories, against {name}",
            proof.auroc_match(*absent),
            at_least(floor),
            Beside("best cosine", proof.auroc_cosine(*absent)),
        )
        for name, (absent, floor) in cases.items()
    ]
    by_cosine = Beside("by cosine", proof.map_cosine)
    lost = proof.map_cosine - proof.map_match
    return [
        *figures,
        ProvedFigure("mAP, ranked by match", proof.map_match, at_least(_MAP_FLOOR), by_cosine),
        ProvedFigure("mAP lost by ranking by match", lost, at_most(_MAP_LOST_AT_MOST)),
        ProvedFigure("calibration error", proof.reliability.error, at_most(_ERROR_CEILING)),
        ProvedFigure(
            "calibration error, first 24", proof.reliability_shown.error,
            at_most(_ERROR_SHOWN_CEILING),
        ),
    ]  # fmt: skip
