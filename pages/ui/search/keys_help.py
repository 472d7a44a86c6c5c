"""The last of the search tools: the keys that do something, in a small dialog, by ``?`` too.

It also makes the row of tools one stop of the Tab key.
"""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from pages.ui.widgets import one_stop

_KEYS = (
    ("Search box", (
        ("/", "Go to the box"),
        ("↓", "Recent searches and suggestions"),
        ("Enter", "Take the suggestion, or search"),
        ("Ctrl V", "Find pictures like the one in the clipboard"),
    )),
    ("Results", (
        ("← ↑ → ↓", "Move from picture to picture"),
        ("Enter", "Open it"),
        ("Space", "Show it larger; once more, or Esc: no longer"),
        ("M", "More like this"),
        ("G  B", "Mark as a good or a bad result"),
        ("X", "Select; with Shift and an arrow, several"),
        ("Ctrl A", "Select all that are shown"),
        ("Esc", "Select none"),
    )),
    ("Open picture", (
        ("←  →", "Previous and next"),
        ("↑  ↓", "On a tab: the other tabs"),
        ("G  B", "Mark as a good or a bad result"),
        ("+  −", "Zoom in and out"),
        ("0  1", "Fit to the window; actual pixels"),
        ("I", "Show or hide the details"),
        ("C  P", "Copy the picture, or its path"),
        ("O  F", "Open in the system’s viewer; show in its folder"),
        ("Esc", "Back to the results"),
    )),
    ("Check 20", (
        ("Y  N  S", "Yes, no, can’t tell"),
        ("←", "Back to the one before"),
    )),
    ("Everywhere", (
        ("Tab", "First of all: skip to the results"),
        ("?", "These keys"),
    )),
)  # fmt: skip
"""What is named here is done by the components and buttons of each part."""

_HELP = st.components.v2.component(
    "keys_help",
    html=(
        '<div class="keys-help">'
        '<button type="button" class="open" title="Keys (?)" aria-label="Keys">?</button>'
        '<dialog aria-labelledby="keys-title"><header><h2 id="keys-title">Keys</h2>'
        '<button type="button" class="close">Close</button></header>'
        '<div class="keys"></div></dialog></div>'
    ),
    css=Path(__file__).with_suffix(".css").read_text("utf-8"),
    js=one_stop.SCRIPT + Path(__file__).with_suffix(".js").read_text("utf-8"),
    isolate_styles=False,  # its button is one of a row of buttons
)


def show(bar: str) -> None:
    """Offer the dialog in the container of this key, whose buttons become one stop."""
    _HELP(key="keys", data={"keys": _KEYS, "bar": bar}, width="content")
