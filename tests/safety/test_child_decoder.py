"""A file can crash, stop or fill its decoder; it costs one file, never the process that asked."""

import os
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from pathlib import Path

import numpy as np
import psutil
import pytest
from PIL import Image

from search_engine.collection.decoding import Refusal, children, decode
from search_engine.collection.decoding.children import CHILDREN, Children
from search_engine.collection.decoding.picture import decode_here
from search_engine.collection.decoding.structure import structure_of
from search_engine.records import SkipReason
from tests.collection.decoding import heic_samples
from tests.hostile import crashing_heic, encoded

ROOT = Path(__file__).parent.parent.parent
GOOD = encoded("PNG")
SERVE = """
import ctypes, os, signal, time
from search_engine.collection.decoding import limits, worker
from search_engine.collection.decoding.frames import write_frame
limits.SECONDS, limits.PROCESSOR_SECONDS = {seconds}
out, files = os.fdopen(os.dup(1), "wb"), 0
def work(content, reserve):
    global files
    files += 1
    if content.startswith(b"evil"):
        {evil}
    return worker.decode_alone(content, reserve)
worker.serve(work)
"""


@pytest.fixture
def pool():
    """Make decoders that do something evil with files which begin with the word."""
    made = []

    def make(evil, *, seconds=(20, 20), most=1):
        code = SERVE.format(seconds=seconds, evil=evil)
        made.append(Children([sys.executable, "-c", code], most))
        return made[-1]

    yield make
    for one in made:
        one.close()


def refused(pool, content=b"evil"):
    with pytest.raises(Refusal) as caught:
        pool.decode(content, "hash")
    return caught.value


def processes(pool):
    return {child._process.pid for child in pool._all}


def still_decodes(pool):
    return pool.decode(GOOD, "hash").facts.width == 64


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
    here = decode_here(content, "x", structure_of(content), lambda _need: nullcontext())
    apart = decode(content, "x", isolated=True)
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


STUCK = "ctypes.PyDLL(None).sleep(600)"  # holds Python's lock, so that nothing of Python runs


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
        ("bytearray(3 * 2**30)", SkipReason.CRASHED),
        ("ctypes.memset(ctypes.CDLL(None).calloc(3, 2**30), 1, 9)", SkipReason.CRASHED),
        ("decode_as_worker_does(bytearray, 3 * 2**30)", SkipReason.TOO_MUCH_MEMORY),
    ],
    ids=["in Python", "in C", "inside Pillow"],
)
def test_memory_ends_at_the_limit(pool, evil, reason, monkeypatch):
    """What a decoder asks for above its limit it does not get, in Python or in C."""
    monkeypatch.setitem(globals(), "SERVE", PATCHED + SERVE)
    evil_pool = pool(evil)
    assert refused(evil_pool).reason is reason
    assert still_decodes(evil_pool)


PATCHED = """
from search_engine.collection.decoding import picture
def decode_as_worker_does(function, argument):
    before, picture._decoded = picture._decoded, lambda *_: function(argument)
    try:
        picture.decode_here(b"", "", None, None)
    finally:
        picture._decoded = before
"""


def test_the_one_who_waits_has_a_limit_too(pool, monkeypatch):
    """Where the system gives a decoder no limits, it is ended from outside."""
    monkeypatch.setattr(children, "SECONDS", 0.3)
    monkeypatch.setattr(children, "_SECONDS_MORE", 0.3)
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
    evil_pool = pool(
        "return worker.decode_alone(content[4:], reserve) if files < 2 else os.abort()"
    )
    assert evil_pool.decode(b"evil" + GOOD, "hash").facts.width == 64
    assert evil_pool.decode(b"evil" + GOOD, "hash").facts.width == 64


def test_a_decoder_that_ended_while_idle_is_replaced(pool):
    """The system may end it at any time, for its memory; no file is refused for that."""
    sound = pool("pass")
    assert still_decodes(sound)
    for number in processes(sound):
        psutil.Process(number).kill()
        psutil.wait_procs([psutil.Process(number)], 5)
    assert still_decodes(sound)


def test_a_decoder_that_cannot_be_started_is_not_the_fault_of_the_file():
    """Such a file is tried again at the next build."""
    for command in (["/nowhere/python"], [sys.executable, "-c", "raise SystemExit(1)"]):
        refusal = refused(Children(command, 1))
        assert refusal.reason is SkipReason.UNREADABLE
        assert not refusal.reason.lies_in_the_file


def test_decoders_are_used_again_and_no_more_than_needed(pool):
    """One after the other needs one; many at once need as many as there may be."""
    sound = pool("pass", most=2)
    for _ in range(3):
        still_decodes(sound)
    assert len(processes(sound)) == 1
    with ThreadPoolExecutor(6) as threads:
        assert all(threads.map(lambda _: still_decodes(sound), range(30)))
    assert len(processes(sound)) <= 2
    sound.close()
    assert still_decodes(sound)


def test_pictures_of_the_usual_kinds_need_no_decoder_apart():
    """A folder of JPEG, PNG, GIF, WebP and BMP never pays for a process."""
    code = (
        "from search_engine.collection.decoding import decode\n"
        "from search_engine.collection.decoding.children import CHILDREN\n"
        "from tests.hostile import encoded\n"
        "for form in ('JPEG', 'PNG', 'GIF', 'WEBP', 'BMP'): decode(encoded(form))\n"
        "assert not CHILDREN._all\n"
        "decode(encoded('AVIF'))\n"
        "assert len(CHILDREN._all) == 1\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT)


@pytest.mark.parametrize("kind", [0xC3, 0xC9, 0xCA])
def test_a_jpeg_of_an_unusual_kind_is_decoded_apart(kind):
    """Lossless and arithmetic coding are rare, slow, and little tested."""
    content = encoded("JPEG")
    at = content.index(b"\xff\xc0")
    assert not structure_of(content).apart
    assert structure_of(content[: at + 1] + bytes([kind]) + content[at + 2 :]).apart


def test_a_decoder_starts_light():
    """It loads no model, no index, no database and no page, and nothing that runs what it reads."""
    code = "import sys, search_engine.collection.decoding.worker\nprint(*sys.modules)"
    run = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT
    )
    heavy = {"torch", "faiss", "transformers", "streamlit", "pandas", "sqlite3", "sklearn"}
    assert not (heavy | {"search_engine.search.engine"}) & set(run.stdout.split())
    for file in (ROOT / "search_engine/collection/decoding").glob("*.py"):
        assert not {"pickle", "marshal", "eval(", "multiprocessing"} & set(file.read_text().split())


def goes_on(process):
    """A process of somebody else's is there, and is more than the entry that nobody reaped."""
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


PARENT = """
import sys, threading, time
from search_engine.collection.decoding.children import Children
from tests.hostile import encoded
pool = Children({command!r}, 1)
pool.decode(encoded("PNG"), "hash")
print(*(child._process.pid for child in pool._all), flush=True)
{then}
"""


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the time limit ends it")
@pytest.mark.parametrize(
    ("end", "work"),
    [
        ("kill", "idle"),
        ("kill", "time.sleep(600)"),
        ("kill", STUCK),
        ("kill", "while True: pass"),
        ("terminate", STUCK),
        ("itself", "idle"),
        ("itself", STUCK),
    ],
)
def test_a_decoder_ends_with_whoever_started_it(end, work):
    """Killed, terminated or done: no decoder goes on without whoever asked, stuck or not.

    What has ended stays a zombie until the system's first process looks for it, which is neither
    ours to wait for nor of any weight: it computes nothing and holds no memory.
    """
    command = [sys.executable, "-c", SERVE.format(seconds=(100, 100), evil=work)]
    busy = "threading.Thread(target=pool.decode, args=(b'evil', ''), daemon=True).start()\n"
    then = "" if work == "idle" else busy + "time.sleep(0.3)\n"
    then += "sys.exit()" if end == "itself" else "print('ready', flush=True)\ntime.sleep(60)"
    code = PARENT.format(command=command, then=then)
    with subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, cwd=ROOT
    ) as parent:
        decoder = psutil.Process(int(parent.stdout.readline()))
        if end != "itself":
            parent.stdout.readline()
            getattr(parent, end)()
        parent.wait(20)
    deadline = time.monotonic() + 30
    while goes_on(decoder) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not goes_on(decoder)


def test_a_decoder_does_not_hear_ctrl_c():
    """It has a session of its own, so a terminal's Ctrl-C reaches whoever asked, and only that."""
    decode(GOOD, isolated=True)
    for child in CHILDREN._all:
        assert psutil.Process(child._process.pid).terminal() is None
        assert child._process.pid == os.getsid(child._process.pid)


def test_asking_that_is_interrupted_leaves_no_answer_behind(pool, monkeypatch):
    """After Ctrl-C in the middle of a file the next file does not get that one's picture."""
    sound = pool("pass")
    still_decodes(sound)
    before = processes(sound)

    def interrupted(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(children, "_believed", interrupted)
        with pytest.raises(KeyboardInterrupt):
            sound.decode(encoded("PNG", (32, 32)), "hash")
    assert still_decodes(sound)
    assert not before & processes(sound)


def test_files_that_come_at_once_share_the_memory(monkeypatch):
    """However many ask, no more is given out than there is, and all get their turn in order."""
    from search_engine.collection.decoding.budget import Budget

    budget, used, most, lock = Budget(100), 0, 0, threading.Lock()

    def work(amount):
        nonlocal used, most
        with budget.reserve(amount):
            with lock:
                used += min(amount, 100)
                most = max(most, used)
            time.sleep(0.001)
            with lock:
                used -= min(amount, 100)

    with ThreadPoolExecutor(16) as threads:
        list(threads.map(work, [1, 30, 99, 100, 500, 50, 51] * 12))
    assert 50 < most <= 100
    assert used == 0
