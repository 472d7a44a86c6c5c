"""Pictures made smaller quickly show what they show when Pillow does it."""

import sys
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from PIL import Image

from search_engine import resizing
from search_engine.records.model_inputs import ModelInput
from search_engine.resizing import BICUBIC, BILINEAR, LANCZOS, square_of
from tests.collection.decoding.pictures import scene


@pytest.fixture
def slow(monkeypatch):
    """Do as on a machine for which there is no package."""
    monkeypatch.setitem(sys.modules, "cykooz_resizer", None)
    resizing._algorithm.cache_clear()
    yield
    monkeypatch.undo()
    resizing._algorithm.cache_clear()


def by_pillow(image, side, box, resample):
    return image.resize((side, side), resample, box=box)


@pytest.mark.parametrize("squashes", [False, True])
@pytest.mark.parametrize("resample", [BICUBIC, BILINEAR, LANCZOS])
@pytest.mark.parametrize("size", [(500, 375), (375, 500), (1001, 777), (4000, 300), (90, 60)])
def test_both_ways_to_shrink_a_picture_agree(size, resample, squashes):
    """The same filter on the same part: half a level of 255 apart, by rounding."""
    image, looks_at = scene(size), ModelInput(224, resample, squashes)
    box = looks_at.box(size)
    ours = np.asarray(square_of(image, 224, box, resample), float)
    theirs = np.asarray(by_pillow(image, 224, box, resample), float)
    assert np.sqrt(((ours - theirs) ** 2).mean()) < 0.7
    assert np.abs(ours - theirs).max() <= 16


def test_without_the_package_pillow_does_it(slow):
    """No picture is lost on a machine for which there is none."""
    image, box = scene((500, 375)), ModelInput(224, BICUBIC).box((500, 375))
    expected = by_pillow(image, 224, box, BICUBIC)
    assert square_of(image, 224, box, BICUBIC).tobytes() == expected.tobytes()


def test_a_filter_that_the_package_lacks_is_pillows():
    """What a model asks for is what it gets."""
    image = scene((300, 300))
    found = square_of(image, 100, (0, 0, 300, 300), Image.Resampling.HAMMING)
    expected = by_pillow(image, 100, (0, 0, 300, 300), Image.Resampling.HAMMING)
    assert found.tobytes() == expected.tobytes()


def test_threads_do_not_meet():
    """Many at once give what one would."""
    images = [scene((200 + number, 180)) for number in range(40)]
    looks_at = ModelInput(64, BICUBIC)
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(looks_at.prepare, images))
    for image, found in zip(images, together, strict=True):
        assert found.tobytes() == looks_at.prepare(image).tobytes()
