"""What cannot be done is told with its cause and what to do instead, as an agent can use it."""

import json

import pytest


def test_unknown_names_are_answered_with_the_nearest(agent):
    """Tools, arguments, collections, categories and tags."""
    assert "Did you mean 'search'?" in agent.refused("serch", query="a fish")
    said = agent.refused("search", query="a fish", collection="drawings", catgories=["fish"])
    assert "has no argument 'catgories'" in said
    assert "Did you mean 'categories'" in said
    said = agent.refused("search", query="a fish", collection="drawing")
    assert "There is no collection 'drawing'. Did you mean 'drawings'?" in said
    assert "There are: away, copies, drawings, part." in said
    said = agent.refused("search", query="a fish", collection="drawings", categories=["fisch"])
    assert "There is no category 'fisch' (drawings). Did you mean 'fish'?" in said
    assert "tag 'sea'" in agent.refused("search", query="x", collection="drawings", tags=["sea"])
    said = agent.refused("picture", picture_id=12_345, collection="drawings")
    assert said.startswith("There is no picture #12345 (drawings). Take ids from")


def test_one_of_several_collections_has_to_be_named(agent):
    """Which there are is told with it; a name may differ in its case."""
    said = agent.refused("search", query="a fish")
    assert said == "There are 4 collections. Name one: away, copies, drawings, part."
    assert agent("search", query="a fish", collection="Drawings")["collection"] == "drawings"


@pytest.mark.parametrize(
    ("tool", "arguments", "said"),
    [
        ("search", {"query": "a", "k": 51}, "k must be 50 or less"),
        ("search", {"query": "a", "k": 0}, "k must be 1 or more"),
        ("search", {"query": ""}, "query"),
        ("search", {"query": "a" * 1_001}, "query"),
        ("search", {"query": "a", "categories": ["a"] * 51}, "categories must be a list of 50"),
        ("search", {"query": "a", "min_match": 101}, "min_match must be 100 or less"),
        ("search", {"query": "a", "orientation": "round"}, "orientation must be"),
        ("search", {"query": "a", "dated_from": "soon"}, "is no date"),
        ("search", {}, "query is missing"),
        ("search", {"query": "./secret.jpg"}, "path"),
        ("contact_sheet", {"picture_ids": list(range(1, 26))}, "a list of 24 at most"),
        ("contact_sheet", {"picture_ids": []}, "picture_ids"),
        ("picture", {"picture_id": 2**63}, "picture_id"),
        ("picture", {"picture_id": "1"}, "picture_id must be a whole number"),
        ("similar", {}, "Give either picture_id or file"),
        ("explain", {"query": "a fish", "picture_id": 9_999}, "no picture #9999"),
    ],
)
def test_what_goes_in_has_bounds(agent, tool, arguments, said):
    """Too much, too little and what is nothing of the kind is refused by the argument's name."""
    assert said in agent.refused(tool, collection="drawings", **arguments)


def test_pages_follow_one_another(agent):
    """All results once, in one order, whatever the length of a page; matches come first."""
    asked = {"query": "a fish", "collection": "drawings"}
    whole = [one["picture_id"] for one in agent("search", **asked, k=50)["results"]]
    page = agent("search", **asked, k=20)
    pages = [page]
    while page["next_cursor"] and len(pages) < 5:
        page = agent("search", **asked, k=20, cursor=page["next_cursor"])
        pages.append(page)
    assert [one["first"] for one in pages] == [1, 21, 41, 61, 81]
    paged = [one["picture_id"] for page in pages for one in page["results"]]
    assert paged[:50] == whole
    assert len(set(paged)) == len(paged) == 100
    assert pages[-1]["next_cursor"] is None


def test_a_cursor_leads_on_in_its_own_search_only(agent):
    """One of another query, of another collection, or made up, is refused."""
    cursor = agent("search", query="a fish", collection="drawings")["next_cursor"]
    for other in (
        {"query": "an owl", "collection": "drawings"},
        {"query": "a fish", "collection": "copies"},
        {"query": "a fish", "collection": "drawings", "k": 11},
    ):
        assert "cursor belongs to another call" in agent.refused("search", **other, cursor=cursor)
    for made_up in ("10", "-1-000000000000", "x" * 30):
        said = agent.refused("search", query="a fish", collection="drawings", cursor=made_up)
        assert "Call again without a cursor" in said


def test_no_text_names_an_option_of_the_command_line(agent):
    """An agent has none; what only a person can do is said to be told to them."""
    told = json.dumps([agent.instructions, *(one.description for one in agent.tools.values())])
    assert " --" not in told
    assert " --" not in agent.refused("search", query="a fish", collection="nothing")


def lies_elsewhere(agent, file):
    """Return that it was refused because of where it lies."""
    said = agent.refused("similar", file=str(file), collection="drawings")
    return "lies in no folder of a collection" in said


def test_files_elsewhere_are_not_opened(agent, shelf, tmp_path):
    """Whether they are there or not, by the name of it or through a link."""
    inside = next((shelf / "drawings/fish").glob("*.jpg"))
    outside = tmp_path / "private.jpg"
    outside.write_bytes(inside.read_bytes())
    link = shelf / "drawings/link.jpg"
    link.symlink_to(outside)
    try:
        assert lies_elsewhere(agent, outside)
        assert lies_elsewhere(agent, tmp_path / "nothing.jpg")
        assert lies_elsewhere(agent, link)
        assert lies_elsewhere(agent, shelf / "drawings/../private.jpg")
        assert lies_elsewhere(agent, "/etc/passwd")
        assert lies_elsewhere(agent, "fish/0001.jpg")
        assert lies_elsewhere(agent, "a\0b")
    finally:
        link.unlink()


def test_what_is_inside_and_no_picture_is_named(agent, shelf):
    """With the reason, as everywhere."""
    text = shelf / "drawings/notes.txt"
    text.write_text("no picture")
    try:
        said = agent.refused("similar", file=str(text), collection="drawings")
    finally:
        text.unlink()
    assert "no picture" not in said
    assert "lies in no folder" not in said
