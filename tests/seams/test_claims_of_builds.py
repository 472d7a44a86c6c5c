"""What the README says of builds, each as a figure of its own."""

import os
import signal
import subprocess
import sys

import pytest

from search_engine import SearchEngine
from search_engine.collection.thumbnails import Thumbnails
from search_engine.jobs.processes import at_work, start_of
from search_engine.settings import PROJECT_FOLDER
from tests.conftest import ColourEmbedder, paint

# What a build leaves


def test_a_changed_picture_has_no_vector_of_what_it_showed(build, pictures, settings, embedder):
    """Nor under a model that is not the one at work: it may be gone back to before the end."""
    for number in range(2, 42):
        paint(pictures / "red" / f"{number:02}.png", "red", salt=number)
    build()
    other = ColourEmbedder("others", "others-1")
    paint(pictures / "black" / "0.png", "blue", salt=77)
    done = []
    build(
        load=lambda *_: other,
        model_id="others",
        on_progress=lambda event: done.append(other.pictures_embedded),
        cancelled=lambda: other.pictures_embedded > 0 and len(set(done)) > 1,
    )
    assert other.pictures_embedded > 0
    build(load=lambda *_: embedder, model_id="colours")
    with SearchEngine.open("pictures", settings, load=lambda *_: embedder) as engine:
        found = {one.record.path: one.score for one in engine.search("blue", 100).results}
    assert found["black/0.png"] == pytest.approx(found["blue/0.png"], abs=0.05)


def test_what_writers_of_thumbnails_left_goes_with_the_next_tidying(build, pictures, settings):
    """A crash leaves half of a file; nothing else that lies there is touched."""
    build()
    folder = settings.collections_folder / "pictures" / "thumbnails"
    inner = next(path for path in sorted(folder.iterdir()) if path.is_dir())
    left, foreign = inner / ".0123456789abcdef.partial", inner / "notes.txt"
    for file in (left, foreign):
        file.write_bytes(b"half")
    next((pictures / "red").iterdir()).unlink()
    build()
    assert (left.exists(), foreign.exists()) == (False, True)


def test_a_copy_has_a_thumbnail_although_that_of_its_twin_was_lost(build, pictures, settings):
    """Facts and vector are taken over; what is shown is made anew."""
    build()
    made = Thumbnails(settings.collections_folder / "pictures")
    (content, *_) = made.made()
    made.remove(content)
    with SearchEngine.open("pictures", settings) as engine:
        twin = next(one for one in engine.catalog.pictures if one.content_hash == content)
    (pictures / "copy.png").write_bytes((pictures / twin.path).read_bytes())
    build()
    assert made.is_whole(content)


def test_another_process_of_the_same_number_is_not_ours():
    """A number is given again; when the process began tells them apart."""
    own = os.getpid()
    assert at_work(own, start_of(own)) is not None
    assert at_work(own, start_of(own) - 60) is None


STUBBORN = """
import ctypes, sys, time
{without}
from search_engine.cli.console import StopSignal
with StopSignal().listening() as stop:
    print("ready", flush=True)
    while True:
        time.sleep(0.05)
        if stop():
            print("told", flush=True)
            time.sleep(60)
"""
WITHOUT_GLIBC = "ctypes.CDLL = lambda *_: (_ for _ in ()).throw(OSError())"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has other signals")
@pytest.mark.parametrize("without", ["", WITHOUT_GLIBC], ids=["glibc", "elsewhere"])
def test_the_second_ctrl_c_ends_what_does_not_listen(without):
    """The first is a wish, the second an end, whatever the process is doing."""
    running = subprocess.Popen(
        [sys.executable, "-c", STUBBORN.format(without=without)],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, cwd=PROJECT_FOLDER,
    )  # fmt: skip
    try:
        assert running.stdout.readline() == "ready\n"
        running.send_signal(signal.SIGINT)
        assert running.stdout.readline() == "told\n"
        assert running.poll() is None
        running.send_signal(signal.SIGINT)
        assert running.wait(10) == -signal.SIGINT
    finally:
        running.kill()
        running.stdout.close()
        running.wait()
