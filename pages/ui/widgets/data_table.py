"""Tables on the screen, whose own button writes them as CSV in the browser."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from search_engine.files import tables


def show(table: pd.DataFrame, **options: Any) -> Any:  # noqa: ANN401 - as st.dataframe has them
    """Show a table; no cell of it is a formula to a spreadsheet that it is copied or saved to.

    The browser writes cells as they are sent to it, so they are marked here, as in every CSV.
    """
    marked = table.apply(lambda column: column.map(_marked)).rename(columns=_marked)
    return st.dataframe(marked if len(table) else table, **options)


def _marked(value: object) -> object:
    return tables.as_cell(value) if isinstance(value, str) else value
