"""Near copies among results: one stands for them, and the list stays as it is."""

import numpy as np
import pytest

from search_engine.audit import NearCopies


@pytest.fixture
def near_copies(audit):
    return NearCopies(audit.engine)


@pytest.fixture
def records(audit):
    """All pictures of the gallery with its copies, ordered by path."""
    return sorted(audit.engine.catalog.pictures, key=lambda record: record.path)


def names(records, groups):
    return [[records[place].path.rpartition("/")[2] for place in group] for group in groups]


def test_copies_are_gathered_under_the_first_and_nothing_else_is(near_copies, records):
    """Exact, smaller, coarser, brighter and cropped ones of one drawing; no other drawing of it."""
    groups = near_copies.gathered(records)
    assert sorted(place for group in groups for place in group) == list(range(len(records)))
    assert [group[0] for group in groups] == sorted(group[0] for group in groups)
    of_several = [group for group in names(records, groups) if len(group) > 1]
    assert len(of_several) >= 12
    for group in of_several:
        drawings = {name for name in group if not name.startswith("copy-")}
        assert drawings <= {"0001.jpg"}
    folded = sum(len(group) - 1 for group in of_several)
    there = sum(record.path.rpartition("/")[2].startswith("copy-") for record in records)
    assert folded >= 0.85 * there


def test_what_stands_where_does_not_change_when_the_list_goes_on(near_copies, records):
    """The groups of a beginning are the beginnings of the groups of all."""
    whole = near_copies.gathered(records)
    for count in (1, 40, 333):
        part = near_copies.gathered(records[:count])
        expected = [[place for place in group if place < count] for group in whole]
        assert part == [group for group in expected if group]


def test_none_joins_one_of_another_part(near_copies, records):
    """What stands below a heading stays below it."""
    copy = next(record for record in records if record.path.endswith("copy-exact.jpg"))
    twin = next(
        one
        for one in records
        if one.content_hash == copy.content_hash and one.picture_id != copy.picture_id
    )
    assert near_copies.gathered([twin, copy]) == [[0, 1]]
    assert near_copies.gathered([twin, copy], ["match", "weaker"]) == [[0], [1]]
    assert near_copies.gathered([copy, twin], [1, 1]) == [[0, 1]]


def test_no_chain_of_small_steps_brings_pictures_together(near_copies, records, monkeypatch):
    """Each is a copy of the one that stands for it, not only of one that is folded below that."""
    four = records[:4]
    first, second, third, fourth = (record.content_hash for record in four)
    copies = {(first, second), (second, third), (second, fourth)}
    monkeypatch.setattr(NearCopies, "_near", lambda *_: {1: [0], 2: [0, 1], 3: [0, 1, 2]})
    near_copies._are_copies = lambda *pair: pair in copies
    assert near_copies.gathered(four) == [[0, 1], [2], [3]]


def test_a_pair_is_looked_at_once(near_copies, records, monkeypatch):
    """The next page costs only what is new on it."""
    first = near_copies.gathered(records)
    monkeypatch.setattr("search_engine.audit.alike.overlaid", None)
    assert near_copies.gathered(records) == first


def test_without_vectors_equal_bytes_are_enough(near_copies, records, monkeypatch):
    """What is not known makes no copies, and no error."""
    copy = next(record for record in records if record.path.endswith("copy-exact.jpg"))
    twin = next(one for one in records if one.content_hash == copy.content_hash and one is not copy)
    other = next(one for one in records if one.content_hash != copy.content_hash)
    nothing = np.full((3, near_copies._embeddings.card.dimension), np.nan, dtype=np.float32)
    monkeypatch.setattr(type(near_copies._embeddings), "of", lambda *_: nothing)
    assert near_copies.gathered([twin, other, copy]) == [[0, 2], [1]]
    assert near_copies.gathered([]) == []


def test_without_thumbnails_only_equal_bytes_are_copies(near_copies, records):
    """Near vectors alone are no proof."""
    near_copies._look = lambda _content_hash: None
    groups = near_copies.gathered(records)
    assert any(len(group) > 1 for group in groups)
    for group in groups:
        assert len({records[place].content_hash for place in group}) == 1
