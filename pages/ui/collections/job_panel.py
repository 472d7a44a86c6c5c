"""A build that runs in a process of its own, watched from a page."""

from __future__ import annotations

import re
import time

import streamlit as st

from pages.ui.collections import first_build
from pages.ui.frame import feedback, resources, session
from search_engine import Library
from search_engine.collection import Thumbnails, data_address
from search_engine.jobs import JobState, JobStatus
from search_engine.records import SoFar, Stage, duration

_HASH = re.compile(r"[0-9a-f]{64}")


def watch(name: str) -> None:
    """Show how the build of a collection goes; run the page again when more is found or it ends."""
    if resources.jobs().status(name).state.active:
        session.watch(name)
        _watch(name, resources.state_of_published(name), first_build.so_far_of(name))


def watch_all_briefly(follows: str | None = None) -> None:
    """Tell in a line each what is built, and run the page again when one ends.

    Args:
        follows: A collection of which the page shows more as soon as it can be found.
    """
    active = resources.jobs().active()
    if active:
        for name in active:
            session.watch(name)
        _watch_briefly(active, follows, resources.state_of_published(follows) if follows else ())


@st.fragment(run_every="2s")
def _watch_briefly(names: list[str], follows: str | None, state: tuple[object, ...]) -> None:
    for name in names:
        status = resources.jobs().status(name)
        has_news = not status.state.active or (name == follows and _has_grown(name, state))
        if has_news and not session.dialog_is_open():
            st.rerun()
        st.caption(f":material/hourglass: “{feedback.plain(name)}”: {_line(status)}")


@st.fragment(run_every="1s")
def _watch(name: str, state: tuple[object, ...], so_far: SoFar | None) -> None:
    status = resources.jobs().status(name)
    if not status.state.active or _has_grown(name, state):
        st.rerun()
    with st.container(border=True):
        _show(name, status, so_far)


def _has_grown(name: str, shown: tuple[object, ...]) -> bool:
    """Return whether more can be found, or judged, than the page shows."""
    return resources.state_of_published(name) != shown


def _show(name: str, status: JobStatus, so_far: SoFar | None) -> None:
    progress = status.progress
    share = progress.done / progress.total if progress.total else 0.0
    st.progress(min(share, 1.0), text=f"**{feedback.plain(name)}** · {_line(status)}")
    if progress.path:
        st.caption(feedback.plain(progress.path))
    _show_strip(name, progress.recent)
    stopping = status.state is JobState.STOPPING
    label = "Stopping…" if stopping else "Pause (resumes later)"
    with st.container(horizontal=True, vertical_alignment="center"):
        if so_far and st.button(
            f"Search the first {so_far.pictures:,}", key=f"search so far {name}",
            icon=":material/search:",
        ):  # fmt: skip
            session.choose_collection(name)
            session.ask_anew("")
            st.switch_page("pages/2_Search.py")
        if st.button(label, key=f"stop {name}", disabled=stopping, icon=":material/stop_circle:"):
            resources.jobs().cancel(name)


def _line(status: JobStatus) -> str:
    progress = status.progress
    parts = [progress.stage.label]
    if progress.stage is Stage.EMBED and progress.total and not progress.done:
        # The first are many, and how fast the model can be is tried out on them.
        parts.append(f"the first of {progress.total:,} pictures, which take longest")
    elif progress.total:
        parts.append(f"{progress.done:,} of {progress.total:,}")
        if progress.done:
            parts.append(f"{progress.pictures_per_second:.1f}/s")
        if progress.eta_seconds:
            parts.append(f"{duration(progress.eta_seconds)} to go")
        if progress.skipped:
            parts.append(f"{progress.skipped:,} skipped")
    if not progress.eta_seconds:
        parts.append(f"{duration(time.time() - status.began)} since it began")
    return " · ".join(parts)


def _show_strip(name: str, hashes: tuple[str, ...]) -> None:
    thumbnails = Thumbnails(Library(resources.settings()).folder(name))
    sound = (digest for digest in hashes if _HASH.fullmatch(digest))
    addresses = (data_address(thumbnails.path(digest)) for digest in sound)
    urls = [address for address in addresses if address][-8:]
    if urls:
        st.image(urls, width=84, alt=["just read"] * len(urls))
