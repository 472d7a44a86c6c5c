import json
import os
import subprocess
import sys
import time

import numpy as np
import pytest
from PIL import Image

from search_engine.lab.mini_model.tokenizer import POSITIONS, learned_tokenizer

TYPED = (
    "a red fish",
    "7 red FISH!!",
    "Ünïcödé – ‘quotes’ … 100 %",
    "汽车 собака 🐟🎈",
    "fish/cat_bird|owl<>[]{}\\^~`",
    "tab\tand\nnewline",
    "'s 're 've o'clock",
    "",
    " ",
    "a" * 300,
)


@pytest.fixture(scope="session")
def model(model_folder):
    from sentence_transformers import SentenceTransformer

    return SentenceTransformer(str(model_folder), local_files_only=True, device="cpu")


def test_the_folder_is_small(model_folder):
    """The whole model takes at most 5 MB."""
    assert sum(path.stat().st_size for path in model_folder.rglob("*")) <= 5_000_000


def test_everybody_may_read_the_files(model_folder):
    """No file of the model is closed to other users of the machine."""
    assert all(path.stat().st_mode & 0o044 == 0o044 for path in model_folder.iterdir())


@pytest.mark.long
def test_loading_and_encoding_says_nothing(model_folder):
    """Loading the model and encoding with it prints no warning and asks no network."""
    script = (
        "import warnings; warnings.simplefilter('error')\n"
        "from PIL import Image\n"
        "from sentence_transformers import SentenceTransformer\n"
        f"model = SentenceTransformer({str(model_folder)!r}, local_files_only=True)\n"
        "model.encode(['a red fish', 'word ' * 200])\n"
        "model.encode([Image.new('RGB', (300, 200))])\n"
        "print('done')\n"
    )
    quiet = {**os.environ, "HF_HUB_DISABLE_PROGRESS_BARS": "1", "HF_HUB_OFFLINE": "1"}
    ran = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, env=quiet, check=False
    )
    said = [line for line in ran.stderr.splitlines() if "Loading weights" not in line]
    assert (ran.returncode, ran.stdout, said) == (0, "done\n", [])


def test_vectors_are_full_precision(model):
    """Words and pictures become float32 vectors of the same 256 dimensions."""
    texts = model.encode(["a red fish", "two cats"])
    pictures = model.encode([Image.new("RGB", (480, 480), "red")])
    assert (texts.dtype, texts.shape) == (np.float32, (2, 256))
    assert (pictures.dtype, pictures.shape) == (np.float32, (1, 256))
    assert np.isfinite(texts).all()
    assert np.isfinite(pictures).all()


def test_texts_differ(model):
    """Different words have different vectors: the end of the text is found."""
    texts = model.encode(["a red fish", "two cats", "a boat"], normalize_embeddings=True)
    assert (texts @ texts.T)[np.triu_indices(3, 1)].max() < 0.9


def test_long_texts_are_cut(model):
    """A text of any length is cut, not refused, and what lies beyond the limit has no effect."""
    long = "a red fish " * 50
    one, two = model.encode([long, long + "and a blue boat"])
    assert model.max_seq_length == POSITIONS
    assert np.array_equal(one, two)


@pytest.mark.parametrize("text", TYPED)
def test_no_text_ends_early(model, text):
    """Whatever is typed, its tokens have one end, and it comes last."""
    tokenizer = model.tokenizer
    tokens = tokenizer(text, truncation=True)["input_ids"]
    assert tokens.count(tokenizer.eos_token_id) == 1
    assert tokens[-1] == tokenizer.eos_token_id
    assert len(tokens) <= POSITIONS


def test_known_names_are_whole_tokens(model):
    """The plain names of things are one token each, so that look-alikes differ from them."""
    for name in ("fish", "umbrella", "octopus", "strawberry"):
        assert model.tokenizer.tokenize(name) == [f"{name}</w>"]


@pytest.mark.long
def test_the_vocabulary_is_reproducible(model):
    """Learning the vocabulary again gives the one that the model was trained with."""
    assert learned_tokenizer().get_vocab() == model.tokenizer.get_vocab()


@pytest.mark.parametrize("mode", ["L", "LA", "P", "1", "RGBA", "CMYK"])
@pytest.mark.parametrize("size", [(1, 1), (1000, 20), (480, 480)])
def test_pictures_of_all_modes(model, mode, size):
    """Pictures of every mode and size can be encoded."""
    assert np.isfinite(model.encode([Image.new(mode, size)])).all()


def test_the_configuration_says_full_precision(model_folder):
    """The weights are stored in half precision, but the configuration asks for full precision."""
    config = json.loads((model_folder / "config.json").read_text())
    assert config["dtype"] == "float32"
    assert config["projection_dim"] == 256


def test_the_card_is_there(model_folder):
    """The model card names the licence and the limits."""
    card = (model_folder / "README.md").read_text()
    assert "MIT" in card
    assert "only" in card


def test_importing_the_sample_is_light():
    """Importing the package loads neither torch nor what stands on it, and takes a moment."""
    script = (
        "import sys, search_engine.sample\n"
        "heavy = {'torch', 'transformers', 'sentence_transformers', 'faiss', 'tokenizers'}\n"
        "print(sorted(heavy & set(sys.modules)))\n"
    )
    start = time.monotonic()
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert ran.stdout == "[]\n"
    assert time.monotonic() - start < 5
