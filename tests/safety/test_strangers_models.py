"""A model that came from somebody else runs no code, and is loaded only if a person chose it."""

import shutil

import pytest

from search_engine.embedding import load_embedder, load_model_folder, loading
from search_engine.errors import ModelUnavailable
from tests.safety import hostile_code, hostile_settings, hostile_weights
from tests.safety.hostile_models import MINI, Attack

ATTACKS = hostile_weights.ATTACKS | hostile_code.ATTACKS | hostile_settings.ATTACKS

ANSWERED_WITHOUT = {"pickled_weights", "packed_weights", "old_archive", "pickled_layer"}
"""Ways in which the weights themselves are hostile: torch refuses them, not the look at names."""


@pytest.mark.parametrize("name", ATTACKS)
def test_a_hostile_model_runs_nothing(name, tmp_path, settings):
    """Every way in which a folder could run code or lead elsewhere is refused, and none runs."""
    it = Attack(tmp_path)
    ATTACKS[name](it)
    with pytest.raises(ModelUnavailable) as refused:
        load_embedder(str(it.folder), settings)
    assert not it.marker.exists()
    assert str(it.folder) in refused.value.place
    if name not in ANSWERED_WITHOUT:
        assert "not loaded: " in refused.value.cause or "looked through" in refused.value.cause


@pytest.mark.parametrize("name", [name for name in ATTACKS if name.startswith("weights_only")])
def test_weights_are_numbers_whatever_the_folder_says(name, tmp_path, settings, monkeypatch):
    """Also where the look at the files misses something, pickles in weights do not run."""
    monkeypatch.setattr(loading, "check_model_files", lambda folder: None)
    it = Attack(tmp_path)
    ATTACKS[name](it)
    with pytest.raises(ModelUnavailable):
        load_embedder(str(it.folder), settings)
    assert not it.marker.exists()


def test_an_honest_copy_still_loads(tmp_path, settings):
    """The same folder without an attack is loaded, so that the refusals above are about these."""
    it = Attack(tmp_path)
    own = load_embedder("mini", settings).card
    assert load_embedder(str(it.folder), settings).card.fingerprint == own.fingerprint


def test_links_of_a_download_cache_are_followed(tmp_path):
    """Files that are links, as the hub's cache has them, are a model like any other."""
    folder = tmp_path / "snapshot"
    folder.mkdir()
    for file in MINI.iterdir():
        folder.joinpath(file.name).symlink_to(file)
    assert load_model_folder(folder, "cpu")[0].model


def test_weights_without_pickles_are_preferred(tmp_path):
    """Where a folder has both, the pickled ones are not even opened."""
    it = Attack(tmp_path)
    shutil.copy(it.folder / "model.safetensors", it.beside)
    it.pickle_weights()
    shutil.copy(it.beside / "model.safetensors", it.folder)
    assert load_model_folder(it.folder, "cpu")[0].model
    assert not it.marker.exists()
