"""Cards and saved queries on the command line."""

import json

import pytest

from search_engine.sample import draw_gallery


@pytest.fixture
def drawings(tmp_path, run):
    """Drawings, indexed with the bundled model as the collection ``things``."""
    folder = tmp_path / "drawings"
    draw_gallery(folder, pictures=60)
    assert run("index", folder, "--name", "things", "--model", "mini")[0] == 0
    return folder


def test_a_card_is_replayed_until_the_answers_change(run, drawings, tmp_path):
    """The same index gives the same answers; without the best picture, exit code 6 names it."""
    card = tmp_path / "card.json"
    code, out, _ = run("search", "a fish", "-k", "3", "--card", card, "--json")
    best = json.loads(out)["results"][0]["path"]
    assert (code, json.loads(card.read_text())["query"]) == (0, "a fish")
    code, out, _ = run("replay", card, "--json")
    assert (code, json.loads(out)["same"], json.loads(out)["differences"]) == (0, True, [])
    (drawings / best).unlink()
    run("index", drawings)
    code, out, _ = run("replay", card, "--json")
    left = [one for one in json.loads(out)["differences"] if one["change"] == "left"]
    assert code == 6
    assert [str(drawings / one["path"]) for one in left] == [best]
    assert left[0]["reason"] == "no longer in the collection"
    code, out, _ = run("replay", card)
    assert code == 6
    assert "no longer in the collection" in out


def test_a_broken_card_is_refused_with_its_place(run, drawings, tmp_path):
    """What is no card, or was changed, ends with exit code 3 and says which file."""
    card = tmp_path / "card.json"
    code, _, err = run("replay", card)
    assert (code, str(card) in err) == (3, True)
    run("search", "a fish", "--card", card)
    card.write_text(card.read_text().replace("a fish", "a cat"))
    code, _, err = run("replay", card)
    assert (code, "changed after it was written" in err) == (3, True)
    code, _, err = run("search", "a fish", "--card", tmp_path / "no" / "card.json")
    assert (code, "cannot be written" in err) == (3, True)


def test_saved_queries_are_checked_accepted_and_forgotten(run, drawings):
    """A check tells what a change of the pictures did; accepting it makes the next check pass."""
    code, out, _ = run("questions")
    assert (code, "No query is saved" in out) == (0, True)
    _, out, _ = run("search", "a fish", "-k", "2", "--save", "fish", "--json")
    best = json.loads(out)["results"][0]["path"]
    run("search", "a house", "-k", "2", "--save", "house")
    code, out, _ = run("questions", "--json")
    assert list(json.loads(out)) == ["fish", "house"]
    assert run("questions", "--check")[0] == 0
    (drawings / best).unlink()
    run("index", drawings)
    code, out, _ = run("questions", "--check", "--json")
    assert code == 6
    assert {name: found["same"] for name, found in json.loads(out).items()} == {
        "fish": False,
        "house": True,
    }
    code, out, _ = run("questions", "--check", "--accept")
    assert (code, "1 of 2 saved queries" in out) == (0, True)
    assert run("questions", "--check")[0] == 0
    run("questions", "--forget", "fish")
    assert list(json.loads(run("questions", "--json")[1])) == ["house"]
    assert run("questions", "--forget", "fish")[0] == 3
