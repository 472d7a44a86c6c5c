"""A graphics card gets bytes and gives the model's vectors, as many at once as it likes."""

from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import numpy as np
import pytest
import torch

from search_engine.embedding import load_embedder
from search_engine.embedding.fast import choosing, graphics_card
from search_engine.embedding.fast.graphics_card import CardClip, best_at_once
from search_engine.embedding.fast.precision import MOST_AT_ONCE, Measured, measured
from search_engine.embedding.fast.vision import Precision, clip_of
from search_engine.lab.benchmark import random_model
from tests.embedding.scenes import SCENES

FULL = "CUDA out of memory. Tried to allocate 2.00 GiB."


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A small model in the layout of clip-ViT-B-32."""
    return random_model.build(tmp_path_factory.mktemp("model") / "small", seed=5, small=True)


@pytest.fixture
def model(folder, settings):
    """That model, loaded."""
    return load_embedder(str(folder), settings, device="cpu")


@pytest.fixture
def pixels(model):
    """What decoders hand over."""
    return [np.asarray(model.prepare(image)) for image in SCENES]


class Small:
    """A model on a card that has room for a few inputs only."""

    def __init__(self, model, room, error=torch.OutOfMemoryError):
        self._model, self._room, self._error = model, room, error
        self.asked = []

    def __call__(self, inputs, **more):
        self.asked.append(len(inputs))
        if len(inputs) > self._room:
            raise self._error(FULL)
        return self._model(inputs, **more)


@pytest.mark.parametrize(("chosen", "lowest"), [("fp32", 0.999999), ("fp16", 0.99999)])
def test_bytes_are_normalised_by_the_first_weights(model, pixels, chosen, lowest):
    """Pictures that no processor has seen have the vectors that it would have led to."""
    fast = CardClip(clip_of(model.pictures), model.steps, Precision(chosen))
    found = measured(Precision(chosen), fast, pixels, model.embed_plainly(pixels))
    assert found.lowest_cosine >= lowest
    assert fast([model.prepare(image) for image in SCENES]) == pytest.approx(fast(pixels))


def test_the_model_itself_stays_as_it_was_loaded(model, pixels):
    """Half precision is made of a copy."""
    before = model.embed_plainly(pixels)
    CardClip(clip_of(model.pictures), model.steps, Precision.FP16)(pixels)
    assert np.array_equal(model.embed_plainly(pixels), before)
    assert {parameter.dtype for parameter in model.pictures.parameters()} == {torch.float32}


@pytest.mark.parametrize("error", [torch.OutOfMemoryError, RuntimeError])
def test_a_card_that_is_full_takes_half_and_goes_on(model, pixels, error):
    """Not one vector is missing, and what was found out is not forgotten."""
    expected = model.tune(pixels)
    model._fast = small = Small(model._fast, room=5, error=error)
    assert (model.embed_pictures(pixels) * expected).sum(1).min() > 0.999
    assert small.asked == [24, 12, 6, 3, 3, 3, 3, 3, 3, 3, 3]
    small.asked.clear()
    model.embed_pictures(pixels[:4])
    assert small.asked == [3, 1]


def test_a_card_that_is_full_embeds_plainly_in_smaller_parts(model, pixels, monkeypatch):
    """So do models whose inside is not known, and words."""
    expected = model.embed_plainly(pixels)
    texts = [f"a picture of {number} ducks" for number in range(9)]
    of_texts = model.embed_words(texts)
    small = Small(model.pictures.encode, room=4)
    monkeypatch.setattr(model.pictures, "encode", small)
    assert model.embed_plainly(pixels) == pytest.approx(expected, abs=1e-5)
    assert small.asked == [24, 12, 6, *[3] * 8]
    assert model.embed_words(texts) == pytest.approx(of_texts, abs=1e-5)
    assert small.asked[-3:] == [3, 3, 3]


def test_a_card_without_room_for_one_picture_says_so(model, pixels):
    """There is nothing to halve."""
    model.tune(pixels)
    model._fast = Small(model._fast, room=0)
    with pytest.raises(RuntimeError, match="out of memory"):
        model.embed_pictures(pixels)


def test_other_faults_of_a_card_are_not_taken_for_a_lack_of_memory(model, pixels):
    """They come out at once."""
    model.tune(pixels)

    def broken(images):
        tried.append(len(images))
        cause = "an illegal memory access was encountered"
        raise RuntimeError(cause)

    tried = []
    model._fast = broken
    with pytest.raises(RuntimeError, match="illegal"):
        model.embed_pictures(pixels)
    assert tried == [24]


def rates(monkeypatch, seconds):
    """Let a model take so many seconds for so many pictures, on a clock of its own."""
    now = [0.0]
    monkeypatch.setattr(graphics_card, "time", SimpleNamespace(perf_counter=lambda: now[0]))

    def model(images):
        now[0] += seconds(len(images))
        return np.ones((len(images), 4), dtype=np.float32)

    return model


def test_a_card_takes_more_at_once_as_long_as_that_is_faster(monkeypatch):
    """With a millisecond for each call, doubling gains a twentieth up to 256 pictures."""
    model = rates(monkeypatch, lambda count: 0.001 + count * 4e-5)
    at_once, rate = best_at_once(model, SCENES)
    assert at_once == 256
    assert rate == pytest.approx(256 / (0.001 + 256 * 4e-5))
    assert best_at_once(rates(monkeypatch, lambda count: count * 1e-5), SCENES)[0] == 32
    assert best_at_once(rates(monkeypatch, lambda _: 0.01), SCENES)[0] == MOST_AT_ONCE


def test_a_slow_device_is_not_kept_busy_to_find_that_out(monkeypatch):
    """Where 32 pictures take a second, a larger batch would gain nothing."""
    asked = []

    def slow(count):
        asked.append(count)
        return 1.0

    assert best_at_once(rates(monkeypatch, slow), SCENES) == (32, 32)
    assert set(asked) == {32}


def test_a_small_card_takes_what_it_has_room_for(monkeypatch):
    """What fits is found without failing."""
    model = Small(rates(monkeypatch, lambda _: 0.01), room=200)
    assert best_at_once(model, SCENES)[0] == 128
    assert best_at_once(Small(rates(monkeypatch, lambda _: 0.01), room=3), SCENES, 2)[0] == 2


@pytest.mark.parametrize(("faster", "taken"), [("fp16", "fp16"), ("fp32", "fp32")])
def test_the_faster_precision_that_agrees_is_taken_on_a_card(
    model, pixels, monkeypatch, faster, taken
):
    """Half precision is slower on some; either takes bytes."""
    monkeypatch.setattr(choosing, "PackedClip", CardClip)
    speeds = iter([2.0 if faster == one else 1.0 for one in ("fp32", "fp16")])
    monkeypatch.setattr(choosing, "best_at_once", lambda *_: (512, next(speeds)))
    choice = choosing._on_card(clip_of(model.pictures), model.steps, pixels, model.embed_plainly)
    assert choice.measured.precision == taken
    assert (choice.measured.at_once, choice.measured.pictures) == (512, 24)
    assert choice.vectors == pytest.approx(model.embed_plainly(pixels))
    assert isinstance(choice.model, CardClip)


def test_half_precision_that_blurs_is_refused(model, pixels, monkeypatch):
    """However fast the card is in it."""

    class Blurred(CardClip):
        def __call__(self, images):
            vectors = super().__call__(images)
            return np.sign(vectors) if self._dtype == torch.float16 else vectors

    monkeypatch.setattr(choosing, "CardClip", Blurred)
    speeds = iter((1.0, 9.0))
    monkeypatch.setattr(choosing, "best_at_once", lambda *_: (64, next(speeds)))
    choice = choosing._on_card(clip_of(model.pictures), model.steps, pixels, model.embed_plainly)
    assert [one.precision for one in choice.tried] == ["fp32", "fp16"]
    assert choice.measured.precision == "fp32"


def test_the_lanes_of_a_card_are_as_wide_as_it_likes(model):
    """Two threads: while one waits for the card, the other's pictures are copied."""
    model._take(
        lambda images: np.eye(len(images)), Measured(Precision.FP16, 9.0, 1.0, 1.0, 64, 512)
    )
    model.pictures = SimpleNamespace(device=torch.device("cuda"))
    with model.side_by_side() as lanes:
        assert (lanes.count, lanes.part_size) == (2, 512)


@pytest.mark.skipif(not torch.cuda.is_available(), reason="no graphics card")
def test_a_real_card_gives_the_vectors_of_the_model(folder, settings):
    """From two threads at once, in parts of different sizes, from bytes."""
    model = load_embedder(str(folder), settings)
    pixels = [np.asarray(model.prepare(image)) for image in SCENES] * 8
    plain = model.embed_plainly(pixels)
    assert model.get_ready(len(pixels)) == 16
    model.tune(pixels[:16])
    with model.side_by_side() as lanes, ThreadPoolExecutor(lanes.count) as pool:
        parts = [pixels[at : at + 7] for at in range(0, len(pixels), 7)]
        found = np.concatenate(list(pool.map(lanes.embed, parts)))
    assert (found * plain).sum(1).min() > 0.9995
