"""A slow drive holds no page up, and takes no form away that was there."""

import threading

import pytest

from pages.ui.build import folder_choice
from pages.ui.frame import folder_looks


@pytest.fixture
def impatient(monkeypatch):
    """Looks are waited for a moment only, and are old at once."""
    monkeypatch.setattr(folder_looks, "_SECONDS_TO_WAIT", 0.05)
    monkeypatch.setattr(folder_looks, "_SECONDS_KEPT", -1.0)


@pytest.fixture
def drive():
    """A drive that answers only once this is set."""
    answers = threading.Event()
    yield answers
    answers.set()


def test_what_was_seen_stands_until_it_is_seen_anew(impatient, drive):
    """Nothing is known of a drive that never answered; of another, what it answered last."""
    looks = folder_looks.FolderLooks()
    slow = lambda what: lambda: drive.wait() and what  # noqa: E731 - two lines would hide it
    assert looks.look("new", slow("there")) is None
    assert looks.look("known", lambda: "before") == "before"
    assert looks.look("known", slow("now")) == "before"
    assert looks.look("other", slow("now")) is None
    drive.set()
    while not looks.is_known("known"):
        pass
    assert looks.look("known", lambda: "later") in {"now", "later"}
    assert looks.look("known", lambda: "later") == "later"


def test_an_error_is_raised_where_it_was_seen_before(impatient):
    """A folder that is gone now is not the folder that was there."""
    looks = folder_looks.FolderLooks()
    assert looks.look("known", lambda: "before") == "before"

    def gone():
        raise OSError

    with pytest.raises(OSError):  # noqa: PT011 - it says no more
        looks.look("known", gone)


def test_a_form_stays_while_its_drive_is_slow(page, pictures, no_sample, monkeypatch, drive):
    """What was typed into it is still there."""
    app = page("1_Build_index.py")
    app.text_input(key="folder").set_value(str(pictures)).run()
    app.text_input(key="new name").set_value("holiday").run()
    monkeypatch.setattr(folder_looks, "_SECONDS_TO_WAIT", 0.05)
    monkeypatch.setattr(folder_looks, "_SECONDS_KEPT", -1.0)
    monkeypatch.setattr(folder_choice, "typed_folder", lambda _: drive.wait())
    app.run()
    assert not app.exception
    assert app.text_input(key="new name").value == "holiday"
