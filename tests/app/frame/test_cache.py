"""What is kept for all tabs is what would be found out now."""

import pytest

from pages.ui.frame import resources
from pages.ui.frame.resources.cache import cached, cached_by_collection
from search_engine import Filters, Library, Query, build_collection, plan_build
from tests.conftest import paint

RED, ALL = Query.parse("red"), Filters()


def opened(name, settings):
    return resources.engine(name, Library(settings).summary(name).manifest)


def build(folder, settings, load):
    name, wanted = plan_build(folder, settings, model_id="colours")
    build_collection(name, wanted, settings, load=load)
    return name


@pytest.fixture
def calls():
    """What was not answered from memory."""
    return []


@pytest.fixture
def asked(calls):
    """A function that notes each time it runs."""

    @cached_by_collection(entries=10)
    def find(engine, *what, **more):
        calls.append((engine.name, *what, *more.items()))
        return len(calls)

    return find


def test_the_same_is_found_out_once(collection, settings, asked, calls):
    """The same arguments, however they are written, need no second look."""
    assert asked(opened("pictures", settings), RED, ALL, k=3) == 1
    same = Query.parse("red"), Filters()
    assert asked(opened("pictures", settings), *same, k=3) == 1
    assert len(calls) == 1


@pytest.mark.parametrize(
    "other",
    [
        (Query.parse("blue"), ALL),
        (RED, Filters(min_width=2)),
        (RED, Filters(categories=frozenset({"red"}))),
    ],
    ids=str,
)
def test_other_arguments_are_another_entry(collection, settings, asked, other):
    """Each argument counts, filters too."""
    engine = opened("pictures", settings)
    assert asked(engine, RED, ALL) == 1
    assert asked(engine, *other) == 2
    assert asked(engine, RED, ALL) == 1


def test_named_arguments_count(collection, settings, asked):
    """What is given by its name is no less an argument."""
    engine = opened("pictures", settings)
    assert [asked(engine, k=3), asked(engine, k=4), asked(engine, k=3)] == [1, 2, 1]


def test_another_collection_is_another_entry(collection, settings, load, tmp_path, asked, calls):
    """Equal queries to two collections have two answers."""
    paint(tmp_path / "second" / "red" / "a.png", "red")
    second = build(tmp_path / "second", settings, load)
    for name in ("pictures", second, "pictures", second):
        asked(opened(name, settings), RED, ALL)
    assert calls == [("pictures", RED, ALL), (second, RED, ALL)]


def test_a_changed_collection_is_another_entry(collection, settings, load, asked):
    """A new picture, and one that only moved, which makes no new index."""
    assert asked(opened("pictures", settings)) == 1
    paint(collection / "red" / "new.png", "red", salt=77)
    build(collection, settings, load)
    assert asked(opened("pictures", settings)) == 2
    (collection / "red" / "new.png").rename(collection / "red" / "moved.png")
    build(collection, settings, load)
    assert asked(opened("pictures", settings)) == 3


def test_a_key_leaves_out_what_does_not_count(collection, settings):
    """Where a key is named, only that and the collection count."""

    @cached_by_collection(entries=10, key=lambda query, _vector: query)
    def find(engine, query, vector):
        return query, vector

    engine = opened("pictures", settings)
    assert find(engine, "red", 1) == ("red", 1)
    assert find(engine, "red", 2) == ("red", 1)
    assert find(engine, "blue", 2) == ("blue", 2)


def test_functions_do_not_answer_for_one_another():
    """Two functions with equal arguments keep their results apart."""

    class Names:
        @staticmethod
        @cached()
        def one(what):
            return f"one {what}"

        @staticmethod
        @cached()
        def other(what):
            return f"other {what}"

    assert (Names.one("x"), Names.other("x")) == ("one x", "other x")


def test_answers_know_their_filters(collection, settings):
    """Each filter has its own answer, from memory too."""
    engine = opened("pictures", settings)
    for _ in range(2):
        for category in ("red", "blue"):
            filters = Filters(categories=frozenset({category}))
            answer = resources.answer(engine, RED, 3, filters)
            assert {one.record.category for one in answer.results} == {category}
            scored = resources.scored(engine, RED, filters)
            assert len(scored.all.scores) == resources.category_counts(engine)[category]
            assert resources.count(engine, filters) == len(scored.all.scores)
        assert len(resources.answer(engine, RED, 10**6, ALL).results) == len(engine)


def test_changes_before_a_build_are_not_told_after_it(collection, settings, load):
    """What a folder had more is in the collection now, so it is no change."""
    library = Library(settings)
    paint(collection / "red" / "new.png", "red", salt=77)

    def changes():
        found = None
        while found is None:
            found = resources.changes(library.summary("pictures"))
        return found.new, found.gone

    assert changes() == (1, 0)
    build(collection, settings, load)
    assert changes() == (0, 0)
    (collection / "red" / "new.png").unlink()
    build(collection, settings, load)
    assert changes() == (0, 0)


def test_a_preview_before_a_build_is_not_told_after_it(collection, settings, load):
    """What a build would do is looked for anew once one has ended."""
    paint(collection / "red" / "new.png", "red", salt=77)
    name, wanted = plan_build(collection, settings, model_id="colours")
    assert resources.preview_of(name, wanted).changes.new == 1
    build(collection, settings, load)
    assert resources.preview_of(name, wanted).changes.new == 0
