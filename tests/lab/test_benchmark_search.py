"""What the benchmark measures is what it says."""

import json

import numpy as np
import pytest

from search_engine.cli import main
from search_engine.lab.benchmark.made_up_vectors import BLOCK, MadeUpSpace
from search_engine.lab.benchmark.search_speed import measure_search
from search_engine.records import IndexKind


def test_pictures_and_texts_lie_as_those_of_clip_do():
    """Pictures are alike by 0.5, texts and pictures by 0.2, and a text has some pictures nearer."""
    space = MadeUpSpace(dimension=128)
    pictures = next(space.pictures(2_000))
    texts = space.text_queries(100)
    for rows in (pictures, texts, space.picture_queries(10)):
        assert np.linalg.norm(rows, axis=1) == pytest.approx(np.ones(len(rows)), abs=1e-5)
    assert (pictures[:1000] @ pictures[1000:].T).mean() == pytest.approx(0.5, abs=0.05)
    scores = texts @ pictures.T
    assert scores.mean() == pytest.approx(0.2, abs=0.05)
    assert scores.max(axis=1).mean() > scores.mean() + 0.1


def test_a_larger_set_begins_with_the_smaller_one():
    """Sizes can be compared: the first pictures of many are those of few."""
    few = np.concatenate(list(MadeUpSpace(16).pictures(50)))
    many = list(MadeUpSpace(16).pictures(BLOCK + 10))
    assert [len(block) for block in many] == [BLOCK, 10]
    assert (many[0][:50] == few).all()
    assert not np.allclose(many[1], many[0][:10])


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
