"""The question whether a model that a collection names may be loaded."""

from __future__ import annotations

import streamlit as st

from pages.ui.frame import resources
from search_engine.embedding import trust


def offer(model_id: str, shown: str) -> None:
    """Say that a model is not loaded, and why, and let a person confirm it.

    Args:
        model_id: The model.
        shown: Its name as Markdown, with nothing in it that is markup.
    """
    st.warning(
        f"**The collection names the model “{shown}”, which nobody chose on this machine.**  \n"
        "It is not loaded before you say so; words and example pictures need it.",
        icon=":material/shield:",
    )
    with st.popover("Use this model…", icon=":material/shield:"):
        st.markdown(
            f"The model **{shown}** was named by whoever made the collection. It is read as numbers"
            " only, and none of its code is run; what is not on this machine is fetched from the"
            " hub. Use it only if you trust who gave you the collection."
        )
        st.button(
            "I trust it: use this model", key=f"trust {model_id}",
            on_click=_take, args=(model_id,),
        )  # fmt: skip


def _take(model_id: str) -> None:
    trust(model_id, resources.settings())
