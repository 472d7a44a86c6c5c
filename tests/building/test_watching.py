"""A folder that is watched asks for an update when it has changed and rests, and only then."""

import pytest

from search_engine import Library
from search_engine.building.watching import LONGEST_WAIT, SECONDS_BETWEEN_LOOKS, WatchedFolder
from search_engine.errors import CollectionMissing
from tests.conftest import ids_by_path, paint


@pytest.fixture
def watched(build, settings):
    """The coloured pictures, indexed and watched."""
    build()
    return WatchedFolder("pictures", settings)


def test_a_folder_at_rest_asks_for_nothing(watched):
    """As long as nothing changes no update is due."""
    assert [watched.look() for _ in range(3)] == [False] * 3
    assert not watched.is_away
    assert watched.rest >= SECONDS_BETWEEN_LOOKS


def test_a_file_that_still_grows_is_waited_for(watched, pictures):
    """A picture that is being copied is taken in when two looks in turn see the same of it."""
    whole = paint(pictures / "ready.png", "green").read_bytes()
    (pictures / "ready.png").unlink()
    target = pictures / "grows.png"
    for part in (10, 20, 30):
        target.write_bytes(whole[:part])
        assert not watched.look()
    target.write_bytes(whole)
    assert not watched.look()
    assert watched.look()


def test_what_never_rests_is_taken_in_at_last(build, settings, pictures):
    """A file that somebody writes to for ever keeps no other from being found."""
    build()
    now = [0.0]
    watched = WatchedFolder("pictures", settings, lambda: now[0])
    due = []
    for second in range(0, int(LONGEST_WAIT) + 20, 10):
        (pictures / "log.png").write_bytes(b"x" * (second + 1))
        now[0] = float(second)
        due.append(watched.look())
    assert due.index(True) == LONGEST_WAIT / 10


def test_an_update_is_due_once(watched, build, pictures):
    """New, changed and deleted files are taken in; what cannot be read does not ask again."""
    paint(pictures / "new.png", "green")
    (pictures / "broken.png").write_bytes(b"no picture")
    assert [watched.look() for _ in range(2)] == [False, True]
    assert build().added == 1
    watched.note_update()
    assert [watched.look() for _ in range(3)] == [False] * 3
    (pictures / "new.png").unlink()
    assert [watched.look() for _ in range(2)] == [False, True]
    assert build().removed == 1
    watched.note_update()
    assert not watched.look()


def test_what_comes_while_it_is_updated_is_seen(watched, build, pictures):
    """A picture that an update was too early for makes the next one due."""
    paint(pictures / "one.png", "green")
    assert [watched.look() for _ in range(2)] == [False, True]
    build()
    paint(pictures / "two.png", "green", salt=3)
    watched.note_update()
    assert [watched.look() for _ in range(2)] == [False, True]


def test_a_drive_that_goes_away_and_comes_back_loses_nothing(watched, settings, pictures, tmp_path):
    """Away or empty, no update is due; back again, all is as before."""
    before = ids_by_path(settings)
    pictures.rename(tmp_path / "elsewhere")
    assert [watched.look() for _ in range(3)] == [False] * 3
    assert watched.is_away
    pictures.mkdir()
    assert [watched.look() for _ in range(3)] == [False] * 3
    assert watched.is_away
    pictures.rmdir()
    (tmp_path / "elsewhere").rename(pictures)
    assert [watched.look() for _ in range(3)] == [False] * 3
    assert not watched.is_away
    assert ids_by_path(settings) == before


def test_a_collection_that_is_removed_is_no_longer_watched(watched, settings):
    """It is not made anew; that it is not there is told."""
    Library(settings).remove("pictures")
    with pytest.raises(CollectionMissing):
        watched.look()
