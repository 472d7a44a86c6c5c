"""Results that are selected, tagged, hidden and marked; each change can be undone."""

import pytest

from tests.app.payloads import address, grid, opened, paths


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
