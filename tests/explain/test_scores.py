"""A score is taken apart into terms and words, and the parts are those of the score shown."""

import numpy as np
import pytest

from pages.ui.search.example_queries import SAMPLE_QUERIES
from search_engine import Filters, Query, SearchEngine, build_collection, plan_build
from search_engine.embedding import load_embedder, unit_rows
from search_engine.errors import BadQuery
from search_engine.explain.explanation import contributions
from search_engine.explain.negation import negation_in
from search_engine.explain.word_effects import MOST_WORDS, shortened
from search_engine.index import faiss_indexes
from search_engine.index.store import CONCRETE_KINDS
from search_engine.query import QueryEncoder
from search_engine.sample import draw_gallery, read_truth
from search_engine.settings import MINI_MODEL, Settings

EMPTY_WORDS = {"a", "an", "the", "at", "in", "on"}

QUERIES = (
    "a red fish",
    "a red fish + 0.5:a boat at night - 2:#12",
    "a cat - a kitten",  # nearly cancel each other out
    "a red fish - 0.999:a red fish + 0.001:snow",
)


@pytest.fixture(scope="module", params=CONCRETE_KINDS)
def engine(request, tmp_path_factory):
    """Drawings under every kind of index, the approximate ones truly approximate."""
    root = tmp_path_factory.mktemp("scores")
    settings = Settings(root / "data")
    draw_gallery(root / "drawings", pictures=150)
    name, wanted = plan_build(root / "drawings", settings, model_id=MINI_MODEL, kind=request.param)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(faiss_indexes, "APPROXIMATE_FROM", 50)
        build_collection(name, wanted, settings)
        with SearchEngine.open(name, settings) as opened:
            yield opened


@pytest.mark.parametrize("query", QUERIES)
def test_the_parts_sum_to_the_score_that_is_shown(engine, query):
    """Under every kind of index, and where the terms nearly cancel, within 1e-6."""
    answer = engine.search(query, k=30)
    ids = np.array([result.record.picture_id for result in answer.results])
    shares = answer.encoded.shares(engine.catalog.vectors.of(engine.manifest.model, ids))
    shown = np.array([result.score for result in answer.results])
    assert np.abs(shares.sum(axis=1) - shown).max() < 1e-6


def test_an_explanation_is_about_the_picture_and_its_rank(engine):
    """Score and rank are those of the search; each contribution is weight × cosine / length."""
    query = "a red fish + 0.5:a boat - night"
    answer = engine.search(query, k=3)
    third = answer.results[2]
    found = engine.explain(query, third.record.picture_id)
    assert found.rank == 3
    assert found.score == pytest.approx(third.score, abs=1e-6)
    assert sum(one.contribution for one in found.terms) == pytest.approx(third.score, abs=1e-6)
    for one in found.terms:
        expected = one.term.weight * one.cosine / answer.encoded.length
        assert one.contribution == pytest.approx(expected)


def test_the_word_that_names_the_thing_carries_the_score(engine):
    """Without “fish” a picture of a fish falls; a word that says nothing changes little."""
    fish = engine.search("a photo of a fish", k=1).results[0]
    assert fish.record.category == "fish"
    words = engine.explain("a photo of a fish", fish.record.picture_id).words
    assert [one.word for one in words] == ["a", "photo", "of", "a", "fish"]
    heaviest = max(words, key=lambda one: one.difference)
    assert heaviest.word == "fish"
    assert heaviest.rank_without > 5
    assert heaviest.mean_difference > 0.1
    plain = engine.explain("a photo of a", fish.record.picture_id)
    assert heaviest.score_without == pytest.approx(plain.score, abs=1e-6)
    found = engine.explain("a photo of a fish", fish.record.picture_id)
    above, above_plain = fish.score - found.mean_score, plain.score - plain.mean_score
    assert heaviest.difference == pytest.approx(above - above_plain, abs=1e-6)
    everything = engine.score_all("a photo of a").all.scores
    assert heaviest.mean_score_without == pytest.approx(everything.mean(), abs=2e-4)
    assert heaviest.rank_without == plain.rank
    assert abs(words[1].difference) < heaviest.difference / 2


def test_filters_change_ranks_and_not_scores(engine):
    """Among the fish alone, a fish ranks as the filtered search ranks it."""
    only = Filters(categories=frozenset(["fish"]))
    second = engine.search("night", k=2, filters=only).results[1]
    found = engine.explain("night", second.record.picture_id, only)
    assert (found.rank, found.words) == (2, ())
    boat = engine.search("a boat", k=1).results[0]
    assert engine.explain("night", boat.record.picture_id, only).rank is None


def test_the_words_of_a_query_speak_for_what_answers_it(engine):
    """Of the content words of the offered queries, a quarter at most lowers its best answer."""
    raw, centred = [], []
    for query in SAMPLE_QUERIES:
        best = engine.search(query, k=1).results[0].record.picture_id
        found = engine.explain(query, best)
        words = [one for one in found.words if one.word not in EMPTY_WORDS]
        raw += [found.score - one.score_without for one in words]
        centred += [one.difference for one in words]
    assert len(centred) == 16
    assert sum(difference < 0 for difference in raw) >= 8  # what made them seem to
    assert sum(difference < 0 for difference in centred) <= 4


def test_a_word_is_weighed_in_sums_as_it_is_alone(engine):
    """In sums “fish” still carries a fish; what is taken away counts against pictures of it."""
    fish = engine.search("a red fish", k=1).results[0].record.picture_id
    for query in ("2:a red fish - night", "a red fish + 0.5:a boat", "a red fish - 1:night"):
        words = {(one.term, one.word): one for one in engine.explain(query, fish).words}
        assert words[0, "fish"].difference > 0.05
    query = "a tree - night"
    scored = engine.score_all(query)
    grounds = {one.path: one.scene.background for one in read_truth(engine.collection.root)}
    night = next(
        one.record.picture_id
        for one in engine.search("night", k=60).results
        if grounds[one.record.path] == "night"
    )
    best = engine.search(query, k=1).results[0].record.picture_id
    of_night = engine.explain(query, night).words[-1]
    of_best = engine.explain(query, best).words[-1]
    assert of_night.word == of_best.word == "night"
    assert of_night.difference < 0 < of_best.difference
    assert len(scored.all.scores) == len(engine)


def test_the_mean_effect_is_that_of_the_pictures_that_pass(engine):
    """Under a filter a word is averaged over the best that pass it, and means stay those of all."""
    only = Filters(categories=frozenset(["tree"]))
    fish = engine.search("a photo of a fish", k=1).results[0].record.picture_id
    passing = engine.explain("a photo of a fish", fish, only)
    of_all = engine.explain("a photo of a fish", fish)
    assert passing.mean_score == of_all.mean_score
    best = engine.search("a photo of a fish", 10, only).results
    apart = [engine.explain("a photo of a fish", one.record.picture_id).words[-1] for one in best]
    expected = np.mean([one.difference for one in apart])
    assert passing.words[-1].mean_difference == pytest.approx(expected, abs=1e-5)
    assert of_all.words[-1].mean_difference > passing.words[-1].mean_difference + 0.05


def test_a_picture_that_is_not_there_is_named(engine):
    """An unknown id is refused with a way to find one."""
    with pytest.raises(BadQuery, match="#9999"):
        engine.explain("a fish", 9999)


def test_leaving_words_out():
    """Each word goes once, a term of one word as a whole, and nothing is asked for nothing."""
    left = [str(one.query) for one in shortened(Query.parse("a red fish - 2:night + #3"))]
    assert left == [
        "red fish - 2:night + #3", "a fish - 2:night + #3", "a red - 2:night + #3",
        "a red fish + #3",
    ]  # fmt: skip
    assert shortened(Query.parse("fish")) == []
    assert len(shortened(Query.words("word " * 100))) == MOST_WORDS


def test_parts_of_terms_that_nearly_cancel_are_exact():
    """Parts a hundred times as large as what they leave still sum to the score."""
    embedder = load_embedder(MINI_MODEL, Settings.from_environment())
    encoder = QueryEncoder(lambda: embedder, lambda _: None)
    encoded = encoder.encode(Query.parse("a red fish - 0.9998:a red fish"))
    vector = unit_rows(np.random.default_rng(0).normal(size=256))
    parts = contributions(encoded, vector, np.zeros_like(vector))
    assert abs(parts[0].contribution) > 100 * abs(parts[0].cosine)
    score = float(vector @ encoded.vector)
    assert sum(one.contribution for one in parts) == pytest.approx(score, abs=1e-6)


def test_taking_away_does_what_a_no_does_not(engine):
    """“A fish without snow” finds snow; the query that is offered instead finds none."""
    grounds = {one.path: one.scene.background for one in read_truth(engine.collection.root)}

    def in_snow(query):
        results = engine.search(query, k=5).results
        return sum(grounds[result.record.path] == "snow" for result in results)

    for kind in ("fish", "boat", "crown", "tree"):
        asked = Query.parse(f"a {kind} without snow")
        assert in_snow(asked) >= 3
        assert in_snow(negation_in(asked).suggestion) == 0
