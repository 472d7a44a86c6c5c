"""Pictures that are dropped on a page, pasted or chosen: each becomes a term of the query."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from pages.ui.frame import feedback, gate, session
from pages.ui.search import terms
from search_engine.errors import SearchEngineError, Trouble

_REFUSED: session.Key[tuple[str, ...]] = session.Key("uploads refused", ())
_POPOVER = session.Key("picture open", unset=False)

_DROP = st.components.v2.component(
    "dropped_pictures",
    html=(
        '<div class="target" popover="manual"><p>Drop to find similar pictures</p></div>'
        '<div class="said" popover="manual" role="status"></div>'
    ),
    css=Path(__file__).with_suffix(".css").read_text("utf-8"),
    js=Path(__file__).with_suffix(".js").read_text("utf-8"),
)
_CHOOSE = st.components.v2.component(
    "picture_chooser",
    html='<button type="button">Choose pictures…</button>',
    css="""
button {
  width: 100%; padding: 10px 16px; border-radius: 8px; cursor: pointer;
  font: 15px var(--st-font, sans-serif);
  color: var(--st-text-color); background: var(--st-background-color);
  border: 1px solid color-mix(in srgb, var(--st-text-color) 30%, transparent);
}
button:hover, button:focus-visible { border-color: currentColor; color: var(--st-primary-color); }
""",
    js="""
export default function ({ parentElement }) {
  parentElement.querySelector("button").onclick = () => {
    document.querySelector('.st-key-dropped input[type="file"]')?.click();
  };
}
""",
)


def take() -> tuple[str, ...]:
    """Let pictures be dropped and pasted anywhere on the page; give the terms of those that came.

    Belongs to the page, outside of what runs again for each letter. `show_refused` tells the rest.
    """
    with st.container(key="dropped"):  # out of sight; the component puts files into it
        uploaded = st.file_uploader(
            "Pictures", accept_multiple_files=True, key="dropped pictures",
            label_visibility="collapsed",
        )  # fmt: skip
    new = [one for one in uploaded if session.is_new_upload(one.file_id)]
    data = {
        "taken": [one.file_id for one in new],
        "most": gate.UPLOADS_OF_A_TAB,
        "most_bytes": gate.BYTES_OF_A_TAB,  # what the server holds of a tab at once
        "megabytes": st.get_option("server.maxUploadSize"),
    }
    _DROP(key="drop", data=data)
    kept = []
    for one in new:
        try:
            kept.append(terms.keep_example(one.getvalue()))
        except SearchEngineError as error:
            told = feedback.in_words(Trouble.of(error))
            said = f"“{feedback.plain(one.name)}” cannot be used.  \n{told}"
            _REFUSED.put((*_REFUSED.get(), said))
    if kept:
        _POPOVER.put(value=False)
    return tuple(dict.fromkeys(kept))


def show_refused() -> None:
    """Tell, once, which pictures cannot be used, and why."""
    for said in _REFUSED.take():
        st.error(said, icon=":material/error:")


def show_chooser() -> None:
    """Offer to choose pictures, for those who do not drop them."""
    _CHOOSE(key="choose pictures")
    st.caption("You can also drop pictures anywhere on the page, or paste them.")
