"""The pages of a collection whose index lies on a server that is away."""

import pytest

from search_engine import Library, build_collection, plan_build
from tests.cluster.homes import point_to
from tests.cluster.milvus_machines import free_ports


@pytest.fixture
def away(pictures, settings, load, monkeypatch, tmp_path):
    """The collection ``pictures``, whose server is gone."""
    pytest.importorskip("milvus_lite", reason="the package milvus-lite is not installed")
    address = f"milvus-lite://{tmp_path}/vectors.db"
    name, wanted = plan_build(pictures, settings, model_id="colours", store=address)
    build_collection(name, wanted, settings, load=load)
    monkeypatch.setattr("pages.ui.frame.resources.models.load_embedder", load)
    nowhere = f"milvus://127.0.0.1:{free_ports(1)[0]}"
    point_to(Library(settings).folder(name), address, nowhere)
    return nowhere


@pytest.mark.parametrize("name", ["2_Search.py", "4_Scores.py"])
def test_a_search_says_that_the_server_is_away(page, away, name):
    """It names the server and what to do, in a box, and nothing breaks."""
    app = page(name, q="red")
    assert not app.exception
    assert any(
        "does not reply" in one.value and away in one.value.replace("\\", "") for one in app.error
    )


def test_all_pictures_are_shown_without_the_server(page, away):
    """Where nothing is searched for, all pictures are there with their facts."""
    app = page("2_Search.py")
    assert not app.exception
    assert not app.error
