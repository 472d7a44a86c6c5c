"""What a browser tab remembers from one run of a page to the next.

The only use of ``st.session_state``. Each value has a `Key`, made once by the module that owns it;
what is about the pictures of a collection has a `CollectionKey`, so that it says nothing about the
pictures of another.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Generic, TypeVar

import streamlit as st

from pages.ui.frame.search_memory import SearchMemory
from pages.ui.frame.search_state import SearchState
from search_engine import SearchEngine

T = TypeVar("T")


class Key(Generic[T]):
    """A value that a tab remembers. A widget whose key is ``name`` shows it, and sets it."""

    def __init__(self, name: str, unset: T) -> None:
        self.name = name
        self._unset = unset

    def get(self) -> T:
        """Return the value; what it is unset, before it was set or a widget was shown."""
        value: T | None = st.session_state.get(self.name)
        return self._unset if value is None else value

    def put(self, value: T) -> None:
        """Set the value, or what the widget will hold when it is shown next."""
        st.session_state[self.name] = value

    def take(self) -> T:
        """Return the value, once."""
        value = self.get()
        st.session_state.pop(self.name, None)
        return value

    def is_set(self) -> bool:
        """Return whether it was set, or the widget was shown."""
        return st.session_state.get(self.name) is not None


class CollectionKey(Generic[T]):
    """A value that means something in one collection only: each has a picture 1."""

    def __init__(self, name: str, unset: T) -> None:
        self._name = name
        self._unset = unset

    def of(self, engine: SearchEngine) -> Key[T]:
        """Return the key of the value for a collection; one made anew is another."""
        return Key(_of(self._name, engine.catalog.version.identity), self._unset)


def _of(name: str, identity: str) -> str:
    return f"{name} of {identity}"


_COLLECTION = Key("collection", "")
_IDENTITY = Key("collection identity", "")
_IDENTITY_OF = Key("collection with that identity", "")
_WATCHED: Key[frozenset[str]] = Key("builds_watched", frozenset())
_CHECK_OPENED = Key("check_opened", unset=False)
_SEARCH = Key("search", SearchMemory())
_QUERY = Key("q", "")
_PAGE = Key("page", "")
_ENTERED = Key("page_entered", unset=True)
_DIALOG = Key("dialog_open", unset=False)
_UPLOADS: Key[frozenset[str]] = Key("uploads_seen", frozenset())
_PATHS: Key[frozenset[str]] = Key("paths_typed", frozenset())
_REFUSED = Key("path_refused", unset=False)


def collection() -> str | None:
    """Return the name of the collection this tab is about."""
    return _COLLECTION.get() or None


def choose_collection(name: str) -> None:
    """Make this tab about another collection.

    The words stay; filters, examples and ids mean something in the one before only.
    """
    if collection() not in {None, name}:
        _keep_only_words()
    _COLLECTION.put(name)


def enter_collection(engine: SearchEngine) -> None:
    """Note which collection this page is about: one made anew under a name is another."""
    identity = engine.catalog.version.identity
    if _IDENTITY_OF.get() == engine.name and _IDENTITY.get() != identity:
        _keep_only_words()
    _IDENTITY_OF.put(engine.name)
    _IDENTITY.put(identity)


def _keep_only_words() -> None:
    correct_search(SearchState(q=search().q))
    _QUERY.take()  # so that the widgets are filled anew


def of_collection(widget: str) -> str:
    """Name a widget whose value means something in this collection only."""
    return _of(widget, _IDENTITY.get())


def leave_collection() -> None:
    """Make this tab about no collection in particular, after its own was removed."""
    _COLLECTION.take()
    st.query_params.pop("collection", None)


def watch(name: str) -> None:
    """Note that this tab saw a build of a collection at work."""
    _WATCHED.put(watched() | {name})


def watched() -> frozenset[str]:
    """Return the collections that this tab saw being built."""
    return _WATCHED.get()


def forget_watched(name: str) -> None:
    """Note that this tab has been told how a build ended."""
    _WATCHED.put(watched() - {name})


def open_check() -> None:
    """Have the check of the chosen collection in sight when it is shown next."""
    _CHECK_OPENED.put(value=True)


def check_opened() -> bool:
    """Return whether the check is to be in sight."""
    return _CHECK_OPENED.get()


def search_memory() -> SearchMemory:
    """Return what this tab remembers of its search."""
    return _SEARCH.get()


def set_search_memory(memory: SearchMemory) -> None:
    """Remember how the search stands."""
    _SEARCH.put(memory)


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


def is_filled() -> bool:
    """Return whether the widgets of a query were shown or set."""
    return _QUERY.is_set()


def fill(widgets: Mapping[str, object]) -> None:
    """Set what widgets show in this run."""
    st.session_state.update(widgets)


def fill_changed(widgets: Mapping[str, object]) -> None:
    """Set what those show that show something else; what is set takes away letters typed since."""
    there = st.session_state
    fill({name: one for name, one in widgets.items() if name not in there or there[name] != one})


def fill_missing(widgets: Mapping[str, object]) -> None:
    """Set what widgets show that were not there in the run before, as those of a closed popover."""
    fill({name: value for name, value in widgets.items() if name not in st.session_state})


def enter(page: str) -> None:
    """Note which page runs, from its top: no dialog is open then."""
    close_dialog()
    _ENTERED.put(_PAGE.get() != page)
    _PAGE.put(page)


def open_dialog() -> None:
    """Note that a dialog is open, which the whole page would close if it ran by itself."""
    _DIALOG.put(value=True)


def close_dialog() -> None:
    """Note that no dialog is open."""
    _DIALOG.put(value=False)


def dialog_is_open() -> bool:
    """Return whether a dialog is open."""
    return _DIALOG.get()


def entered() -> bool:
    """Return whether another page ran before."""
    return _ENTERED.get()


def typed_paths() -> frozenset[str]:
    """Return the paths that the person typed in this tab; pictures may be opened by these."""
    return _PATHS.get()


def add_typed_paths(paths: Iterable[str]) -> None:
    """Remember paths that were typed in this tab."""
    _PATHS.put(typed_paths() | set(paths))


def note_refused_path() -> None:
    """Remember that a link named a picture by a path."""
    _REFUSED.put(value=True)


def take_refused_path() -> bool:
    """Tell, once, whether a link named a picture by a path."""
    return _REFUSED.take()


def is_new_upload(file_id: str) -> bool:
    """Tell, once for each upload, that it has not been seen before."""
    seen = _UPLOADS.get()
    _UPLOADS.put(seen | {file_id})
    return file_id not in seen
