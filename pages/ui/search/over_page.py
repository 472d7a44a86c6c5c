"""What is open over a page, and is part of its address: Back closes it."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

import streamlit as st

from pages.ui.frame import session

P = ParamSpec("P")


def dialog(
    title: str, show: Callable[P, None], closed: Callable[[], None], *, icon: str | None = None
) -> Callable[P, None]:
    """Have a function show something in place of the page, and tell when that is closed.

    A page runs by itself while something is built, which closes what is open: not this one.
    """

    def dismissed() -> None:
        session.close_dialog()
        closed()

    @wraps(show)
    def open_it(*args: P.args, **kwargs: P.kwargs) -> None:
        session.open_dialog()
        opened = st.dialog(title, width="large", icon=icon, on_dismiss=dismissed)
        opened(show)(*args, **kwargs)

    return open_it
