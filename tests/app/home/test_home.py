"""The first page: what is here, and the way to what one wants."""

import json

import pytest


def texts(app):
    return " ".join(element.value for element in [*app.markdown, *app.caption, *app.info])


@pytest.mark.parametrize(("allowed", "told"), [(True, "605 MB"), (False, "switched off")])
def test_without_anything_home_leads_to_ones_own_pictures(
    page, no_sample, monkeypatch, allowed, told
):
    """Where nothing is indexed, there is the way in, and no download is promised that cannot be."""
    monkeypatch.setattr("pages.ui.build.model_choice.downloads_allowed", lambda: allowed)
    home = page()
    assert not home.exception
    assert "nothing to search yet" in texts(home)
    assert told in texts(home)
    assert ("605 MB" in texts(home)) == allowed


def test_home_names_the_collections(page, collection):
    """A collection is named with its counts and its health."""
    home = page()
    assert not home.exception
    assert "**pictures**" in texts(home)
    assert "12 pictures · 6 categories · 0 skipped · ready" in texts(home)


def test_a_query_on_home_is_answered_on_search(page, collection):
    """What is typed on Home is searched on the search page."""
    home = page()
    home.text_input[0].set_value("purple").run()
    assert not home.exception
    assert home.text_input(key="q").value == "purple"


def test_collections_that_cannot_be_opened_are_named(page, collection, settings):
    """A damaged collection does not take the page down with it."""
    (settings.collections_folder / "pictures/catalog.sqlite").write_bytes(b"garbage" * 500)
    home = page()
    assert not home.exception
    assert "damaged" in texts(home)


def test_the_sidebar_tells_how_many_answers_are_found(page, collection, settings):
    """Recall and note of an approximate index are shown beside its kind, as text."""
    file = settings.collections_folder / "pictures/manifest.json"
    manifest = json.loads(file.read_text("utf-8"))
    measured = {"parameters": {"text_recall_at_10": 0.9878}, "note": "Measured *so*."}
    file.write_text(json.dumps(manifest | measured), "utf-8")
    shown = texts(page())
    assert "finds 98.8% of the ten best results for words" in shown
    assert r"Measured \*so\*" in shown
