"""A build finds the fastest way to embed that agrees, if that pays, and later builds take it."""

import json

import numpy as np
import pytest

from search_engine.embedding import load_embedder
from search_engine.embedding.fast import choosing, precision
from search_engine.embedding.fast.choosing import built, probe_size, seconds_of_a_product
from search_engine.embedding.fast.noted import remember, remembered
from search_engine.embedding.fast.precision import Measured
from search_engine.embedding.fast.vision import PackedClip, Precision, clip_of
from tests.embedding.scenes import SCENES


@pytest.fixture
def int8_promises_most(monkeypatch):
    """Take the order for granted; in a small model each product takes hardly any time."""
    seconds = {Precision.INT8: 0.001, Precision.BF16: 0.002, Precision.FP32: 0.01}
    monkeypatch.setattr(choosing, "seconds_of_a_product", lambda _: seconds)


def test_a_precision_that_fails_is_in_the_log(model, monkeypatch, caplog, int8_promises_most):
    """Which precision this machine cannot compute, and why, can be found out."""

    def without_int8(clip, steps, chosen):
        if chosen is Precision.INT8:
            cause = "no such kernel"
            raise RuntimeError(cause)
        return PackedClip(clip, steps, chosen)

    monkeypatch.setattr(choosing, "PackedClip", without_int8)
    with caplog.at_level("INFO"):
        model.tune(SCENES)
    assert "cannot embed in int8: no such kernel" in caplog.text
    assert "int8" not in model.card.notes


def test_a_machine_that_cannot_compute_it_embeds_as_before(model, monkeypatch):
    """Where nothing fast can be built, vectors come from the model as it was loaded."""
    monkeypatch.setattr(choosing, "built", lambda *_: None)
    plain = model.embed_plainly([model.prepare(image) for image in SCENES])
    assert model.tune(SCENES) == pytest.approx(plain)
    assert model.card.notes == ""


def test_a_way_that_blurs_is_refused(model, monkeypatch, int8_promises_most):
    """However fast, a precision that loses neighbours is not taken."""

    def broken(clip, steps, chosen):
        good = built(clip, steps, chosen)
        if chosen is Precision.FP32:
            return good
        rng = np.random.default_rng(0)
        return lambda images: rng.normal(size=(len(images), 512)).astype(np.float32)

    monkeypatch.setattr(choosing, "built", broken)
    exact = model.embed_plainly([model.prepare(image) for image in SCENES])
    assert (model.tune(SCENES) * exact).sum(1).min() > 0.9999
    assert [one.precision for one in model.choice.tried] == ["fp32", "int8", "bf16"]
    assert "in fp32" in model.card.notes
    assert (model.embed_pictures(SCENES) * exact).sum(1).min() > 0.9999


def test_what_was_chosen_once_is_taken_again(model, folder, settings, monkeypatch):
    """A second build on the same machine does not measure again."""
    model.tune(SCENES)
    monkeypatch.setattr(
        "search_engine.embedding.embedder.choose", lambda *_: pytest.fail("measured again")
    )
    second = load_embedder(str(folder), settings)
    second.tune(SCENES)
    assert second.card.notes == model.card.notes


def test_tuning_gives_full_precision_and_notes_what_it_took(model, settings):
    """The probe's vectors are exact; the card and the machine's memory name the choice."""
    plain = model.embed_plainly([model.prepare(image) for image in SCENES])
    assert (model.tune(SCENES) * plain).sum(1).min() > 0.9999
    known = remembered(settings.precisions_file, model.card.fingerprint, "cpu")
    assert known.agrees
    assert model.card.notes == str(known)
    assert (model.embed_pictures(SCENES) * plain).sum(1).min() >= precision.LOWEST_COSINE


def test_only_what_promises_most_is_laid_out(model, monkeypatch, int8_promises_most):
    """The weights of the whole model are not made for a precision that is not taken."""
    # What int8 loses on a processor that has no instructions for it is not what this is about.
    monkeypatch.setattr(precision, "LOWEST_COSINE", 0.99)
    monkeypatch.setattr(precision, "LOWEST_OVERLAP", 0.9)
    made = []

    def counted(clip, steps, chosen):
        made.append(chosen)
        return built(clip, steps, chosen)

    monkeypatch.setattr(choosing, "built", counted)
    monkeypatch.setattr(choosing, "_WORTH_IT", 1e-9)
    model.tune(SCENES)
    assert made == ["fp32", "int8"]
    assert "in int8" in model.card.notes
    assert model.choice.measured.pictures == len(SCENES)


def test_nothing_is_tried_that_promises_less_than_full_precision(model, monkeypatch):
    """On a machine whose processor multiplies best in fp32, only that is laid out."""
    seconds = {Precision.INT8: 0.01, Precision.BF16: 0.02, Precision.FP32: 0.01}
    monkeypatch.setattr(choosing, "seconds_of_a_product", lambda _: seconds)
    model.tune(SCENES)
    assert [one.precision for one in model.choice.tried] == ["fp32"]
    assert "in fp32" in model.card.notes


def test_a_product_is_timed_in_each_precision(model):
    """Full precision is always there; what is compared is time."""
    seconds = seconds_of_a_product(clip_of(model.pictures))
    assert Precision.FP32 in seconds
    assert set(seconds) <= {Precision.FP32, Precision.BF16, Precision.INT8}
    assert all(0 < one < 10 for one in seconds.values())


def test_a_probe_is_a_small_part_of_a_build():
    """Too few pictures are not probed, many on no more than 64."""
    assert [probe_size(many) for many in (1, 63, 64, 250, 512, 1024, 10**7)] == [
        0, 0, 16, 16, 32, 64, 64,
    ]  # fmt: skip


def test_a_build_asks_for_a_probe_once(model, folder, settings):
    """What is known costs no probe, and is not worth laying out for a few pictures."""
    assert (model.get_ready(10), model.get_ready(63), model.get_ready(250)) == (0, 0, 16)
    model.tune(SCENES[:16])
    second = load_embedder(str(folder), settings)
    assert second.get_ready(10) == 0
    assert second.card.notes == ""
    assert second.get_ready(63) == 0
    assert second.card.notes == model.card.notes
    assert second.embed_pictures(SCENES) == pytest.approx(model.embed_pictures(SCENES), abs=1e-5)


def test_a_large_build_does_not_trust_a_small_probe(model, folder, settings):
    """What was found on 16 pictures is found again on 64, and then holds for every build."""
    model.tune(SCENES[:16])
    second = load_embedder(str(folder), settings)
    assert (second.get_ready(511), second.get_ready(5_000)) == (0, 64)
    second.tune(SCENES * 3)
    third = load_embedder(str(folder), settings)
    assert third.get_ready(10**6) == 0
    assert third.card.notes.endswith("on 72")


def test_a_few_pictures_decide_nothing(model, settings):
    """Where most of a probe cannot be read, pictures are embedded as the model was loaded."""
    plain = model.embed_plainly([model.prepare(image) for image in SCENES[:5]])
    assert model.tune(SCENES[:5]) == pytest.approx(plain)
    assert model.tune([]).shape == (0, 512)
    assert (model.card.notes, settings.precisions_file.exists()) == ("", False)


def test_notes_of_earlier_versions_hold(model, settings):
    """They do not say on how many pictures they were made: on 64."""
    earlier = {"precision": "bf16", "pictures_per_second": 59.0}
    earlier |= {"lowest_cosine": 0.9999, "overlap": 1.0}
    file, fingerprint = settings.precisions_file, model.card.fingerprint
    remember(file, fingerprint, "cpu", Measured(Precision.INT8, 1.0, 1.0, 1.0))
    key, _ = json.loads(file.read_text()).popitem()
    file.write_text(json.dumps({key: earlier}))
    known = remembered(file, fingerprint, "cpu")
    assert (known.precision, known.pictures, known.at_once) == ("bf16", 64, 0)
    assert key.startswith(f"{fingerprint} cpu ")
