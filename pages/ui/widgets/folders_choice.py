"""Which folders are the categories and what they are called: chosen where figures rest on them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from pages.ui.frame import feedback, linked, resources, session
from search_engine import SearchEngine
from search_engine.collection import FolderLevel
from search_engine.errors import SearchEngineError
from search_engine.evaluation import FIRST_FOLDERS, FolderNames, Labelling, names_from
from search_engine.records import counted

_SOME = 3
_HELP = (
    "Which folders are the categories here. Level 1 are the first folders below the one that was"
    " indexed, level 2 the folders in them: of train/cat/1.jpg that is “cat”. Pictures in fewer"
    " folders belong to no category."
)
_NAMES_HELP = """
A text file with a line for each folder, its name as it is on the disk first, then what it shows.
Further names may follow; the first is searched for.

```
n01440764,tench,Tinca tinca
n01443537,goldfish
```

Commas, semicolons, tabs, or a blank after the code (as in `synset_words.txt` of ImageNet) are all
understood. The file must be in UTF-8. Nothing is renamed.
"""


@dataclass(frozen=True)
class _Given:
    """A file of names that was given in this tab."""

    file: str
    names: FolderNames | None
    """None where it cannot be used."""
    error: SearchEngineError | None = None


_LEVEL = session.CollectionKey("level of categories", 1)
_GIVEN: session.CollectionKey[_Given | None] = session.CollectionKey("names of folders", None)


def ask(engine: SearchEngine, *, in_address: bool = True) -> Labelling:
    """Ask which folders are the categories and what they are called; a tab remembers it.

    ``in_address`` says whether the address of the page names the level.
    """
    levels = resources.folder_levels(engine)
    if not levels:
        return FIRST_FOLDERS
    given = _GIVEN.of(engine).get()
    with st.container(horizontal=True, vertical_alignment="bottom"):
        level = _ask_level(engine, levels, in_address=in_address) if len(levels) > 1 else 1
        _ask_names(engine, given)
    names = given.names if given and given.names else FolderNames()
    labelling = Labelling(level, names)
    _tell(given, labelling, levels[level - 1])
    return labelling


def _ask_level(engine: SearchEngine, levels: list[FolderLevel], *, in_address: bool) -> int:
    options = [str(one.level) for one in levels]
    remembered = _LEVEL.of(engine)
    default = str(min(remembered.get(), len(levels)))
    if in_address:
        place = linked.follow("level", options, default)
    else:
        place = {"key": session.of_collection("level"), "index": options.index(default)}
    chosen = st.selectbox(
        "Categories are the folders at", options, help=_HELP, width=420,
        format_func=lambda option: _described(levels[int(option) - 1]), **place,
    )  # fmt: skip
    remembered.put(int(chosen))
    return int(chosen)


def _described(level: FolderLevel) -> str:
    some = ", ".join(map(feedback.readable, level.names[:_SOME]))
    more = "…" if len(level.names) > _SOME else ""
    return f"Level {level.level} · {len(level.names):,}: {some}{more}"


def _ask_names(engine: SearchEngine, given: _Given | None) -> None:
    named = bool(given and given.names)
    with st.popover("Names of folders", icon=":material/label:" if named else ":material/badge:"):
        place = session.of_collection("file of names")
        uploaded = st.file_uploader(
            "What folders named by codes are called", type=["csv", "tsv", "txt"], key=place,
            help=_NAMES_HELP, on_change=partial(_take, engine, place),
        )  # fmt: skip
        if given and uploaded is None:  # it was given before another page was open
            st.button(
                "Forget the names", icon=":material/close:", key="forget names",
                on_click=partial(_GIVEN.of(engine).put, None),
            )  # fmt: skip


def _take(engine: SearchEngine, place: str) -> None:
    uploaded: session.Key[UploadedFile | None] = session.Key(place, None)
    file, key = uploaded.get(), _GIVEN.of(engine)
    if file is None:
        key.put(None)
        return
    try:
        key.put(_Given(file.name, names_from(file.getvalue(), file.name)))
    except SearchEngineError as error:
        key.put(_Given(file.name, None, error))


def _tell(given: _Given | None, labelling: Labelling, level: FolderLevel) -> None:
    """Say what a file of names came to, whatever was chosen meanwhile."""
    if given is None:
        return
    if given.error:
        feedback.show_error(given.error)
        return
    named = sum(labelling.name(folder) is not None for folder in level.names)
    of = counted(len(level.names), "folder is", "folders are")
    file = feedback.plain(feedback.readable(given.file))
    st.caption(f":material/label: {named:,} of {of} named by {file}.")
