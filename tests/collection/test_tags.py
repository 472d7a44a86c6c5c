"""Tags and hidden pictures: what is changed is told, so that an undo is exact; errors say why."""

import threading
import unicodedata

import numpy as np
import pytest

from search_engine.collection.catalog import Catalog
from search_engine.collection.catalog.tags import MOST_OF_PICTURE, MOST_TAGS
from search_engine.errors import BadInput, CollectionError
from search_engine.records import Filters, ModelCard, PictureFacts, PictureFile

MODEL = ModelCard("model", "print", 2)


@pytest.fixture
def catalog(tmp_path):
    """A catalog with the pictures 1 to 9."""
    with Catalog.create(tmp_path / "cats") as catalog:
        for number in range(1, 10):
            catalog.pictures.add(PictureFile(f"{number}.jpg", 1, 1), PictureFacts("h", 4, 3))
        yield catalog


def tagged(catalog, *tags, **others):
    return catalog.pictures.matching(Filters(tags=frozenset(tags), **others)).tolist()


def test_what_is_really_changed_is_told(catalog):
    """Pictures that have a tag already, or are not there, are not among the changed ones."""
    assert catalog.tags.add([3, 1, 1], "sea").tolist() == [1, 3]
    assert catalog.tags.add([1, 2, 99, 0, -1, 2**70], "sea").tolist() == [2]
    assert catalog.tags.add([1, 2], "sea").tolist() == []
    assert catalog.tags.remove([2, 5], "sea").tolist() == [2]
    assert tagged(catalog, "sea") == [1, 3]
    assert catalog.tags.of([1, 2, 3]) == {1: ("sea",), 3: ("sea",)}


def test_undo_brings_back_exactly_what_was(catalog):
    """The changed ids, and no others, are what the opposite has to be done to."""
    catalog.tags.add([1, 2], "sea")
    catalog.tags.add([2, 3], "sky")
    before = catalog.tags.of(range(10))
    catalog.tags.remove(catalog.tags.add([1, 2, 3, 4], "sea"), "sea")
    assert catalog.tags.of(range(10)) == before
    catalog.tags.add(catalog.tags.remove([2, 4], "sky"), "sky")
    assert catalog.tags.of(range(10)) == before
    done = catalog.tags.rename("sky", "sea")
    assert catalog.tags.counts() == {"sea": 3}
    assert (done.changed.tolist(), done.merged.tolist()) == ([3], [2])
    catalog.tags.remove(done.changed, "sea")
    catalog.tags.add([*done.changed, *done.merged], "sky")
    assert catalog.tags.of(range(10)) == before


def test_case_and_spelling_make_no_other_tag(catalog):
    """The first spelling stays, until the tag is renamed or nobody has it any more."""
    catalog.tags.add([1], " Café ")
    catalog.tags.add([2], unicodedata.normalize("NFD", "CAFÉ"))
    catalog.tags.add([3], "Cafe")
    assert catalog.tags.counts() == {"Cafe": 1, "Café": 2}
    assert tagged(catalog, "cafÉ") == [1, 2]
    catalog.tags.rename("café", "CAFÉ")
    assert catalog.tags.of([1]) == {1: ("CAFÉ",)}
    catalog.tags.remove([1, 2], "café")
    catalog.tags.add([4], "cAFÉ")
    assert catalog.tags.counts() == {"Cafe": 1, "cAFÉ": 1}


def test_a_picture_has_many_tags_in_order(catalog):
    """By name, without regard to case."""
    for tag in ("sky", "Beach", "zoo", "apple"):
        catalog.tags.add([7], tag)
    assert catalog.tags.of([7]) == {7: ("apple", "Beach", "sky", "zoo")}


@pytest.mark.parametrize(
    "tag",
    ["", "  ", "x" * 81, "a\nb", "a\0b", "\ud800", "a\u2028b", "a\u202eb", "a\x85b", "\x1b[2J"],
)
def test_what_can_be_no_tag_is_refused(catalog, tag):
    """With what may be one; nothing is changed."""
    with pytest.raises(BadInput, match="1 to 80"):
        catalog.tags.add([1], tag)
    catalog.tags.add([1], "sea")
    with pytest.raises(BadInput, match="1 to 80"):
        catalog.tags.rename("sea", tag)
    assert catalog.tags.counts() == {"sea": 1}
    assert tagged(catalog, tag) == []


@pytest.mark.parametrize("tag", ["x" * 80, "é" * 80, "👩‍🚀", "a, b", '"', "#1", "été 2024", "=1"])
def test_what_can_be_a_tag_is_one(catalog, tag):
    """Signs, joined characters and the longest one are found again."""
    catalog.tags.add([1], tag)
    assert catalog.tags.of([1]) == {1: (tag,)}
    assert tagged(catalog, tag) == [1]


def test_a_tag_that_nobody_has_is_told_with_what_is_near(catalog):
    """A mistyped tag is not taken away from nothing in silence."""
    catalog.tags.add([1], "holiday")
    for change in (
        lambda: catalog.tags.remove([1], "holday"),
        lambda: catalog.tags.rename("holday", "sea"),
    ):
        with pytest.raises(BadInput, match=r"no tag 'holday' \(cats\).*'holiday'"):
            change()


def test_there_is_an_end_to_tags(catalog, monkeypatch):
    """Too many of a picture or a collection are refused, and nothing is changed by it."""
    for number in range(MOST_OF_PICTURE):
        catalog.tags.add([1], f"tag {number}")
    version = catalog.tags.version
    with pytest.raises(BadInput, match=r"has 100 tags already \(#1\)"):
        catalog.tags.add([1, 2], "one more")
    assert catalog.tags.of([2]) == {}
    assert catalog.tags.version == version
    assert catalog.tags.add([1, 2], "tag 5").tolist() == [2]
    assert MOST_TAGS == 10_000
    monkeypatch.setattr("search_engine.collection.catalog.tags.MOST_TAGS", MOST_OF_PICTURE)
    with pytest.raises(BadInput, match="tags already"):
        catalog.tags.add([3], "one more")
    catalog.tags.remove([1], "tag 7")
    assert catalog.tags.add([3], "one more").tolist() == [3]


def test_hidden_pictures_are_a_state_of_their_own(catalog):
    """Hiding and showing tell what they changed; tags stay."""
    catalog.tags.add([1, 2], "sea")
    assert catalog.tags.hide([2, 3, 99]).tolist() == [2, 3]
    assert catalog.tags.hide([3, 4]).tolist() == [4]
    assert catalog.tags.hidden() == 3
    assert tagged(catalog, "sea", hidden=False) == [1]
    assert tagged(catalog, "sea", hidden=True) == [2]
    assert tagged(catalog, "sea") == [1, 2]
    assert catalog.tags.show([1, 3]).tolist() == [3]
    assert catalog.tags.hidden_ids().tolist() == [2, 4]
    assert catalog.pictures.count(Filters(hidden=False)) == 7


def test_forgotten_pictures_take_tags_and_hiding_along(catalog):
    """And a tag that only they had is gone: it is neither offered nor found, and can be made."""
    catalog.tags.add([1, 2], "sea")
    catalog.tags.add([1], "sky")
    catalog.tags.hide([1, 3])
    catalog.pictures.remove([1])
    assert catalog.tags.counts() == {"sea": 1}
    assert catalog.tags.hidden_ids().tolist() == [3]
    with pytest.raises(BadInput, match="no tag 'sky'"):
        catalog.tags.remove([2], "sky")
    catalog.tags.add([3], "sky")
    catalog.pictures.remove([3])
    catalog.tags.rename("sea", "sky")
    assert catalog.tags.counts() == {"sky": 1}
    assert catalog.unreadable() == []


def test_tags_are_no_change_of_what_is_derived(catalog):
    """Index and calibration stay up to date; only the stamp of the tags tells."""
    catalog.vectors.put(MODEL, [1], [np.array([1, 0], dtype=np.float32)])
    version = catalog.version
    stamps = [catalog.tags.version]
    for change in (
        lambda: catalog.tags.add([1, 2], "sea"),
        lambda: catalog.tags.remove([2], "sea"),
        lambda: catalog.tags.rename("sea", "sky"),
        lambda: catalog.tags.hide([1]),
        lambda: catalog.tags.show([1]),
    ):
        change()
        stamps.append(catalog.tags.version)
    assert len(set(stamps)) == 6
    for nothing in (
        lambda: catalog.tags.add([1], "SKY"),
        lambda: catalog.tags.remove([2], "sky"),
        lambda: catalog.tags.hide([]),
        lambda: catalog.tags.show([1]),
    ):
        nothing()
        assert catalog.tags.version == stamps[-1]
    assert catalog.version == version


def test_another_process_sees_what_was_tagged(catalog, tmp_path):
    """Lists of what passes, and of what is hidden, are no older than the catalog."""
    with Catalog.open(tmp_path / "cats") as other:
        assert other.tags.hidden_ids().tolist() == tagged(other, "sea") == []
        stamp = other.tags.version
        catalog.tags.add([4], "sea")
        catalog.tags.hide([5])
        assert tagged(other, "sea") == [4]
        assert other.tags.hidden_ids().tolist() == [5]
        assert other.tags.version == catalog.tags.version != stamp


def test_a_hundred_thousand_at_once(tmp_path):
    """More than fit into a statement are changed in one go, and told."""
    with Catalog.create(tmp_path) as catalog:
        sql = (
            "INSERT INTO pictures (path, size_bytes, modified_ns, content_hash, width, height)"
            " VALUES (?, 1, 1, 'h', 4, 3)"
        )
        catalog._database.many(sql, ((str(number).encode(),) for number in range(100_000)))
        ids = range(1, 100_001)
        assert len(catalog.tags.add(ids, "all")) == 100_000
        assert len(catalog.tags.of(ids)) == 100_000
        assert len(catalog.tags.hide(ids)) == 100_000
        assert len(catalog.tags.remove(ids, "all")) == 100_000
        assert len(catalog.tags.show(ids)) == 100_000


def test_tagging_waits_for_a_batch_and_no_longer(catalog, tmp_path):
    """While somebody else writes, it waits; then nothing of either is lost."""
    writing, done = threading.Event(), threading.Event()

    def build():
        with Catalog.open(tmp_path / "cats") as other, other.transaction():
            other.pictures.add(PictureFile("new.jpg", 1, 1), PictureFacts("h", 4, 3))
            writing.set()
            done.wait(0.5)

    batch = threading.Thread(target=build)
    batch.start()
    assert writing.wait(10)
    assert catalog.tags.add([1], "sea").tolist() == [1]
    done.set()
    batch.join()
    assert len(catalog.pictures) == 10


def test_a_catalog_that_may_only_be_read_says_so(catalog, tmp_path):
    """What is there is read and filtered by; a change names the cause and what helps."""
    catalog.tags.add([1], "sea")
    catalog.tags.hide([2])
    catalog._database.rows("PRAGMA query_only = ON")
    assert catalog.tags.counts() == {"sea": 1}
    assert tagged(catalog, "sea", hidden=False) == [1]
    for change in (
        lambda: catalog.tags.add([2], "sea"),
        lambda: catalog.tags.remove([1], "sea"),
        lambda: catalog.tags.rename("sea", "sky"),
        lambda: catalog.tags.hide([1]),
        lambda: catalog.tags.show([2]),
    ):
        with pytest.raises(CollectionError, match=r"may only be read.*needs a folder"):
            change()
