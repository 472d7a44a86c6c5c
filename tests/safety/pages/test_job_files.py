"""Whatever lies among the files of jobs, no page breaks, and nothing of anybody else is touched."""

import json
import os
import signal
import stat
from dataclasses import asdict, replace
from pathlib import Path

import psutil
import pytest

from search_engine import Library, plan_build
from search_engine.errors import CollectionBusy, CollectionError
from search_engine.files import documents
from search_engine.jobs import control as jobs_module
from search_engine.jobs.control import Jobs, JobState, JobStatus
from search_engine.jobs.process import _Worker
from search_engine.records.builds import BuildOrder, BuildProgress, BuildRequest, Stage
from search_engine.settings import MINI_MODEL
from tests.conftest import paint
from tests.jobs.test_jobs import wait_for

NAME = "pictures"
SOUND = asdict(JobStatus(JobState.DONE, counts=(("added", 3),)))
PROGRESS = SOUND["progress"]


def with_(**changes):
    return json.dumps(SOUND | changes).encode()


def in_progress(**changes):
    return with_(state="running", progress=PROGRESS | changes)


ODD = {
    "empty": b"",
    "an empty object": b"{}",
    "a list": b"[]",
    "null": b"null",
    "a number": b"7",
    "a text": b'"done"',
    "not JSON": b"{state: done",
    "not UTF-8": b'{"state": "\xff"}',
    "deep": b"[" * 200_000,
    "deep object": b'{"a":' * 50_000,
    "large": b" " * 2_000_000 + with_(),
    "an unknown state": with_(state="sleeping"),
    "a state that is no text": with_(state=["done"]),
    "an unknown stage": in_progress(stage="lunch"),
    "no progress": with_(progress=None),
    "progress of a list": with_(progress=[1, 2]),
    "an unknown field": with_(mood="good"),
    "a field short": json.dumps({"progress": {}}).encode(),
    "process a text": in_progress().replace(b'"process": 0', b'"process": "1"'),
    "process negative": with_(state="running", process=-1),
    "process true": with_(state="running", process=True),
    "done a text": in_progress(done="x"),
    "done negative": in_progress(done=-5, total=3),
    "rate not a number": in_progress(pictures_per_second=float("nan")),
    "eta without end": in_progress(eta_seconds=float("inf")),
    "a huge number": b'{"seconds": ' + b"9" * 5_000 + b"}",
    "counts of pairs of one": with_(counts=[["added"]]),
    "counts of texts": with_(counts=[["added", "3"]]),
    "counts a text": with_(counts="ab"),
    "recent of numbers": in_progress(recent=[1]),
    "error a list": with_(state="failed", error=["x"]),
    "began a text": with_(began="today"),
}


def lay(settings, name, content):
    folder = settings.collections_folder / ".jobs"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(content)
    return folder / name


@pytest.fixture
def special(settings, tmp_path):
    """Things that are no files, in the place of a status."""
    folder = settings.collections_folder / ".jobs"
    folder.mkdir(parents=True, exist_ok=True)
    (tmp_path / "elsewhere").write_bytes(with_())
    return {
        "a pipe": os.mkfifo,
        "a folder": lambda at: at.mkdir(),
        "a link": lambda at: at.symlink_to(tmp_path / "elsewhere"),
        "a link to itself": lambda at: at.symlink_to(at),
        "a link to an endless file": lambda at: at.symlink_to("/dev/zero"),
    }


@pytest.mark.parametrize("content", ODD.values(), ids=ODD)
def test_an_odd_file_counts_as_none(settings, content):
    """What is no status of a job says nothing, and keeps none from being started."""
    lay(settings, f"{NAME}.status", content)
    jobs = Jobs(settings)
    assert jobs.status(NAME).state is JobState.NONE
    assert jobs.active() == []
    jobs.cancel(NAME)
    jobs.forget(NAME)
    assert not (settings.collections_folder / ".jobs" / f"{NAME}.status").exists()


@pytest.mark.parametrize(
    "kind", ["a pipe", "a folder", "a link", "a link to itself", "a link to an endless file"]
)
def test_what_is_no_file_counts_as_none(settings, special, kind):
    """Nothing is waited for, followed or read without end."""
    special[kind](settings.collections_folder / ".jobs" / f"{NAME}.status")
    assert Jobs(settings).status(NAME).state is JobState.NONE
    assert Jobs(settings).active() == []
    Jobs(settings).forget(NAME)


def test_pages_show_in_spite_of_odd_files(collection, settings, page):
    """Home and Build index show, whatever is in the place of a status."""
    for number, content in enumerate(ODD.values()):
        lay(settings, f"other-{number}.status", content)
    lay(settings, ".status", with_())
    lay(settings, "a\nb.status", with_(state="running", process=os.getpid()))
    os.mkfifo(settings.collections_folder / ".jobs" / "pipe.status")
    for content in list(ODD.values())[::3]:
        lay(settings, f"{NAME}.status", content)
        for name in ("Home.py", "1_Build_index.py"):
            assert not page(name).exception


ODD_TEXT = "**x** ![y](http://z/a.png) \ud800\0"
EXTREME = [
    *((state, ODD_TEXT, 2**62) for state in JobState),
    *((JobState.RUNNING, text, number) for text in ("", "x" * 10_000) for number in (0, 1)),
]


@pytest.mark.parametrize(("state", "text", "number"), EXTREME)
def test_whatever_is_taken_can_be_shown(collection, settings, page, state, text, number):
    """A status of the right types, however odd its values, breaks no page."""
    process = psutil.Process()
    progress = BuildProgress(Stage.EMBED, number, 1, number, 1e308, 1e308, text, (text, "../x"))
    status = JobStatus(
        state, process.pid, process.create_time(), 1e308, progress, ((text, number),), 1e308, text
    )
    Jobs(settings)._folder.mkdir(parents=True, exist_ok=True)
    Jobs(settings).write(NAME, status)
    assert Jobs(settings).status(NAME) == status
    assert not page("1_Build_index.py").exception


def test_a_number_that_no_process_has_is_no_job(settings):
    """A process number beyond all bounds is a process that is not there."""
    lay(settings, f"{NAME}.status", with_(state="running", process=2**62))
    assert Jobs(settings).status(NAME).state is JobState.INTERRUPTED


def test_what_is_written_is_read_back(settings, tmp_path):
    """Status and request come back as they were, odd paths included."""
    jobs = Jobs(settings)
    jobs._folder.mkdir(parents=True)
    progress = BuildProgress(Stage.EMBED, 30, 120, 2, 4.5, None, "a/\udcff.png", ("a" * 64,))
    status = JobStatus(JobState.FAILED, 7, 1.5, 2.5, progress, (("added", 1),), 3.0, "why\n")
    jobs.write(NAME, status)
    assert jobs.status(NAME) == status
    paint(tmp_path / "mine" / "a.png")
    _, wanted = plan_build(tmp_path / "mine", settings, model_id=MINI_MODEL)
    wanted = replace(wanted, root=Path(os.fsdecode(b"/x/\xff")))
    order = BuildOrder(verify=True, forget=("usb/\udcff",))
    documents.write(jobs._request_file(NAME), asdict(BuildRequest(wanted, order)))
    assert jobs.request(NAME) == BuildRequest(wanted, order)


def test_forgetting_one_collection_forgets_no_other(settings):
    """The jobs of photos.2 and photos-2 stay when those of photos go."""
    for name in ("photos", "photos.2", "photos-2", "photos.status"):
        for kind in ("status", "request", "log"):
            lay(settings, f"{name}.{kind}", with_())
    Jobs(settings).forget("photos")
    left = sorted(file.name for file in (settings.collections_folder / ".jobs").iterdir())
    assert left == sorted(
        f"{name}.{kind}"
        for name in ("photos.2", "photos-2", "photos.status")
        for kind in ("status", "request", "log")
    )


def test_a_signal_in_the_middle_of_a_write_loses_nothing(settings, monkeypatch):
    """Asked to stop while its state is being written, a job ends as stopped, not as failed."""
    jobs = Jobs(settings)
    jobs._folder.mkdir(parents=True)
    worker = _Worker(NAME, settings, repairs=False)
    written = []

    def interrupted(file, document):
        os.kill(os.getpid(), signal.SIGTERM)
        os.kill(os.getpid(), signal.SIGTERM)
        written.append(document.state)

    before = signal.signal(signal.SIGTERM, worker.stop)
    try:
        monkeypatch.setattr(documents, "write", interrupted)
        worker.writer.publish(progress=BuildProgress(Stage.EMBED))
        assert worker.stopping
        assert written == [JobState.RUNNING]
        assert worker.writer.publish(state=JobState.CANCELLED)
        assert not worker.writer.publish(state=JobState.FAILED)
    finally:
        signal.signal(signal.SIGTERM, before)
    assert written == [JobState.RUNNING, JobState.CANCELLED]


def test_a_job_that_ends_while_it_is_stopped_is_no_fault(settings, monkeypatch):
    """Between the look at a process and the signal it may be gone."""

    class Gone:
        def terminate(self):
            raise psutil.NoSuchProcess(1)

    Jobs(settings)._folder.mkdir(parents=True)
    Jobs(settings).write(NAME, JobStatus(JobState.RUNNING, 1, 1.0))
    monkeypatch.setattr(jobs_module, "at_work", lambda number, started: Gone())
    Jobs(settings).cancel(NAME)


def others_may_see(folder):
    paths = (folder, *folder.rglob("*"))
    return [path for path in paths if stat.S_IMODE(path.lstat().st_mode) & 0o077]


def test_what_a_job_makes_is_private_and_written_through_no_link(settings, jobs, tmp_path):
    """Folders are 700 and files 600, log and locks included; what links led to is as it was."""
    paint(tmp_path / "mine" / "a.png")
    (tmp_path / "will.odt").write_text("mine")
    folder = settings.collections_folder / ".jobs"
    folder.mkdir(parents=True)
    for kind in ("status", "request", "log"):
        (folder / f"mine.{kind}").symlink_to(tmp_path / "will.odt")
    name, wanted = plan_build(tmp_path / "mine", settings, name="mine", model_id=MINI_MODEL)
    before = os.umask(0)
    try:
        jobs.start(name, wanted)
        wait_for(lambda: not jobs.status(name).state.active)
    finally:
        os.umask(before)
    assert jobs.status(name).state is JobState.DONE
    assert (tmp_path / "will.odt").read_text() == "mine"
    assert list(settings.collections_folder.rglob("*.jpg"))
    assert others_may_see(settings.collections_folder) == []


def test_a_folder_of_jobs_that_is_a_link_starts_nothing(settings, tmp_path):
    """Nothing is written where a link leads, and the reason is told."""
    paint(tmp_path / "mine" / "a.png")
    (tmp_path / "elsewhere").mkdir()
    settings.collections_folder.mkdir(parents=True)
    (settings.collections_folder / ".jobs").symlink_to(tmp_path / "elsewhere")
    name, wanted = plan_build(tmp_path / "mine", settings, name="mine", model_id=MINI_MODEL)
    with pytest.raises(CollectionError, match="cannot be started"):
        Jobs(settings).start(name, wanted)
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_what_older_versions_made_is_taken_from_others_once(collection, settings, tmp_path):
    """Opened for writing, a data folder is made private; links out of it are left alone."""
    folder = settings.collections_folder
    (tmp_path / "mine.txt").write_text("mine")
    (tmp_path / "mine.txt").chmod(0o644)
    (folder / NAME / "link").symlink_to(tmp_path / "mine.txt")
    (folder / NAME / "folder").symlink_to(tmp_path)
    for path in (folder, *folder.rglob("*")):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() else 0o644)
    with Library(settings).lock(NAME):
        pass
    assert [path for path in others_may_see(folder) if not path.is_symlink()] == []
    assert stat.S_IMODE((tmp_path / "mine.txt").stat().st_mode) == 0o644
    folder.chmod(0o750)
    with Library(settings).lock(NAME):
        pass
    assert stat.S_IMODE(folder.stat().st_mode) == 0o750


def test_a_lock_that_cannot_be_taken_says_so(collection, settings, tmp_path):
    """A link or a folder in the place of the locks is an error with its place, and not followed."""
    locks = settings.collections_folder / ".locks"
    for file in locks.iterdir():
        file.unlink()
    (tmp_path / "mine.txt").write_text("mine")
    (locks / f"{NAME}.lock").symlink_to(tmp_path / "mine.txt")
    (locks / f"{NAME}.process").symlink_to(tmp_path / "mine.txt")
    with pytest.raises(CollectionError, match="cannot be changed"), Library(settings).lock(NAME):
        pytest.fail("it was locked")
    (locks / f"{NAME}.lock").unlink()
    library, process = Library(settings), str(os.getpid())
    with library.lock(NAME), pytest.raises(CollectionBusy, match=process), library.lock(NAME):
        pytest.fail("it was locked twice")
    assert (tmp_path / "mine.txt").read_text() == "mine"
