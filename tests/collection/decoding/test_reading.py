"""Files are read whole, or it is said why not, before anything is decoded."""

import os

import pytest

import search_engine.collection.decoding.content as reading
from search_engine.collection.decoding import Refusal, read_content
from search_engine.records import SkipReason


def reading_refused(path):
    with pytest.raises(Refusal) as caught:
        read_content(path)
    return caught.value


def test_a_file_is_read_whole(tmp_path):
    """What is read are all the bytes of the file."""
    (tmp_path / "a.jpg").write_bytes(bytes(range(256)) * 999)
    assert read_content(tmp_path / "a.jpg") == bytes(range(256)) * 999


def test_an_empty_file_is_called_empty(tmp_path):
    """A file without content is not called damaged."""
    (tmp_path / "a.jpg").touch()
    assert reading_refused(tmp_path / "a.jpg").reason is SkipReason.EMPTY


@pytest.mark.parametrize("path", ["gone.jpg", "no folder/gone.jpg", "file/gone.jpg"])
def test_a_missing_file_has_vanished(tmp_path, path):
    """A file that went, or whose folder did, is gone; nothing is wrong with its content."""
    (tmp_path / "file").touch()
    assert reading_refused(tmp_path / path).reason is SkipReason.VANISHED


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (PermissionError(13, "Permission denied"), SkipReason.NO_PERMISSION),
        (OSError(5, "Input/output error"), SkipReason.UNREADABLE),
        (OSError(116, "Stale file handle"), SkipReason.UNREADABLE),
    ],
    ids=["permission", "disk", "network"],
)
def test_what_the_system_refuses(tmp_path, monkeypatch, error, reason):
    """Permissions and failing disks are told apart, and both are tried again at the next build."""

    def failing(*_, **__):
        raise error

    (tmp_path / "a.jpg").touch()
    monkeypatch.setattr("os.open", failing)
    refusal = reading_refused(tmp_path / "a.jpg")
    assert refusal.reason is reason
    assert not refusal.reason.lies_in_the_file
    assert refusal.detail in {"", error.strerror}


def test_a_folder_cannot_be_read(tmp_path):
    """A folder named like a picture is refused with the system's words."""
    refusal = reading_refused(tmp_path)
    assert refusal.reason in {SkipReason.UNREADABLE, SkipReason.NO_PERMISSION}


def test_the_byte_limit(tmp_path, monkeypatch):
    """A file as large as the limit is read, a larger one refused with both numbers."""
    file = tmp_path / "a.bmp"
    file.touch()
    monkeypatch.setattr(reading, "MAX_BYTES", 2 * 2**20)
    os.truncate(file, 2 * 2**20)
    assert len(read_content(file)) == 2 * 2**20
    os.truncate(file, 3 * 2**20)
    refusal = reading_refused(file)
    assert refusal.reason is SkipReason.TOO_MANY_BYTES
    assert "3 MiB" in refusal.detail
    assert "2" in refusal.detail.replace("3 MiB", "")
    assert refusal.reason.lies_in_the_file
