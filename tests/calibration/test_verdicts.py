"""The verdict says whether something is there at all, judged by the bundled model."""

import pytest

from search_engine import Filters, SearchEngine, build_collection, plan_build
from search_engine.calibration.probability import CLEAR, THRESHOLD
from search_engine.calibration.verdict import Presence
from search_engine.embedding import load_embedder
from search_engine.settings import MINI_MODEL


@pytest.mark.parametrize("query", ["a cat", "umbrella", "a photo of a train", "a blue boat"])
def test_what_is_there_is_found_clearly(gallery, query):
    """The verdict is clear, and the best results are matches of the right kind."""
    answer = gallery.search(query)
    assert answer.verdict.presence is Presence.CLEAR
    assert answer.verdict.best_match == max(result.match for result in answer.results)
    assert answer.verdict.best_match >= CLEAR
    assert answer.results[0].record.category in query
    matches = [result for result in answer.results if result.match >= THRESHOLD]
    assert answer.verdict.matches == len(matches)


@pytest.mark.parametrize("query", ["xyzzy plugh", "asdfghjk", "a tax form", "a donkey"])
def test_what_is_not_there_is_said_to_be_missing(gallery, query):
    """Struck keys, unknown words, and a word that holds another's letters."""
    verdict = gallery.search(query).verdict
    assert verdict.presence is Presence.ABSENT
    assert verdict.text == "probably not in this collection"
    assert (verdict.matches, verdict.best_match < THRESHOLD) == (0, True)


def test_filters_change_no_match_but_the_verdict(gallery):
    """A fish is in the collection, but none is among the boats, and that is what is said."""
    everything = {r.record.picture_id: r.match for r in gallery.search("a fish", k=200).results}
    boats = gallery.search("a fish", filters=Filters(categories=frozenset({"boat"})))
    assert boats.verdict.text == "probably not among the filtered pictures"
    for result in boats.results:
        assert result.match == pytest.approx(everything[result.record.picture_id], abs=0.01)


def test_taking_away_makes_no_match_of_what_was_not_asked_for(gallery):
    """Pictures far from the night are no fish for that."""
    answer = gallery.search("a fish - night", k=60)
    assert answer.verdict.presence is Presence.CLEAR
    alone = {r.record.picture_id: r.match for r in gallery.search("a fish", k=200).results}
    for result in answer.results:
        assert result.match <= alone[result.record.picture_id] + 0.01
    everything = gallery.score_all("a fish - night")
    of_all = dict(zip(everything.all.picture_ids.tolist(), everything.matches, strict=True))
    for result in answer.results:
        assert result.match == pytest.approx(of_all[result.record.picture_id], abs=0.05)


def test_a_query_that_only_takes_away_has_no_verdict(gallery):
    """There is nothing that a picture could match."""
    answer = gallery.search("- night")
    assert answer.verdict is None
    assert {result.match for result in answer.results} == {None}
    assert gallery.score_all("- night").matches is None


def test_that_a_picture_is_like_itself_is_no_verdict(gallery):
    """An example matches itself fully, and is not what the verdict is about."""
    answer = gallery.search("#7")
    assert answer.results[0].match > 99
    assert answer.verdict.best_match == max(result.match for result in answer.results[1:])
    assert answer.verdict.by_picture
    only = gallery.search("#7", filters=Filters(path=answer.results[0].record.path))
    assert only.verdict is None


def test_all_scores_have_the_matches_of_the_results(gallery):
    """The page of scores and the grid say the same of a picture."""
    scored = gallery.score_all("a cat")
    of_all = dict(zip(scored.all.picture_ids.tolist(), scored.matches.tolist(), strict=True))
    answer = gallery.search("a cat")
    for result in answer.results:
        assert result.match == pytest.approx(of_all[result.record.picture_id], abs=0.01)
    above, match = scored.all.scores >= scored.cut_score, scored.matches >= THRESHOLD
    assert (above == match).mean() > 0.98
    assert match[above].mean() > 0.8


def test_a_collection_of_one_kind_has_that_kind(gallery, settings, tmp_path):
    """Where every picture shows a cat, a cat is not taken for the average of nothing."""
    root = gallery.collection.root
    folder = tmp_path / "cats"
    folder.mkdir()
    for picture in (root / "cat").iterdir():
        (folder / picture.name).write_bytes(picture.read_bytes())
    name, wanted = plan_build(folder, settings, model_id=MINI_MODEL)
    build_collection(name, wanted, settings)
    with SearchEngine.open(name, settings) as engine:
        assert engine.search("a cat").verdict.presence is not Presence.ABSENT
        assert engine.search("a rocket").verdict.presence is Presence.ABSENT
        assert engine.search("qwrtzp").verdict.presence is Presence.ABSENT


def test_the_bundled_model_is_what_these_tests_are_about(gallery):
    """The gallery here is judged by the real model, not by a stand-in."""
    assert (
        gallery.manifest.model.fingerprint
        == load_embedder(MINI_MODEL, gallery.settings).card.fingerprint
    )


def test_the_count_of_matches_is_that_of_the_results_shown(gallery):
    """An example is counted where it is shown as a match, whatever the verdict on the others."""
    picture_id = gallery.search("a cat", 1).results[0].record.picture_id
    for query in (f"#{picture_id}", f"#{picture_id} + snow", "a cat", "xyzzy blorp"):
        answer = gallery.search(query, 5)
        assert answer.verdict.matches == sum(result.match >= THRESHOLD for result in answer.results)
