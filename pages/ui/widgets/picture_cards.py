"""The script by which every component draws cards of pictures, to be put before its own."""

from __future__ import annotations

from pathlib import Path

SCRIPT = Path(__file__).with_suffix(".js").read_text("utf-8")
"""``element(name, class, text)`` and ``picture(url, alt)``."""
