"""Whether a picture's file still holds what was indexed."""

import os

import pytest

from search_engine.errors import PictureChanged, PictureMissing
from search_engine.search import source_files
from tests.conftest import paint


@pytest.fixture
def opened(build, engine):
    """A collection that is open."""
    build()
    return engine()


def test_a_file_is_read_only_where_its_size_or_date_is_another(opened, monkeypatch):
    """Size and date as they were say enough; where they differ its bytes decide."""
    record = next(iter(opened.catalog.pictures))
    file, read = opened.path(record), []
    whole = source_files.read_content
    monkeypatch.setattr(source_files, "read_content", lambda path: read.append(path) or whole(path))
    opened.require_unchanged(record)
    assert read == []
    os.utime(file, ns=(1, 1))  # copied to and fro: the bytes are the same
    opened.require_unchanged(record)
    assert read == [file]
    paint(file, "black", salt=99)
    with pytest.raises(PictureChanged):
        opened.require_unchanged(record)
    file.unlink()
    with pytest.raises(PictureMissing) as missing:
        opened.require_unchanged(record)
    assert missing.value.place == str(file)
    assert "put it back" in missing.value.remedy
