"""Programs of the desktop are started with absolute paths, and only where there is a desktop."""

from pathlib import Path

import pytest

from search_engine.files import desktop


@pytest.fixture
def started(monkeypatch):
    """Note the programs that would be started."""
    commands = []
    monkeypatch.setattr(desktop, "has_desktop", lambda: True)
    monkeypatch.setattr(desktop, "_started", lambda command: commands.append(command) or True)
    return commands


@pytest.mark.parametrize(
    ("system", "opened", "shown"),
    [
        ("linux", ["xdg-open", "{file}"], ["xdg-open", "{folder}"]),
        ("darwin", ["open", "{file}"], ["open", "-R", "{file}"]),
    ],
)
def test_each_system_has_its_own_programs(monkeypatch, started, system, opened, shown):
    """A name that begins with a sign is never taken for an option."""
    monkeypatch.setattr(desktop.sys, "platform", system)
    file = Path("-x/a.jpg")
    assert desktop.open_in_viewer(file)
    assert desktop.show_in_folder(file)
    whole = {"file": str(file.absolute()), "folder": str(file.absolute().parent)}
    assert started == [[part.format(**whole) for part in one] for one in (opened, shown)]


def test_without_a_desktop_nothing_is_started(monkeypatch):
    """As on a server; the caller says so."""
    monkeypatch.setattr(desktop, "has_desktop", lambda: False)
    monkeypatch.setattr(desktop, "_started", lambda _: pytest.fail("started"))
    assert not desktop.open_in_viewer(Path("a.jpg"))
    assert not desktop.show_in_folder(Path("a.jpg"))
