"""The same query gives the same card, and what is different later is named."""

import json
from dataclasses import asdict, replace

import pytest

from search_engine import Filters, Query, SearchEngine
from search_engine.cards import (
    CardView,
    Change,
    SavedQueries,
    card_of,
    read_card,
    replay,
    write_card,
)
from search_engine.cards.card import checksum, query_of
from search_engine.cards.card_file import FIRST_FORMAT
from search_engine.cards.saved_queries import name_for
from search_engine.cli.json_answers import document_of
from search_engine.errors import BadInput, BadQuery
from search_engine.evaluation import CheckedPrecision
from search_engine.records import Orientation
from search_engine.search import Grouping, Order, search_answer
from tests.conftest import ColourEmbedder, paint

ALL = Filters()


@pytest.fixture
def opened(build, engine):
    """The small collection of colours, open."""
    build()
    return engine()


def card(engine, query, k=5, filters=ALL):
    return card_of(engine, engine.search(query, k, filters), k, filters)


def test_a_card_comes_back_as_it_was_written(opened):
    """Query, filters, index, model and answers survive the way through JSON."""
    filters = Filters(
        categories=frozenset({"red", ""}), orientation=Orientation.LANDSCAPE, min_width=3,
        tags=frozenset({"b", "a"}), hidden=False,
    )  # fmt: skip
    opened.catalog.tags.add(range(1, 20), "b")
    written = card(opened, "red - 0.5:blue", 4, filters)
    assert read_card(write_card(written)) == written
    assert query_of(written, opened) == Query.parse("red - 0.5:blue")
    assert [result.rank for result in written.results] == [1, 2]
    assert written.results[0].path.startswith("red/")


def test_the_same_query_gives_the_same_card_byte_for_byte(opened, engine):
    """Nothing in a card depends on when or where it was asked."""
    once = write_card(card(opened, "red - blue"))
    assert write_card(replay(engine(), read_card(once)).now) == once


def test_tags_change_no_card(opened):
    """A card is of an answer; what its pictures are tagged with since is none of its business."""
    once = write_card(card(opened, "red"))
    opened.catalog.tags.add(range(1, 20), "b")
    assert write_card(card(opened, "red")) == once
    assert '"tags"' not in once


def test_a_card_of_before_keeps_its_meaning(opened):
    """Before 0.6 “- blue” weighed as much as what was wanted; weights in a card go on to count."""
    now = card(opened, "red - 1:blue")
    assert [term.weight for term in now.terms] == [1, -1]
    before = read_card(write_card(replace(now, query="red - blue")))
    assert query_of(before, opened) == Query.parse("red - 1:blue")
    assert before.readable_query == "red - 1:blue"
    assert replay(opened, before).is_same


def test_results_are_what_the_command_line_tells(opened):
    """The same keys and values, but for tags, which are of now; with path below the folder."""
    answer = opened.search("red", 3)
    told = document_of(search_answer(answer, opened.path))["results"]
    kept = json.loads(write_card(card_of(opened, answer, 3, ALL)))["results"]
    for one, result, record in zip(kept, told, [one.record for one in answer.results], strict=True):
        assert result.pop("tags") == []
        assert one == result | {"path": record.path, "content_hash": record.content_hash}
    assert kept[0]["category"] == "red"
    assert kept[0]["match"] is not None


def test_a_card_of_the_first_format_is_read_and_asked(opened):
    """Its results have neither category nor match; what was asked and came out is the same."""
    now = card(opened, "red")
    document = json.loads(write_card(now)) | {"format": FIRST_FORMAT}
    del document["checksum"]
    for result in document["results"]:
        del result["category"], result["match"], result["stands_out"]
    before = read_card(json.dumps(document | {"checksum": checksum(document)}))
    assert [one.content_hash for one in before.results] == [one.content_hash for one in now.results]
    assert {one.match for one in before.results} == {None}
    again = replay(opened, before)
    assert again.is_same
    assert read_card(write_card(again.now)) == now
    with pytest.raises(BadInput, match=r"(category|match|stands_out) is not known"):
        read_card(_as_first_format(now))


def test_what_a_person_found_is_in_the_card(opened):
    """It comes back as it was; a card without it is written as before it could have it."""
    plain = card(opened, "red")
    found = CheckedPrecision(63, 120, 16, 20, 0.8, 0.584, 0.919)
    checked = plain.checked(found)
    assert "precision" not in json.loads(write_card(plain))
    assert read_card(write_card(plain)).precision is None
    document = json.loads(write_card(checked))
    assert document["precision"] == asdict(found)
    assert read_card(write_card(checked)) == checked
    assert checked.precision.text == "80 % right from a match of 63 % up (58–92 %, 20 looked at)"
    assert replay(opened, checked).is_same
    document["precision"]["precision"] = 0.99
    with pytest.raises(BadInput, match="was changed after"):
        read_card(json.dumps(document))
    with pytest.raises(BadInput, match=r"precision.high must be 1 or less"):
        read_card(write_card(plain.checked(replace(found, high=1.1))))


@pytest.mark.parametrize("group", [None, Grouping.MONTH])
def test_how_matches_are_shown_is_in_the_card(opened, group):
    """It comes back, stays when the card is run again, and makes no other question of it."""
    plain = card(opened, "red", filters=Filters(path=("red/", "blue/"), min_match=50))
    shown = replace(plain, view=CardView(Order.DATE, group))
    assert "view" not in json.loads(write_card(plain))
    assert read_card(write_card(shown)) == shown
    again = replay(opened, shown)
    assert again.is_same
    assert again.now.view == shown.view
    assert shown.asks_the_same(plain)


@pytest.mark.parametrize(
    ("view", "told"),
    [({}, "view.sort is missing"), ({"sort": "x"}, "view.sort"), ([], "view"), (None, "view"),
     ({"sort": "date", "group": None}, "view.group"),
     ({"sort": "date", "x": 1}, "view.x is not known")],
)  # fmt: skip
def test_an_order_that_there_is_not_is_refused(opened, view, told):
    """Anybody can write a card with a checksum that fits."""
    document = json.loads(write_card(card(opened, "red"))) | {"view": view}
    del document["checksum"]
    with pytest.raises(BadInput, match=told):
        read_card(json.dumps(document | {"checksum": checksum(document)}))


def test_what_a_person_found_stays_with_the_saved_question(opened):
    """When it is saved again, as by an accepted check; not with another question or model."""
    saved = SavedQueries(opened.catalog.folder)
    found = CheckedPrecision(63, 120, 16, 20, 0.8, 0.584, 0.919)
    checked = card(opened, "red").checked(found)
    saved.save("mine", checked)
    saved.save("mine", replay(opened, checked).now)
    assert saved.read("mine") == checked
    saved.save("mine", card(opened, "red", k=2))
    assert saved.read("mine").precision == checked.precision
    other = checked.checked(replace(found, threshold=70))
    saved.save("mine", other)
    assert saved.read("mine").precision.threshold == 70
    for unlike in (
        card(opened, "blue"),
        card(opened, "red", filters=Filters(categories=frozenset({"red"}))),
        replace(card(opened, "red"), model_fingerprint="another"),
    ):
        saved.save("mine", checked)
        saved.save("mine", unlike)
        assert saved.read("mine").precision is None


def _as_first_format(written):
    """Write a card of today under the name of the first format."""
    document = json.loads(write_card(written)) | {"format": FIRST_FORMAT}
    del document["checksum"]
    return json.dumps(document | {"checksum": checksum(document)})


def test_an_example_picture_is_in_the_card(opened, tmp_path):
    """The query can be run again after the example's file is gone."""
    example = paint(tmp_path / "example.png", (230, 25, 25))
    for query in (Query.picture(example), Query.picture(example.read_bytes())):
        written = read_card(write_card(card(opened, query)))
        assert str(tmp_path) not in write_card(written)
        again = replay(opened, written)
        assert again.is_same
        assert write_card(again.now) == write_card(written)
        assert again.now.results[0].path.startswith("red/")
    written = card(opened, Query.picture(example))
    example.unlink()
    assert replay(opened, written).is_same


def test_a_picture_of_the_collection_is_found_by_content(opened):
    """A card knows the picture it asks about also where it has another id."""
    record = opened.search("red", k=1).results[0].record
    written = card(opened, Query.like(record.picture_id))
    elsewhere = replace(written, terms=(replace(written.terms[0], picture=10_000),))
    assert query_of(elsewhere, opened) == Query.like(record.picture_id)
    lost = replace(written, terms=(replace(written.terms[0], content_hash="0" * 64),))
    with pytest.raises(BadInput, match="is no longer there"):
        query_of(lost, opened)


def test_what_came_went_and_moved_is_named_with_its_reason(build, pictures, engine):
    """After files came and went, the check names exactly these."""
    build()
    before = card(engine(), "red", k=4)
    gone = before.results[1]
    (pictures / gone.path).unlink()
    paint(pictures / "red" / "new.png", (219, 30, 31))
    build()
    found = replay(engine(), before)
    assert not found.is_same
    assert found.is_same_model
    assert {(one.change, one.path) for one in found.differences} >= {
        (Change.CAME, "red/new.png"),
        (Change.LEFT, gone.path),
    }
    left = next(one for one in found.differences if one.path == gone.path)
    assert (left.before, left.after, left.reason) == (2, None, "no longer in the collection")
    assert found.overlap == pytest.approx(3 / 4)


def test_who_is_pushed_out_is_told_so(build, pictures, engine):
    """A picture that others overtook left for another reason than one that was deleted."""
    build()
    before = card(engine(), "red", k=2)
    paint(pictures / "closest.png", "red")
    build()
    reasons = {one.change: one.reason for one in replay(engine(), before).differences}
    assert reasons == {Change.CAME: "", Change.LEFT: "others are closer now"}
    order = [one.change for one in replay(engine(), before).differences]
    assert order == [Change.CAME, Change.LEFT]


def test_a_filter_that_leaves_a_picture_out_is_the_reason(build, pictures, engine):
    """A picture that moved out of the filtered folder is named as such."""
    build()
    filters = Filters(categories=frozenset({"red"}))
    before = card(engine(), "red", 5, filters)
    moved = before.results[0].path
    (pictures / moved).rename(pictures / "blue" / "was_red.png")
    build()
    found = replay(engine(), before)
    assert [one.reason for one in found.differences] == ["the filters leave it out now"]


def test_other_weights_are_told(build, settings, engine):
    """A change of the model is said, whatever came of the answers."""
    build()
    before = card(engine(), "red")
    other = ColourEmbedder("other", "other-1")
    build(model_id="other", load=lambda *_: other)
    with SearchEngine.open("pictures", settings, load=lambda *_: other) as now:
        assert not replay(now, before).is_same_model


@pytest.mark.parametrize(
    ("change", "cause"),
    [
        (lambda text: text.replace('"score": 0', '"score": 1'), "changed after it was written"),
        (lambda text: text.replace("card 2", "card 9"), "card 9"),
        (lambda text: text[:-30], "no whole result card"),
        (lambda _: "[]", "no whole result card"),
        (lambda _: '{"rank": 1}', "no whole result card"),
    ],
)
def test_a_card_that_is_not_as_written_is_refused(opened, change, cause):
    """Tampered, cut and foreign files are named as such."""
    text = write_card(card(opened, "green"))
    changed = change(text)
    assert changed != text
    with pytest.raises(BadInput, match=cause):
        read_card(changed, "a.json")


def test_saved_queries_are_kept_with_the_collection(opened):
    """They are saved, listed, read, replaced and forgotten by name."""
    saved = SavedQueries(opened.catalog.folder)
    assert saved.names() == []
    first, second = card(opened, "red"), card(opened, "blue")
    saved.save("b", first)
    saved.save("a - c", first)
    saved.save("b", second)
    assert saved.names() == ["a - c", "b"]
    assert saved.read("b") == second
    saved.forget("b")
    assert saved.names() == ["a - c"]
    with pytest.raises(BadInput, match="no saved query 'b'"):
        saved.forget("b")


@pytest.mark.parametrize("name", ["", "../up", ".hidden", "a/b", "a\\b", "x" * 81, "a\nb"])
def test_a_name_that_is_no_file_name_is_refused(opened, name):
    """No name leads out of the collection's folder."""
    with pytest.raises(BadInput, match="cannot be the name"):
        SavedQueries(opened.catalog.folder).save(name, card(opened, "red"))


def test_a_name_is_made_of_any_query(opened):
    """What the app offers as a name can be saved."""
    saved = SavedQueries(opened.catalog.folder)
    for query in ("a red fish - night", '"1 + 1"', "#12 + ./a/b.jpg", "???", "ä" * 200):
        saved.save(name_for(query), card(opened, "red"))
    assert len(saved.names()) == 5


def test_a_query_that_cannot_be_run_makes_no_card(opened):
    """Errors of the query stay errors."""
    with pytest.raises(BadQuery):
        card(opened, Query(()))
