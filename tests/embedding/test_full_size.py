"""The full-size path works: a model as large as clip-ViT-B-32, in its layout, end to end."""

import pytest

from search_engine import Query, SearchEngine, build_collection, plan_build
from search_engine.embedding import load_embedder
from search_engine.lab.benchmark import random_model
from tests.lookups import at_path


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """The model on disk."""
    return random_model.build(tmp_path_factory.mktemp("full"))


def test_the_layout_of_clip_vit_b_32_loads_and_searches(folder, settings, pictures):
    """151.3 million parameters load through the public call, index a folder and answer."""
    embedder = load_embedder(str(folder), settings)
    parameters = sum(p.numel() for p in embedder.pictures.parameters())
    assert parameters == pytest.approx(151.3e6, rel=1e-3)
    assert embedder.card.dimension == 512
    assert embedder.words.max_seq_length == 77

    name, wanted = plan_build(pictures, settings, model_id=str(folder))
    report = build_collection(name, wanted, settings, load=lambda *_: embedder)
    assert report.added == 12
    with SearchEngine.open(name, settings, load=lambda *_: embedder) as engine:
        record = at_path(engine.catalog, "red/0.png")
        best = engine.search(Query.picture(engine.path(record)), k=1).results[0]
        assert best.record == record
        assert best.score == pytest.approx(1, abs=1e-5)
        assert len(engine.search("a red fish", k=5).results) == 5
