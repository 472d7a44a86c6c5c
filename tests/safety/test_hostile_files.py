"""Files that would hang or fill the memory are refused for what they are; unusual ones are read."""

import io
import json
import os
import random
import struct
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest
from PIL import Image, ImageFile

from search_engine.collection.decoding import Refusal, decode
from search_engine.records import SkipReason
from tests import hostile
from tests.hostile import (
    EXIF,
    WORST,
    chunk,
    encoded,
    gif_with,
    jpeg_with,
    jpeg_with_scans,
    png,
    segment,
    swelling,
)

ROOT = Path(__file__).parent.parent.parent
SLOW, DAMAGED = SkipReason.TOO_SLOW, SkipReason.DAMAGED
MEMORY = SkipReason.TOO_MUCH_MEMORY


@pytest.mark.parametrize(
    ("content", "reason", "said"),
    [
        (lambda: jpeg_with_scans(600), SLOW, "500 scans"),
        (lambda: jpeg_with_scans(60, claim=(14_000, 14_000)), SLOW, "51 scans of 196,000,000"),
        (lambda: jpeg_with(b"\xff" * 2**21), DAMAGED, "no picture after"),
        (lambda: jpeg_with(segment(0xFE, b"") + bytes(2**21)), DAMAGED, "no picture after"),
        (lambda: jpeg_with(b"\xff\0" * 2**20), DAMAGED, "no picture after"),
        (lambda: b"\xff\xd8\xff" + bytes(2**21), DAMAGED, "no picture after"),
        (lambda: jpeg_with(segment(0xE1, EXIF) * 100), SLOW, "64 Exif segments"),
        (lambda: jpeg_with(segment(0xC4, bytes(17)) * 5000), SLOW, "4,096 segments"),
        (lambda: jpeg_with(b"\xff\xd0" * 5000), SLOW, "4,096 segments"),
        (lambda: png(before=chunk(b"teSt") * 201_000), SLOW, "200,000 chunks"),
        (lambda: png(after=chunk(b"teSt") * 201_000), SLOW, "200,000 chunks"),
        (lambda: png(before=chunk(b"iCCP", swelling(10**6)) * 65), SLOW, "64 compressed"),
        (lambda: png(before=chunk(b"zTXt", swelling(10**6)) * 65), SLOW, "64 compressed"),
        (lambda: gif_with(b"!\xfe" + b"\1a" * 510_000 + b"\0"), SLOW, "500,000 blocks"),
        (lambda: gif_with(b"!\xf9\0" * 510_000), SLOW, "500,000 blocks"),
        (lambda: gif_with(b"x" * 510_000), SLOW, "500,000 blocks"),
        (lambda: hostile.animated_webp(210_000), SLOW, "200,000 chunks"),
        (lambda: b"P6\n#" + b"x" * 2**17 + b"\n8 8\n255\n", DAMAGED, "its head"),
        (lambda: b"P5\n" + b"#\n" * 2**16 + b"8 8\n255\n", DAMAGED, "its head"),
        (lambda: b"P2 8 " + b" " * 2**17 + b"8 255\n", DAMAGED, "its head"),
        (lambda: hostile.webp_header(16_000, 12_000), MEMORY, "more than"),
        (hostile.lying_avif, MEMORY, "more than"),
        (lambda: hostile.jpeg2000(14_000, 14_000), MEMORY, "more than"),
        (lambda: hostile.jpeg2000(14_000, 1), DAMAGED, ""),
    ],
)
def test_too_much_of_anything_is_refused_for_what_it_is(content, reason, said):
    """The reason names what there is too much of, it is found at once, and lies in the file."""
    made = content()
    started = time.process_time()
    with pytest.raises(Refusal) as caught:
        decode(made)
    assert time.process_time() - started < 1
    assert said in caught.value.detail
    assert caught.value.reason is reason
    assert caught.value.reason.lies_in_the_file


def noise(count):
    return random.Random(count).randbytes(count)  # noqa: S311 - to be the same each time


TRAILER = noise(40 * 2**20)  # as long as the film behind a motion photo


@pytest.mark.parametrize(
    "content",
    [
        lambda: jpeg_with_scans(90),
        lambda: encoded("JPEG", (500, 400), progressive=True) + TRAILER,
        lambda: encoded("JPEG") + jpeg_with_scans(900),
        lambda: jpeg_with(b"\xff" * 1000),
        lambda: jpeg_with(segment(0xFE, b"") + b"junk" * 1000),
        lambda: jpeg_with(segment(0xE1, EXIF + bytes(60_000)) * 3),
        lambda: jpeg_with(segment(0xE1, EXIF + b"\xff\xda" * 900)),
        lambda: jpeg_with(segment(0xE2, b"ICC_PROFILE\0\1\xff" + bytes(65_000)) * 255),
        lambda: jpeg_with(segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + bytes(65_000)) * 300),
        lambda: png(before=chunk(b"tEXt", b"a\0b") * 10_000),
        lambda: png(before=chunk(b"zTXt", swelling(1000, zlib_end())) * 40),
        lambda: png(before=chunk(b"prVt", bytes(70 * 2**20))),
        lambda: png(before=chunk(b"eXIf", hostile.huge_exif(3 * 2**20))),
        lambda: png(before=chunk(b"acTL", struct.pack(">II", 2**31, 0))),
        lambda: gif_with(b"!\xfe" + (b"\xff" + bytes(255)) * 10_000 + b"\0"),
        lambda: hostile.inside_gif(100_000),
        lambda: b"P6\n#" + b"x" * 60_000 + b"\n8 8\n255\n" + bytes(192),
        lambda: b"P1 #c\n8 8\n" + b"01" * 32,
        lambda: b"P3\n8 8\n7\n" + b"1 " * 192,
        lambda: hostile.bmp((b"\x40\1" + b"\0\0") * 64, side=64),
        lambda: hostile.tiff(3000, 2000),
        lambda: hostile.tiff(2000, 2000, bits=8, form=1, samples=3, rows=2000),
    ],
)
def test_what_is_only_unusual_is_read(content):
    """Motion photos, profiles of a few megabytes, odd padding and animations stay pictures."""
    assert decode(content()).image.mode == "RGB"


def zlib_end():
    import zlib

    return struct.pack(">I", zlib.adler32(bytes(1000)))


def test_frames_are_never_counted(monkeypatch):
    """Only the first picture of a file is looked at, however many it has."""

    def counted(_image):
        raise AssertionError

    for plugin in ImageFile.ImageFile.__subclasses__():
        if isinstance(vars(plugin).get("n_frames"), property):
            monkeypatch.setattr(plugin, "n_frames", property(counted))
    frames = [Image.new("RGB", (40, 30), (shade, 0, 0)) for shade in range(3)]
    for form in ("GIF", "PNG", "WEBP", "TIFF"):
        file = io.BytesIO()
        frames[0].save(file, form, save_all=True, append_images=frames[1:])
        content = file.getvalue()
        assert decode(content).facts.width == 40


def measured(folder, name):
    file = folder / "worst"
    subprocess.run([*PYTHON, "make", name, str(file)], check=True, cwd=ROOT)
    done = subprocess.run(
        [*PYTHON, "measure", str(file)], check=True, cwd=ROOT, capture_output=True, text=True
    )
    return json.loads(done.stdout)


PYTHON = (sys.executable, "-m", "tests.hostile")


@pytest.mark.long
@pytest.mark.parametrize("name", WORST)
def test_the_worst_stay_within_time_and_memory(name, tmp_path):
    """No file takes more than five seconds of the processor or 1.5 GiB of memory."""
    found = measured(tmp_path, name)
    print(found)  # noqa: T201 - what a long run is for
    assert found["seconds"] < 6
    assert found["peak"] < 1.5 * 2**30


@pytest.mark.long
@pytest.mark.skipif(sys.platform != "linux", reason="memory is read from /proc")
def test_three_large_tiffs_do_not_fill_the_memory(tmp_path):
    """Indexing three pictures of 200 million floats stays below two gigabytes in all."""
    folder = tmp_path / "pictures"
    folder.mkdir()
    for number in range(3):
        (folder / f"{number}.tif").write_bytes(hostile.tiff() + bytes([number]))
    command = [sys.executable, "-m", "tests.building.faulty_build", str(folder)]
    environment = os.environ | {"IMAGE_SEARCH_DATA": str(tmp_path / "data")}
    most = 0
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE) as build:
        process = psutil.Process(build.pid)
        while build.poll() is None:
            most = max(most, _together(process))
            time.sleep(0.01)
        assert json.loads(build.stdout.read())["added"] == 3
    print(most)  # noqa: T201 - what a long run is for
    assert most < 2 * 10**9


def _together(process):
    try:
        everybody = [process, *process.children(recursive=True)]
        return sum(one.memory_info().rss for one in everybody)
    except psutil.Error:
        return 0
