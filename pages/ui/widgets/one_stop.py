"""Buttons in a row that are one stop of the Tab key; arrows lead from one to the next.

As the ARIA Authoring Practices of the W3C have it for toolbars. A script for components: each that
has or stands in such a row calls ``makeOneStop``.
"""

from __future__ import annotations

from pathlib import Path

SCRIPT = Path(__file__).with_suffix(".js").read_text("utf-8")
