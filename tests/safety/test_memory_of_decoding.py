"""What a picture takes of memory is known before it is decoded, and no more is ever taken."""

import io
import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from search_engine import capacity
from search_engine.collection.decoding import Refusal, picture
from search_engine.records import SkipReason
from tests.collection.decoding.pictures import decoded_here

ROOT = Path(__file__).parent.parent.parent
PYTHON = (sys.executable, "-m", "tests.hostile", "cost")
IN_ONE_STRIP = {278: 99_999}
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="memory is read from /proc")

QUICK = {
    "JPEG": ("RGB", "JPEG", {}),
    "progressive JPEG": ("RGB", "JPEG", {"progressive": True, "subsampling": 0}),
    "PNG with alpha": ("RGBA", "PNG", {"compress_level": 1}),
    "PNG of a palette": ("P", "PNG", {"transparency": bytes(range(64))}),
    "WebP": ("RGB", "WEBP", {"method": 0}),
    "TIFF of floats": ("F", "TIFF", {"compression": "tiff_adobe_deflate"}),
    "JPEG 2000": ("RGB", "JPEG2000", {}),
    "AVIF": ("RGB", "AVIF", {"speed": 10}),
}
LONG = QUICK | {
    "grey progressive JPEG": ("L", "JPEG", {"progressive": True}),
    "halved progressive JPEG": ("RGB", "JPEG", {"progressive": True}),
    "CMYK JPEG": ("CMYK", "JPEG", {}),
    "progressive CMYK JPEG": ("CMYK", "JPEG", {"progressive": True}),
    "PNG": ("RGB", "PNG", {"compress_level": 1}),
    "PNG of bits": ("1", "PNG", {}),
    "grey PNG": ("L", "PNG", {}),
    "grey PNG with alpha": ("LA", "PNG", {}),
    "16-bit PNG": ("I;16", "PNG", {}),
    "GIF": ("P", "GIF", {}),
    "GIF with a hole": ("P", "GIF", {"transparency": 3}),
    "BMP": ("RGB", "BMP", {}),
    "lossless WebP": ("RGB", "WEBP", {"lossless": True, "method": 0}),
    "WebP with alpha": ("RGBA", "WEBP", {"method": 0}),
    "plain TIFF of floats": ("F", "TIFF", {}),
    "TIFF of a strip": ("F", "TIFF", {"compression": "tiff_lzw", "tiffinfo": IN_ONE_STRIP}),
    "TIFF of 32-bit numbers": ("I", "TIFF", {"compression": "tiff_adobe_deflate"}),
    "TIFF of 16-bit numbers": ("I;16", "TIFF", {}),
    "TIFF": ("RGB", "TIFF", {"compression": "tiff_lzw"}),
    "TIFF in one strip": ("RGB", "TIFF", {"compression": "tiff_lzw", "tiffinfo": IN_ONE_STRIP}),
    "TIFF of JPEG in one strip": ("RGB", "TIFF", {"compression": "jpeg", "tiffinfo": IN_ONE_STRIP}),
    "TIFF that lies on its side": ("RGB", "TIFF", {"tiffinfo": {274: 6}}),
    "TIFF of bits": ("1", "TIFF", {"compression": "group4"}),
    "CMYK TIFF": ("CMYK", "TIFF", {}),
    "YCbCr TIFF": ("YCbCr", "TIFF", {"compression": "tiff_lzw"}),
    "grey JPEG 2000": ("L", "JPEG2000", {}),
    "16-bit JPEG 2000": ("I;16", "JPEG2000", {}),
    "JPEG 2000 with alpha": ("RGBA", "JPEG2000", {}),
    "JPEG 2000 in tiles": ("RGB", "JPEG2000", {"tile_size": (1024, 1024)}),
    "PPM": ("RGB", "PPM", {}),
    "16-bit PGM": ("I;16", "PPM", {}),
    "PFM": ("F", "PPM", {}),
    "grey AVIF": ("L", "AVIF", {"speed": 10}),
    "AVIF of all colours": ("RGB", "AVIF", {"speed": 10, "subsampling": "4:4:4"}),
    "AVIF with alpha": ("RGBA", "AVIF", {"speed": 10}),
}  # fmt: skip


def slope(mode, side):
    """Paint something that every codec packs well, in any mode."""
    grey = Image.linear_gradient("L").resize((side, side))
    if mode in {"F", "I", "I;16"}:
        kind = {"F": np.float32, "I": np.int32, "I;16": np.uint16}[mode]
        return Image.fromarray(np.asarray(grey).astype(kind) * kind(9))
    colours = Image.merge("RGB", (grey, grey.transpose(Image.Transpose.FLIP_LEFT_RIGHT), grey))
    if mode == "P":
        return colours.quantize(64)
    if mode in {"LA", "RGBA"}:
        layers = (grey, grey) if mode == "LA" else (*colours.split(), grey)
        return Image.merge(mode, layers)
    return colours.convert(mode)


def cost(tmp_path, mode, form, options, side):
    file = tmp_path / "picture"
    slope(mode, side).save(file, form, **options)
    done = subprocess.run([*PYTHON, str(file)], check=True, cwd=ROOT, capture_output=True)
    found = json.loads(done.stdout)
    assert found["said"] == f"{side} × {side}"
    return found


@pytest.mark.parametrize("name", QUICK)
def test_no_more_memory_is_taken_than_was_foreseen(name, tmp_path):
    """Nine million pixels take what the head of their file lets foresee, or less."""
    found = cost(tmp_path, *QUICK[name], 3000)
    assert found["peak"] <= found["need"] + 4 * 2**20


@pytest.mark.long
@pytest.mark.parametrize("name", LONG)
def test_large_pictures_take_what_was_foreseen(name, tmp_path):
    """For 49 million pixels it is neither less nor much more than is taken."""
    found = cost(tmp_path, *LONG[name], 7000)
    print(name, found)  # noqa: T201 - what a long run is for
    assert found["peak"] <= found["need"] + 4 * 2**20
    assert found["need"] <= 1.6 * found["peak"] + 64 * 2**20


def flat(size):
    file = io.BytesIO()
    Image.new("RGB", size).save(file, "PNG")
    return file.getvalue()


def test_what_needs_more_than_there_is_is_refused_before_it_is_taken(monkeypatch):
    """The refusal names what is needed and what there is."""
    monkeypatch.setattr(picture, "MAX_DECODING", 20 * 2**20)
    assert decoded_here(flat((500, 500))).facts.width == 500
    with pytest.raises(Refusal) as caught:
        decoded_here(flat((3000, 3000)))
    assert caught.value.reason is SkipReason.TOO_MUCH_MEMORY
    assert "more than the 20 that" in caught.value.detail


def test_the_limits_are_those_of_the_container(monkeypatch, tmp_path):
    """A container with less memory than the machine counts; one without a limit does not."""
    whole = capacity.usable_memory()
    for text, expected in (("max\n", whole), ("104857600\n", 100 * 2**20), ("9" * 19, whole)):
        file = tmp_path / "memory.max"
        file.write_text(text)
        monkeypatch.setattr(capacity, "_GROUP", tmp_path)
        assert capacity.usable_memory() == expected


def test_a_container_with_two_cores_gets_two_of_sixty_four(monkeypatch, tmp_path):
    """What a container grants counts where it is less than the machine has, in both versions."""
    monkeypatch.setattr(capacity.os, "sched_getaffinity", lambda _: set(range(64)), raising=False)
    monkeypatch.setattr(capacity, "_GROUP", tmp_path)
    assert capacity.usable_cores() == 64
    for text, expected in (("200000 100000", 2), ("50000 100000", 1), ("max 100000", 64)):
        (tmp_path / "cpu.max").write_text(text + "\n")
        assert capacity.usable_cores() == expected
    (tmp_path / "cpu.max").unlink()
    (tmp_path / "cpu").mkdir()
    (tmp_path / "cpu" / "cpu.cfs_period_us").write_text("100000\n")
    for text, expected in (("350000", 4), ("-1", 64)):
        (tmp_path / "cpu" / "cpu.cfs_quota_us").write_text(text + "\n")
        assert capacity.usable_cores() == expected
