"""Faster ways to embed pictures say what the model says, or are not taken."""

import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
import torch

from search_engine import SearchEngine, build_collection, plan_build
from search_engine.embedding import load_embedder
from search_engine.embedding.fast.choosing import built
from search_engine.embedding.fast.precision import Precision, measured, neighbour_overlap
from search_engine.embedding.fast.vision import clip_of
from search_engine.embedding.lanes import in_turn
from search_engine.embedding.preprocessing import PictureSteps
from search_engine.lab.benchmark import random_model
from tests.conftest import paint
from tests.embedding.scenes import SCENES, scene


@pytest.mark.parametrize("size", [(500, 375), (375, 500), (224, 224), (90, 60), (1000, 301)])
def test_a_prepared_picture_is_what_the_processor_sees(model, size):
    """Resizing and cropping at once gives the pixels of the model's own processor."""
    image = scene(1, size)
    processor = model.pictures[0].processor.image_processor
    theirs = processor(image, return_tensors="np")["pixel_values"][0].transpose(1, 2, 0)
    steps = PictureSteps.of(model.pictures)
    ours = (np.asarray(steps.prepare(image)) / 255 - steps.mean) / steps.std
    assert ours.shape == theirs.shape
    assert np.abs(ours - theirs).max() < 0.05  # two of 255 steps
    assert np.abs(ours - theirs).mean() < 0.01


def test_preparing_twice_changes_nothing_more(model):
    """A prepared picture stays as it is, and has the vector of the whole picture."""
    once = model.prepare(SCENES[0])
    assert model.prepare(once) is once
    whole, prepared = (model.embed_plainly([image])[0] for image in (SCENES[0], once))
    assert whole @ prepared == pytest.approx(1, abs=1e-4)


@pytest.mark.parametrize(
    ("chosen", "lowest"), [("fp32", 0.99999), ("bf16", 0.999), ("int8", 0.995), ("fp16", 0.9999)]
)
def test_every_precision_agrees_with_the_model_as_loaded(model, chosen, lowest):
    """The rearranged computation gives the model's vectors, as exactly as its numbers allow."""
    fast = built(clip_of(model.pictures), model.steps, Precision(chosen))
    if fast is None and chosen == "bf16":
        pytest.skip("torch multiplies in bf16 on some processors only")
    assert fast is not None
    prepared = [model.prepare(image) for image in SCENES]
    found = measured(Precision(chosen), fast, prepared, model.embed_plainly(prepared))
    assert found.lowest_cosine >= lowest
    alone, among = fast(prepared[3:4])[0], fast(prepared)[3]
    assert alone @ among >= lowest * np.linalg.norm(alone) * np.linalg.norm(among)


def test_plain_gelu_is_computed_as_well(folder, settings, tmp_path):
    """Models of OpenCLIP use GELU instead of QuickGELU."""
    copy = random_model.build(tmp_path / "gelu", seed=5, small=True)
    file = copy / "0_CLIPModel/config.json"
    file.write_text(file.read_text().replace('"quick_gelu"', '"gelu"'))
    model = load_embedder(str(copy), settings)
    fast = built(clip_of(model.pictures), model.steps, Precision.FP32)
    prepared = [model.prepare(image) for image in SCENES]
    found = measured(Precision.FP32, fast, prepared, model.embed_plainly(prepared))
    assert found.lowest_cosine > 0.99999


def test_unusual_steps_are_left_to_the_models_own_processor(folder, settings, tmp_path):
    """A model that does not crop is embedded whole."""
    copy = random_model.build(tmp_path / "whole", seed=5, small=True)
    file = copy / "0_CLIPModel/preprocessor_config.json"
    file.write_text(file.read_text().replace('"do_normalize": true', '"do_normalize": false'))
    model = load_embedder(str(copy), settings)
    assert model.steps is None
    assert model.prepare(SCENES[0]) is SCENES[0]
    assert model.tune(SCENES[:2]) == pytest.approx(model.embed_plainly(SCENES[:2]))


def test_the_overlap_of_neighbours():
    """Equal vectors share all neighbours, unrelated ones about as many as chance has it."""
    rng = np.random.default_rng(1)
    one, other = rng.normal(size=(2, 200, 64)).astype(np.float32)
    assert neighbour_overlap(one, one) == 1
    assert neighbour_overlap(one, other) < 0.15
    assert neighbour_overlap(one[:16], other[:16]) < 0.65
    assert neighbour_overlap(one, np.full_like(one, np.nan)) == 0


def test_a_large_build_records_its_precision(folder, settings, tmp_path):
    """The manifest tells how pictures were embedded, and each picture still finds itself."""
    root = tmp_path / "many"
    for number in range(260):
        scene(number, (60, 45)).save(paint(root / f"{number % 4}" / f"{number}.png"))
    name, wanted = plan_build(root, settings, model_id=str(folder))
    report = build_collection(name, wanted, settings)
    assert (report.added, report.embedded) == (260, 260)
    assert report.manifest.model.notes.startswith("pictures in ")
    with SearchEngine.open(name, settings) as engine:
        assert engine.manifest.model.notes == report.manifest.model.notes
        best = engine.search("#77", k=1).results[0]
        assert (best.record.picture_id, round(best.score, 4)) == (77, 1.0)
    scene(999, (60, 45)).save(root / "0" / "later.png")
    update = build_collection(name, wanted, settings)
    assert update.added == 1
    assert update.manifest.model.notes == report.manifest.model.notes


@pytest.mark.parametrize("tuned", [False, True])
def test_threads_side_by_side_embed_what_one_would(model, tuned):
    """Parts embedded in several threads are those embedded one by one, and torch is as before."""
    if tuned:
        model.tune(SCENES)
    threads = torch.get_num_threads()
    parts = [SCENES[start : start + 3] for start in range(0, len(SCENES), 3)] * 3
    expected = [model.embed_pictures(part) for part in parts]
    with model.side_by_side() as lanes, ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lanes.embed, parts))
    assert np.concatenate(found) == pytest.approx(np.concatenate(expected), abs=1e-5)
    assert torch.get_num_threads() == threads


def test_a_graphics_card_takes_one_batch_at_a_time():
    """Threads never meet on a device that is not the CPU."""
    inside, most = [], []

    def embed(images):
        inside.append(1)
        most.append(len(inside))
        time.sleep(0.01)
        inside.pop()
        return np.zeros((len(images), 4), dtype=np.float32)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(in_turn(embed), [SCENES[:1]] * 8))
    assert set(most) == {1}
