"""The two sets of pictures that are compared: this collection or a folder of it, and another."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import streamlit as st

from pages.ui.clean_up import audit_steps
from pages.ui.frame import linked, resources, session
from search_engine import Library, SearchEngine
from search_engine.audit import PictureSet, SetComparison, compare_sets
from search_engine.names import known_as
from search_engine.records import duration

_AT_ONCE_UP_TO = 5_000
_SECONDS = 0.003
"""A picture, with thumbnails that were not measured before."""
_KEPT = 4
_TWO = 2
_BEGUN: session.CollectionKey[object] = session.CollectionKey("comparison that was begun", None)
_TEST, _TRAIN = ("test", "val", "valid", "validation"), ("train", "training")


@dataclass(frozen=True)
class Choice:
    """What is compared."""

    first: PictureSet
    second: PictureSet
    by_bytes: bool = False

    @property
    def state(self) -> object:
        """Another value for every change of what is compared."""
        sides = (self.first, self.second)
        states = [
            (resources.state_of_collection(one.engine), one.categories and sorted(one.categories))
            for one in sides
        ]
        return repr((states, self.by_bytes))

    @property
    def same_model(self) -> bool:
        """Whether the vectors of both are of one model."""
        one, other = (side.engine.manifest.model for side in (self.first, self.second))
        return one.fingerprint == other.fingerprint


def ask(engine: SearchEngine) -> Choice | None:
    """Let both be chosen; None where there is nothing to compare with."""
    folders = [f"{engine.name}/{one}" for one in resources.category_counts(engine) if one]
    others = [one for one in _ready() if one != engine.name]
    has_folders = len(folders) >= _TWO
    if not others and not has_folders:
        st.info(
            "There is nothing to compare with: put pictures into two folders below the folder of"
            " this collection, such as train and test, or index another folder."
        )
        return None
    usual = _usual(folders)
    firsts = [*([engine.name] if others else []), *(folders if others or has_folders else [])]
    with st.container(horizontal=True):
        first = st.selectbox("Compare", firsts, **linked.follow("first", firsts, usual[0]))
        seconds = [*(one for one in folders if engine.name != first != one), *others]
        other = usual[1] if usual[1] in seconds else ""
        second = st.selectbox("with", seconds, **linked.follow("second", seconds, other))
    return _chosen(engine, first, second)


def _usual(folders: Sequence[str]) -> tuple[str, str]:
    """Return the folders of a test and of a training half, where they are called so."""
    found = ["", ""]
    for at, names in enumerate((_TEST, _TRAIN)):
        by_name = {one.partition("/")[2]: one for one in folders}
        meant = (known_as(name, by_name) for name in names)
        found[at] = next((by_name[name] for name in meant if name), "")
    return (found[0], found[1]) if all(found) else ("", "")


def _chosen(engine: SearchEngine, first: str, second: str) -> Choice:
    with st.spinner("Opening the collections…"):
        sides = _set(engine, first), _set(engine, second)
    choice = Choice(*sides)
    if choice.same_model:
        return choice
    st.caption(
        "The two were indexed with different models, so only files with the same bytes are found"
        " in both."
    )
    return replace(choice, by_bytes=True)


def _set(engine: SearchEngine, text: str) -> PictureSet:
    name, _, folder = text.partition("/")
    one = engine if name == engine.name else _open(name)
    return PictureSet.of(resources.audit(one), folder or None)


def _ready() -> list[str]:
    library = Library(resources.settings())
    return [one.name for one in library.summaries() if one.manifest is not None]


def _open(name: str) -> SearchEngine:
    manifest = Library(resources.settings()).summary(name).manifest
    if manifest is None:  # it went since the list was made
        st.stop()
    return resources.engine(name, manifest)


class _Found:
    """The comparisons of a collection that were made last."""

    def __init__(self) -> None:
        self._kept: dict[object, SetComparison] = {}

    def knows(self, state: object) -> bool:
        return state in self._kept

    def get(self, state: object, make: Callable[[], SetComparison]) -> SetComparison:
        found = self._kept.get(state) or make()
        while len(self._kept) >= _KEPT:
            self._kept.pop(next(iter(self._kept)), None)
        self._kept[state] = found
        return found


@resources.cached_by_collection(entries=2)
def _found(engine: SearchEngine) -> _Found:  # noqa: ARG001 - what it is kept by
    return _Found()


def compared(engine: SearchEngine, choice: Choice) -> SetComparison | None:
    """Return the comparison, at once where that is quick or known; None before it was begun."""
    found, state = _found(engine), choice.state
    pictures = len(choice.first.picture_ids) + len(choice.second.picture_ids)
    begun = _BEGUN.of(engine)
    if pictures > _AT_ONCE_UP_TO and not found.knows(state) and begun.get() != state:
        st.caption(
            f"With {pictures:,} pictures this takes up to {duration(pictures * _SECONDS)}. Any"
            " click on the page stops it; the thumbnails that were measured until then stay"
            " measured."
        )
        if not st.button("Begin", icon=":material/play_arrow:", key="begin comparison"):
            return None
        begun.put(state)
    with audit_steps.progress() as told:
        return found.get(
            state,
            lambda: compare_sets(
                choice.first, choice.second, by_bytes=choice.by_bytes, progress=told
            ),
        )
