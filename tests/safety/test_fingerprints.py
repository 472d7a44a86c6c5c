"""Two models with one fingerprint give the same vectors, whatever of their files differs."""

import json
import shutil

import numpy as np
import pytest
from PIL import Image
from tokenizers import normalizers, pre_tokenizers, processors

from search_engine.embedding import quick_signature, trust
from search_engine.embedding.fingerprints import digest_of_unusual, fingerprint_of
from search_engine.embedding.loading import load_model_folder
from search_engine.lab.benchmark.random_model import build
from search_engine.settings import PROJECT_FOLDER

MINI = PROJECT_FOLDER / "data" / "mini-clip"


@pytest.fixture(scope="module")
def mini():
    return load_model_folder(MINI, "cpu")


@pytest.fixture(scope="module")
def of_mini(mini):
    return fingerprint_of(mini)


def changed(folder, file, change):
    """Copy the bundled model and change a file of settings."""
    shutil.copytree(MINI, folder)
    document = json.loads((folder / file).read_text("utf-8"))
    change(document)
    (folder / file).write_text(json.dumps(document), "utf-8")
    return folder


def setting(half, key, value):
    return "config.json", lambda document: document[half].__setitem__(key, value)


def swapped(document):
    merges = document["model"]["merges"]
    merges[10], merges[900] = merges[900], merges[10]


CHANGES = {
    "heads of pictures": setting("vision_config", "num_attention_heads", 10),
    "heads of texts": setting("text_config", "num_attention_heads", 8),
    "activation of pictures": setting("vision_config", "hidden_act", "relu"),
    "activation of texts": setting("text_config", "hidden_act", "quick_gelu"),
    "epsilon": setting("vision_config", "layer_norm_eps", 0.1),
    "end of the text": setting("text_config", "eos_token_id", 7),
    "merges": ("tokenizer.json", swapped),
}


@pytest.mark.parametrize("name", CHANGES)
def test_whatever_decides_vectors_is_in_the_fingerprint(name, tmp_path, of_mini, settings):
    file, change = CHANGES[name]
    folder = changed(tmp_path / "model", file, change)
    assert fingerprint_of(load_model_folder(folder, "cpu")) != of_mini


def test_a_layer_that_follows_is_in_the_fingerprint(tmp_path, of_mini):
    from sentence_transformers.sentence_transformer.modules import Normalize

    model = load_model_folder(MINI, "cpu")
    model.append(Normalize())
    assert fingerprint_of(model) != of_mini


@pytest.mark.parametrize("part", ["normalizer", "pre_tokenizer", "post_processor"])
def test_how_texts_are_read_is_in_the_fingerprint(part, of_mini):
    """In a file of its own, or in the settings of a tokenizer, wherever a family keeps it."""
    others = {
        "normalizer": normalizers.NFC(),
        "pre_tokenizer": pre_tokenizers.ByteLevel(),
        "post_processor": processors.ByteLevel(),
    }
    model = load_model_folder(MINI, "cpu")
    setattr(model.tokenizer.backend_tokenizer, part, others[part])
    assert fingerprint_of(model) != of_mini


def test_numbers_that_are_no_weights_are_in_the_fingerprint(of_mini):
    model = load_model_folder(MINI, "cpu")
    positions = model[0].model.text_model.embeddings.position_ids
    positions[0, 3] = 5
    assert fingerprint_of(model) != of_mini


def test_what_changes_no_vector_changes_no_fingerprint(tmp_path, of_mini):
    """A version number, a name and dropout, which is off, are no other model."""

    def change(document):
        document |= {"transformers_version": "4.0.0", "architectures": ["CLIPModel"]}
        document["text_config"]["attention_dropout"] = 0.1

    folder = changed(tmp_path / "model", "config.json", change)
    assert fingerprint_of(load_model_folder(folder, "cpu")) == of_mini


def test_collections_of_the_usual_models_stay_as_they_are(of_mini, mini):
    """Theirs were made before settings were hashed, and are not embedded again for that."""
    assert of_mini == "0619d8de6bd4f8e225ff817868414633"
    assert digest_of_unusual(mini) == ""


def test_a_model_laid_out_as_clip_was_published_has_nothing_unusual(tmp_path):
    model = load_model_folder(build(tmp_path / "vit"), "cpu")
    assert digest_of_unusual(model) == ""
    assert len(fingerprint_of(model)) == 32


def test_the_quick_signature_sees_every_file(tmp_path, settings):
    """Whoever changes any file of a local model has it loaded, and compared, anew."""
    shutil.copytree(MINI, tmp_path / "model")
    trust(str(tmp_path / "model"), settings)
    seen = {quick_signature(str(tmp_path / "model"), settings)}
    for file in sorted((tmp_path / "model").rglob("*.json")):
        file.write_text(file.read_text("utf-8") + " ", "utf-8")
        seen.add(quick_signature(str(tmp_path / "model"), settings))
    assert len(seen) == 1 + len(list((tmp_path / "model").rglob("*.json")))


def test_another_activation_gives_other_vectors(tmp_path, mini):
    """So that it is right to refuse it."""
    file, change = CHANGES["activation of pictures"]
    other = load_model_folder(changed(tmp_path / "model", file, change), "cpu")
    picture = [Image.linear_gradient("L").convert("RGB")]
    assert not np.allclose(mini.encode(picture), other.encode(picture), atol=1e-3)
