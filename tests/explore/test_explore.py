"""What a collection is like: counts, similarities, the map, labels."""

import numpy as np
import pytest

from search_engine import Filters, SearchEngine, build_collection, plan_build
from search_engine.collection.catalog import Measure
from search_engine.embedding import unit_rows
from search_engine.errors import BadQuery
from search_engine.explore.counts import count_in_steps, nice_edges
from search_engine.explore.labels import rate_labels
from search_engine.explore.picture_map import draw_picture_map
from search_engine.explore.plane_layout import AmongOthers, on_a_plane
from search_engine.explore.similarity import category_similarity, sorted_by_similarity
from search_engine.index.store import CONCRETE_KINDS
from tests.conftest import paint


@pytest.fixture
def engine(pictures, settings, load):
    """Open the collection of coloured pictures."""
    paint(pictures / "loose.png", "red", size=(400, 300), salt=9)
    name, wanted = plan_build(pictures, settings, model_id="colours")
    build_collection(name, wanted, settings, load=load)
    with SearchEngine.open(name, settings, load=load) as opened:
        yield opened


def test_categories_are_summed_up(engine, pictures):
    """Counts, bytes and pixels of each category are those of its files."""
    facts = {one.name: one for one in engine.catalog.statistics.categories()}
    assert list(facts) == ["", "black", "blue", "green", "purple", "red", "yellow"]
    assert (facts[""].pictures, facts["red"].pictures) == (1, 2)
    assert facts[""].mean_pixels == 120_000
    assert facts["red"].mean_pixels == 60 * 40
    files = (pictures / "red").iterdir()
    assert facts["red"].size_bytes == sum(file.stat().st_size for file in files)
    assert facts["red"].first_date <= facts["red"].last_date


@pytest.mark.parametrize("measure", Measure)
def test_every_bar_leads_to_just_its_pictures(engine, measure):
    """The bars count each picture once, and their filters find as many as they say."""
    bars = count_in_steps(engine.catalog, measure)
    assert sum(bar.pictures for bar in bars) == 13
    for bar in bars:
        assert engine.catalog.pictures.count(bar.filters) == bar.pictures
        assert len(engine.catalog.pictures.some(bar.filters, 100)) == bar.pictures


def test_the_large_picture_is_behind_the_last_bar_of_resolution(engine):
    """A bar's filter finds the very pictures that have what it says."""
    last = [bar for bar in count_in_steps(engine.catalog, Measure.RESOLUTION) if bar.pictures][-1]
    assert last.low <= 120_000 < last.high
    assert [record.path for record in engine.catalog.pictures.some(last.filters, 9)] == [
        "loose.png"
    ]


@pytest.mark.parametrize(
    ("low", "high", "edges"),
    [
        (0, 0, [0, 1]),
        (7, 7, [7, 8]),
        (100, 340, [100, 120, 140, 160, 180, 200, 220, 240, 260, 280, 300, 320, 340, 360]),
        (3, 900, [2, 4, 6, 10, 16, 25, 40, 63, 100, 160, 250, 400, 630, 1000]),
        (0, 12, [0, 1, 2, 4, 6, 10, 16]),
    ],
)
def test_edges_are_round_and_enclose_all_values(low, high, edges):
    """Steps are equal where values are close, and five a decade where they are not."""
    assert nice_edges(low, high) == edges


@pytest.mark.parametrize("low", [0, 1, 9, 10, 999, 12_345, 10**9])
@pytest.mark.parametrize("factor", [1, 1.01, 3, 9.99, 10, 1000, 10**6])
def test_edges_enclose_whatever_comes(low, factor):
    """Every value lies in a step, and no step is empty by construction."""
    high = int(low * factor)
    edges = nice_edges(low, high)
    assert edges[0] <= low
    assert high < edges[-1]
    assert edges == sorted(set(edges))
    assert len(edges) < 60


@pytest.mark.parametrize("at_once", [2, 1_024])
def test_similarities_are_those_of_all_pairs(engine, monkeypatch, at_once):
    """Mean cosines equal those of the plain way, a matrix of all pairs."""
    monkeypatch.setattr("search_engine.explore.similarity._ROWS_AT_ONCE", at_once)
    found = category_similarity(engine.embeddings)
    square = found.between(range(len(found.names)))
    assert np.array_equal(found.between([3, 1]), square[np.ix_([3, 1], [3, 1])], equal_nan=True)
    vectors = {}
    for name in found.names:
        ids = engine.catalog.pictures.matching(Filters(categories=frozenset({name})))
        vectors[name] = engine.catalog.vectors.of(engine.manifest.model, ids).astype(float)
    for i, one in enumerate(found.names):
        for j, other in enumerate(found.names):
            pairs = vectors[one] @ vectors[other].T
            if i != j:
                assert square[i, j] == pytest.approx(pairs.mean(), abs=1e-6)
            elif len(pairs) > 1:
                plain = pairs[~np.eye(len(pairs), dtype=bool)].mean()
                assert square[i, i] == pytest.approx(plain, abs=1e-6)
            else:
                assert np.isnan(square[i, i])
        others = {other: square[i, j] for j, other in enumerate(found.names) if j != i}
        name, cosine = found.nearest(one)
        assert cosine == pytest.approx(max(others.values()), abs=1e-6)
        assert others[name] == pytest.approx(cosine, abs=1e-6)
    assert found.nearest("") == ("red", pytest.approx(1, abs=0.01))
    assert found.within("red") > 0.99


def test_the_untypical_picture_comes_last(settings, load, tmp_path):
    """A blue picture among red ones is the least typical of them."""
    for number in range(5):
        paint(tmp_path / f"mixed/reds/{number}.png", "red", salt=number)
    paint(tmp_path / "mixed/reds/odd.png", "blue")
    paint(tmp_path / "mixed/blues/one.png", "blue", salt=3)
    name, wanted = plan_build(tmp_path / "mixed", settings, model_id="colours")
    build_collection(name, wanted, settings, load=load)
    with SearchEngine.open(name, settings, load=load) as engine:
        found = category_similarity(engine.embeddings)
        ids, cosines = sorted_by_similarity(engine.embeddings, "reds", found.centre("reds"))
        paths = [engine.catalog.pictures.by_id([i])[i].path for i in ids.tolist()]
        assert paths[-1] == "reds/odd.png"
        assert cosines[-1] < 0.5 < cosines[0]


def test_alike_pictures_are_neighbours_on_the_map():
    """Of well separated groups, nearly every point's nearest neighbour is of its own group."""
    rng = np.random.default_rng(1)
    centres = rng.normal(size=(6, 64)) * 3
    groups = np.repeat(np.arange(6), 20)
    points = on_a_plane(unit_rows(centres[groups] + rng.normal(size=(120, 64))))
    assert points.min() == 0
    assert points.max() == 1
    distances = np.linalg.norm(points[:, None] - points[None], axis=-1) + np.eye(120) * 9
    assert np.mean(groups[distances.argmin(axis=1)] == groups) > 0.95


@pytest.mark.parametrize("count", [0, 1, 2, 4, 5, 6])
def test_few_pictures_or_equal_ones_have_a_map_too(count):
    """However little there is to lay out, every picture has its point."""
    for vectors in (np.eye(8)[:count], np.eye(8)[np.zeros(count, dtype=int)]):
        points = on_a_plane(vectors.astype(np.float32))
        assert points.shape == (count, 2)
        assert np.isfinite(points).all()
        assert ((points >= 0) & (points <= 1)).all()


def test_the_map_is_drawn_once_and_anew_after_a_change(engine, settings, load, pictures):
    """The map is kept beside the index, survives nonsense in its file, and follows the catalog."""
    first = draw_picture_map(engine.catalog, engine.manifest)
    assert first.laid_out == len(first.picture_ids) == 13
    file = engine.catalog.folder / "map.npz"
    written = file.stat().st_mtime_ns
    again = draw_picture_map(engine.catalog, engine.manifest)
    assert file.stat().st_mtime_ns == written
    np.testing.assert_array_equal(again.points, first.points)
    assert (again.sheet, again.stamp) == (first.sheet, first.stamp)
    file.write_bytes(b"nonsense")
    np.testing.assert_allclose(
        draw_picture_map(engine.catalog, engine.manifest).points, first.points
    )
    paint(pictures / "red/new.png", "red", salt=77)
    name, wanted = plan_build(pictures, settings, model_id="colours")
    build_collection(name, wanted, settings, load=load)
    with SearchEngine.open(name, settings, load=load) as newer:
        changed = draw_picture_map(newer.catalog, newer.manifest)
        assert len(changed.picture_ids) == 14
        assert changed.stamp != first.stamp


def test_of_a_large_collection_a_sample_is_laid_out_and_all_are_there(engine, monkeypatch):
    """Beyond the most that are laid out, any other picture is put among them; no sheet has all."""
    monkeypatch.setattr("search_engine.explore.picture_map.MOST_LAID_OUT", 6)
    monkeypatch.setattr("search_engine.explore.picture_map._SHEET_SIDES", ((6, 64),))
    drawn = draw_picture_map(engine.catalog, engine.manifest)
    assert (len(drawn.picture_ids), drawn.laid_out, drawn.sheet) == (13, 6, b"")
    assert len(set(drawn.sample().tolist())) == 6
    again = draw_picture_map(engine.catalog, engine.manifest)
    np.testing.assert_array_equal(again.points, drawn.points)
    assert again.stamp == drawn.stamp


def test_what_is_put_on_the_map_later_lies_with_its_like():
    """A picture that was not laid out lies in the middle of the ten of its group nearest to it."""
    rng = np.random.default_rng(2)
    centres = rng.normal(size=(5, 32)) * 3
    groups = np.repeat(np.arange(5), 30)
    vectors = unit_rows(centres[groups] + rng.normal(size=(150, 32)))
    points = on_a_plane(vectors)
    placed = AmongOthers(vectors, points).of(
        unit_rows(centres[groups] + rng.normal(size=(150, 32)))
    )
    assert placed.shape == (150, 2)
    middles = np.stack([np.median(points[groups == group], axis=0) for group in range(5)])
    nearest = np.linalg.norm(placed[:, None] - middles[None], axis=-1).argmin(axis=1)
    assert np.mean(nearest == groups) > 0.95


def test_the_sheet_shows_each_picture_at_its_place(engine):
    """The thumbnails on the sheet are in the order of the points."""
    import io

    from PIL import Image

    drawn = draw_picture_map(engine.catalog, engine.manifest)
    sheet = Image.open(io.BytesIO(drawn.sheet)).convert("RGB")
    side, records = drawn.sheet_side, engine.catalog.pictures.by_id(drawn.picture_ids.tolist())
    for place, picture_id in enumerate(drawn.picture_ids.tolist()):
        x, y = place % drawn.sheet_columns, place // drawn.sheet_columns
        pixel = sheet.getpixel((x * side + side // 2, y * side + side // 2))
        category = records[picture_id].category or "red"
        reference = {"red": 0, "green": 1, "blue": 2}
        if category in reference:
            assert int(np.argmax(pixel)) == reference[category]


def test_labels_are_rated_as_clip_does(engine, embedder):
    """The softmax uses the model's temperature, sums to one, and keeps the order of cosines."""
    picture = engine.encode("red").vector
    rated = rate_labels(embedder, picture, ["blue", " red ", "red", "", "green"])
    assert [one.label for one in rated][:1] == ["red"]
    assert len(rated) == 3
    assert sum(one.probability for one in rated) == pytest.approx(1)
    ratio = np.log(rated[0].probability / rated[1].probability)
    assert ratio == pytest.approx(10 * (rated[0].score - rated[1].score), rel=1e-4)


def test_labels_go_into_the_template(embedder, engine):
    """What is compared is the template with the label in it; without a place it is refused."""
    rated = rate_labels(embedder, engine.encode("red").vector, ["red"], "a photo of a {}")
    assert rated[0].text == "a photo of a red"
    with pytest.raises(BadQuery, match="no place for the words"):
        rate_labels(embedder, engine.encode("red").vector, ["red"], "a photo")
    with pytest.raises(BadQuery, match="no label"):
        rate_labels(embedder, engine.encode("red").vector, ["", " "])


def test_a_model_without_a_temperature_gives_no_probabilities(embedder, engine):
    """Where a softmax would be invented, there is none."""
    embedder.logit_scale = None
    rated = rate_labels(embedder, engine.encode("red").vector, ["red", "blue"])
    assert [one.probability for one in rated] == [None, None]


def test_a_model_with_a_bias_rates_each_label_by_itself(embedder, engine):
    """Its sigmoid lets none be likely, or several, and other labels change nothing."""
    picture = engine.encode("red").vector
    embedder.logit_bias = -9.0
    rated = rate_labels(embedder, picture, ["red", "blue", "green"])
    for one in rated:
        assert one.probability == pytest.approx(1 / (1 + np.exp(9 - 10 * one.score)))
    assert rate_labels(embedder, picture, ["blue"])[0] in rated
    embedder.logit_bias = -900.0
    assert sum(one.probability for one in rate_labels(embedder, picture, ["red"])) < 1e-9


@pytest.mark.parametrize("kind", CONCRETE_KINDS)
def test_all_scores_agree_with_the_ranking(pictures, settings, load, kind):
    """Under every kind, the scores of all pictures are those that a search of all gives."""
    name, wanted = plan_build(pictures, settings, model_id="colours", kind=kind)
    build_collection(name, wanted, settings, load=load)
    with SearchEngine.open(name, settings, load=load) as engine:
        every = engine.score_all("red - blue")
        results = engine.search("red - blue", k=100).results
        assert every.all.picture_ids.tolist() == sorted(r.record.picture_id for r in results)
        scores = dict(zip(every.all.picture_ids.tolist(), every.all.scores, strict=True))
        for result in results:
            assert scores[result.record.picture_id] == pytest.approx(result.score, abs=1e-5)
        assert len(engine.score_all("red", Filters(path="red/")).all.scores) == 2
        assert len(engine.score_all("red", Filters(min_score=0.99)).all.scores) == 2


def test_all_scores_leave_removed_pictures_out(pictures, settings, load):
    """A slot whose picture went scores nothing, and ids stay with their scores."""
    name, wanted = plan_build(pictures, settings, model_id="colours")
    build_collection(name, wanted, settings, load=load)
    (pictures / "black/0.png").unlink()
    build_collection(name, wanted, settings, load=load)
    with SearchEngine.open(name, settings, load=load) as engine:
        every = engine.score_all("purple").all
        best = engine.search("purple", k=1).results[0]
        assert len(every.scores) == 11
        top = int(every.picture_ids[np.argmax(every.scores)])
        assert every.scores.max() == pytest.approx(best.score, abs=1e-6)
        assert engine.catalog.pictures.by_id([top])[top].category == "purple"


def test_when_each_picture_was_taken_is_a_number(engine):
    """By the camera where the file says it, else when the file was last changed."""
    from datetime import UTC, datetime

    ids, seconds = engine.catalog.statistics.seconds()
    records = engine.records(ids.tolist())
    assert ids.tolist() == sorted(records)
    for picture_id, moment in zip(ids.tolist(), seconds.tolist(), strict=True):
        one = records[picture_id]
        taken = one.taken_at and datetime.fromisoformat(one.taken_at).replace(tzinfo=UTC)
        assert moment == (taken.timestamp() if taken else one.modified_ns // 10**9)
