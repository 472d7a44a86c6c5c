"""Models load through the calls that clip-ViT-B-32 loads through, or say clearly why not."""

import os
import socket
import subprocess
import sys
import time

import numpy as np
import pytest
from PIL import Image

from search_engine.embedding import (
    canonical_model_id,
    load_embedder,
    quick_signature,
    trust,
    unit_rows,
)
from search_engine.errors import BadVectors, ModelUnavailable, Way
from search_engine.lab.benchmark import random_model


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    """Small models in the layout of clip-ViT-B-32: two of 512 dimensions, one of 64."""
    root = tmp_path_factory.mktemp("models")
    return {
        "first": random_model.build(root / "first", seed=1, small=True),
        "second": random_model.build(root / "second", seed=2, small=True),
        "narrow": random_model.build(root / "narrow", seed=3, small=True, projection=64),
    }


def picture(seed, size=(90, 60)):
    noise = np.random.default_rng(seed).integers(0, 256, (*size[::-1], 3), dtype=np.uint8)
    return Image.fromarray(noise)


def test_a_model_of_clips_layout_embeds_both(folders, settings):
    """A local folder in the hub's old layout gives unit float32 rows for pictures and words."""
    embedder = load_embedder(str(folders["first"]), settings)
    pictures = embedder.embed_pictures([picture(1), picture(2, (300, 40))])
    words = embedder.embed_words(["a red fish", "night"])
    assert embedder.card.dimension == 512
    for rows in (pictures, words):
        assert rows.shape == (2, 512)
        assert rows.dtype == np.float32
        assert np.linalg.norm(rows, axis=1) == pytest.approx([1, 1], abs=1e-5)
    assert embedder.embed_pictures([]).shape == (0, 512)


def test_a_vector_does_not_depend_on_its_batch(folders, settings):
    """Alone or among forty, a picture and a text have the same vector."""
    embedder = load_embedder(str(folders["first"]), settings)
    pictures = [picture(seed) for seed in range(40)]
    together = embedder.embed_pictures(pictures)
    assert embedder.embed_pictures(pictures[7:8])[0] @ together[7] == pytest.approx(1, abs=1e-5)
    texts = [f"{'very ' * (n % 9)}red fish" for n in range(40)]
    assert embedder.embed_words(texts[5:6])[0] @ embedder.embed_words(texts)[5] == pytest.approx(
        1, abs=1e-5
    )


def test_long_texts_are_cut_and_told(folders, settings):
    """A text over 77 tokens is embedded by its beginning, and the embedder can tell."""
    embedder = load_embedder(str(folders["first"]), settings)
    assert not embedder.words_over_limit("a red fish")
    assert embedder.words_over_limit("fish " * 100)
    one, other = embedder.embed_words(["fish " * 100, "fish " * 90 + "night"])
    assert one @ other == pytest.approx(1, abs=1e-5)


def test_typed_markers_do_not_end_the_text(folders, settings):
    """The tokenizer's own end marker, typed by somebody, does not cut the query."""
    embedder = load_embedder(str(folders["first"]), settings)
    plain, marked = embedder.embed_words(["red fish", "<|endoftext|>red <|startoftext|> fish"])
    assert plain @ marked == pytest.approx(1, abs=1e-5)


def test_the_fingerprint_is_that_of_the_weights(folders, settings, tmp_path):
    """Loading twice gives one fingerprint, also from a moved copy; other weights give another."""
    first = load_embedder(str(folders["first"]), settings).card
    copy = random_model.build(tmp_path / "copy", seed=1, small=True)
    assert load_embedder(str(copy), settings).card.fingerprint == first.fingerprint
    other = load_embedder(str(folders["second"]), settings).card
    assert other.fingerprint != first.fingerprint


def test_other_preprocessing_is_another_fingerprint(folders, settings, tmp_path):
    """The same weights behind another crop are another model."""
    copy = random_model.build(tmp_path / "copy", seed=1, small=True)
    file = copy / "0_CLIPModel/preprocessor_config.json"
    file.write_text(file.read_text().replace('"resample": 3', '"resample": 2'))
    before = load_embedder(str(folders["first"]), settings).card
    assert load_embedder(str(copy), settings).card.fingerprint != before.fingerprint


def test_two_models_may_share_the_work(folders, settings):
    """PICTURES::WORDS takes pictures from the first and words from the second model."""
    first = load_embedder(str(folders["first"]), settings)
    second = load_embedder(str(folders["second"]), settings)
    both = load_embedder(f"{folders['first']}::{folders['second']}", settings)
    shown = picture(3)
    assert both.embed_pictures([shown])[0] @ first.embed_pictures([shown])[0] > 0.99999
    assert both.embed_words(["cat"])[0] @ second.embed_words(["cat"])[0] > 0.99999
    assert both.card.fingerprint not in {first.card.fingerprint, second.card.fingerprint}


def test_models_of_different_spaces_are_refused(folders, settings):
    """Words of 64 dimensions cannot be compared with pictures of 512."""
    with pytest.raises(ModelUnavailable, match="512 dimensions and words 64"):
        load_embedder(f"{folders['first']}::{folders['narrow']}", settings)


def test_a_local_folder_is_known_by_its_full_path(folders, monkeypatch):
    """A relative folder becomes absolute, so that it is found from elsewhere; ids stay as is."""
    monkeypatch.chdir(folders["first"].parent)
    assert canonical_model_id("first") == str(folders["first"])
    assert canonical_model_id("first::second") == f"{folders['first']}::{folders['second']}"
    assert canonical_model_id("clip-ViT-B-32") == "clip-ViT-B-32"


def test_the_quick_signature_sees_changed_files(folders, settings, tmp_path):
    """Without loading, a model whose files changed is told from one whose did not."""
    copy = random_model.build(tmp_path / "copy", seed=1, small=True)
    trust(str(copy), settings)
    before = quick_signature(str(copy), settings)
    assert quick_signature(str(copy), settings) == before
    (copy / "modules.json").write_text((copy / "modules.json").read_text() + "\n")
    assert quick_signature(str(copy), settings) != before


def test_a_folder_that_is_no_model_is_refused(settings, tmp_path):
    """A folder of something else is a clear error with the folder's name."""
    with pytest.raises(ModelUnavailable, match=r"no model in this folder.*config\.json"):
        load_embedder(str(tmp_path), settings)


def test_offline_mode_is_named(settings):
    """Where downloads are switched off, the message says so and offers the bundled model."""
    with pytest.raises(ModelUnavailable, match=r"switched off.*the bundled one") as refused:
        load_embedder("clip-ViT-B-32", settings)
    assert refused.value.way is Way.ALLOW_DOWNLOAD


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("clip-vit-b32", "clip-ViT-B-32"),
        ("siglip2-base-patch16-224", "google/siglip2-base-patch16-224"),
        ("google/siglip-base-patch-16-224", "google/siglip-base-patch16-224"),
    ],
)
def test_a_mistyped_model_is_asked_for(settings, typed, meant):
    """Those of the documentation are known by their names, the owner's among them."""
    with pytest.raises(ModelUnavailable, match="Did you mean") as refused:
        load_embedder(typed, settings)
    assert f"'{meant}'" in refused.value.remedy


_LOAD = """
import sys, time
from pathlib import Path
from search_engine.embedding import load_embedder
from search_engine.errors import ModelUnavailable
from search_engine.settings import Settings
import sentence_transformers
began = time.monotonic()
try:
    load_embedder("clip-ViT-B-32", Settings(Path("nowhere")))
except ModelUnavailable as error:
    print(f"{time.monotonic() - began:.1f}", error)
"""


@pytest.mark.long
def test_a_silent_hub_is_reported_within_seconds(tmp_path):
    """A hub that never answers leads to a message and an offer, not to minutes of retries."""
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        address = f"http://127.0.0.1:{silent.getsockname()[1]}"
        environment = {k: v for k, v in os.environ.items() if k != "HF_HUB_OFFLINE"}
        environment |= {"HF_ENDPOINT": address, "HF_HOME": str(tmp_path)}
        began = time.monotonic()
        run = subprocess.run(
            [sys.executable, "-c", _LOAD],
            env=environment,
            capture_output=True,
            text=True,
            timeout=120,
            check=True,
        )
    seconds, message = run.stdout.split(" ", 1)
    assert time.monotonic() - began > float(seconds)
    assert float(seconds) < 30  # plain loading takes 70 s here
    assert "the hub cannot be reached" in message
    assert "the bundled one" in message


def test_rows_that_cannot_be_scaled_become_nan():
    """Zero, NaN and infinite rows are marked, never passed on as something comparable."""
    rows = np.array([[3, 4], [0, 0], [np.nan, 1], [np.inf, 1]], dtype=np.float32)
    scaled = unit_rows(rows)
    assert scaled[0] == pytest.approx([0.6, 0.8])
    assert np.isnan(scaled[1:]).all()


def test_words_with_no_usable_vector_are_refused(folders, settings, monkeypatch):
    """A model that gives NaN for words is reported instead of finding nothing for ever."""
    embedder = load_embedder(str(folders["first"]), settings)
    nan = np.full((1, 512), np.nan, dtype=np.float32)
    monkeypatch.setattr(embedder.words, "encode", lambda *_, **__: nan)
    with pytest.raises(BadVectors, match="cannot be compared"):
        embedder.embed_words(["cat"])
