"""What is found out once for all tabs, until what it depends on changes.

The only use of ``st.cache_*``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial, wraps
from typing import Concatenate, Generic, Literal, ParamSpec, TypeVar

import streamlit as st

from search_engine import SearchEngine
from search_engine.calibration import calibration_stamp
from search_engine.records import IndexManifest

P = ParamSpec("P")
T = TypeVar("T")

Spinner = str | Literal[False]


@dataclass(frozen=True)
class _Call(Generic[T]):
    """A call of a cached function, and the key under which its result is kept.

    The key is text: Streamlit cannot hash names that are not UTF-8, but what ``repr`` writes of
    them.
    """

    key: str
    run: Callable[[], T]


def cached(
    *,
    key: Callable[..., object] | None = None,
    entries: int | None = None,
    seconds: float | None = None,
    spinner: Spinner = False,
) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """Keep what a function returns, and return it again where what it depends on is the same.

    Values are the same where ``repr`` writes the same of them.

    Args:
        key: Takes the arguments of the function and returns what the result depends on, if that
            is not just the arguments.
        entries: How many results are kept; the oldest makes room.
        seconds: How long they are kept.
        spinner: What a tab shows while it waits.
    """

    def decorate(function: Callable[P, T]) -> Callable[P, T]:
        def run(call: _Call[T]) -> T:
            return call.run()

        # Streamlit keeps the results of functions of the same name in one place.
        run.__module__, run.__qualname__ = function.__module__, function.__qualname__
        kept = st.cache_resource(
            max_entries=entries, ttl=seconds, show_spinner=spinner,
            hash_funcs={_Call: lambda call: call.key},
        )(run)  # fmt: skip

        @wraps(function)
        def cached_function(*args: P.args, **kwargs: P.kwargs) -> T:
            depends_on = key(*args, **kwargs) if key else (args, sorted(kwargs.items()))
            result: T = kept(_Call(repr(depends_on), partial(function, *args, **kwargs)))
            return result

        return cached_function

    return decorate


def cached_once(make: Callable[[], T]) -> Callable[[], T]:
    """Keep the one thing that a function makes."""
    return cached()(make)


def cached_by_collection(
    *,
    entries: int,
    key: Callable[..., object] | None = None,
    spinner: Spinner = False,
    by_tags: bool = False,
) -> Callable[
    [Callable[Concatenate[SearchEngine, P], T]], Callable[Concatenate[SearchEngine, P], T]
]:
    """Keep what a function finds out about a collection, until the collection changes.

    Args:
        entries: How many results are kept, of all collections and arguments together.
        key: Takes the arguments after the engine and returns what the result depends on beside
            the collection; without it that are all of them.
        spinner: What a tab shows while it waits.
        by_tags: Whether it depends on what is tagged and hidden as well.
    """

    def whole(engine: SearchEngine, *args: object, **kwargs: object) -> object:
        arguments = key(*args, **kwargs) if key else (args, sorted(kwargs.items()))
        tags = engine.catalog.tags.version if by_tags else None
        return state_of_collection(engine), tags, arguments

    return cached(key=whole, entries=entries, spinner=spinner)


def state_of_collection(engine: SearchEngine) -> tuple[object, ...]:
    """Return a value that is another for every collection and after every change of one.

    A build that only moved pictures publishes no new index, so builds count as well; and what
    scores are worth is measured after an index was published.
    """
    catalog = engine.catalog
    return (
        repr(catalog.folder), catalog.version.identity, catalog.builds.ended(),
        calibration_stamp(catalog.folder), *state_of_index(engine.manifest),
    )  # fmt: skip


def state_of_index(manifest: IndexManifest) -> tuple[object, ...]:
    """Return a value that is another for every published index."""
    m = manifest
    return m.generation, m.checksum, m.created_at, str(m.made_of)
