"""What a browser tab remembers from one run of a page to the next.

The only use of ``st.session_state``: each value has a function here, so that a page cannot invent
keys of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

import streamlit as st

from pages.ui.frame.search_memory import SearchMemory
from pages.ui.frame.search_state import SearchState
from search_engine.records import CollectionSettings

FOLDER = "folder"
"""The widget that asks for a folder of pictures."""
NAME = "new name"
"""The widget that asks for the name of a new collection."""

_COLLECTION = "collection"
_WATCHED = "builds_watched"
_FORM_OPENED = "build_form_opened"
_FORM_FAILED = "build_form_failed"
_FORM_DONE = "build_form_done"
_UPDATE = "update_asked"
_CHECK_OPENED = "check_opened"
_SEARCH = "search"
_PAGE = "page"
_ENTERED = "page_entered"
_UPLOADS = "uploads_seen"
_PATHS = "paths_typed"
_REFUSED = "path_refused"


def collection() -> str | None:
    """Return the name of the collection this tab is about."""
    chosen = st.session_state.get(_COLLECTION)
    return str(chosen) if chosen else None


def choose_collection(name: str) -> None:
    """Make this tab about another collection.

    The words stay; filters, examples and ids mean something in the one before only.
    """
    if collection() not in {None, name}:
        correct_search(SearchState(q=search().q))
        st.session_state.pop("q", None)  # so that the widgets are filled anew
    st.session_state[_COLLECTION] = name


def leave_collection() -> None:
    """Make this tab about no collection in particular, after its own was removed."""
    st.session_state.pop(_COLLECTION, None)
    st.query_params.pop(_COLLECTION, None)


def watch(name: str) -> None:
    """Note that this tab saw a build of a collection at work."""
    st.session_state[_WATCHED] = watched() | {name}


def watched() -> frozenset[str]:
    """Return the collections that this tab saw being built."""
    return frozenset(st.session_state.get(_WATCHED, ()))


def forget_watched(name: str) -> None:
    """Note that this tab has been told how a build ended."""
    st.session_state[_WATCHED] = watched() - {name}


def fill_form(
    folder: str, *, name: str = "", opened: bool = False, failed: CollectionSettings | None = None
) -> None:
    """Have the page that builds ask for a folder.

    Only before the page runs: in a callback, or on another page.

    Args:
        folder: What stands in the box.
        name: Of the collection; empty where it is made from the folder's.
        opened: Whether all that can be chosen is in sight.
        failed: What was asked for and failed because of its model.
    """
    st.session_state.update({FOLDER: folder, NAME: name, _FORM_OPENED: opened})
    st.session_state[_FORM_FAILED] = failed


def form_failed() -> CollectionSettings | None:
    """Return what was asked for and failed because of its model."""
    failed = st.session_state.get(_FORM_FAILED)
    return failed if isinstance(failed, CollectionSettings) else None


def empty_form() -> None:
    """Have the form empty when it is shown next: what it asked for has begun."""
    st.session_state[_FORM_DONE] = True


def take_form_done() -> bool:
    """Tell, once, whether what the form asked for has begun."""
    return bool(st.session_state.pop(_FORM_DONE, False))


def form_opened() -> bool:
    """Return whether all that can be chosen for a build is to be in sight."""
    return bool(st.session_state.get(_FORM_OPENED))


def ask_update(name: str) -> None:
    """Have the page that builds begin an update when it runs next."""
    choose_collection(name)
    st.session_state[_UPDATE] = name


def take_update() -> str | None:
    """Return, once, the collection that is to be updated."""
    name = st.session_state.pop(_UPDATE, None)
    return str(name) if name else None


def open_check() -> None:
    """Have the check of the chosen collection in sight when it is shown next."""
    st.session_state[_CHECK_OPENED] = True


def check_opened() -> bool:
    """Return whether the check is to be in sight."""
    return bool(st.session_state.get(_CHECK_OPENED))


def of_collection(key: str) -> str:
    """Name a widget whose choice means something in this collection only."""
    return f"{key} of {collection()}"


def value(key: str) -> object:
    """Return what a widget holds; None before it was shown."""
    return st.session_state.get(key)


def put(key: str, content: object) -> None:
    """Set what a widget will hold when it is shown next."""
    st.session_state[key] = content


def take(key: str) -> object:
    """Return what was put under a key, once."""
    return st.session_state.pop(key, None)


def search_memory() -> SearchMemory:
    """Return what this tab remembers of its search."""
    memory = st.session_state.get(_SEARCH)
    return memory if isinstance(memory, SearchMemory) else SearchMemory()


def set_search_memory(memory: SearchMemory) -> None:
    """Remember how the search stands."""
    st.session_state[_SEARCH] = memory


def search() -> SearchState:
    """Return what the search page was last asked for."""
    return search_memory().asked


def correct_search(state: SearchState) -> None:
    """Put right what is asked for, without asking anew."""
    set_search_memory(replace(search_memory(), asked=state))


def ask(state: SearchState) -> None:
    """Ask for this in the next run, whatever the address says."""
    set_search_memory(replace(search_memory(), asked=state, changed=True))


def ask_anew(words: str) -> None:
    """Ask only for these words when the search page is opened next."""
    ask(SearchState(q=words))


def note_typing() -> None:
    """Note that what is asked for was typed in this tab, and may be typed on."""
    set_search_memory(replace(search_memory(), typing=True))


def note_answered(state: SearchState) -> None:
    """Remember what could be answered, to be shown on while the next query is half typed."""
    set_search_memory(replace(search_memory(), answered=state))


def fill(widgets: Mapping[str, object]) -> None:
    """Set what widgets show in this run."""
    st.session_state.update(widgets)


def enter(page: str) -> None:
    """Note which page runs."""
    st.session_state[_ENTERED] = st.session_state.get(_PAGE) != page
    st.session_state[_PAGE] = page


def entered() -> bool:
    """Return whether another page ran before."""
    return bool(st.session_state.get(_ENTERED, True))


def typed_paths() -> frozenset[str]:
    """Return the paths that the person typed in this tab; pictures may be opened by these."""
    return frozenset(st.session_state.get(_PATHS, ()))


def add_typed_paths(paths: Iterable[str]) -> None:
    """Remember paths that were typed in this tab."""
    st.session_state[_PATHS] = typed_paths() | set(paths)


def note_refused_path() -> None:
    """Remember that a link named a picture by a path."""
    st.session_state[_REFUSED] = True


def take_refused_path() -> bool:
    """Tell, once, whether a link named a picture by a path."""
    return bool(st.session_state.pop(_REFUSED, False))


def is_new_upload(file_id: str) -> bool:
    """Tell, once for each upload, that it has not been seen before."""
    seen: set[str] = st.session_state.setdefault(_UPLOADS, set())
    is_new = file_id not in seen
    seen.add(file_id)
    return is_new
