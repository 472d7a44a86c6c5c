"""Links of before: where a view is now that was on another page."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

_CLEAN_UP, _QUALITY = "pages/5_Clean_up.py", "pages/6_Quality.py"
_OF_CATEGORIES = {
    "duplicates": (_CLEAN_UP, "Duplicates"),
    "suspects": (_CLEAN_UP, "Suspects"),
    "unusual": (_CLEAN_UP, "Unusual"),
    "retrieval": (_QUALITY, "Retrieval"),
}
_OF_SCORES = {"presence": (_QUALITY, "Presence")}


def follow_from_categories() -> None:
    """Go to where a view is now that an address of the page of categories names."""
    _follow("show", _OF_CATEGORIES)


def follow_from_scores() -> None:
    """Go to where a view is now that an address of the page of scores names."""
    _follow("tab", _OF_SCORES)


def _follow(name: str, moved: Mapping[str, tuple[str, str]]) -> None:
    """Go on to the new place with all else that the address says."""
    place = moved.get(st.query_params.get(name, "").casefold())
    if place is None:
        return
    page, view = place
    said = {one: st.query_params.get_all(one) for one in st.query_params if one != name}
    st.switch_page(page, query_params={**said, "show": view})
