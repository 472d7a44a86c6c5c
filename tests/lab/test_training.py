import hashlib

import numpy as np
import pytest
import torch

from search_engine.lab.mini_model import training
from search_engine.lab.mini_model.batches import Recipe, draw_batch
from search_engine.lab.mini_model.losses import Matching
from search_engine.lab.mini_model.schedule import rate
from search_engine.lab.mini_model.truth import truth

TINY = ["--seeing", "1", "--reading", "1", "--pool", "64"]


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    """Two models, trained for a step of each kind by the command."""
    threads = torch.get_num_threads()
    folders = [tmp_path_factory.mktemp("trained") / name for name in ("one", "two")]
    for folder in folders:
        training.main(["--out", str(folder), *TINY])
    torch.set_num_threads(threads)
    torch.use_deterministic_algorithms(mode=False)
    return folders


@pytest.mark.long
def test_training_is_reproducible(trained):
    """The command gives the same weights every time on the same machine."""
    one, two = (
        hashlib.sha256((folder / "model.safetensors").read_bytes()).hexdigest()
        for folder in trained
    )
    assert one == two


@pytest.mark.long
def test_what_is_trained_can_be_loaded(trained):
    """What the command saves loads through sentence-transformers and encodes words."""
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(str(trained[0]), local_files_only=True, device="cpu")
    vectors = model.encode(["a red fish", "two blue boats"])
    assert vectors.dtype == np.float32
    assert np.isfinite(vectors).all()


def test_batches_are_reproducible():
    """The same seed draws the same pictures and says the same about them."""
    one, two, other = (draw_batch(seed, Recipe(pictures=8)) for seed in (1, 1, 2))
    assert np.array_equal(one.pixels, two.pixels)
    assert one.texts == two.texts
    assert not np.array_equal(one.pixels, other.pixels)


def test_every_caption_of_a_batch_is_true_of_a_picture():
    """Captions are true of the picture they were made for, those of unknown things of none."""
    recipe = Recipe(pictures=16, captions=2, unknown=5)
    batch = draw_batch(3, recipe)
    table = truth(batch.claims, batch.scenes)
    assert all(table[row, row // 2] for row in range(32))
    assert not table[32:].any()


def test_matching_prefers_the_truth():
    """The loss is lower when vectors agree with the truth than when they contradict it."""
    matching, scale = Matching(), torch.tensor(3.0)
    vectors = torch.eye(4)
    true = torch.eye(4, dtype=torch.bool)
    agreeing = matching(vectors, vectors, true, scale)
    contradicting = matching(vectors, vectors.flip(0), true, scale)
    assert agreeing < contradicting


def test_true_captions_do_not_compete():
    """A second true caption of the same picture is not pushed away from it."""
    matching, scale = Matching(), torch.tensor(3.0)
    picture = torch.eye(2)
    texts = torch.stack([picture[0], picture[0], picture[1]]).requires_grad_()
    true = torch.tensor([[True, False], [True, False], [False, True]])
    matching(texts, picture, true, scale).backward()
    assert torch.allclose(texts.grad[0], texts.grad[1])


def test_the_rate_warms_up_and_falls():
    """The learning rate rises to its peak and falls to nearly nothing."""
    rates = [rate(step, 100) for step in range(100)]
    assert max(rates) == pytest.approx(1)
    assert rates[0] < 0.3
    assert rates[-1] < 0.05


@pytest.mark.long
def test_training_again_keeps_the_card(tmp_path):
    """A new model takes the place of the old one, whose card stays."""
    from search_engine.lab.mini_model.model import new_model, save_model
    from search_engine.lab.mini_model.tokenizer import learned_tokenizer

    folder = tmp_path / "model"
    folder.mkdir()
    (folder / "README.md").write_text("the card")
    (folder / "stray.bin").write_text("old")
    save_model(new_model(1), learned_tokenizer(), folder)
    assert (folder / "README.md").read_text() == "the card"
    assert (folder / "model.safetensors").exists()
    assert not (folder / "stray.bin").exists()
    assert [path.name for path in tmp_path.iterdir()] == ["model"]
