"""Programs of the desktop are started with absolute paths, and only where there is a desktop."""

import os
import time
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


def test_nothing_is_left_of_a_program_that_has_ended(monkeypatch, tmp_path):
    """Its process is waited for, without anybody having to wait."""
    opener, told = tmp_path / "xdg-open", tmp_path / "told"
    opener.write_text(f"#!/bin/sh\necho $$ > {told}.part && mv {told}.part {told}\n")
    opener.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    monkeypatch.setenv("DISPLAY", ":0")
    monkeypatch.setattr(desktop.sys, "platform", "linux")
    assert desktop.open_in_viewer(tmp_path / "a.jpg")
    for _ in range(400):
        if told.exists() and not is_there(int(told.read_text())):
            return
        time.sleep(0.05)
    pytest.fail("the process is still there")


def is_there(process):
    """Return whether the system knows a process, also as one that has ended."""
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True
