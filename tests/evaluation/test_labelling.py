"""Folders at any level are categories, and folders named by codes are asked for by their names."""

import numpy as np
import pytest

from search_engine.collection.catalog import Catalog
from search_engine.embedding import unit_rows
from search_engine.errors import BadInput, NeedsCategories
from search_engine.evaluation import Labelling, names_from
from search_engine.evaluation.category_names import remarks_on_categories, remarks_on_names
from search_engine.evaluation.retrieval import RetrievalOptions, measure_retrieval
from search_engine.evaluation.templates import compare_templates
from search_engine.records import ModelCard, PictureFacts, PictureFile, folder_at

CARD = ModelCard("by hand", "by hand", 2)
NAMES = names_from(b"n00001,tench,Tinca tinca\nn00002,goldfish\nn00003,eel", "names.csv")
PICTURES = {
    "train/n00001/1.jpg": [1, 0.1], "train/n00002/1.jpg": [0.1, 1], "val/n00001/2.jpg": [1, 0.2],
    "val/n00002/deep/2.jpg": [0.2, 1], "train/loose.jpg": [1, 1], "top.jpg": [-1, 1],
}  # fmt: skip


class Fishes:
    """Embeds a question about a tench one way, one about a goldfish another, all else between."""

    card = CARD

    def embed_words(self, texts):
        known = {"tench": [1, 0], "goldfish": [0, 1]}
        rows = [next((v for word, v in known.items() if word in text), [1, 1]) for text in texts]
        return unit_rows(np.array(rows, dtype=float))


@pytest.fixture
def catalog(tmp_path):
    """Two codes below two parts of a data set, and pictures beside them."""
    with Catalog.create(tmp_path / "fishes") as made:
        for number, (path, vector) in enumerate(PICTURES.items()):
            picture = made.pictures.add(PictureFile(path, 1, 1), PictureFacts(f"{number}", 4, 4))
            made.vectors.put(CARD, [picture], list(unit_rows(np.array([vector], dtype=float))))
        yield made


def measured(catalog, level=1, names=None, **wanted):
    labelling = Labelling(level, names) if names else Labelling(level)
    options = RetrievalOptions(labelling=labelling, **wanted)
    return measure_retrieval(catalog, Fishes(), options, lambda _: None)


def test_a_folder_is_counted_from_the_root():
    """The file itself is no folder, and Café is one name in either spelling."""
    path = "train/cafe\u0301/deep/1.jpg"
    assert [folder_at(path, level) for level in (1, 2, 3, 4, 9)] == [
        "train", "caf\u00e9", "deep", None, None,
    ]  # fmt: skip
    assert folder_at("1.jpg", 1) is None


def test_the_catalog_counts_folders_at_every_level(catalog):
    """By name, wherever they lie; pictures that lie less deep have none."""
    levels = catalog.statistics.folder_levels()
    assert [(one.level, one.names, one.pictures) for one in levels] == [
        (1, ("train", "val"), 5), (2, ("n00001", "n00002"), 4), (3, ("deep",), 1),
    ]  # fmt: skip
    names, ids, numbers = catalog.statistics.category_numbers(2)
    assert names == ["", "n00001", "n00002"]
    assert ids.tolist() == [1, 2, 3, 4, 5, 6]
    assert numbers.tolist() == [1, 2, 1, 2, 0, 0]
    first = catalog.statistics.category_numbers(1)
    assert first[0] == ["", "train", "val"]
    assert catalog.statistics._numbers_at(1)[0] == first[0]
    assert catalog.statistics._numbers_at(1)[2].tolist() == first[2].tolist()


def test_the_level_makes_one_category_of_all_parts(catalog):
    """Pictures of train and val are of one category; those without a folder there of none."""
    assert [one.name for one in measured(catalog).categories] == ["train", "val"]
    found = measured(catalog, 2, NAMES, k=2)
    assert [(one.name, one.pictures) for one in found.categories] == [("n00001", 2), ("n00002", 2)]
    assert found.labelled.without == 2
    assert found.mean_average_precision.value == 1


def test_the_names_are_what_is_asked_for(catalog):
    """The first name of each; without a file the code itself, which says nothing."""
    found = measured(catalog, 2, NAMES)
    assert [one.query for one in found.categories] == [
        "a photo of a tench",
        "a photo of a goldfish",
    ]
    assert found.zero_shot.top_1.value == 1
    plain = measured(catalog, 2)
    assert [one.query for one in plain.categories] == ["a photo of a n00001", "a photo of a n00002"]
    assert plain.mean_average_precision.value < 1
    wordings = [
        compare_templates(catalog, Fishes(), 2, lambda _: None, Labelling(2, names))
        for names in (NAMES, Labelling().names)
    ]
    best = [one.best.mean_average_precision.value for one in wordings]
    assert best[0] == 1 > best[1]


def test_a_name_stands_beside_its_code():
    """So two folders of one name stay two, and a folder that is named by itself is shown once."""
    labelling = Labelling(2, names_from(b"n00001,crane\nn00002,crane\ncat,Cat", "names.csv"))
    assert [labelling.title(one) for one in ("n00001", "n00002", "cat", "n00004")] == [
        "crane (n00001)", "crane (n00002)", "cat", "n00004",
    ]  # fmt: skip
    assert labelling.queries(["n00001", "n00004"], "{}") == ["crane", "n00004"]


def test_a_level_too_deep_and_one_without_categories_are_told(catalog):
    """With the levels that there are; where another would do, that is said."""
    with pytest.raises(BadInput, match="No picture lies in a folder at level 4") as error:
        measured(catalog, 4)
    assert error.value.remedy == "Take a level from 1 to 3."
    catalog.pictures.remove([3, 4, 5, 6])
    with pytest.raises(NeedsCategories, match="only one category") as error:
        measured(catalog, 1)
    assert "level 2" in error.value.remedy


def test_codes_and_parts_are_told_with_what_helps(catalog):
    """Where a level and names can be given these are offered, else folders of other names."""
    (parts,) = remarks_on_categories(catalog, Labelling())
    assert "take the folders in them, at level 2" in parts
    (codes,) = remarks_on_categories(catalog, Labelling(2))
    assert "n00001" in codes
    assert "give a file that tells their names" in codes
    for names in (["train", "val"], ["n01440764", "n01443537"]):
        (remark,) = remarks_on_names(names)
        assert "level" not in remark
        assert "file" not in remark


def test_codes_that_are_unknown_are_counted_and_listed():
    """Those of folders that the file does not name, and those of the file that no folder has."""
    labelling = Labelling(1, NAMES)
    assert remarks_on_names(["n00001", "n00002", "n00003"], labelling) == []
    unnamed, unused = remarks_on_names(["n00001", "n00002", "n00077", "n00088"], labelling)
    assert "no name of 2 of 4 categories (n00077, n00088)" in unnamed
    assert "1 of the 3 codes in the file of names is no category here (n00003)" in unused
    assert labelling.unnamed(["N00001", "n00077"]) == ["n00077"]
    assert labelling.unused(["N00001", "n00077"]) == ["n00002", "n00003"]
    assert Labelling().unnamed(["n00077"]) == []
