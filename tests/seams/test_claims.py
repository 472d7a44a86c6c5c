"""What the README says of scores, cards, labels and pages, each as a figure of its own."""

from dataclasses import fields, replace
from types import SimpleNamespace

import numpy as np
import pytest

from pages.ui.frame.search_state import SearchState
from pages.ui.search import behind, filter_form
from search_engine import Filters
from search_engine.audit.label_errors import word_doubt
from search_engine.calibration.calibrate import calibrate
from search_engine.cards import Change, card_of, replay
from search_engine.collection.catalog import Catalog
from search_engine.explore.score_distribution import compare_queries
from search_engine.explore.similarity import category_similarity
from search_engine.index.tuning import tune
from search_engine.query import Query
from search_engine.query.phrasing import WORDINGS, category_queries
from search_engine.records import AllScores, PictureFacts, PictureFile
from tests.calibration.made_up_vectors import BACK, MODEL, vectors

# What a match is


def calibrated(folder, rows):
    """Calibrate a collection of these vectors."""
    with Catalog.create(folder) as catalog:
        ids = [
            catalog.pictures.add(PictureFile(f"{n}.jpg", 1, 1), PictureFacts(f"{n}", 1, 1))
            for n in range(len(rows))
        ]
        catalog.vectors.put(MODEL, ids, list(rows))
        return calibrate(catalog.vectors, MODEL, BACK, catalog.version)


def test_a_copy_says_nothing_of_how_alike_pictures_are(tmp_path):
    """With every picture twice, the threshold for queries by picture is what it was."""
    rows = vectors(100, 4)
    once, twice = (
        calibrated(tmp_path / str(n), np.concatenate([rows] * n)).pictures for n in (1, 2)
    )
    assert twice.threshold == pytest.approx(once.threshold, abs=0.01)
    assert twice.spread == pytest.approx(once.spread, abs=0.01)


@pytest.mark.parametrize("away", ["night", "#7"])
def test_a_query_matches_as_well_as_its_weakest_part(gallery, away):
    """What is asked for is there, and what is taken away is not, whatever it weighs."""
    fish, taken = (gallery.score_all(text).matches for text in ("a fish", away))
    for sign in ("-", "- 0.25:"):
        both = gallery.score_all(f"a fish {sign} {away}".replace(": ", ":"))
        assert both.matches == pytest.approx(np.minimum(fish, 100 - taken), abs=0.05)
        assert both.cut_score is None
    like = gallery.score_all("#7").matches
    words_and_picture = gallery.score_all("a fish + #7").matches
    assert words_and_picture == pytest.approx(np.minimum(fish, like), abs=0.05)


def test_words_that_are_added_are_one_question(gallery):
    """No part is a rival of another: what shows all of it matches the sum."""
    apart, together = (gallery.search(text) for text in ("red + a fish", "a red fish"))
    both, whole = (
        {result.record.picture_id for result in answer.results if result.stands_out}
        for answer in (apart, together)
    )
    assert both >= whole
    assert len(whole) > 1


def test_each_term_weighs_what_it_says_in_whatever_wordings(gallery):
    """The mean of wordings is scaled to length one before it is weighed against other terms."""
    encoded = gallery.encode(Query.parse("{fish} + boat"))
    assert np.linalg.norm(encoded.term_vectors, axis=1) == pytest.approx([1, 1], abs=1e-5)
    texts = [wording.replace("{}", "fish") for wording in WORDINGS]
    mean = gallery.embedder().embed_words(texts).mean(axis=0)
    assert np.linalg.norm(mean) < 0.999
    boat = gallery.embedder().embed_words(["boat"])[0]
    total = mean / np.linalg.norm(mean) + boat
    assert encoded.vector == pytest.approx(total / np.linalg.norm(total), abs=1e-5)


# How an index is tuned


class Tunable:
    """Finds 98, 99 or all of a hundred answers."""

    efforts = (1, 2, 3)
    effort = 1

    def search(self, query, _k):
        """Find one answer, or none."""
        right = query[0] < {1: 98, 2: 99, 3: 100}[self.effort]
        return SimpleNamespace(scores=np.array([1.0 if right else 0.0], dtype=np.float32))


def test_the_effort_is_the_first_that_finds_99_of_100():
    """Not less, and no more than it takes."""
    store = Tunable()
    queries, truth = np.arange(100, dtype=np.float32)[:, None], np.ones((100, 1), np.float32)
    assert tune(store, queries, truth) == pytest.approx(0.99)
    assert store.effort == 2


# What a card calls the same


@pytest.fixture
def asked(build, engine):
    """An engine, and the card of a query to it."""
    build()
    opened = engine()
    return opened, card_of(opened, opened.search("red", 5), 5, Filters())


@pytest.mark.parametrize(("by", "same"), [(0.00005, True), (0.01, False), (-0.01, False)])
def test_a_score_that_changed_is_not_the_same(asked, by, same):
    """The order is, and yet the model sees something else; rounding is no change."""
    engine, card = asked
    results = tuple(replace(one, score=one.score + by) for one in card.results)
    found = replay(engine, replace(card, results=results))
    assert not found.differences
    assert found.is_same is same
    assert found.largest_score_change == pytest.approx(abs(by), abs=1e-6)


@pytest.mark.parametrize(("apart", "moved"), [(0.0, False), (0.00005, True)])
def test_a_tie_has_no_order(asked, apart, moved):
    """Pictures of one score may change places; those of two scores may not."""
    engine, card = asked
    first, second = card.results[:2]
    before = (
        replace(second, rank=1, score=first.score),
        replace(first, rank=2, score=first.score - apart),
        *card.results[2:],
    )
    found = replay(engine, replace(card, results=before))
    assert {one.change for one in found.differences} == ({Change.MOVED} if moved else set())


# What a category is


def test_a_picture_is_not_compared_with_itself(indexed_gallery):
    """Cohesion is over pairs of two pictures, where they differ by far."""
    found = category_similarity(indexed_gallery.embeddings)
    for name in ("fish", "boat", "cat"):
        ids = indexed_gallery.catalog.pictures.matching(Filters(categories=frozenset({name})))
        rows = indexed_gallery.embeddings.of(ids).astype(float)
        pairs = [rows[i] @ rows[j] for i in range(len(rows)) for j in range(i)]
        assert found.within(name) == pytest.approx(np.mean(pairs), abs=1e-5)
        assert np.mean(pairs) < 0.97


def test_a_name_that_fits_everything_is_no_better_name(indexed_gallery):
    """What every name scores on average is taken away before names are compared."""
    from search_engine.audit.inventory import take_inventory

    inventory = take_inventory(indexed_gallery.embeddings)
    embedder = indexed_gallery.embedder()
    rows = indexed_gallery.embeddings.of(inventory.content_ids).astype(float)

    class Biased:
        def embed_words(self, texts):
            names = embedder.embed_words(texts)
            names[0] = rows.mean(axis=0) / np.linalg.norm(rows.mean(axis=0))
            return names

    found = word_doubt(inventory, Biased())
    fits = rows @ Biased().embed_words(category_queries(inventory.categories)).T
    fits = (fits - fits.mean(axis=0))[inventory.contents]
    own = fits[np.arange(len(fits)), inventory.labels]
    fits[np.arange(len(fits)), inventory.labels] = -np.inf
    assert found.scores == pytest.approx(fits.max(axis=1) - own, abs=1e-4)
    assert (found.suggestions == fits.argmax(axis=1)).mean() > 0.99
    assert (found.suggestions == 0).mean() < 0.2


def test_two_queries_are_compared_picture_by_picture():
    """Each change names the picture by its id, with its own ranks and scores."""
    ids = np.array([7, 20, 31, 400])
    one = AllScores(ids, np.array([0.4, 0.3, 0.2, 0.1], dtype=np.float32))
    two = AllScores(ids, np.array([0.1, 0.2, 0.3, 0.4], dtype=np.float32))
    found = {change.picture_id: change for change in compare_queries(one, two, 2).changes}
    assert found.keys() == set(ids.tolist())
    for place, picture_id in enumerate(ids.tolist()):
        assert (found[picture_id].first_rank, found[picture_id].second_rank) == (
            place + 1,
            4 - place,
        )
        assert found[picture_id].first_score == pytest.approx(one.scores[place])


# What a page asks for


def test_every_filter_of_the_page_reaches_the_search():
    """One by one: each is what the link says, and no other is set."""
    given = {
        "category": (("red",), {"categories": frozenset({"red"})}),
        "tag": (("night",), {"tags": frozenset({"night"})}),
        "path": (("beach",), {"path": "beach"}),
        "dated_from": ("2024-05", {"dated_from": "2024-05"}),
        "dated_to": ("2024-06", {"dated_to": "2024-06"}),
        "orientation": ("portrait", {"orientation": "portrait"}),
        "min_side": (320, {"min_width": 320, "min_height": 320}),
        "min_match": (80.0, {"min_match": 80.0}),
        "min_score": (0.25, {"min_score": 0.25}),
    }
    names = {field.name for field in fields(SearchState)}
    assert given.keys() <= names
    assert filter_form.filters(SearchState()) == Filters(hidden=False)
    for name, (value, expected) in given.items():
        assert filter_form.filters(SearchState(**{name: value})) == Filters(
            **expected, hidden=False
        ), name
    both = filter_form.filters(SearchState(path=("b/", "a/", "b/")))
    assert both == Filters(path=("b/", "a/"), hidden=False)


def test_a_later_page_of_chosen_pictures_shows_those_of_its_place(indexed_gallery, monkeypatch):
    """With the scores of these, in the order that they were chosen in."""
    shown = []
    monkeypatch.setattr(behind, "_A_PAGE", 2)
    monkeypatch.setattr(behind.st, "pagination", lambda *_, **__: 2)
    monkeypatch.setattr(behind.session, "of_collection", str)
    monkeypatch.setattr(behind, "go_where_chosen", lambda *_: None)
    monkeypatch.setattr(
        behind.grid,
        "show_records",
        lambda _, records, *, scores, **__: shown.append(
            ([one.picture_id for one in records], scores)
        ),
    )
    scores = [0.5, 0.4, 0.3, 0.2, 0.1]
    behind.show_chosen(indexed_gallery, [5, 3, 9, 1, 7], "these", key="these", scores=scores)
    assert shown == [([9, 1], {9: 0.3, 1: 0.2})]
