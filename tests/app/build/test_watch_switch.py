"""The switch that keeps a collection up to date by itself."""

from search_engine.jobs import Watches
from tests.app.shown import words


def test_the_switch_is_on_disk(page, collection, settings, monkeypatch):
    """Switched on it stays on in every tab; switched off it is off."""
    monkeypatch.setattr(Watches, "keep_up", lambda self: None)
    app = page("1_Build_index.py")
    (toggle,) = (one for one in app.toggle if one.label == "Keep up to date")
    assert not toggle.value
    toggle.set_value(True).run()
    assert not app.exception
    assert Watches(settings).names() == ["pictures"]
    assert any("about to be looked through" in one.value for one in app.caption)
    other = page("1_Build_index.py")
    (toggle,) = (one for one in other.toggle if one.label == "Keep up to date")
    assert toggle.value
    toggle.set_value(False).run()
    assert Watches(settings).names() == []
    assert "Traceback" not in words(other)
