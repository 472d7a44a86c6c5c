"""Files read in processes of their own: the same picture, and as little as possible handed over."""

import hashlib
import threading
import time

import numpy as np
import psutil
import pytest
from PIL import Image

from search_engine.collection.decoding import (
    CHILDREN,
    ReadRequest,
    Refusal,
    Stopped,
    child,
    decode,
    routes,
)
from search_engine.collection.decoding.children import Children
from search_engine.collection.thumbnails import Thumbnails
from search_engine.errors import CollectionError
from search_engine.records import SkipReason
from search_engine.records.model_inputs import ModelInput
from tests.collection.decoding.pictures import encoded, scene
from tests.safety.evil_decoders import STUCK, program

CLIP = ModelInput(224, Image.Resampling.BICUBIC)
SIGLIP_2 = ModelInput(256, Image.Resampling.BILINEAR, squashes=True)


def read(request, pool=routes):
    """Read one file; raise why it is none."""
    (found,) = pool.read(request)
    if isinstance(found, Refusal):
        raise found
    return found


@pytest.fixture
def request_for(tmp_path):
    """Write a file and ask for it."""

    def made(content, looks_at=CLIP, name="picture"):
        file = tmp_path / name
        file.write_bytes(content)
        return ReadRequest([file], tmp_path / "collection", looks_at)

    return made


@pytest.mark.parametrize("looks_at", [CLIP, SIGLIP_2], ids=["crop", "squash"])
@pytest.mark.parametrize("size", [(500, 375), (375, 500), (1400, 900), (4000, 300), (90, 60)])
def test_what_is_handed_over_is_what_the_model_looks_at(request_for, size, looks_at):
    """Pixel for pixel what the model's own steps make of the decoded picture; facts are equal."""
    content = encoded(scene(size), "JPEG", quality=90)
    picture, decoded = read(request_for(content, looks_at)), decode(content)
    assert np.array_equal(picture.seen, np.asarray(looks_at.prepare(decoded.image)))
    assert picture.seen.shape == (looks_at.side, looks_at.side, 3)
    assert picture.facts == decoded.facts
    assert picture.facts.content_hash == hashlib.sha256(content).hexdigest()


def test_files_that_are_asked_for_together_are_answered_in_order(tmp_path):
    """Each with its own picture, or with what is wrong with it."""
    sizes, contents = [(300, 200), None, (200, 300), None, (64, 64)], []
    for number, size in enumerate(sizes):
        contents.append(encoded(scene(size)) if size else b"a note")
        (tmp_path / str(number)).write_bytes(contents[-1])
    files = [tmp_path / str(number) for number in range(len(sizes))]
    found = routes.read(ReadRequest(files, tmp_path / "collection", CLIP))
    for size, content, one in zip(sizes, contents, found, strict=True):
        if size is None:
            assert one.reason is SkipReason.NOT_A_PICTURE
        else:
            assert (one.facts.width, one.facts.height) == size
            assert np.array_equal(one.seen, np.asarray(CLIP.prepare(decode(content).image)))


def test_of_files_that_are_asked_for_together_one_is_the_end_of_its_decoder(tmp_path, monkeypatch):
    """The others are read all the same."""
    contents = [encoded(scene((90 + number, 80))) for number in range(5)]
    contents[2] = b"evil"
    for number, content in enumerate(contents):
        (tmp_path / str(number)).write_bytes(content)
    files = [tmp_path / str(number) for number in range(5)]
    monkeypatch.setattr(child, "SECONDS", 0.5)
    asked = []
    for evil, reason in (("os.abort()", SkipReason.CRASHED), (STUCK, SkipReason.TOO_SLOW)):
        pool = Children(program(evil), 1)
        read_by = pool.read
        pool.read = lambda request, **more: asked.append(request.files) or read_by(request, **more)  # noqa: B023 - called at once
        monkeypatch.setattr(routes, "CHILDREN", pool)
        found = routes.read(ReadRequest(files, tmp_path / "collection", CLIP))
        widths = [one.facts.width for one in found if not isinstance(one, Refusal)]
        assert widths == [90, 91, 93, 94]
        assert found[2].reason is reason
        pool.close()
    # A file that took all the time it may take is not waited for again.
    stuck = asked[-3:]
    assert stuck == [files, files[:2], files[3:]]


def test_a_model_that_looks_with_its_own_code_gets_the_picture(request_for):
    """Where nothing is known of what it looks at, the decoded picture is handed over."""
    content = encoded(scene((600, 500)))
    assert read(request_for(content, None)).seen.tobytes() == decode(content).image.tobytes()


def test_the_thumbnail_is_written_by_the_way(request_for):
    """All of the picture, its shorter side 320 pixels, under the content's hash."""
    image = scene((1300, 900))
    request = request_for(encoded(image))
    digest = read(request).facts.content_hash
    thumbnails = Thumbnails(request.collection)
    assert thumbnails.shows(digest, image)
    with Image.open(thumbnails.path(digest)) as small:
        assert small.size == (round(1300 * 320 / 900), 320)


def test_a_thumbnail_that_cannot_be_written_is_told(request_for):
    """With its place and what to do, as if it had been written here."""
    request = request_for(encoded(scene()))
    request.collection.write_bytes(b"in the way")
    with pytest.raises(CollectionError, match="thumbnails cannot be written") as caught:
        read(request)
    assert str(request.collection) in caught.value.place
    assert caught.value.remedy


def test_a_name_that_is_no_text_is_read(request_for, tmp_path):
    """Names of files are bytes; any of them reaches the process that reads."""
    name = b"caf\xe9 \xff".decode("utf-8", "surrogateescape")
    assert read(request_for(encoded(scene()), name=name)).facts.width == 240


@pytest.mark.parametrize(
    ("content", "reason"),
    [(b"", SkipReason.EMPTY), (b"a note", SkipReason.NOT_A_PICTURE), (None, SkipReason.VANISHED)],
)
def test_what_is_wrong_with_a_file_is_said(request_for, content, reason):
    """As when it was read here."""
    request = request_for(content or b"")
    if content is None:
        request.files[0].unlink()
    with pytest.raises(Refusal) as caught:
        read(request)
    assert caught.value.reason is reason


def test_a_file_that_comes_slowly_is_waited_for(request_for, monkeypatch):
    """As long as something comes, from a slow drive or over a network, its time has not begun."""
    monkeypatch.setattr(child, "SECONDS", 0.8)
    slow = (
        "import time\n"
        "from search_engine.collection.decoding import content, worker\n"
        "worker._SECONDS_SILENT = 0.1\n"
        "content._AT_ONCE = 200\n"
        "hashed = worker.read_hashed\n"
        "def slowly(file, on_piece):\n"
        "    return hashed(file, lambda piece: (time.sleep(0.2), on_piece(piece)))\n"
        "worker.read_hashed = slowly\n"
    )
    pool = Children(program("pass", before=slow), 1)
    request = request_for(encoded(Image.new("RGB", (30, 20)), "BMP"))
    assert request.files[0].stat().st_size > 1800
    assert read(request, pool).facts.width == 30
    pool.close()


def test_whoever_stops_waits_no_longer(request_for):
    """Decoders that work for one who stops are ended, those of others go on."""
    pool = Children(program(STUCK), 2)
    evil, owner, ended = request_for(b"evil"), threading.Event(), []

    def wait():
        try:
            pool.read(evil, owner=owner)
        except Stopped:
            ended.append(True)

    waiting = threading.Thread(target=wait)
    waiting.start()
    while not pool._all:
        time.sleep(0.01)
    (stuck,) = pool._all
    time.sleep(0.5)
    assert read(request_for(encoded(scene()), name="good"), pool).facts.width == 240
    pool.stop(owner)
    waiting.join(10)
    assert ended
    assert not psutil.pid_exists(stuck.process_id)
    with pytest.raises(Stopped):
        pool.read(evil, owner=owner)
    assert read(request_for(encoded(scene()), name="good"), pool).facts.width == 240
    pool.close()


def test_decoders_can_be_ready_before_they_are_needed():
    """As many as are asked for, no more than there are cores, and none twice."""
    pool = Children(most=2)
    for _ in range(3):
        pool.start(5)
    deadline = time.monotonic() + 30
    while len(pool._idle) < 2 and time.monotonic() < deadline:
        time.sleep(0.02)
    assert len(pool._idle) == len(pool._all) == 2
    first = set(pool._all)
    assert pool.decode(encoded(scene()), "x").facts.width == 240
    assert set(pool._all) == first
    pool.close()


def test_a_decoder_that_is_ended_while_it_starts_is_started_again(request_for, tmp_path):
    """The system may end it before it is ready; no file is left out for that."""
    flag = tmp_path / "started before"
    dies = f"import os, pathlib\nflag = pathlib.Path({str(flag)!r})\n"
    dies += "if not flag.exists():\n    flag.touch()\n    os.kill(os.getpid(), 9)\n"
    pool = Children(program("pass", before=dies), 1)
    assert read(request_for(encoded(scene())), pool).facts.width == 240
    assert flag.exists()
    pool.close()


def test_a_decoder_is_a_fresh_interpreter():
    """As on macOS and Windows: nothing that this process has loaded or opened is in it."""
    decode(encoded(scene()))
    one = psutil.Process(next(iter(CHILDREN._all)).process_id)
    assert "search_engine.collection.decoding.worker" in one.cmdline()
    if psutil.LINUX:
        ours = {file.path for file in psutil.Process().open_files()}
        assert not ours & {file.path for file in one.open_files()}
        assert one.num_fds() <= 8  # its pipes, twice, and where it notes its place
