"""Build index: which files of a folder are left out."""

from __future__ import annotations

import streamlit as st

from search_engine import ScanRules


def ask(before: ScanRules, *, of: str) -> ScanRules:
    """Ask for the rules, beginning with those that a collection has.

    Args:
        before: The rules there are.
        of: What they are of; another folder or collection begins with its own.
    """
    written = ", ".join(before.exclude)
    exclude = st.text_input(
        "Leave out, separated by commas", written, placeholder="private/*, *.gif",
        key=f"leave out of {of}",
    )  # fmt: skip
    hidden = st.toggle("Hidden and system folders as well", before.hidden, key=f"hidden of {of}")
    if exclude == written:  # a pattern may hold a comma
        patterns = before.exclude
    else:
        patterns = tuple(part.strip() for part in exclude.split(",") if part.strip())
    return ScanRules(before.include, patterns, hidden)
