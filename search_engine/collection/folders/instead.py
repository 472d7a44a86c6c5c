"""What a text is where it is no path of this computer."""

from __future__ import annotations

import re
from collections.abc import Iterator

from search_engine.collection.folders import likely, spelling
from search_engine.collection.folders.lying import NoFolder, Wrong, can_be_a_path

_SEVERAL = re.compile(r"[\r\n]|[\"“”]\s+[\"“”]")
_ADDRESS = re.compile(r"(?i)[a-z][a-z0-9+.-]+:[/\\]{1,3}\S|data:|[\w.-]+@[\w.-]+:")
_OF_WINDOWS = re.compile(r"[A-Za-z]:(?:[\\/]|$)|\\\\|[^/]*\\[^/]*$")
_VARIABLE = re.compile(r"(?:^|[/\\])(?:\$\{?\w+|\$env:\w+|%\w+%)")
_AS_HERE = "Give the folder as it is called here."


def of_a_path(text: str, *, windows: bool) -> NoFolder | None:
    """Say what a text is instead of a path, with the folder it may stand for; None for a path."""
    return next(_found(text, windows=windows), None)


def _found(text: str, *, windows: bool) -> Iterator[NoFolder]:
    if not can_be_a_path(text):
        cause, remedy = "No path can be written like this", "Write it anew."
        yield NoFolder(Wrong.IMPOSSIBLE, cause, text, remedy)
    elif _SEVERAL.search(text):
        cause, remedy = "This is more than one line or path", "Give one folder."
        meant = likely.first_folder(likely.of_lines(text))
        yield NoFolder(Wrong.SEVERAL, cause, text, remedy, meant)
    of_windows = _OF_WINDOWS.match(text)
    if _ADDRESS.match(text) and not of_windows:
        yield _address(text)
    if of_windows and not windows:
        meant = likely.first_folder(likely.of_windows(text))
        yield NoFolder(Wrong.FOREIGN, "This is a path of Windows", text, _AS_HERE, meant)
    if windows and text.startswith("/"):
        meant = likely.first_folder(likely.of_elsewhere(text))
        yield NoFolder(Wrong.FOREIGN, "This is a path of Linux or macOS", text, _AS_HERE, meant)
    if text.startswith("~"):
        cause, remedy = "The system knows no home folder for this path", "Write the path in full."
        yield NoFolder(Wrong.NOBODY, cause, text, remedy)
    if _VARIABLE.search(text):
        cause = "A name with $ or % stands for something that is only known for the home folder"
        yield NoFolder(Wrong.VARIABLE, cause, text, "Write the path in full.")


def _address(text: str) -> NoFolder:
    host = spelling.host_of(text)
    cause = f"This folder is on another computer, {host}" if host else "This is an address"
    remedy = "Connect it as a drive, or copy the pictures here, and give that folder."
    return NoFolder(Wrong.ADDRESS, cause, text, remedy)
