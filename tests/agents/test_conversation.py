"""A whole conversation over a real process, from “what is there” to “show me the three best”."""

from pathlib import Path

import pytest
from PIL import Image, ImageChops, ImageStat

TOOLS = [
    "collections", "search", "similar", "picture", "contact_sheet", "explain", "duplicates",
    "evaluate",
]  # fmt: skip


def test_from_what_is_there_to_the_three_best(agent, shelf):
    """Each answer has what the next call needs, and the pictures are those that were meant."""
    there = agent("collections")
    (drawings,) = [one for one in there["collections"] if one["collection"] == "drawings"]
    assert (drawings["pictures"], drawings["state"]) == (100, "ready")
    names = agent("collections", collection="drawings")["names"]
    assert names["categories"]["fish"] == 2

    found = agent("search", query="a fish", collection="drawings", k=3)
    assert found["verdict"]["presence"] == "clear"
    assert [one["category"] for one in found["results"]][:2] == ["fish", "fish"]
    assert [one["stands_out"] for one in found["results"]] == [True, True, False]
    assert found["line"].startswith("1 to 2 are matches (50 or more)")

    best = [one["picture_id"] for one in found["results"]]
    sheet, image = agent.image("contact_sheet", picture_ids=best, collection="drawings")
    assert [one["picture_id"] for one in sheet["pictures"]] == best
    assert image.size == (sheet["width"], sheet["height"])

    facts, thumbnail = agent.image("picture", picture_id=best[0], collection="drawings")
    assert Path(facts["path"]).parent == shelf / "drawings/fish"
    assert facts["on_disk"] == "there"
    with Image.open(facts["path"]) as original:
        assert (facts["width"], facts["height"]) == original.size
        assert differ(original.convert("RGB").resize(thumbnail.size), thumbnail) < 8


def differ(one, other):
    """Return the mean difference of two pictures of one size, of 256."""
    return sum(ImageStat.Stat(ImageChops.difference(one, other)).mean) / 3


def test_what_is_not_there_is_said(agent):
    """A verdict tells an agent that the nearest pictures are not what was meant."""
    found = agent("search", query="a fish", collection="drawings", categories=["owl"])
    assert found["verdict"]["presence"] == "absent"
    assert {one["category"] for one in found["results"]} == {"owl"}
    assert "None of 1 to 2 is a match" in found["line"]
    assert found["considered"] == 2


def test_a_picture_finds_what_is_like_it(agent, shelf):
    """By its id, or by its file; the picture itself is none of the results."""
    fish = agent("search", query="a fish", collection="drawings", k=2)["results"]
    like = agent("similar", picture_id=fish[0]["picture_id"], collection="drawings", k=3)
    assert like["results"][0]["picture_id"] == fish[1]["picture_id"]
    assert fish[0]["picture_id"] not in [one["picture_id"] for one in like["results"]]
    by_file = agent("similar", file=fish[0]["path"], collection="drawings", k=3)
    assert [one["picture_id"] for one in by_file["results"]] == [
        one["picture_id"] for one in like["results"]
    ]


def test_why_a_picture_was_found(agent):
    """The word that carries the score is told, with a picture of where it is."""
    fish = agent("search", query="a red fish", collection="drawings", k=1)["results"][0]
    asked = {
        "query": "a red fish", "picture_id": fish["picture_id"], "collection": "drawings",
        "heat_map": True,
    }  # fmt: skip
    told, image = agent.image("explain", **asked)
    assert told["score"] == pytest.approx(fish["score"], abs=1e-4)
    assert {one["word"] for one in told["words"]} == {"a", "red", "fish"}
    assert told["heat_map"]["method"] == "patches"
    assert max(image.size) <= 1_024
    assert agent("explain", **asked | {"heat_map": False})["heat_map"] is None


def test_equal_pictures_are_found_page_by_page(agent):
    """Each group once, with what could go; nothing is deleted."""
    groups, cursor = [], None
    while True:
        page = agent("duplicates", collection="copies", k=3, cursor=cursor)
        groups += page["groups"]
        cursor = page["next_cursor"]
        assert page["found"] == 4
        if cursor is None:
            break
    kept = [one["keep"]["path"] for one in groups]
    assert len(set(kept)) == 4
    assert all(len(one["copies"]) == 1 and one["copies"][0]["identical"] for one in groups)
    assert all(Path(one["copies"][0]["path"]).is_file() for one in groups)
    assert agent("duplicates", collection="copies", exact_only=True)["found"] == 4


def test_how_far_results_can_be_trusted(agent):
    """What is measured is of the collection, and the hardest categories come first."""
    measured = agent("evaluate", collection="drawings")
    shares = measured["presence"]["verdicts"]
    assert shares["present"]["clear"] > 0.8
    assert shares["nonsense"]["absent"] > 0.8
    assert measured["retrieval"] is None
    retrieval = agent("evaluate", collection="drawings", measure="retrieval")["retrieval"]
    precisions = [one["average_precision"] for one in retrieval["categories"]]
    assert precisions == sorted(precisions)
    assert len(precisions) == 40 < retrieval["categories_in_all"]
    assert retrieval["precision_at_10"] > 0


def test_every_tool_reads_only_and_says_what_it_gives(agent):
    """The eight there are, each with schemas of what goes in and comes out."""
    assert list(agent.tools) == TOOLS
    for tool in agent.tools.values():
        assert tool.annotations.read_only_hint
        assert tool.annotations.destructive_hint is False
        assert tool.annotations.open_world_hint is False
        assert tool.input_schema["additionalProperties"] is False
        assert tool.output_schema["type"] == "object"
        assert len(tool.description) < 1_000
    assert "absent" in agent.instructions
