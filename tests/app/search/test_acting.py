"""Results that are selected, tagged, hidden and marked; each change can be undone."""

import re

import pytest

from search_engine import SearchEngine, build_collection, plan_build
from tests.app.payloads import address, grid, opened, paths
from tests.conftest import paint


@pytest.fixture
def search(page, collection):
    """Open the search page of the collection."""
    return lambda **wanted: page("2_Search.py", **wanted)


def chosen(app, count):
    """Select the first results, as the browser would."""
    ids = [item["id"] for item in grid(app)["items"][:count]]
    app.session_state["results"] = {"selected": ids}
    app.run()
    return ids


def labels(app):
    return {button.label for button in app.button}


def press(app, key):
    app.button(key=key).click().run()
    assert not app.exception
    return app


def test_nothing_is_offered_where_nothing_is_selected(search):
    """The bar comes with the first picture, and only pictures that are shown can be selected."""
    app = search(q="red")
    assert "Compare" not in labels(app)
    app.session_state["results"] = {"selected": [999_999, "x", None]}
    app.run()
    assert not app.exception
    assert "Compare" not in labels(app)
    chosen(app, 1)
    assert {"Good", "Bad", "Hide", "Download"} <= labels(app)
    assert "Compare" not in labels(app)
    chosen(app, 2)
    assert "Compare" in labels(app)
    chosen(app, 5)
    assert "Compare" not in labels(app)


@pytest.mark.parametrize(
    ("key", "wanted"),
    [
        ("Good", "q=red&good={0}&good={1}"),
        ("Bad", "q=red&bad={0}&bad={1}"),
        ("Add to query", "q=red&t=%23{0}&t=%23{1}"),
        ("Exclude", "q=red&t=-+%23{0}&t=-+%23{1}"),
    ],
)
def test_a_selection_goes_into_the_query(search, key, wanted):
    """As marks or as terms; nothing is selected any more."""
    app = search(q="red")
    before = grid(app)["cleared"]
    ids = chosen(app, 2)
    press(app, f"selection {key}")
    assert address(app)["search"] == "collection=pictures&" + wanted.format(*ids)
    assert grid(app)["cleared"] > before


def test_pictures_are_tagged_filtered_and_untagged(search):
    """A tag finds them again, stands in the viewer, and is gone once it is undone."""
    app = search(q="red")
    ids = chosen(app, 2)
    opened(app, "tag selection open")
    app.text_input(key="tag selection new").set_value(" Night ").run()
    assert not app.exception
    assert any("2 pictures tagged" in one.value for one in app.markdown)
    found = search(q="red", tag="Night")
    assert [item["id"] for item in grid(found)["items"]] == ids
    assert "Tag: Night" in {label.replace("\\", "") for label in labels(found)}
    press(app, "tag selection tags")  # the way back stands where it was done
    assert not grid(search(q="red", tag="Night"))


def test_hidden_pictures_are_not_found_until_that_is_undone(search):
    """Neither by a search nor in the count of what passes filters."""
    app = search(q="red")
    ids = chosen(app, 2)
    press(app, "selection Hide")
    assert not {item["id"] for item in grid(app)["items"]}.intersection(ids)
    assert len(paths(grid(search(q="red")))) == 10
    press(app, "undo tags")
    assert [item["id"] for item in grid(app)["items"][:2]] == ids


def test_pictures_are_compared_side_by_side(search):
    """With the same facts in the same lines."""
    app = search(q="red")
    chosen(app, 3)
    press(app, "selection Compare")
    assert len(app.table) == 3
    assert {tuple(table.value.index) for table in app.table} == {
        ("Name", "Match", "Cosine", "Folder", "Pixels", "Size", "Date", "Camera")
    }


def chosen_all(app):
    """Select all matches, as the browser would once it is told to."""
    before = grid(app)["all"]
    press(app, "selection all")
    assert grid(app)["all"] > before
    app.session_state["results"] = {"selected": ["all", grid(app)["of"]]}
    app.run()
    assert not app.exception


def test_all_matches_are_selected_and_act_together(page, pictures, settings, load, monkeypatch):
    """Those that are not shown, too; of another query they are selected no more."""
    for number in range(2, 40):
        paint(pictures / "red" / f"{number}.png", "red", salt=number)
    name, wanted = plan_build(pictures, settings, model_id="colours")
    build_collection(name, wanted, settings, load=load)
    monkeypatch.setattr("pages.ui.frame.resources.models.load_embedder", load)
    app = page("2_Search.py", q="red", per_page="24")
    chosen(app, 2)
    assert app.button(key="selection all").label == "Select all 40 matches"
    chosen_all(app)
    assert any("All 40 matches selected" in one.value for one in app.markdown)
    assert app.button(key="selection Add to query").disabled
    assert not app.button(key="selection Good").disabled
    opened(app, "tag selection open")
    app.text_input(key="tag selection new").set_value("warm").run()
    with SearchEngine.open("pictures", settings, load=load) as engine:
        assert engine.catalog.tags.counts() == {"warm": 40}
    press(app, "selection Hide")
    assert not {item["what"] for item in grid(app)["items"]} & {"red"}
    press(app, "undo tags")
    app.session_state["results"] = {"selected": ["all", "another query"]}
    app.run()
    assert "Compare" not in labels(app)
    assert not any("selected" in one.value for one in app.markdown)


def test_more_than_can_be_selected_is_told(search, monkeypatch):
    """The best of them are, and how many there are is said."""
    monkeypatch.setattr("pages.ui.search.selection._MOST", 1)
    app = search(q="red")
    chosen(app, 2)
    assert app.button(key="selection all").label == "Select best 1 matches"
    chosen_all(app)
    (said,) = [one.value for one in app.markdown if "matches selected" in one.value]
    assert re.fullmatch(r"\*\*Best 1 of [2-9] matches selected\*\*", said)


def test_where_nothing_has_a_match_nothing_more_is_selected(search):
    """A query that only excludes has no matches to select."""
    app = search(q="- red")
    chosen(app, 2)
    assert not [one for one in app.button if one.key == "selection all"]


def test_all_that_was_hidden_can_be_shown_again(search):
    """Where nothing is left to be seen, too."""
    app = search(q="red", category="red")
    chosen(app, 2)
    press(app, "selection Hide")
    assert grid(app) is None
    press(app, "undo tags")
    assert len(grid(app)["items"]) == 2


def test_a_selection_is_exported_to_a_folder(search, tmp_path, monkeypatch):
    """What would be done is said before; then the files are there. Only at this machine."""
    app = search(q="red")
    chosen(app, 2)
    assert "Export…" not in labels(app)
    monkeypatch.setattr("pages.ui.frame.visitor.is_of_this_machine", lambda: True)
    chosen(app, 2)
    press(app, "selection Export…")
    opener = "selection Export…"  # a run without a click on it closes the dialog
    app.text_input(key="export folder").set_value(str(tmp_path / "nowhere" / "x"))
    press(app, opener)
    assert "The folder above it is not there" in app.error[0].value
    app.text_input(key="export folder").set_value(str(tmp_path / "best"))
    press(app, opener)
    said = " ".join(one.value for one in app.markdown).replace("\\", "")
    assert "**2 copies**, 0 kB, in" in said
    assert f"{tmp_path / 'best'} (a new folder)" in said
    assert not (tmp_path / "best").exists()
    next(one for one in app.button if one.label == "Export").click()
    press(app, opener)
    assert not app.exception
    assert sorted(path.name for path in (tmp_path / "best").iterdir()) == [
        "0.png", "1.png", "files.csv",
    ]  # fmt: skip
    assert "2 copies in" in app.success[0].value
