"""Near copies among results: one card stands for them, and counts and ranks stay."""

import shutil

import pytest

from search_engine import build_collection, plan_build
from tests.app.payloads import address, grid, opened
from tests.app.shown import words


@pytest.fixture
def copied(page, collection, settings, load):
    """Return what opens results among which one picture is there three times."""
    for name in ("copy", "again"):
        shutil.copy(collection / "red/0.png", collection / "red" / f"{name}.png")
    name, wanted = plan_build(collection, settings, model_id="colours")
    build_collection(name, wanted, settings, load=load)
    return lambda **asked: page("2_Search.py", q="red", **asked)


def unfolded(app):
    """Return all cards, those below others behind them."""
    return [one for item in grid(app)["items"] for one in (item, *item.get("alike", ()))]


def test_one_card_stands_for_copies(copied):
    """With all of theirs in it; what the page says of counts and ranks is that of all."""
    app = copied()
    assert not app.exception
    folded = [item for item in grid(app)["items"] if "alike" in item]
    assert [len(item["alike"]) for item in folded] == [2]
    three = {folded[0]["path"], *(one["path"] for one in folded[0]["alike"])}
    assert three == {"red/0.png", "red/copy.png", "red/again.png"}
    each = copied(alike="each")
    assert not any("alike" in item for item in grid(each)["items"])
    assert (len(grid(app)["items"]), len(grid(each)["items"])) == (12, 14)
    assert grid(app)["count"] == grid(each)["count"] == 14
    about = {item["id"]: item["about"] for item in grid(each)["items"]}
    assert {item["id"]: item["about"] for item in unfolded(app)} == about
    for shown in (app, each):
        assert "14 pictures" in words(shown)
        assert "strong matches" in words(shown)


def test_the_line_stands_before_the_same_results(copied):
    """A heading is before the first weaker one, however many are folded above it."""
    folded, each = grid(copied()), grid(copied(alike="each"))
    assert [cut["text"] for cut in each["cuts"]] == [cut["text"] for cut in folded["cuts"]]
    for one, other in zip(folded["cuts"], each["cuts"], strict=True):
        assert folded["items"][one["at"]]["id"] == each["items"][other["at"]]["id"]


def test_it_is_turned_off_in_the_view(copied):
    """And stands in the address."""
    app = opened(copied(), "view open")
    app.toggle(key="folded").set_value(False).run()
    assert address(app)["search"] == "collection=pictures&q=red&alike=each"
    assert len(grid(app)["items"]) == 14
    app.toggle(key="folded").set_value(True).run()
    assert "alike" not in address(app)["search"]


def test_a_folded_one_is_opened_and_marked_like_any(copied):
    """Its id is one that was shown."""
    app = copied()
    below = next(item for item in grid(app)["items"] if "alike" in item)["alike"][0]["id"]
    app.session_state["results"] = {"selected": [below]}
    app.run()
    assert "1 picture selected" in words(app)
    app.session_state["results"] = {"pick": below}
    app.run()
    assert f"picture={below}" in address(app)["search"]
