"""Files shown by the programs of the desktop: a picture viewer, a file manager."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
from pathlib import Path


def has_desktop() -> bool:
    """Return whether programs with windows can be started here."""
    if sys.platform in {"win32", "darwin"}:
        return True
    has_screen = any(map(os.environ.get, ("DISPLAY", "WAYLAND_DISPLAY")))
    return has_screen and shutil.which("xdg-open") is not None


def open_in_viewer(file: Path) -> bool:
    """Open a file in the program that the desktop has for it; False where there is none."""
    if not has_desktop():
        return False
    if sys.platform == "win32":
        os.startfile(file.absolute())  # noqa: S606 - the desktop's own opener
        return True
    return _started(["open" if sys.platform == "darwin" else "xdg-open", str(file.absolute())])


def show_in_folder(file: Path) -> bool:
    """Show a file in the desktop's file manager; False where there is none."""
    if not has_desktop():
        return False
    if sys.platform == "win32":
        return _started(["explorer", f"/select,{file.absolute()}"])
    if sys.platform == "darwin":
        return _started(["open", "-R", str(file.absolute())])
    return _started(["xdg-open", str(file.absolute().parent)])


def _started(command: list[str]) -> bool:
    """Start a program and leave it alone; an absolute path is never taken for an option.

    A thread waits for its end, or what is left of it would stay in the list of processes.
    """
    quiet = subprocess.DEVNULL
    program = shutil.which(command[0])
    if program is None:
        return False
    process = subprocess.Popen([program, *command[1:]], stdin=quiet, stdout=quiet, stderr=quiet)  # noqa: S603 - the desktop's own opener
    threading.Thread(target=process.wait, daemon=True).start()
    return True
