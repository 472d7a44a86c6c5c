"""Rows with a name, a bar to the right or left of zero, and a figure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import streamlit as st

from pages.ui.frame import feedback

FOR, AGAINST = "#ec7014", "#355cde"

_FOLDER = Path(__file__).parent
_BARS = st.components.v2.component(
    "signed_bars",
    html="<table><tbody></tbody></table>",
    css=(_FOLDER / "signed_bars.css").read_text("utf-8"),
    js=(_FOLDER / "signed_bars.js").read_text("utf-8"),
)


@dataclass(frozen=True)
class SignedBar:
    """One row."""

    name: str
    value: float
    note: str = ""
    """Beside the figure."""
    colour: str = ""
    """Orange above zero and blue below, if none is given."""


def show(rows: Sequence[SignedBar], *, label: str, key: str) -> None:
    """Show rows on one scale, ``label`` telling what they are to those who cannot see them."""
    most = max((abs(row.value) for row in rows), default=0) or 1.0
    items = [
        asdict(row)
        | {
            "name": feedback.readable(row.name),
            "share": row.value / most,
            "text": feedback.signed(row.value, 4),
            "colour": row.colour or (AGAINST if row.value < 0 else FOR),
        }
        for row in rows
    ]
    _BARS(key=key, data={"rows": items, "label": label})
