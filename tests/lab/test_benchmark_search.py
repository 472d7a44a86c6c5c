"""What the benchmark measures is what it says."""

import json
import os
import sys
from pathlib import Path

import numpy as np
import pytest

from search_engine.cli import main
from search_engine.index import new_store
from search_engine.index.exact_search import search_exactly
from search_engine.index.tuning import recall
from search_engine.lab.benchmark.made_up_vectors import BLOCK, MadeUpSpace
from search_engine.lab.benchmark.search_speed import measure_search
from search_engine.records import IndexKind

VECTORS = os.environ.get("IMAGE_SEARCH_VECTORS")
"""A folder with vectors of real photographs and of one-word texts."""
GEOMETRY = {
    "pictures_alike": (0.6, 0.06),
    "pictures_alike_spread": (0.09, 0.02),
    "nearest_picture": (0.875, 0.02),
    "text_and_picture": (0.19, 0.015),
    "within_a_question": (0.02, 0.003),
    "best_above_mean": (0.082, 0.01),
    "effective_dimension": (40, 10),
    "largest_coordinate": (2 / 3, 0.08),
}
"""Of photographs and one-word texts under ``clip-ViT-B-32``, with how far others may lie off."""


def geometry(pictures, texts):
    """Measure where pictures and texts lie; both are unit vectors."""
    alike, scores, mean = pictures @ pictures.T, texts @ pictures.T, pictures.mean(axis=0)
    pairs = alike[np.triu_indices(len(pictures), 1)]
    np.fill_diagonal(alike, -1)
    variances = np.linalg.eigvalsh(np.cov(pictures.T))
    return {
        "pictures_alike": pairs.mean(),
        "pictures_alike_spread": pairs.std(),
        "nearest_picture": alike.max(axis=1).mean(),
        "text_and_picture": scores.mean(),
        "within_a_question": scores.std(axis=1).mean(),
        "best_above_mean": (scores.max(axis=1) - scores.mean(axis=1)).mean(),
        "effective_dimension": variances.sum() ** 2 / (variances**2).sum(),
        "largest_coordinate": (mean**2).max() / (mean @ mean),
    }


def told(found):
    """Write what was measured, for whoever reads the log of a test."""
    sys.stdout.write("".join(f"{name}: {value:.4g}\n" for name, value in found.items()))
    return found


@pytest.mark.parametrize("seed", range(2))
def test_pictures_and_texts_lie_as_those_of_clip_do(seed):
    """As the real ones of the table, in every figure, whatever the seed."""
    space = MadeUpSpace(seed=seed)
    pictures, texts = next(space.pictures(3_000)), space.text_queries(365)
    for rows in (pictures, texts, space.picture_queries(10)):
        assert np.linalg.norm(rows, axis=1) == pytest.approx(np.ones(len(rows)), abs=1e-5)
    found = told(geometry(pictures.astype(float), texts.astype(float)))
    for name, (real, off) in GEOMETRY.items():
        assert found[name] == pytest.approx(real, abs=off), name
    assert found["effective_dimension"] <= 50


REAL_RECALL = {8: 0.620, 33: 0.908, 65: 0.978, 110: 0.997}
"""Of one-word questions to 6,320 photographs under CLIP, by how many of 156 clusters are looked
into; measured elsewhere with the index of this program."""


def test_single_words_are_as_hard_for_an_index_as_under_clip():
    """As many of the true ten are found as among photographs, however many clusters are asked."""
    space, ids = MadeUpSpace(), np.arange(6_320)
    rows, words = next(space.pictures(len(ids))), space.text_queries(365)
    store = new_store(IndexKind.IVF, space.dimension, lambda some: rows[some])
    store.fill(ids)
    assert store.parameters["nlist"] == pytest.approx(156, abs=6)
    truth = search_exactly([(ids, rows)], words, 10).scores
    found = {}
    for clusters in REAL_RECALL:
        store.effort = clusters
        found[clusters] = recall(store, words, truth)
    assert found == pytest.approx(REAL_RECALL, abs=0.03)


@pytest.mark.skipif(not VECTORS, reason="IMAGE_SEARCH_VECTORS names no folder of vectors")
def test_the_table_is_that_of_real_vectors():
    """Photographs and one-word texts, measured in the same way, give its figures."""
    read = {
        name: np.load(Path(VECTORS) / f"{name}.npy", allow_pickle=False).astype(float)
        for name in ("photographs", "objects365_texts")
    }
    unit = [rows / np.linalg.norm(rows, axis=1, keepdims=True) for rows in read.values()]
    found = told(geometry(*unit))
    for name, (real, off) in GEOMETRY.items():
        assert found[name] == pytest.approx(real, abs=off), name


def test_a_larger_set_begins_with_the_smaller_one():
    """Sizes can be compared: the first pictures of many are those of few."""
    few = np.concatenate(list(MadeUpSpace(16).pictures(50)))
    many = list(MadeUpSpace(16).pictures(BLOCK + 10))
    assert [len(block) for block in many] == [BLOCK, 10]
    assert (many[0][:50] == few).all()
    assert not np.allclose(many[1], many[0][:10])


@pytest.mark.long
def test_figures_are_of_the_kind_and_size_they_name():
    """An exact index finds everything, clusters nearly, under filters too, and never fewer."""
    exact, clusters = measure_search(
        (2_000,), (IndexKind.EXACT, IndexKind.IVF), dimension=32, queries=20
    )
    assert (exact.kind, exact.vectors, clusters.kind) == (IndexKind.EXACT, 2_000, IndexKind.IVF)
    assert exact.index_bytes > 2_000 * 32 * 4 > clusters.index_bytes
    assert {(a.questions, a.share) for a in exact.answers} == {
        (name, share) for name in ("text", "picture") for share in (1.0, 0.2, 0.01)
    }
    assert all(a.recall_at_10 == a.recall_at_24 == 1 for a in exact.answers)
    assert all(a.recall_at_10 > 0.9 for a in clusters.answers)
    assert all(a.short == 0 and a.p50_ms <= a.p95_ms for a in (*exact.answers, *clusters.answers))


def test_the_command_gives_each_kind_and_size_as_json(monkeypatch, capsys):
    """``benchmark --only search --json`` lists kinds, sizes, times and recalls."""
    few = measure_search((500,), dimension=32, queries=20)
    monkeypatch.setattr("search_engine.cli.benchmark.measure_search_quickly", lambda: few)
    assert main(["benchmark", "--quick", "--only", "search", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)["search"]
    assert [(one["kind"], one["vectors"]) for one in found] == [(f.kind, 500) for f in few]
    exact = next(one for one in found if one["kind"] == "exact")
    assert {answer["recall_at_10"] for answer in exact["answers"]} == {1.0}
    assert main(["benchmark", "--quick", "--only", "search"]) == 0
    assert "with fewer results than there are: 0" in capsys.readouterr().out
