"""A field that has the focus as soon as it is shown, as one expects of what was just opened."""

from __future__ import annotations

import re

import streamlit as st

_LEAD = st.components.v2.component(
    "field_focus",
    js="""
export default function ({ data, parentElement }) {
  if (parentElement.led === data.field) return;
  parentElement.led = data.field;
  // Streamlit puts the focus on what it opens, once that is there.
  const lead = () => document.querySelector(`.st-key-${CSS.escape(data.field)} input`)?.focus();
  requestAnimationFrame(() => setTimeout(lead, 60));
}
""",
)


def lead_to(key: str) -> None:
    """Put the focus on the text field of this key, once it is shown."""
    # As Streamlit writes a key as the name of a class.
    _LEAD(key=f"lead to {key}", data={"field": re.sub(r"[^a-zA-Z0-9_-]", "-", key.strip())})
