"""A deleted collection can be brought back whole for some minutes, whatever is killed meanwhile."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from search_engine import SearchEngine, build_collection, plan_build
from search_engine.collection import MINUTES_KEPT, DeletedCollections, Library
from search_engine.errors import BadName, CollectionBusy, CollectionMissing
from search_engine.settings import DATA_VARIABLE, SAMPLE_COLLECTION
from tests.conftest import paint

ROOT = Path(__file__).parent.parent.parent


@pytest.fixture
def deleted(settings):
    return DeletedCollections(settings)


@pytest.fixture
def build(settings, load, pictures):
    """Build the collection ``pictures``, or one of another name."""

    def run(name="pictures"):
        planned, wanted = plan_build(pictures, settings, model_id="colours", name=name)
        return build_collection(planned, wanted, settings, load=load)

    return run


def tree(folder):
    return {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*.*")}


def first(settings, load):
    with SearchEngine.open("pictures", settings, load=load) as engine:
        return [(one.record.path, one.score) for one in engine.search("red", 3).results]


def expire(settings):
    """Make what was deleted so old that nobody can bring it back."""
    for aside in settings.collections_folder.glob(".deleted-*"):
        os.utime(aside, (time.time() - MINUTES_KEPT * 60 - 5,) * 2)


def forget(deleted):
    thread = deleted.forget_old()
    if thread:
        thread.join(30)


def left(settings):
    return sorted(one.name for one in settings.collections_folder.glob(".[dr]e*"))


def test_undo_brings_all_of_it_back(deleted, build, settings, load):
    """It answers as before, file for file the same, and nothing stays aside."""
    build()
    folder = Library(settings).folder("pictures")
    before, answers = tree(folder), first(settings, load)
    one = deleted.delete("pictures")
    assert Library(settings).names() == []
    assert [(other.token, other.name) for other in deleted.all()] == [(one.token, "pictures")]
    assert deleted.bring_back(one.token) == "pictures"
    assert tree(folder) == before
    assert first(settings, load) == answers
    assert (deleted.all(), left(settings)) == ([], [])


def test_its_folder_can_be_indexed_meanwhile(deleted, build, settings, load):
    """Then its name is taken, and it waits until the other one has another name."""
    build()
    one = deleted.delete("pictures")
    build()
    with pytest.raises(BadName, match="taken"):
        deleted.bring_back(one.token)
    Library(settings).rename("pictures", "other")
    deleted.bring_back(one.token)
    assert Library(settings).names() == ["other", "pictures"]


def test_after_some_minutes_it_is_gone(deleted, build, settings):
    """It takes no space for ever, and undo says that it comes too late."""
    build()
    one = deleted.delete("pictures")
    forget(deleted)
    assert deleted.all()
    expire(settings)
    assert deleted.all() == []
    forget(deleted)
    assert left(settings) == []
    with pytest.raises(CollectionMissing, match="for good"):
        deleted.bring_back(one.token)


def test_several_are_listed_the_latest_first(deleted, build, settings):
    """Each comes back by its own token, those of one name as well."""
    build()
    early = deleted.delete("pictures")
    for aside in settings.collections_folder.glob(".deleted-*"):
        os.utime(aside, (time.time() - 60,) * 2)
    build()
    late = deleted.delete("pictures")
    assert [one.token for one in deleted.all()] == [late.token, early.token]
    deleted.bring_back(early.token)
    assert [one.token for one in deleted.all()] == [late.token]


def test_what_is_built_or_not_there_is_not_deleted(deleted, build, settings):
    """Nothing is moved then."""
    with pytest.raises(CollectionMissing):
        deleted.delete("pictures")
    build()
    with Library(settings).lock("pictures"), pytest.raises(CollectionBusy):
        deleted.delete("pictures")
    assert Library(settings).names() == ["pictures"]


@pytest.mark.parametrize("token", ["", "..", "../x", "0" * 15, "g" * 16])
def test_a_token_is_no_path(deleted, build, token):
    """What was never deleted is never brought back."""
    build()
    with pytest.raises(CollectionMissing):
        deleted.bring_back(token)


def test_the_sample_is_drawn_again_only_if_it_was_not_deleted(deleted, build, settings):
    """Deleted it does not come by itself; brought back it counts as there."""
    build(SAMPLE_COLLECTION)
    one = deleted.delete(SAMPLE_COLLECTION)
    assert not Library(settings).wants_sample
    deleted.bring_back(one.token)
    Library(settings).remove(SAMPLE_COLLECTION)
    (settings.collections_folder / ".no-sample").unlink()
    assert Library(settings).wants_sample


def test_a_link_comes_back_as_a_link_and_nothing_behind_it_is_deleted(
    deleted, build, settings, tmp_path
):
    """Its files are somebody else's."""
    build()
    folder = Library(settings).folder("pictures")
    folder.rename(tmp_path / "elsewhere")
    folder.symlink_to(tmp_path / "elsewhere")
    before = tree(tmp_path / "elsewhere")
    deleted.bring_back(deleted.delete("pictures").token)
    assert folder.is_symlink()
    deleted.delete("pictures")
    expire(settings)
    forget(deleted)
    assert (left(settings), tree(tmp_path / "elsewhere")) == ([], before)


KILLED = """
import os, pathlib, shutil, signal
from search_engine.collection import DeletedCollections
from search_engine.settings import Settings

def killed(*_args, **_options):
    os.kill(os.getpid(), signal.SIGKILL)

deleted = DeletedCollections(Settings.from_environment())
"""
BEFORE_IT_MOVES = "pathlib.Path.rename = killed; deleted.delete('pictures')"
ONCE_IT_MOVED = "deleted.delete('pictures'); killed()"
AS_IT_COMES_BACK = "pathlib.Path.rmdir = killed; deleted.bring_back(deleted.all()[0].token)"
AS_IT_IS_FORGOTTEN = "shutil.rmtree = killed; deleted.forget_old().join()"


def run_and_kill(code, settings):
    run = subprocess.run(
        [sys.executable, "-c", KILLED + code],
        check=False,
        cwd=ROOT,
        env=os.environ | {DATA_VARIABLE: str(settings.data_folder)},
    )
    assert run.returncode == -signal.SIGKILL


def test_killed_before_it_is_moved_it_is_still_there(deleted, build, settings, load):
    """It is listed and answers; what was made for it goes later."""
    build()
    answers = first(settings, load)
    run_and_kill(BEFORE_IT_MOVES, settings)
    assert (Library(settings).names(), deleted.all()) == (["pictures"], [])
    assert first(settings, load) == answers
    assert left(settings) != []
    expire(settings)
    forget(deleted)
    assert left(settings) == []


def test_killed_once_it_is_moved_it_can_be_brought_back_whole(deleted, build, settings, load):
    """By whoever comes next; also where that one is killed as soon as it is back."""
    build()
    folder = Library(settings).folder("pictures")
    before, answers = tree(folder), first(settings, load)
    run_and_kill(ONCE_IT_MOVED, settings)
    assert Library(settings).names() == []
    run_and_kill(AS_IT_COMES_BACK, settings)
    assert (tree(folder), first(settings, load), deleted.all()) == (before, answers, [])


def test_killed_while_it_is_deleted_for_good_it_is_never_offered_in_part(deleted, build, settings):
    """What is left of it goes the next time."""
    build()
    deleted.delete("pictures")
    expire(settings)
    run_and_kill(AS_IT_IS_FORGOTTEN, settings)
    assert (Library(settings).names(), deleted.all()) == ([], [])
    assert [name[:9] for name in left(settings)] == [".removed-"]
    forget(deleted)
    assert left(settings) == []


def test_what_is_deleted_leaves_the_pictures_alone(deleted, build, settings, pictures):
    """Not even for good is any of them touched."""
    paint(pictures / "red/other.png", "red", salt=9)
    before = tree(pictures)
    build()
    deleted.delete("pictures")
    expire(settings)
    forget(deleted)
    assert tree(pictures) == before
