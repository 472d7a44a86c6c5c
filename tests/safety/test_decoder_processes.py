"""The processes that decode: as few and as light as can be, and gone with whoever started them."""

import os
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import psutil
import pytest

from search_engine.collection.decoding import child, decode
from search_engine.collection.decoding.children import CHILDREN, Children
from search_engine.records import SkipReason
from search_engine.settings import PROJECT_FOLDER
from tests.hostile import encoded
from tests.safety.evil_decoders import GOOD, STUCK, processes, program, refused, still_decodes


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


def test_a_decoder_starts_light():
    """It loads no model, no index, no database and no page, and nothing that runs what it reads."""
    code = "import sys, search_engine.collection.decoding.worker\nprint(*sys.modules)"
    run = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=PROJECT_FOLDER
    )
    heavy = {"torch", "faiss", "transformers", "streamlit", "pandas", "sqlite3", "sklearn"}
    assert not (heavy | {"search_engine.search.engine"}) & set(run.stdout.split())
    for file in (PROJECT_FOLDER / "search_engine/collection/decoding").glob("*.py"):
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
print(*(child.process_id for child in pool._all), flush=True)
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
    command = program(work, seconds=(100, 100))
    busy = "threading.Thread(target=pool.decode, args=(b'evil', ''), daemon=True).start()\n"
    then = "" if work == "idle" else busy + "time.sleep(0.3)\n"
    then += "sys.exit()" if end == "itself" else "print('ready', flush=True)\ntime.sleep(60)"
    code = PARENT.format(command=command, then=then)
    with subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, cwd=PROJECT_FOLDER
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
    decode(GOOD)
    for one in CHILDREN._all:
        assert psutil.Process(one.process_id).terminal() is None
        assert one.process_id == os.getsid(one.process_id)


def test_asking_that_is_interrupted_leaves_no_answer_behind(pool, monkeypatch):
    """After Ctrl-C in the middle of a file the next file does not get that one's picture."""
    sound = pool("pass")
    still_decodes(sound)
    before = processes(sound)

    def interrupted(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(child, "picture_of", interrupted)
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
