"""Heat maps point at what was asked for, and what is shown is what the model saw."""

import json

import numpy as np
import pytest
from PIL import Image

from search_engine.embedding import load_embedder
from search_engine.embedding.fast.vision import clip_of
from search_engine.embedding.patch_vectors import patch_vectors_of
from search_engine.errors import BadInput
from search_engine.explain.crop import crop_of
from search_engine.explain.heat_map import HeatMap, HeatMethod, compute_heat_map
from search_engine.explain.heat_painting import AGAINST, FOR, paint_crop, paint_heat
from search_engine.explain.windows import PLACES, enlarge, spread
from search_engine.lab.benchmark import random_model
from search_engine.lab.model_quality import pointing
from search_engine.lab.model_quality.pointing import draw_collages, measure
from search_engine.query import Query, QueryEncoder
from search_engine.settings import MINI_MODEL, Settings


@pytest.fixture(scope="module")
def mini():
    return load_embedder(MINI_MODEL, Settings.from_environment())


@pytest.fixture(scope="module")
def collages():
    return draw_collages(40)


@pytest.mark.parametrize("method", HeatMethod)
def test_the_peak_falls_on_the_asked_drawing(mini, collages, method):
    """Of two drawings on a background, the peak finds the asked one; chance finds 7 %."""
    figures = measure(mini, method, collages)
    assert figures.on_asked >= 0.85
    assert figures.on_other <= 0.1
    assert figures.chance < 0.1


def test_the_proof_fails_below_its_floor(monkeypatch, capsys):
    """The command prints JSON, and its exit code says whether the floor is reached."""
    bad = pointing.PointingFigures("patches", 2, 0.5, 0.5, 0.07)
    monkeypatch.setattr(pointing, "measure", lambda *_: bad)
    with pytest.raises(SystemExit) as left:
        pointing.main(["--cases", "1", "--json"])
    assert left.value.code == 1
    assert json.loads(capsys.readouterr().out)[0]["on_asked"] == 0.5


@pytest.mark.parametrize("method", HeatMethod)
def test_what_a_sum_takes_away_speaks_against_it(mini, collages, method):
    """For “night - 1:a fish” the fish of a collage is below zero, and below the other drawing."""
    encoder = QueryEncoder(lambda: mini, lambda _: None)
    right = 0
    for one in collages[:10]:
        encoded = encoder.encode(Query.parse(f"night - 1:{one.query}"))
        found = compute_heat_map(mini, one.image, encoded.vector, method)
        against, other = value_at(found, one.asked), value_at(found, one.other)
        right += against < min(0, other)
    assert right >= 8


def value_at(found, spot):
    x, y = (int(at / 480 * PLACES) for at in (spot.x, spot.y))
    return found.grid[y, x]


def test_a_map_lies_where_the_square_lies(mini, collages):
    """In a wide picture the peak is told in pixels of the whole, also for a reduced copy."""
    wide = Image.new("RGB", (1440, 480), (90, 140, 90))
    one = collages[0]
    wide.paste(one.image, (480, 0))
    query = mini.embed_words([one.query])[0]
    for method in HeatMethod:
        alone = compute_heat_map(mini, one.image, query, method).peak
        found = compute_heat_map(mini, wide, query, method, size=(2880, 960))
        assert found.box == pytest.approx((960, 0, 1920, 960), abs=30)
        x, y = found.peak
        assert (x / 2 - 480, y / 2) == pytest.approx(alone, abs=20)


def test_a_model_whose_patches_cannot_be_read_has_regions(embedder):
    """Hiding and showing works with every model; patches are refused with that remedy."""
    image = Image.new("RGB", (200, 100), (30, 60, 220))
    image.paste((220, 30, 30), (150, 50, 200, 100))
    red = embedder.embed_words(["red"])[0]
    found = compute_heat_map(embedder, image, red, HeatMethod.REGIONS)
    x, y = found.peak
    assert x > 140
    assert y > 45
    assert found.grid[0, 0] < 0
    with pytest.raises(BadInput, match="regions"):
        compute_heat_map(embedder, image, red, HeatMethod.PATCHES)


@pytest.mark.parametrize("size", [(1, 1), (3, 400), (20, 20)])
def test_tiny_pictures_have_maps(mini, size):
    """However small, each window has a pixel."""
    query = mini.embed_words(["a fish"])[0]
    for method in HeatMethod:
        assert np.isfinite(compute_heat_map(mini, Image.new("RGB", size), query, method).grid).all()


@pytest.fixture(scope="module")
def clips(tmp_path_factory, mini):
    folder = random_model.build(tmp_path_factory.mktemp("m") / "clip", seed=5, small=True)
    return [mini, load_embedder(str(folder), Settings.from_environment())]


@pytest.mark.parametrize("which", [0, 1], ids=["mini", "b32 layout"])
def test_patches_agree_with_a_plain_implementation(clips, which, collages):
    """The last layer, written out head by head in NumPy, gives the same vectors."""
    model = clips[which]
    clip, image = clip_of(model.pictures), model.prepare(collages[0].image)
    found = patch_vectors_of(clip, model.steps, [image])[0]
    expected = plainly(clip, model.pictures[0].processor.image_processor, image)
    assert found.reshape(expected.shape) == pytest.approx(expected, abs=1e-4)
    assert np.linalg.norm(found, axis=-1) == pytest.approx(1, abs=1e-5)


def plainly(clip, processor, image):
    """Embed patches as the paper says, with hidden states of the model's own processor."""
    import torch

    vision, w = clip.vision_model, lambda part: (part.weight.detach().numpy(), part.bias)
    pixels = processor(image, return_tensors="pt")["pixel_values"]
    with torch.no_grad():
        out = vision(pixel_values=pixels, output_hidden_states=True)
        assert torch.allclose(vision.post_layernorm(out.last_hidden_state[:, 0]), out.pooler_output)
        tokens = out.hidden_states[-2][0].numpy()

    def linear(part, rows):
        weight, bias = w(part)
        return rows @ weight.T + (0 if bias is None else bias.detach().numpy())

    def norm(part, rows):
        centred = rows - rows.mean(1, keepdims=True)
        scaled = centred / np.sqrt((centred**2).mean(1, keepdims=True) + part.eps)
        return scaled * part.weight.detach().numpy() + part.bias.detach().numpy()

    layer = vision.encoder.layers[-1]
    attention, seen = layer.self_attn, norm(layer.layer_norm1, tokens)
    parts = [linear(p, seen) for p in (attention.q_proj, attention.k_proj, attention.v_proj)]
    heads = attention.num_heads
    mixed = np.zeros_like(seen)
    for head in range(heads):
        at = slice(head * seen.shape[1] // heads, (head + 1) * seen.shape[1] // heads)
        for one in (parts[0][:, at], parts[1][:, at]):
            powers = np.exp(one @ one.T / np.sqrt(one.shape[1]))
            mixed[:, at] += powers / powers.sum(1, keepdims=True) @ parts[2][:, at]
    tokens = tokens + linear(attention.out_proj, mixed)
    with torch.no_grad():
        tokens = tokens + layer.mlp(torch.tensor(norm(layer.layer_norm2, tokens))).numpy()
    rows = (
        norm(vision.post_layernorm, tokens)[1:] @ clip.visual_projection.weight.detach().numpy().T
    )
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def test_variants_agree_with_pictures(clips):
    """The fast way for many variants gives the vectors of the usual way."""
    images = [collage.image for collage in draw_collages(3, "variants")]
    for model in clips:
        cosines = (model.embed_variants(images) * model.embed_pictures(images)).sum(axis=1)
        assert cosines.min() > 0.9999


@pytest.mark.parametrize(
    ("size", "cut"), [((400, 400), 0), ((800, 400), 50), ((300, 1200), 75), ((600, 401), 33.2)]
)
def test_what_is_cut_away_is_told(mini, size, cut):
    """Of a picture twice as wide as high, half is never seen; a third is worth a warning."""
    crop = crop_of(mini, *size)
    assert crop.cut_percent == pytest.approx(cut, abs=1)
    assert crop.cuts_much is (cut > 34)
    left, top, right, bottom = crop.box
    assert (left + right, top + bottom) == pytest.approx(size, abs=max(size) / 40)


def test_what_is_cut_away_fits_the_pixels_that_are_told(mini):
    """48 × 48 of 64 × 48 are three quarters, not 75.2 %, whatever resizing rounded."""
    assert crop_of(mini, 64, 48).cut_percent == 25


def test_nothing_is_cut_where_nothing_is_known(embedder):
    """A model with steps of its own is taken to see all of a picture."""
    crop = crop_of(embedder, 800, 400)
    assert (crop.box, crop.cut_percent) == ((0, 0, 800, 400), 0)


def test_colours_tell_for_from_against():
    """Orange lies where it speaks for the query, blue where against, a veil where unseen."""
    grid = np.zeros((PLACES, PLACES), dtype=np.float32)
    grid[:16, :16], grid[16:, 16:] = 0.2, -0.2
    found = HeatMap(HeatMethod.PATCHES, grid, (100.0, 0.0, 200.0, 100.0), (300, 100))
    white = Image.new("RGB", (600, 200), "white")
    painted = paint_heat(white, found, opacity=1)
    assert painted.getpixel((250, 50)) == FOR
    assert painted.getpixel((360, 160)) == AGAINST
    assert painted.getpixel((360, 40)) == (255, 255, 255)
    assert painted.getpixel((50, 50)) == painted.getpixel((550, 150)) != (255, 255, 255)
    assert paint_heat(white, found, opacity=0).getpixel((250, 50)) == (255, 255, 255)
    crop = crop_of(load_embedder(MINI_MODEL, Settings.from_environment()), 300, 100)
    shown = paint_crop(white, crop, (300, 100))
    assert shown.getpixel((300, 100)) == (255, 255, 255)
    assert shown.getpixel((100, 100)) != (255, 255, 255)


def test_windows_put_values_where_they_lie():
    """A peak among windows is a peak of the map at the same place; a window draws only itself."""
    values = np.zeros((7, 7))
    values[1, 5] = 1
    row, column = divmod(int(spread(values, 0.25).argmax()), PLACES)
    assert (row / PLACES, column / PLACES) == pytest.approx((0.25, 0.75), abs=0.05)
    drawn = enlarge(np.array([[1.0, 2.0], [3.0, 4.0]]), (0.5, 0.0), 0.5)
    assert np.isnan(drawn[:, :16]).all()
    assert np.isnan(drawn[16:]).all()
    assert (drawn[0, 16], drawn[15, 31]) == (1, 4)
