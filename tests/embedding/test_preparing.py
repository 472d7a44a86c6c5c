"""Pictures of every family are made as small as the model looks at them, long before it does."""

import numpy as np
import pytest

from search_engine import SearchEngine, build_collection, plan_build
from search_engine.building import pipeline
from search_engine.embedding import load_embedder, unit_rows
from search_engine.embedding.inputs import encoded_pictures
from search_engine.explain import crop_of
from tests.conftest import paint
from tests.embedding.families import BUILDERS, build_all, change
from tests.embedding.scenes import scene

WITH_PICTURES = [name for name in BUILDERS if name not in {"SigLIP 2 NaFlex", "words only"}]
SQUASHED = ["SigLIP", "SigLIP 2"]
SIZES = [(500, 375), (375, 500), (224, 224), (90, 60), (1000, 301)]


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    """A model of each family, made once."""
    return build_all(tmp_path_factory.mktemp("families"))


@pytest.fixture
def model(request, folders, settings):
    """One of them, loaded."""
    return load_embedder(str(folders[request.param]), settings)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("model", WITH_PICTURES, indirect=True)
def test_a_prepared_picture_is_what_the_models_own_processor_makes(model, size):
    """Pixel by pixel but for rounding, and its vector is that of the whole picture."""
    image, steps = scene(1, size), model.looks_at
    processor = model.pictures[0].processor.image_processor
    theirs = processor(image, return_tensors="np")["pixel_values"][0].transpose(1, 2, 0)
    prepared = model.prepare(image)
    ours = (np.asarray(prepared) / 255 - steps.mean) / steps.std
    assert prepared.size == (steps.side, steps.side) == theirs.shape[:2]
    assert np.abs(ours - theirs).max() < 0.05  # two of 255 steps
    assert np.abs(ours - theirs).mean() < 0.01
    whole = unit_rows(encoded_pictures(model.pictures, [image]))
    assert (whole * model.embed_pictures([prepared])).sum() > 0.9999
    assert (whole * model.embed_pictures([np.asarray(prepared)])).sum() > 0.9999
    assert model.prepare(prepared) is prepared


@pytest.mark.parametrize("model", SQUASHED, indirect=True)
def test_what_is_squashed_is_seen_to_its_ends(model):
    """Nothing is cut away, and what changes at the far end of a strip changes the vector."""
    assert crop_of(model, 900, 300).cut_percent == 0
    assert crop_of(model, 900, 300).box == (0, 0, 900, 300)
    image = scene(1, (900, 300))
    other = image.copy()
    other.paste((255, 0, 0), (0, 0, 200, 300))
    one, another = model.embed_pictures([image, other])
    assert one @ another < 0.9999


@pytest.mark.parametrize("model", ["ViT-B/32", "LAION"], indirect=True)
def test_what_is_cropped_is_not_seen(model):
    """What changes at the far end of a strip changes nothing."""
    assert crop_of(model, 900, 300).cut_percent == pytest.approx(100 * 2 / 3, abs=0.5)
    image = scene(1, (900, 300))
    other = image.copy()
    other.paste((255, 0, 0), (0, 0, 200, 300))
    one, another = model.embed_pictures([image, other])
    assert one @ another == pytest.approx(1, abs=1e-5)


@pytest.mark.parametrize("model", ["SigLIP 2 NaFlex"], indirect=True)
def test_a_model_of_pictures_of_any_shape_sees_them_whole(model):
    """None is cropped or squashed here; one is itself, however it is prepared, beside another."""
    wide, high = scene(1, (900, 300)), scene(2, (300, 900))
    assert model.looks_at is None
    assert model.prepare(wide) is wide
    alone, beside = model.embed_pictures([wide])[0], model.embed_pictures([high, wide])[1]
    assert alone @ beside == pytest.approx(1, abs=1e-5)


@pytest.mark.parametrize("family", ["ViT-B/32", "SigLIP", "SigLIP 2"])
def test_a_build_keeps_no_picture_larger_than_its_model_looks_at(
    folders, settings, tmp_path, monkeypatch, family
):
    """However large files are, what waits to be embedded is a square, and finds its picture."""
    root, handed = tmp_path / "large", []
    for number in range(12):
        size = (1600, 1200) if number % 2 else (500, 1500)
        scene(number, size).save(paint(root / f"{number % 3}" / f"{number}.png"))
    read = pipeline.read

    def noted(request, **more):
        found = read(request, **more)
        handed.extend(one.seen for one in found)
        return found

    monkeypatch.setattr(pipeline, "read", noted)
    name, wanted = plan_build(root, settings, model_id=str(folders[family]))
    assert build_collection(name, wanted, settings).added == 12
    with SearchEngine.open(name, settings) as engine:
        side = engine.embedder().looks_at.side
        assert [seen.shape for seen in handed] == [(side, side, 3)] * 12
        best = engine.search("#7", k=1).results[0]
        assert (best.record.picture_id, round(best.score, 4)) == (7, 1.0)


@pytest.mark.parametrize(
    "unusual",
    [
        {"do_normalize": False},
        {"do_center_crop": True, "crop_size": {"height": 48, "width": 48}},
        {"rescale_factor": 1 / 127.5},
        {"size": {"shortest_edge": 64}},
    ],
)
def test_unusual_steps_are_left_to_the_models_own_processor(settings, tmp_path, unusual):
    """Of these steps none is foreseen, so the whole picture goes to the model."""
    folder = BUILDERS["SigLIP"](tmp_path / "odd")
    change(folder / "processor_config.json", image_processor=ODD | unusual)
    model = load_embedder(str(folder), settings)
    assert model.looks_at is None
    assert model.prepare(image := scene(1)) is image


ODD = {
    "image_processor_type": "SiglipImageProcessor", "do_resize": True, "do_rescale": True,
    "do_normalize": True, "size": {"height": 64, "width": 64}, "resample": 3,
    "rescale_factor": 1 / 255, "image_mean": [0.5] * 3, "image_std": [0.5] * 3,
}  # fmt: skip
