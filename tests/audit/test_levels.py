"""Suspects of another level of folders, and what was said of them."""

import pytest

from search_engine import SearchEngine, build_collection, plan_build
from search_engine.audit import Audit, Finding, Opinion, Reviews, Signal, is_about
from search_engine.audit.inventory import NO_CATEGORY
from search_engine.errors import BadInput
from search_engine.evaluation import Labelling, names_from
from tests.conftest import COLOURS, paint

CODES = {colour: f"n0000{number}" for number, colour in enumerate(COLOURS)}
NAMES = names_from("\n".join(f"{code},{one}" for one, code in CODES.items()).encode(), "names.csv")


@pytest.fixture
def parts(settings, load, tmp_path):
    """Audit colours below two parts, a red picture among the blue ones."""
    root = tmp_path / "parts"
    for number in range(8):
        for colour in COLOURS:
            part = "val" if number % 2 else "train"
            paint(root / part / CODES[colour] / f"{number}.png", colour, salt=number)
    paint(root / "train" / CODES["blue"] / "stray.png", "red", salt=99)
    paint(root / "train/loose.png", "red", salt=100)
    name, wanted = plan_build(root, settings, model_id="colours")
    build_collection(name, wanted, settings, load=load)
    with SearchEngine.open(name, settings, load=load) as engine:
        yield Audit(engine)


def test_the_same_pictures_have_other_labels(parts):
    """By the folder at that level; a picture that lies less deep has none."""
    deeper = parts.labelled(2)
    assert set(deeper.categories) == set(CODES.values())
    records = parts.engine.records(deeper.picture_ids.tolist())
    for number, label in zip(deeper.picture_ids.tolist(), deeper.labels.tolist(), strict=True):
        folders = records[number].path.split("/")[:-1]
        expected = folders[1] if len(folders) > 1 else None
        assert expected == (None if label == NO_CATEGORY else deeper.categories[label])
    assert (deeper.picture_ids == parts.inventory.picture_ids).all()
    assert parts.labelled(1) is parts.inventory
    with pytest.raises(BadInput, match="at level 3"):
        parts.labelled(3)


def test_suspects_are_of_that_level(parts):
    """The stray picture is the first, by neighbours; by the first folders it is none."""
    found = parts.suspects(Signal.NEIGHBOURS, labelling=Labelling(2), with_words=False)
    assert found[0].record.path == f"train/{CODES['blue']}/stray.png"
    assert (found[0].category, found[0].suggested) == (CODES["blue"], CODES["red"])
    first = parts.suspects(Signal.NEIGHBOURS, with_words=False)
    assert {one.category for one in first} <= {"train", "val"}


def test_words_are_those_of_the_names(parts):
    """Only with them the words know what a folder shows."""
    labelling = Labelling(2, NAMES)
    named = parts.suspects(Signal.WORDS, labelling=labelling)
    assert named[0].record.path == f"train/{CODES['blue']}/stray.png"
    assert (named[0].category, named[0].suggested) == (CODES["blue"], CODES["red"])
    assert parts.suspects(Signal.WORDS, labelling=Labelling(2)) == []  # all codes fit alike


def test_what_is_known_of_one_level_is_not_known_of_another(parts):
    """Choosing between vectors is for its labels, so it is begun anew."""
    assert not parts.knows(Finding.FAIR_NEIGHBOURS)
    parts.fair_neighbours()
    assert parts.knows(Finding.FAIR_NEIGHBOURS)
    assert not parts.knows(Finding.FAIR_NEIGHBOURS, 2)
    parts.fair_neighbours(2)
    assert parts.knows(Finding.FAIR_NEIGHBOURS, 2)


def test_a_review_is_of_a_content_in_a_folder_of_that_name(parts):
    """Wherever that folder lies; in another one the picture is doubted anew."""
    (stray,) = (one for one in parts.engine.catalog.pictures if one.path.endswith("stray.png"))
    key = (stray.content_hash, CODES["blue"])
    assert is_about(key, stray)
    assert is_about((stray.content_hash, "train"), stray)
    assert not is_about((stray.content_hash, CODES["red"]), stray)
    assert not is_about((stray.content_hash, "stray.png"), stray)
    assert not is_about(("other", CODES["blue"]), stray)
    Reviews(parts.engine.catalog.folder).note(key, Opinion.RIGHT)
    wanted = {"labelling": Labelling(2), "with_words": False}
    assert stray not in [one.record for one in parts.suspects(Signal.NEIGHBOURS, **wanted)]
    every = parts.suspects(Signal.NEIGHBOURS, reviewed=True, **wanted)
    assert stray in [one.record for one in every]
