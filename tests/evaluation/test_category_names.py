"""Categories whose names do not say what is shown are told where figures rest on them."""

import pytest

from search_engine.evaluation.category_names import remarks_on_names


@pytest.mark.parametrize(
    ("names", "told"),
    [
        (["train", "val"], "parts of a data set"),
        (["Train2017", "Val2017", "test"], "parts of a data set"),
        (["fold_1", "fold_2"], "parts of a data set"),
        (["n01440764", "n01443537"], "like n01440764"),
        (["001", "002", "cat"], "2 of 3"),
        (["class_1", "class_2"], "number or code"),
        (["0a1b2c3d4e", "9f8e7d6c5b"], "number or code"),
    ],
)
def test_parts_and_codes_are_told(names, told):
    """Each gets one sentence, with what to do."""
    (remark,) = remarks_on_names(names)
    assert told in remark


@pytest.mark.parametrize(
    "names",
    [
        [], ["cat", "dog"], ["train", "bus", "car"], ["n01440764_tench", "n01443537_goldfish"],
        ["001.ace", "002.king"], ["b52", "f16"], ["猫", "狗"], ["2019-07 Rome", "2020 Bern"],
        ["facade", "decade"],
    ],
)  # fmt: skip
def test_names_that_say_something_raise_no_alarm(names):
    """Order numbers before words, types of aircraft and other alphabets are names."""
    assert remarks_on_names(names) == []


def test_commands_that_rest_on_names_say_so(run, pictures, tmp_path):
    """The notes go to standard error; the figures stay what they are."""
    (tmp_path / "set").mkdir()
    (pictures / "red").rename(tmp_path / "set" / "train")
    (pictures / "blue").rename(tmp_path / "set" / "val")
    run("index", tmp_path / "set", "--model", "mini")
    assert "parts of a data set" in run("evaluate", "retrieval")[2]
    assert "parts of a data set" in run("suspects")[2]
