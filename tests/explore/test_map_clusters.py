"""Groups on the map are called by what is in them."""

import json
import os
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from search_engine import SearchEngine, build_collection, plan_build
from search_engine.calibration.background_texts import BackgroundText, BackgroundTexts
from search_engine.calibration.named_words import named_words
from search_engine.explore import draw_picture_map, name_clusters
from search_engine.explore.plane_layout import on_a_plane
from search_engine.records.background import BackgroundVectors
from search_engine.settings import MINI_MODEL, Settings

OWN_WORDS = {
    "apple_pie": {"pie"}, "guacamole": {"guacamole", "avocado"}, "hamburger": {"hamburger"},
    "ice_cream": {"icecream"}, "sushi": {"sushi"},
}  # fmt: skip
KINDS = ("boat", "cat", "crown", "fish", "house", "tree", "umbrella", "star")


@pytest.fixture(scope="module")
def flat(drawn_gallery, tmp_path_factory):
    """Drawings of eight kinds in one folder, so that nothing but their looks tells the kind."""
    root = tmp_path_factory.mktemp("flat")
    gallery, _ = drawn_gallery
    (root / "drawings").mkdir()
    for kind in KINDS:
        for file in sorted((gallery / kind).glob("*.jpg")):
            (root / "drawings" / f"{kind}-{file.name}").write_bytes(file.read_bytes())
    settings = Settings(root / "data")
    name, wanted = plan_build(root / "drawings", settings, model_id=MINI_MODEL)
    build_collection(name, wanted, settings)
    with SearchEngine.open(name, settings) as engine:
        yield engine


def test_a_group_of_the_gallery_is_called_by_the_kind_that_was_drawn(flat):
    """Where folders say nothing, groups of drawings get the names of their kinds by words alone."""
    drawn = draw_picture_map(flat.catalog, flat.manifest)
    vectors = flat.embeddings.of(drawn.picture_ids)
    groups = name_clusters(drawn.points, vectors, *flat.words(), [""] * len(vectors))
    records = flat.records(drawn.picture_ids.tolist())
    kinds = [records[one].path.partition("-")[0] for one in drawn.picture_ids.tolist()]
    assert len(groups) >= 5  # two kinds may lie side by side, as a processor rounds
    right = 0
    for group in groups:
        away = np.linalg.norm(drawn.points - (group.x, group.y), axis=1)
        nearest = np.argsort(away)[: group.pictures]
        kind, _ = Counter(kinds[at] for at in nearest).most_common(1)[0]
        right += kind in group.name.split()
    assert right >= 0.85 * len(groups), [(group.name, group.pictures) for group in groups]


def test_a_category_names_what_no_word_does():
    """Where words say nothing, a group mostly of one category has its name; a mixture none."""
    turn, out = np.arange(8) * 2.4, np.sqrt(np.arange(8))[:, None] * 0.01
    disc = np.stack([np.cos(turn), np.sin(turn)], axis=1) * out
    points = np.concatenate([disc + at for at in (0.2, 0.5, 0.8)]).astype("f4")
    vectors = np.eye(3, dtype="f4")[np.repeat(np.arange(3), 8)]
    categories = ["dogs"] * 8 + ["cats", "cars", "trees", "boats"] * 2 + ["planes"] * 8
    no_words = (), np.empty((0, 3), dtype="f4")
    found = name_clusters(points, vectors, *no_words, categories)
    assert {group.name for group in found} == {"dogs", "planes"}
    words = ("sky", "anything"), np.array([[0, 0, 1], [1, 1, 1]], dtype="f4") / [[1], [3**0.5]]
    found = name_clusters(points, vectors, *words, categories)
    assert {group.name: round(group.x, 1) for group in found} == {"dogs": 0.2, "sky": 0.8}


def test_words_that_several_texts_share_are_names_too():
    """“Fish” is what a red and a blue fish have in common; an article is no part of a name."""
    texts = BackgroundTexts(
        tuple(map(BackgroundText, ("a red fish", "a blue fish", "a green fish", "a red car")))
    )
    vectors = np.eye(4, dtype=np.float32)
    words, of_words = named_words(texts, BackgroundVectors(texts.digest, vectors, 20.0))
    assert words == ("red fish", "blue fish", "green fish", "red car", "fish")
    np.testing.assert_allclose(of_words[4], np.array([1, 1, 1, 0]) / 3**0.5, rtol=1e-6)


def test_real_groups_are_called_by_their_dish():
    """Of real vectors of dishes, most groups have a word of the dish that most of them show."""
    folder = os.environ.get("IMAGE_SEARCH_VECTORS")
    if not folder:
        pytest.skip("IMAGE_SEARCH_VECTORS names no folder of real vectors")

    def read(name):
        return np.load(Path(folder) / name, allow_pickle=False).astype(np.float32)

    def listed(name):
        return json.loads((Path(folder) / name).read_text("utf-8"))

    dishes = listed("dishes.json")
    vectors = np.concatenate([read("dishes.npy"), read("photographs.npy")])
    points, names = on_a_plane(vectors), listed("lvis1203_names.json")
    found = name_clusters(points, vectors, names, read("lvis1203_texts.npy"), [""] * len(vectors))
    called = {}
    for group in found:
        near = np.linalg.norm(points - (group.x, group.y), axis=1).argsort()[: group.pictures]
        dish, count = (
            Counter(dishes[at] for at in near if at < len(dishes)).most_common(1)[0]
            if any(at < len(dishes) for at in near)
            else ("", 0)
        )
        if count > 0.6 * group.pictures:
            called[group.name] = dish
    right = [name for name, dish in called.items() if name in OWN_WORDS[dish]]
    assert len(called) >= 5
    assert len(right) >= 0.7 * len(called), called
