"""What was deleted by mistake comes back by a click, as it was."""

import os
import time

import pytest

from search_engine import Library
from search_engine.collection import MINUTES_KEPT
from search_engine.errors import CollectionMissing
from tests.app.shown import button, labels, words


@pytest.fixture
def deleted(collection, page):
    """The page after the collection was deleted on it."""
    app = page("1_Build_index.py")
    app.text_input(key="delete pictures").set_value("pictures").run()
    button(app, "Delete the collection").click().run()
    assert not app.exception
    return app


def test_a_deletion_is_told_and_undone(deleted, settings, page):
    """The collection is there again, chosen, and answers; the notice is gone."""
    assert Library(settings).names() == []
    assert "You can undo it at the top" in deleted.toast[0].value
    assert "“pictures” is deleted. It can be brought back for 10 minutes" in words(deleted).replace(
        "*", ""
    )
    button(deleted, "Undo").click().run()
    assert not deleted.exception
    assert Library(settings).names() == ["pictures"]
    assert deleted.session_state["collection"] == "pictures"
    assert "Undo" not in labels(deleted)
    answer = page("2_Search.py", q="red")
    assert not answer.exception
    assert answer.session_state["collection"] == "pictures"


def test_it_can_be_undone_after_another_page_or_in_another_tab(deleted, settings, page):
    """Whoever opens the page within the time finds the way back."""
    page("2_Search.py")
    other = page("1_Build_index.py")
    button(other, "Undo").click().run()
    assert Library(settings).names() == ["pictures"]


def test_after_some_minutes_it_is_gone_for_good(deleted, settings, page):
    """The next page that is opened, whichever it is, frees the space."""
    for aside in settings.collections_folder.glob(".deleted-*"):
        os.utime(aside, (time.time() - MINUTES_KEPT * 60 - 5,) * 2)
    page("Home.py")
    for _ in range(100):
        if not list(settings.collections_folder.glob(".[dr]e*")):
            break
        time.sleep(0.05)
    assert list(settings.collections_folder.glob(".[dr]e*")) == []
    assert "Undo" not in labels(page("1_Build_index.py"))


def test_undo_that_comes_too_late_says_so(deleted, monkeypatch):
    """A button that was on the screen for long does no harm."""

    def gone(*_):
        cause = "The collection is deleted for good by now"
        raise CollectionMissing(cause)

    monkeypatch.setattr("search_engine.collection.deleted.DeletedCollections.bring_back", gone)
    button(deleted, "Undo").click().run()
    assert not deleted.exception
    assert "for good by now" in words(deleted)
