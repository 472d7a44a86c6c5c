"""The proof that it is told what is not in a collection, and that its figures are right."""

import json

import numpy as np
import pytest

from search_engine.calibration.verdict import Presence
from search_engine.cli import main
from search_engine.embedding import load_embedder
from search_engine.evaluation.metrics import auroc, relevant_ranks
from search_engine.evaluation.nonsense import nonsense_queries
from search_engine.evaluation.presence import Case
from search_engine.evaluation.reliability import Reliability
from search_engine.lab.model_quality.judges import LOOK_ALIKES, OUTSIDERS
from search_engine.settings import DATA_VARIABLE, MINI_MODEL


@pytest.fixture(scope="module")
def proof(gallery):
    return gallery.measure.presence()


def test_present_and_absent_are_told_apart(proof):
    """On the drawings: nearly always, and no worse than by the best cosine."""
    assert proof.auroc_match() >= 0.99
    assert proof.auroc_match() >= proof.auroc_cosine() - 0.005
    assert proof.auroc_match(Case.REMOVED) >= 0.95
    assert proof.auroc_match(Case.NONSENSE) >= 0.99
    assert proof.share(Case.NONSENSE, Presence.ABSENT) >= 0.95
    assert proof.share(Case.PRESENT, Presence.ABSENT) <= 0.05
    assert proof.share(Case.REMOVED, Presence.ABSENT) > 0.5


def test_unknown_words_are_told_better_than_by_cosine(gallery):
    """Real words that nothing shows, and look-alikes of names, which fool the best cosine."""
    embedder = load_embedder(MINI_MODEL, gallery.settings)
    assert embedder.card.fingerprint == gallery.manifest.model.fingerprint
    kinds = [name for name in gallery.catalog.pictures.categories() if name]
    there = [f"a {c} {k}" for k in kinds[::2] for c in ("red", "blue")] + kinds

    def best(texts):
        answers = [gallery.search(f'"{text}"') for text in texts]
        return [[a.results[0].score, max(r.match for r in a.results)] for a in answers]

    shown, unknown = np.array(best(there)), np.array(best(OUTSIDERS + LOOK_ALIKES))
    cosine, match = (auroc(shown[:, n].tolist(), unknown[:, n].tolist()) for n in (0, 1))
    assert match >= 0.97
    assert match > cosine + 0.01


def test_a_match_can_be_believed_and_ranks_as_well(proof):
    """Match / 100 is near the true share; ranking by it costs next to nothing."""
    assert proof.reliability.error < 0.01
    assert proof.reliability_shown.error < 0.08
    assert proof.map_match == pytest.approx(proof.map_cosine, abs=0.01)
    assert proof.reliability.pictures.sum() == 2 * 50 * 200
    assert proof.reliability.right.sum() == 2 * 200


def test_every_category_is_asked_for_with_and_without_its_pictures(proof):
    """Both ways of asking, both cases; without its pictures a category scores lower."""
    assert len(proof.categories) == 50
    assert (proof.pictures, proof.sampled, proof.left_out) == (200, False, ())
    cases = [query.case for query in proof.queries]
    assert [cases.count(case) for case in Case] == [100, 100, 64]
    cat = next(category for category in proof.categories if category.names == ("cat",))
    assert [query.text for query in cat.present] == ["cat", "a photo of a cat"]
    assert cat.pictures == 4
    for with_them, without in zip(cat.present, cat.removed, strict=True):
        assert with_them.best_log_odds > without.best_log_odds
        assert with_them.best_cosine > without.best_cosine


def test_the_command_gives_the_documented_figures(gallery, proof, capsys, monkeypatch):
    """As JSON for scripts and as a table for people, the same figures."""
    monkeypatch.setenv(DATA_VARIABLE, str(gallery.settings.data_folder))
    assert main(["evaluate", "presence", "--collection", "drawings", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    wanted = {"auroc_match", "auroc_cosine", "queries", "calibration_error", "map_match",
              "map_cosine", "categories"}  # fmt: skip
    assert wanted <= set(found)
    assert found["auroc_match"] == pytest.approx(proof.auroc_match(), abs=1e-6)
    assert len(found["queries"]) == len(proof.queries)
    assert found["categories"][0]["queries"][1].startswith("a photo of a")
    assert main(["evaluate", "presence"]) == 0
    assert f"{found['auroc_match']:.4f}" in capsys.readouterr().out
    assert main(["search", "xyzzy", "blorp"]) == 0
    assert "Probably not in this collection" in capsys.readouterr().out


def test_without_named_categories_it_says_what_is_missing(pictures, settings, load, capsys):
    """Folders named by numbers cannot be asked for."""
    from search_engine import build_collection, plan_build

    for number, folder in enumerate(sorted(pictures.iterdir())):
        folder.rename(pictures / f"{2000 + number}")
    name, wanted = plan_build(pictures, settings, model_id="mini")
    build_collection(name, wanted, settings)
    assert main(["evaluate", "presence"]) == 3
    assert "named after what they show" in capsys.readouterr().err


def test_nonsense_is_new_and_the_same_every_time():
    """What is asked was not calibrated with, and a proof can be repeated."""
    asked = nonsense_queries(64)
    assert asked == nonsense_queries(64)
    assert len(set(asked)) == 64


def test_figures_equal_those_by_hand():
    """AUROC counts ties half; average precision and calibration error by their definitions."""
    assert auroc([3.0, 2.0], [1.0, 2.0]) == pytest.approx(3.5 / 4)
    assert np.isnan(auroc([], [1.0]))
    right = np.array([True, False, True, False])
    ap = relevant_ranks(np.float32([4, 3, 2, 1]), right).average_precision
    assert ap == pytest.approx((1 / 1 + 2 / 3) / 2)
    reliability = Reliability()
    reliability.add(np.float32([95, 95, 5, 100]), np.array([True, False, False, True]))
    assert reliability.rows() == [(0, 10, 1, 5.0, 0.0), (90, 100, 3, pytest.approx(290 / 3), 2 / 3)]
    assert reliability.error == pytest.approx((abs(2.9 - 2) + 0.05) / 4)
