"""A file can crash, stop or fill its decoder; it costs one file, never the process that asked."""

import sys
import time
from contextlib import nullcontext

import numpy as np
import psutil
import pytest
from PIL import Image

from search_engine.collection.decoding import Refusal, child, decode
from search_engine.collection.decoding.picture import decode_here
from search_engine.records import SkipReason
from tests.collection.decoding import heic_samples
from tests.hostile import crashing_heic, encoded
from tests.safety.evil_decoders import GOOD, STUCK, processes, refused, still_decodes


@pytest.mark.parametrize(
    "form", ["JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF", "JPEG2000", "PPM", "AVIF", "HEIC"]
)
def test_a_decoder_apart_gives_the_same_picture(form):
    """Pixels, size, time and camera are the same wherever a picture is decoded."""
    exif = Image.Exif()
    exif[274], exif[271], exif[272] = 6, "Canon", "EOS 5D"
    exif.get_ifd(0x8769)[36867] = "2024:07:21 14:03:11"
    given = {"exif": exif} if form in {"JPEG", "PNG", "WEBP"} else {}
    content = heic_samples.TURNED if form == "HEIC" else encoded(form, (900, 1400), **given)
    here = decode_here(content, lambda _need: nullcontext(), digest="x")
    apart = decode(content, "x")
    assert np.array_equal(np.asarray(here.image), np.asarray(apart.image))
    assert here.facts == apart.facts


def test_a_file_that_crashes_its_decoder_is_refused():
    """The item upon which the HEIC library ends its process costs that one file."""
    for _ in range(2):
        with pytest.raises(Refusal) as caught:
            decode(crashing_heic())
        assert caught.value.reason is SkipReason.CRASHED
        assert caught.value.reason.lies_in_the_file
        assert decode(heic_samples.UPRIGHT).facts.width == 96


@pytest.mark.parametrize(
    ("evil", "seconds", "reason"),
    [
        ("ctypes.string_at(0)", (20, 20), SkipReason.CRASHED),
        ("os.abort()", (20, 20), SkipReason.CRASHED),
        ("os._exit(0)", (20, 20), SkipReason.CRASHED),
        ("raise RecursionError", (20, 20), SkipReason.CRASHED),
        ("time.sleep(600)", (0.4, 20), SkipReason.TOO_SLOW),
        (STUCK, (0.4, 20), SkipReason.TOO_SLOW),
        ("while True: pass", (20, 0.4), SkipReason.TOO_SLOW),
        ("os.kill(os.getpid(), signal.SIGKILL)", (20, 20), SkipReason.TOO_MUCH_MEMORY),
    ],
    ids=lambda value: str(value).partition("(")[0],
)
def test_whatever_a_decoder_does_is_one_refusal(pool, evil, seconds, reason):
    """It crashes, ends, waits or computes for ever: the file is refused, the next one decoded."""
    evil_pool = pool(evil, seconds=seconds)
    started = time.monotonic()
    assert refused(evil_pool).reason is reason
    assert time.monotonic() - started < 10
    assert still_decodes(evil_pool)


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere memory has no limit")
@pytest.mark.parametrize(
    ("evil", "reason"),
    [
        ("bytearray(3 * 2**30)", SkipReason.TOO_MUCH_MEMORY),
        ("ctypes.memset(ctypes.CDLL(None).calloc(3, 2**30), 1, 9)", SkipReason.CRASHED),
        ("decode_as_worker_does(bytearray, 3 * 2**30)", SkipReason.TOO_MUCH_MEMORY),
    ],
    ids=["in Python", "in C", "inside Pillow"],
)
def test_memory_ends_at_the_limit(pool, evil, reason):
    """What a decoder asks for above its limit it does not get, in Python or in C."""
    evil_pool = pool(evil, before=PATCHED)
    assert refused(evil_pool).reason is reason
    assert still_decodes(evil_pool)


PATCHED = """
GIF = b"GIF89a" + bytes(7) + b";"
from search_engine.collection.decoding import picture
def decode_as_worker_does(function, argument):
    before, picture._decoded = picture._decoded, lambda *_: function(argument)
    try:
        picture.decode_here(GIF, None)
    finally:
        picture._decoded = before
"""


def test_the_one_who_waits_has_a_limit_too(pool, monkeypatch):
    """Where the system gives a decoder no limits, it is ended from outside."""
    monkeypatch.setattr(child, "SECONDS", 0.3)
    evil_pool = pool(f"signal.setitimer(signal.ITIMER_REAL, 0); {STUCK}")
    assert refused(evil_pool).reason is SkipReason.TOO_SLOW
    assert still_decodes(evil_pool)


FACTS = {"size": [2, 1], "width": 2, "height": 1, "taken_at": None, "camera": None}
PIXELS = b"123456"


def raw(content):
    return f"out.write({content!r})"


def frame(words, pixels=b""):
    return f"write_frame(out, {words!r}, {pixels!r})"


@pytest.mark.parametrize(
    "answer",
    [
        raw(b"garbage that is no frame"),
        raw(b"\xff" * 4),
        raw(b"\0\0\0\2[]"),
        raw(b'\0\0\0\7{"a":1}'),
        raw((60_000).to_bytes(4, "big") + b"[" * 60_000),
        raw((21).to_bytes(4, "big") + b'{"bytes": 9999999999}'),
        raw((13).to_bytes(4, "big") + b'{"bytes": -1}'),
        raw((17).to_bytes(4, "big") + b'{"bytes": "many"}'),
        frame(FACTS, PIXELS[:-1]),
        frame(FACTS, PIXELS + b"7"),
        frame(FACTS | {"size": [-2, -1]}, PIXELS),
        frame(FACTS | {"size": [2]}, PIXELS),
        frame(FACTS | {"size": "ab"}, PIXELS),
        frame(FACTS | {"size": [10**9, 10**9]}, PIXELS),
        frame(FACTS | {"width": 10**30}, PIXELS),
        frame(FACTS | {"camera": ["x"]}, PIXELS),
        frame(FACTS | {"camera": "x" * 2000}, PIXELS),
        frame({"reason": "because", "detail": ""}),
        frame({"reason": "damaged"}),
        frame({"need": -5}),
        frame({"need": 10**18}),
        frame({"need": True}),
    ],
)
def test_a_decoder_that_was_taken_over_is_not_believed(pool, answer):
    """Whatever a decoder writes that is no answer is a refusal, and no size in it is trusted."""
    evil_pool = pool(f"{answer}; out.flush(); os._exit(0)")
    assert refused(evil_pool).reason is SkipReason.CRASHED
    assert processes(evil_pool) == set()


def test_a_decoder_that_lies_is_ended(pool):
    """One that gave no answer is not asked again, though it goes on."""
    evil_pool = pool(f"{raw(b'lies')}; out.flush(); time.sleep(60)")
    assert still_decodes(evil_pool)
    (liar,) = processes(evil_pool)
    assert refused(evil_pool).reason is SkipReason.CRASHED
    assert not psutil.pid_exists(liar)


def test_the_fault_of_one_file_is_not_laid_on_the_next(pool):
    """A decoder that an earlier file spoiled, and that the next one ends, is replaced first."""
    evil_pool = pool("return decode_here(content[4:], reserve) if files < 2 else os.abort()")
    assert evil_pool.decode(b"evil" + GOOD, "hash").facts.width == 64
    assert evil_pool.decode(b"evil" + GOOD, "hash").facts.width == 64
