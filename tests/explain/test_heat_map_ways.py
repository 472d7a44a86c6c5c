"""A heat map is made in the way that works for the model, and the command says which was taken."""

import json

import numpy as np
import pytest

from search_engine.embedding import load_embedder
from search_engine.errors import PatchesUnread
from search_engine.explain import HeatMethod, compute_heat_map
from tests.conftest import paint
from tests.embedding.families import siglip
from tests.embedding.scenes import scene


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A SigLIP of random weights, whose patches are not read here."""
    return siglip(tmp_path_factory.mktemp("model") / "siglip")


@pytest.fixture
def things(run, tmp_path, folder):
    """Some pictures, indexed with it."""
    root = tmp_path / "things"
    for number in range(3):
        scene(number).save(paint(root / f"{number}.png"))
    assert run("index", root, "--model", folder)[0] == 0
    return root


def test_a_model_without_readable_patches_is_looked_at_by_regions(run, things, tmp_path):
    """Unasked; a note says so, and JSON names the method that was taken."""
    file = tmp_path / "heat.png"
    code, out, err = run("explain", "a cat", "--picture", 1, "--heat-map", file, "--json")
    heat = json.loads(out)["heat_map"]
    assert (code, heat["method"]) == (0, "regions")
    assert np.ptp(heat["grid"]) > 0
    assert "cannot be read; the heat map is made by regions" in err
    assert file.read_bytes().startswith(b"\x89PNG")
    _, out, _ = run("explain", "a cat", "--picture", 1, "--heat-map", tmp_path / "again.png")
    assert "The strongest spot (regions) is at" in out


def test_a_method_that_is_asked_for_is_not_replaced(run, things, tmp_path):
    """By patches it cannot be done, which is told; by regions there is nothing to note."""
    file = tmp_path / "heat.png"
    asked = ("explain", "a cat", "--picture", 1, "--heat-map", file, "--method")
    code, out, err = run(*asked, "patches")
    assert (code, out) == (3, "")
    assert "Take the method 'regions'" in err
    assert not file.exists()
    code, _, err = run(*asked, "regions")
    assert code == 0
    assert "note:" not in err


def test_the_map_of_a_squashed_picture_lies_over_all_of_it(folder, settings):
    """A peak far outside of the square middle can be told."""
    model = load_embedder(str(folder), settings)
    image = scene(5, (900, 300))
    query = model.embed_words(["a cat"])[0]
    found = compute_heat_map(model, image, query, HeatMethod.REGIONS)
    assert (found.box, found.size) == ((0, 0, 900, 300), (900, 300))
    with pytest.raises(PatchesUnread):
        compute_heat_map(model, image, query, HeatMethod.PATCHES)
