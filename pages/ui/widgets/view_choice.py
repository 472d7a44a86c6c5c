"""The views of a page: one is chosen, and those that a collection cannot fill are not offered."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import streamlit as st

from pages.ui.frame import feedback, linked
from pages.ui.frame.search_state import from_text
from pages.ui.widgets import category_needs, one_view
from search_engine import SearchEngine
from search_engine.names import known_as


@dataclass(frozen=True)
class PageView:
    """A view of a page."""

    label: str
    show: Callable[[SearchEngine], None]
    needs_categories: bool = False
    """Whether it says nothing about a folder without any."""


def show(engine: SearchEngine, views: Mapping[str, PageView]) -> None:
    """Let one of the views be chosen, and show it.

    Args:
        engine: The collection.
        views: By the name that ``show`` has in the address; the first is the usual one.
    """
    offered = _offered(engine, views)
    name = offered[0]
    if len(offered) > 1:
        name = st.segmented_control(
            "View", offered, format_func=lambda one: views[one].label, required=True,
            label_visibility="collapsed", **linked.follow("show", offered),
        ) or name  # fmt: skip
    with one_view.begin(name), feedback.errors_shown():
        if not len(engine):
            st.info("The collection holds no pictures.")
        else:
            views[name].show(engine)


def _offered(engine: SearchEngine, views: Mapping[str, PageView]) -> list[str]:
    """Return the views with something to show, and the one that a link names: it says what lacks.

    A page that has nothing to show without categories says so in its first view.
    """
    named = known_as(from_text(st.query_params.get("show", "")), tuple(views))
    has_categories = category_needs.has_any(engine)
    offered = [
        name
        for name, view in views.items()
        if has_categories or not view.needs_categories or name == named
    ]
    return offered or list(views)[:1]
