"""All that matches and nothing else: in an order, in groups, on the command line and in JSON."""

import json
from dataclasses import replace

import numpy as np
import pytest

from search_engine import Filters, SearchEngine, build_collection, plan_build
from search_engine.calibration import THRESHOLD
from search_engine.calibration.stored import CALIBRATION_FILE
from search_engine.errors import BadInput, BadQuery, CollectionError
from search_engine.records import SearchResult
from search_engine.search import Grouping, Order, all_matches, in_groups, in_order
from search_engine.settings import DATA_VARIABLE


def test_all_that_match_are_found_and_nothing_else(gallery):
    """More than a page of them, best first, each with the rank of its cosine among all."""
    scored = gallery.score_all("an animal")
    found = all_matches(gallery, "an animal")
    over = scored.all.picture_ids[scored.matches >= THRESHOLD]
    assert sorted(one.record.picture_id for one in found.results) == over.tolist()
    assert len(over) > 10
    matches = [one.match for one in found.results]
    assert matches == sorted(matches, reverse=True)
    ranks = {one.record.picture_id: one.rank for one in found.results}
    best = gallery.search("an animal", k=len(gallery)).results
    assert ranks.items() <= {one.record.picture_id: one.rank for one in best}.items()
    assert found.verdict.matches == len(over)


def test_each_text_is_compared_with_all_pictures_once(gallery, monkeypatch):
    """The query's own vector, too: a walk over a million pictures takes a tenth of a second."""
    walked, walk = [], gallery.store.score_many

    def noted(vectors):
        walked.extend(vectors)
        return walk(vectors)

    monkeypatch.setattr(gallery.store, "score_many", noted)
    gallery.score_all("an animal")
    texts = np.stack(walked)
    alike = np.triu(texts @ texts.T, k=1)
    assert len(texts) > 10
    assert alike.max() < 0.9999


def test_filters_restrict_them(gallery):
    """By what lets through, and by the least score."""
    cats = all_matches(gallery, "an animal", Filters(categories=frozenset({"cat"})))
    assert {one.record.category for one in cats.results} == {"cat"}
    high = all_matches(gallery, "an animal", Filters(min_score=0.35)).results
    assert 0 < len(high) < len(all_matches(gallery, "an animal").results)
    assert min(one.score for one in high) >= 0.35


@pytest.mark.parametrize("threshold", [5, 50, 95])
def test_a_threshold_of_ones_own(gallery, threshold):
    """All that have as much of a match, which says itself how many stand out."""
    scored = gallery.score_all("an animal")
    found = all_matches(gallery, "an animal", threshold=threshold)
    over = scored.all.picture_ids[scored.matches >= threshold]
    assert sorted(one.record.picture_id for one in found.results) == over.tolist()
    assert (found.verdict.matches, found.verdict.cut_match) == (len(over), threshold)
    assert all(one.stands_out is (one.match >= THRESHOLD) for one in found.results)
    assert (found.verdict.cut_score is None) is (threshold != THRESHOLD)


def test_a_threshold_that_no_picture_can_have(gallery):
    """Or one above what is there."""
    for wrong in (-1, 101):
        with pytest.raises(BadInput, match="from 0 to 100"):
            all_matches(gallery, "an animal", threshold=wrong)
    best = gallery.search("a tax form").verdict.best_match
    assert all_matches(gallery, "a tax form", threshold=best + 1).results == ()
    assert len(all_matches(gallery, "a tax form", threshold=best / 2).results) > 0


def test_what_is_not_here_has_no_matches(gallery):
    """And a query that only takes away cannot have any."""
    answer = all_matches(gallery, "a tax form")
    assert (answer.results, answer.verdict.matches) == ((), 0)
    with pytest.raises(BadQuery, match="only excludes"):
        all_matches(gallery, "- night")
    with pytest.raises(BadQuery, match="only excludes"):
        gallery.measure.precision("- night")


def test_without_a_calibration_it_says_what_to_do(pictures, settings, load, monkeypatch):
    """Nothing can be told to match."""
    name, wanted = plan_build(pictures, settings, model_id="colours")
    build_collection(name, wanted, settings, load=load)
    (settings.collections_folder / name / CALIBRATION_FILE).unlink()
    monkeypatch.setattr("search_engine.calibration.calibrator.QUICK_UP_TO", 3)
    with SearchEngine.open(name, settings, load=load) as engine:
        for asked in (lambda: all_matches(engine, "red"), lambda: engine.measure.precision("red")):
            with pytest.raises(CollectionError, match="Update it"):
                asked()


@pytest.fixture
def results(gallery):
    """Three of different dates, names and sizes."""
    records = [one.record for one in gallery.search("a cat", 3).results]
    given = [
        ("b/Zebra.jpg", "2024-05-03T10:00:00", 90, "b", 70.0),
        ("a/apple.jpg", "2024-05-20T09:00:00", 10, "a", 99.0),
        ("c/Lion.jpg", "2023-12-31T23:59:59", 50, None, 80.0),
    ]
    return [
        SearchResult(
            rank,
            replace(one, path=path, taken_at=day, dated_by="camera", width=side, category=category),
            0.3,
            match,
        )
        for rank, (one, (path, day, side, category, match)) in enumerate(
            zip(records, given, strict=True), 1
        )
    ]


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        (Order.MATCH, ["a/apple.jpg", "c/Lion.jpg", "b/Zebra.jpg"]),
        (Order.DATE, ["a/apple.jpg", "b/Zebra.jpg", "c/Lion.jpg"]),
        (Order.NAME, ["a/apple.jpg", "c/Lion.jpg", "b/Zebra.jpg"]),
        (Order.SIZE, ["b/Zebra.jpg", "c/Lion.jpg", "a/apple.jpg"]),
    ],
)
def test_matches_are_put_in_order(results, order, expected):
    """Best, newest, by name whatever its case, largest."""
    assert [one.record.path for one in in_order(results, order)] == expected


@pytest.mark.parametrize(
    ("grouping", "expected"),
    [
        (Grouping.DAY, ["2024-05-20", "2024-05-03", "2023-12-31"]),
        (Grouping.MONTH, ["2024-05", "2023-12"]),
        (Grouping.CATEGORY, ["", "a", "b"]),
    ],
)
def test_matches_are_put_apart(results, grouping, expected):
    """Newest days and months first; a picture without a category is in none."""
    groups = in_groups(in_order(results, Order.NAME), grouping)
    assert list(groups) == expected
    assert sum(map(len, groups.values())) == 3
    if grouping is Grouping.MONTH:
        assert [one.record.path for one in groups["2024-05"]] == ["a/apple.jpg", "b/Zebra.jpg"]


@pytest.fixture
def ask(run, gallery, monkeypatch):
    monkeypatch.setenv(DATA_VARIABLE, str(gallery.settings.data_folder))
    return lambda *options: run("search", "an animal", *options)


def test_the_command_line_shows_them_in_groups(ask, gallery):
    """All without -k; as JSON the ids in the order in which people read them."""
    code, out, _ = ask("--matches", "--group", "category", "--sort", "name")
    count = len(all_matches(gallery, "an animal").results)
    assert code == 0
    assert f"{count} strong matches" in out
    shown = [line for line in out.splitlines() if line.endswith(":")]
    assert shown == sorted(shown)
    assert "cat:" in shown
    assert out.count("  #") == count
    assert "Weaker" not in out
    answer = json.loads(ask("--matches", "--group", "category", "--sort", "name", "--json")[1])
    assert [group["name"] + ":" for group in answer["shown"]] == shown
    paths = {one["picture_id"]: one["path"] for one in answer["results"]}
    for group in answer["shown"]:
        names = [paths[picture_id].rpartition("/")[2] for picture_id in group["picture_ids"]]
        assert names == sorted(names)
    few = json.loads(ask("--matches", "-k", "3", "--json")[1])
    assert [len(few["results"]), few["verdict"]["matches"]] == [3, count]


def test_the_usual_answer_tells_the_order_of_match(ask):
    """Results stay by cosine, as other programs expect them; they are those that are shown."""
    answer = json.loads(ask("-k", "20", "--json")[1])
    ranks = [one["rank"] for one in answer["results"]]
    assert (len(ranks), ranks) == (20, sorted(ranks))
    matches = {one["picture_id"]: one["match"] for one in answer["results"]}
    (group,) = answer["shown"]
    shown = [matches[picture_id] for picture_id in group["picture_ids"]]
    assert (group["name"], shown) == (None, sorted(matches.values(), reverse=True))


@pytest.mark.parametrize(
    "options",
    [["--sort", "date"], ["--group", "day"], ["--matches", "--leave-out-examples"],
     ["--matches", "--save", "x"]],
)  # fmt: skip
def test_options_that_contradict_are_refused(ask, options):
    """With what to do instead."""
    code, _, err = ask(*options)
    assert code == 3
    assert "--matches" in err
