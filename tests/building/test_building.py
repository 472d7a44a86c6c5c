"""A build brings a collection up to date with its folder, and does nothing twice."""

import itertools
import os
import shutil

import pytest

from search_engine import Library, Query
from search_engine.records import SkipReason
from tests.conftest import COLOURS, counts, ids_by_path, paint
from tests.lookups import at_path


def test_a_first_build_makes_every_picture_findable(build, engine):
    """After a build each colour's word finds that colour's two pictures first."""
    assert counts(build()) == {"added": 12, "embedded": 12}
    for colour in COLOURS:
        best = engine().search(colour, k=2).results
        assert {result.record.path for result in best} == {f"{colour}/0.png", f"{colour}/1.png"}
        assert best[0].record.category == colour


def test_a_second_build_does_nothing(build, embedder, monkeypatch):
    """Without changes no file is opened, and nothing is loaded, embedded or published again."""
    first = build()
    for opened in ("hashing.read_content", "pipeline.read"):
        fail = lambda *given, **_: pytest.fail(f"{given[0]} was opened")  # noqa: E731 - shorter so
        monkeypatch.setattr(f"search_engine.building.{opened}", fail)
    again = build(load=lambda *_: pytest.fail("the model was loaded"))
    assert counts(again) == {"unchanged": 12}
    assert embedder.pictures_embedded == 12
    assert again.manifest == first.manifest


def test_exactly_the_changes_are_done(build, pictures, settings, embedder):
    """Moved, changed, deleted and added files each lead to their own work; ids stay."""
    build()
    before = ids_by_path(settings)
    (pictures / "elsewhere").mkdir()
    for number in range(2):
        (pictures / f"red/{number}.png").rename(pictures / f"elsewhere/{number}.png")
        paint(pictures / f"green/{number}.png", "yellow", salt=100 + number)
        paint(pictures / f"new/{number}.png", "purple", salt=200 + number)
    shutil.rmtree(pictures / "blue")
    embedder.pictures_embedded = 0
    report = build()
    assert counts(report) == {
        "added": 2, "changed": 2, "moved": 2, "removed": 2, "unchanged": 6, "embedded": 4,
    }  # fmt: skip
    assert embedder.pictures_embedded == 4
    after = ids_by_path(settings)
    for number in range(2):
        assert after[f"elsewhere/{number}.png"] == before[f"red/{number}.png"]
        assert after[f"green/{number}.png"] == before[f"green/{number}.png"]
        assert f"blue/{number}.png" not in after
        assert after[f"new/{number}.png"] not in before.values()


def test_a_changed_picture_is_found_as_what_it_is_now(build, pictures, engine):
    """The vector follows the content of the file, not its name."""
    build()
    paint(pictures / "red/0.png", "blue", salt=77)
    build()
    found = {result.record.path for result in engine().search("blue", k=3).results}
    assert "red/0.png" in found
    assert "red/0.png" not in {r.record.path for r in engine().search("red", k=1).results}


def test_swapped_names_keep_their_pictures(build, pictures, settings, engine):
    """After two files change names each id goes with its content."""
    build()
    before = ids_by_path(settings)
    one, other = pictures / "red/0.png", pictures / "blue/0.png"
    one.rename(pictures / "away.png")
    other.rename(one)
    (pictures / "away.png").rename(other)
    for file in (one, other):  # times of change differ, as after real work
        os.utime(file, (1, file.stat().st_mtime + 5))
    report = build()
    after = ids_by_path(settings)
    assert report.moved == 2
    assert report.embedded == 0
    assert after["red/0.png"] == before["blue/0.png"]
    assert after["blue/0.png"] == before["red/0.png"]


def test_touched_files_are_not_embedded_again(build, pictures, embedder):
    """A new time of change with the old content costs no embedding."""
    build()
    os.utime(pictures / "red/0.png", (9, 9))
    report = build()
    assert counts(report) == {"unchanged": 12}
    assert counts(build()) == {"unchanged": 12}


def test_a_copy_shares_the_known_vector(build, pictures, settings, embedder):
    """A copy of a known picture is a picture of its own, but is not embedded again."""
    build()
    shutil.copy(pictures / "red/0.png", pictures / "copy.png")
    report = build()
    assert counts(report) == {"added": 1, "unchanged": 12}
    with Library(settings).open_catalog("pictures") as catalog:
        copy = at_path(catalog, "copy.png")
        original = at_path(catalog, "red/0.png")
        vectors = [
            catalog.vectors.one(report.model, record.picture_id) for record in (copy, original)
        ]
    assert copy.picture_id != original.picture_id
    assert copy.category is None
    assert vectors[0].tolist() == vectors[1].tolist()


def test_broken_files_are_skipped_named_and_tried_again(build, pictures):
    """A broken file stops nothing, is named with its reason, and comes in once it is mended."""
    broken = pictures / "red/broken.jpg"
    broken.write_bytes(b"x")
    first = build()
    assert first.added == 12
    assert [(skip.path, skip.reason) for skip in first.skipped] == [
        ("red/broken.jpg", SkipReason.NOT_A_PICTURE)
    ]
    second = build(load=lambda *_: pytest.fail("an unchanged broken file was tried again"))
    assert second.skipped == first.skipped
    paint(broken, "red", salt=9)
    third = build()
    assert third.skipped == ()
    assert third.added == 1


def test_a_picture_that_breaks_is_skipped_from_then_on(build, pictures, engine):
    """A file that holds no picture any more leaves the results and is named."""
    build()
    (pictures / "red/0.png").write_bytes(b"gone bad")
    report = build()
    assert [skip.path for skip in report.skipped] == ["red/0.png"]
    assert (report.removed, report.lost) == (0, 1)
    assert "red/0.png" not in {r.record.path for r in engine().search("red", k=50).results}


def test_a_vector_that_cannot_be_compared_is_a_skip(build, pictures, embedder):
    """A picture for which the model gives NaN is named, and the others come in."""
    whole, numbers = embedder.embed_pictures, itertools.count()

    def first_is_nan(images):
        vectors = whole(images)
        if next(numbers) == 0:
            vectors[0] = float("nan")
        return vectors

    embedder.embed_pictures = first_is_nan
    report = build()
    assert report.added == 11
    assert [skip.reason for skip in report.skipped] == [SkipReason.BAD_VECTOR]


def test_names_that_are_not_utf8_work_end_to_end(build, pictures, engine):
    """A file whose name is no text, or has a newline, is indexed and found."""
    odd = os.fsdecode(b"caf\xe9\n1.png")
    paint(pictures / odd, (1, 250, 250))
    assert build().added == 13
    found = [r.record.path for r in engine().search(Query.picture(pictures / odd), k=1).results]
    assert found == [odd]
