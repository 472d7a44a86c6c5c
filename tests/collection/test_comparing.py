"""How a folder differs from what is known of it: new, changed, moved, gone, and what stays."""

import os
from contextlib import nullcontext
from pathlib import Path

import pytest

from search_engine.collection.scanning import compare, scan
from search_engine.records import SkipReason
from tests.collection.paper_folder import Folder, sorted_out


@pytest.fixture
def folder():
    return Folder()


def test_everything_is_new_at_first(folder):
    """Without anything known, all files are new and none is read."""
    folder.holds("a.jpg", "A")
    folder.holds("cats/b.jpg", "B")
    assert sorted_out(folder.compare()) == {"added": ["a.jpg", "cats/b.jpg"]}
    assert folder.read == []


def test_unchanged_files_are_never_read(folder):
    """A file of known size and time is unchanged without being opened."""
    a = folder.knows("a.jpg", "A")
    folder.holds("a.jpg", "A")
    folder.holds("new.jpg", "longer")
    assert sorted_out(folder.compare()) == {"unchanged": [a], "added": ["new.jpg"]}
    assert folder.read == []


def test_only_files_of_a_missing_size_are_read(folder):
    """To find what moved, only files as large as something that is missing are read."""
    folder.knows("stays.jpg", "four")
    gone = folder.knows("gone.jpg", "sixsix")
    folder.holds("stays.jpg", "four")
    folder.holds("same size as one that stays.jpg", "FOUR")
    folder.holds("same size as the missing one.jpg", "SIXSIX")
    folder.holds("other.jpg", "something else")
    assert gone in sorted_out(folder.compare())["removed"]
    assert folder.read == ["same size as the missing one.jpg"]


@pytest.mark.parametrize("content", ["B", "longer than before"])
def test_other_content_is_a_change(folder, content):
    """A file whose time and content are others keeps its id as a changed picture."""
    a = folder.knows("a.jpg", "A")
    folder.holds("a.jpg", content, time=2)
    assert sorted_out(folder.compare()) == {"changed": {a: "a.jpg"}}


def test_another_size_at_the_same_time_is_a_change(folder):
    """The time alone does not make a file unchanged."""
    a = folder.knows("a.jpg", "A")
    folder.holds("a.jpg", "AA", time=1)
    assert sorted_out(folder.compare()) == {"changed": {a: "a.jpg"}}


@pytest.mark.parametrize("time", [0, 2], ids=["older", "newer"])
def test_another_time_with_the_same_content_is_a_touch(folder, time):
    """Only the time of a touched file is new; a time that went back counts as well."""
    a = folder.knows("a.jpg", "A")
    folder.holds("a.jpg", "A", time=time)
    assert sorted_out(folder.compare()) == {"touched": {a: "a.jpg"}}


@pytest.mark.parametrize("path", ["renamed.jpg", "dogs/a.jpg", "a.jpg"])
def test_a_move_keeps_the_id(folder, path):
    """A picture that was renamed or put into another category is the same picture."""
    a = folder.knows("cats/a.jpg", "A")
    folder.holds(path, "A", time=5)
    result = folder.compare()
    assert sorted_out(result) == {"moved": {a: path}}
    assert result.moved[0][1].category == ("dogs" if path.startswith("dogs/") else None)


def test_a_missing_file_is_gone(folder):
    """A picture whose content is nowhere any more is removed."""
    a = folder.knows("a.jpg", "A")
    folder.knows("b.jpg", "B")
    folder.holds("b.jpg", "B")
    assert sorted_out(folder.compare()) == {"removed": [a], "unchanged": [2]}


@pytest.mark.parametrize("other", ["B", "longer"], ids=["same size", "other size"])
def test_swapped_names(folder, other):
    """Two pictures that took each other's name keep their ids."""
    a, b = folder.knows("a.jpg", "A"), folder.knows("b.jpg", other, time=2)
    folder.holds("b.jpg", "A", time=1)
    folder.holds("a.jpg", other, time=2)
    assert sorted_out(folder.compare()) == {"moved": {a: "b.jpg", b: "a.jpg"}}


def test_a_chain_of_renames(folder):
    """With a → b and b → c, both pictures keep their ids."""
    a, b = folder.knows("a.jpg", "A", time=1), folder.knows("b.jpg", "B", time=2)
    folder.holds("b.jpg", "A", time=1)
    folder.holds("c.jpg", "B", time=2)
    assert sorted_out(folder.compare()) == {"moved": {a: "b.jpg", b: "c.jpg"}}


def test_a_rename_to_where_a_removed_file_was(folder):
    """The picture that took the place moved; the one that was there is gone, not changed."""
    a, b = folder.knows("a.jpg", "A", time=1), folder.knows("b.jpg", "B", time=2)
    folder.holds("b.jpg", "A", time=1)
    assert sorted_out(folder.compare()) == {"moved": {a: "b.jpg"}, "removed": [b]}


def test_a_new_file_where_a_moved_one_was(folder):
    """A file that took the place of a moved picture is a new picture, not a change of it."""
    a = folder.knows("a.jpg", "A")
    folder.holds("elsewhere.jpg", "A", time=1)
    folder.holds("a.jpg", "N", time=9)
    assert sorted_out(folder.compare()) == {"moved": {a: "elsewhere.jpg"}, "added": ["a.jpg"]}


def test_a_copy_is_new(folder):
    """The original is unchanged, its copy is a picture of its own."""
    a = folder.knows("b.jpg", "A")
    folder.holds("b.jpg", "A")
    folder.holds("a.jpg", "A", time=2)
    assert sorted_out(folder.compare()) == {"unchanged": [a], "added": ["a.jpg"]}


@pytest.mark.parametrize("copy", ["a copy.jpg", "z copy.jpg"], ids=["before", "behind"])
def test_a_touched_original_stays_where_it_is(folder, copy):
    """If both original and copy have a new time, the id stays at the original's path."""
    a = folder.knows("a.jpg", "A")
    folder.holds("a.jpg", "A", time=2)
    folder.holds(copy, "A", time=2)
    assert sorted_out(folder.compare()) == {"touched": {a: "a.jpg"}, "added": [copy]}


def test_touched_duplicates_keep_their_places(folder):
    """Duplicates with new times stay apart, also beside a third copy that sorts first."""
    a, b = folder.knows("a.jpg", "A"), folder.knows("b.jpg", "A")
    for path in ("0.jpg", "a.jpg", "b.jpg"):
        folder.holds(path, "A", time=2)
    assert sorted_out(folder.compare()) == {
        "touched": {a: "a.jpg", b: "b.jpg"},
        "added": ["0.jpg"],
    }


def test_moved_duplicates_keep_their_names(folder):
    """Of duplicates that moved together, each goes on under its own name."""
    a, b = folder.knows("old/a.jpg", "A"), folder.knows("old/b.jpg", "A")
    folder.holds("new/b.jpg", "A")
    folder.holds("new/a.jpg", "A")
    assert sorted_out(folder.compare()) == {"moved": {a: "new/a.jpg", b: "new/b.jpg"}}


def test_a_moved_duplicate_is_told_by_its_name(folder):
    """A copy in the same move does not take the id of the picture that kept its name."""
    a, b = folder.knows("old/a.jpg", "A"), folder.knows("old/b.jpg", "A")
    for path in ("new/0.jpg", "new/a.jpg"):
        folder.holds(path, "A")
    assert sorted_out(folder.compare()) == {"moved": {a: "new/a.jpg", b: "new/0.jpg"}}


def test_one_of_two_duplicates_is_gone(folder):
    """The duplicate that is still there is unchanged; only the other one is removed."""
    a, b = folder.knows("a.jpg", "A"), folder.knows("b.jpg", "A")
    folder.holds("b.jpg", "A")
    assert sorted_out(folder.compare()) == {"removed": [a], "unchanged": [b]}


def test_two_unreadable_files_are_not_taken_for_one(folder):
    """Files that cannot be read are matched with nothing: new ones added, known ones tried."""
    gone, here = folder.knows("gone.jpg", "."), folder.knows("here.jpg", "!")
    folder.holds("here.jpg", None, time=2)
    folder.holds("new.jpg", None, time=2)
    assert sorted_out(folder.compare()) == {
        "added": ["new.jpg"],
        "changed": {here: "here.jpg"},
        "removed": [gone],
    }


LASTING = [reason for reason in SkipReason if reason.lies_in_the_file]
PASSING = [reason for reason in SkipReason if not reason.lies_in_the_file]


@pytest.mark.parametrize("reason", LASTING)
def test_a_skipped_file_stays_skipped_until_it_changes(folder, reason):
    """What is wrong with a file is not tried again while the file is the same."""
    folder.skips("a.jpg", reason)
    folder.skips("b.jpg", reason)
    folder.holds("a.jpg", "skipped")
    folder.holds("b.jpg", "skipped", time=2)
    assert sorted_out(folder.compare()) == {"skipped": ["a.jpg"], "added": ["b.jpg"]}
    assert folder.read == []


@pytest.mark.parametrize("reason", PASSING)
def test_what_may_be_mended_from_outside_is_tried_again(folder, reason):
    """A missing permission and the like leave no trace in the file when they are mended."""
    folder.skips("a.jpg", reason)
    folder.holds("a.jpg", "skipped")
    assert sorted_out(folder.compare()) == {"added": ["a.jpg"]}


def test_the_reasons_are_what_they_are_said_to_be():
    """Permissions and failing disks may be mended from outside, damage may not."""
    assert SkipReason.NO_PERMISSION in PASSING
    assert SkipReason.UNREADABLE in PASSING
    assert {SkipReason.DAMAGED, SkipReason.EMPTY, SkipReason.NOT_A_PICTURE} <= set(LASTING)


def test_a_skipped_file_that_is_gone_is_forgotten(folder):
    """A file that is no longer there is no longer skipped."""
    folder.skips("a.jpg", SkipReason.DAMAGED)
    assert sorted_out(folder.compare()) == {}


@pytest.mark.parametrize("closed", ["cats", "cats/deep", ""], ids=["folder", "deep", "root"])
def test_what_lies_in_an_unreadable_folder_stays(folder, closed):
    """Pictures and skips below a folder that cannot be listed are kept as they are."""
    here = folder.knows("cats/deep/a.jpg", "A")
    folder.skips("cats/deep/b.jpg", SkipReason.DAMAGED)
    result = sorted_out(folder.compare(closed))
    assert result == {"away": {here: closed}, "skipped": ["cats/deep/b.jpg"]}


def test_a_folder_of_a_similar_name_is_not_unreadable(folder):
    """Only what lies below the unreadable folder is kept, not what begins like it."""
    gone = folder.knows("cats and dogs/a.jpg", "A")
    folder.skips("catsb.jpg", SkipReason.DAMAGED)
    assert sorted_out(folder.compare("cats")) == {"removed": [gone]}


class ClosedEntry:
    """An entry of a folder that may be listed but not entered: a name without facts."""

    def __init__(self, entry, *, kind_known):
        self.name, self.path = entry.name, entry.path
        self.is_symlink = entry.is_symlink
        self.is_dir = entry.is_dir if kind_known else self.stat

    def stat(self):
        raise PermissionError(13, "Permission denied", self.path)


@pytest.mark.parametrize("kind_known", [True, False], ids=["kind known", "kind unknown"])
def test_a_folder_that_cannot_be_entered_keeps_its_pictures(tmp_path, monkeypatch, kind_known):
    """Where names are listed but files may not be looked at, what is known there is kept."""
    (tmp_path / "cats").mkdir()
    (tmp_path / "cats" / "a.jpg").write_bytes(b"A")
    listed = os.scandir

    def half_closed(path):
        if Path(path).name != "cats":
            return listed(path)
        with listed(path) as entries:
            closed = [ClosedEntry(entry, kind_known=kind_known) for entry in entries]
        return nullcontext(closed)

    folder = Folder()
    here = folder.knows("cats/a.jpg", "A")
    monkeypatch.setattr(os, "scandir", half_closed)
    kept = sorted_out(compare(scan(tmp_path), folder.known, {}, str))
    assert kept == {"away": {here: "cats"}}
