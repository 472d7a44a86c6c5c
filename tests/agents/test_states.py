"""Collections that are not whole: what can be found is found, and what limits it is said."""

import shutil

from search_engine.settings import Settings
from tests.agents.conftest import command, indexed, talking


def test_a_collection_that_is_not_indexed_to_the_end(agent):
    """The list, every search and its notes say how much of it can be found."""
    (part,) = agent("collections", collection="part")["collections"]
    assert "its first build has not finished; so far" in part["state"]
    found = agent("search", query="a fish", collection="part")
    assert 32 <= found["so_far"]["pictures"] < found["so_far"]["expected"] == 100
    assert any("not indexed to the end" in note for note in found["notes"])


def test_a_folder_that_is_away(agent):
    """Searches and thumbnails go on, and it is said that paths lead nowhere."""
    found = agent("search", query="a fish", collection="away", k=2)
    assert [one["category"] for one in found["results"]] == ["fish", "fish"]
    assert any("is not there now" in note for note in found["notes"])
    facts, _ = agent.image(
        "picture", picture_id=found["results"][0]["picture_id"], collection="away"
    )
    assert facts["on_disk"] == "missing"
    said = agent.refused("similar", file=found["results"][0]["path"], collection="away")
    assert "cause" not in said
    assert said.count(".") >= 1


def test_an_index_that_was_made_anew_is_taken_at_once(shelf, tmp_path):
    """New pictures are found in the same conversation; a cursor of before is refused."""
    folder, settings = tmp_path / "growing", Settings(tmp_path / "data")
    shutil.copytree(shelf / "drawings/fish", folder / "fish")
    indexed(folder, settings, "growing")
    with talking(command(settings.data_folder)) as agent:
        before = agent("search", query="an owl", k=1)
        assert before["considered"] == 2
        shutil.copytree(shelf / "drawings/owl", folder / "owl")
        indexed(folder, settings, "growing")
        after = agent("search", query="an owl", k=1)
        assert after["considered"] == 4
        assert after["results"][0]["category"] == "owl"
        said = agent.refused("search", query="an owl", k=1, cursor=before["next_cursor"])
        assert "the collection has changed since" in said
        shutil.rmtree(settings.collections_folder / "growing")
        assert "There is no collection yet" in agent.refused("search", query="an owl")


def test_a_name_that_is_not_utf8_comes_through_as_an_escape(shelf, tmp_path):
    """The connection goes on: JSON of the protocol has to be Unicode."""
    folder, settings = tmp_path / "odd", Settings(tmp_path / "data")
    folder.mkdir()
    picture = next((shelf / "drawings/fish").glob("*.jpg"))
    with (folder / "caf\udce9.jpg").open("wb") as file:
        file.write(picture.read_bytes())
    indexed(folder, settings, "odd")
    with talking(command(settings.data_folder)) as agent:
        (found,) = agent("search", query="a fish")["results"]
        assert found["path"].endswith(r"caf\udce9.jpg")
        assert agent("picture", picture_id=found["picture_id"])["width"] > 0
        sheet = agent("contact_sheet", picture_ids=[found["picture_id"]])
        assert sheet["pictures"][0]["path"] == found["path"]


def test_a_person_can_keep_collections_from_agents(shelf):
    """What is not named is not there, also for files in its folder."""
    with talking(command(shelf / "data", "--collection", "drawings")) as agent:
        assert [one["collection"] for one in agent("collections")["collections"]] == ["drawings"]
        assert agent("search", query="a fish", k=1)["collection"] == "drawings"
        assert "no collection 'copies'" in agent.refused("search", query="x", collection="copies")
        file = next((shelf / "copies/fish").glob("*.jpg"))
        assert "in no folder of a collection" in agent.refused("similar", file=str(file))
