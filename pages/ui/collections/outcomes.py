"""How builds ended that nobody has put away yet, with what leads on from there.

Keys of widgets hold a slash, which no name of a collection does: none is that of another widget.
"""

from __future__ import annotations

import re
from contextlib import suppress

import streamlit as st

from pages.ui.collections import build_start, first_build, folder_browser, gone_folder
from pages.ui.frame import asked_build, feedback, model_trust, resources, session, ways_on
from search_engine import Library
from search_engine.collection import Catalog
from search_engine.errors import (
    BadFolder,
    CollectionError,
    ModelError,
    SearchEngineError,
    Trouble,
    Way,
)
from search_engine.jobs import JobNews, JobState, JobStatus
from search_engine.records import CollectionSettings, CollectionSummary, Findings, counted, duration
from search_engine.settings import SAMPLE_COLLECTION

_SEARCH_PAGE = "pages/2_Search.py"
_MOST_SHOWN = 5
_MOST_NAMED = 3
_SAMPLE_TOLD = session.Key("sample told as ready", -1.0)
_COUNTS = (
    ("added", "new"), ("changed", "changed"), ("moved", "moved"), ("removed", "gone"),
    ("lost", "no longer readable"),
)  # fmt: skip
_TYPED = re.compile(r"--[a-z]|python\s-m|HF_[A-Z]|\bcommand\b")
"""What versions before 0.6 told of the command line."""


def show() -> None:
    """Show how builds ended, each until it is put away; of those that went well only the latest."""
    found = _news().all()
    if _is_sample_ready(found):
        _tell_of_sample(found.pop(SAMPLE_COLLECTION))
    older = [name for name, status in found.items() if status.state is JobState.DONE][1:]
    news = [(name, status) for name, status in found.items() if name not in older]
    for name, status in news[:_MOST_SHOWN]:
        _show(name, status)
    if older:
        _show_older(older)
    if len(news) > _MOST_SHOWN:
        rest = counted(len(news) - _MOST_SHOWN, "other build", "other builds")
        st.caption(f"{rest} ended as well; put these away to see them.")


def tells_of(name: str) -> bool:
    """Return whether a page about builds says how the one of a collection goes, or ended."""
    return resources.jobs().status(name).state.active or name in _news().all()


def update_label(summary: CollectionSummary) -> tuple[str, str] | None:
    """Return label and icon of the button that updates; None where another one goes on already."""
    if summary.so_far is None:
        return "Update", ":material/sync:"
    return None if tells_of(summary.name) else ("Go on", ":material/play_arrow:")


def _is_sample_ready(found: dict[str, JobStatus]) -> bool:
    return SAMPLE_COLLECTION in found and found[SAMPLE_COLLECTION].state is JobState.DONE


def _tell_of_sample(status: JobStatus) -> None:
    """Tell once, in passing, that the gallery prepared itself, which nobody waited for."""
    if _SAMPLE_TOLD.get() != status.began:  # a full disk keeps no dismissal
        _SAMPLE_TOLD.put(status.began)
        st.toast("The sample gallery is ready", icon=":material/check_circle:")
    _news().dismiss(SAMPLE_COLLECTION)


def _show_older(names: list[str]) -> None:
    """Name what became ready before the latest, in a line."""
    with st.container(horizontal=True, vertical_alignment="center"):
        shown = ", ".join(f"“{feedback.plain(name)}”" for name in names[:_MOST_NAMED])
        rest = len(names) - _MOST_NAMED
        more = f" and {rest} more" if rest > 0 else ""
        st.caption(f":material/check_circle: Ready before: {shown}{more}", width="content")
        st.button(
            "Dismiss", key="outcome/dismiss older", type="tertiary",
            on_click=_dismiss_all, args=(names,),
        )  # fmt: skip


def _dismiss_all(names: list[str]) -> None:
    for name in names:
        _news().dismiss(name)


def tell(chosen: str | None) -> None:
    """Tell in a line each, with the way to all of it, how builds ended.

    Whoever is about a collection already need not be told that it is ready.
    """
    for name, status in list(_news().all().items())[:_MOST_NAMED]:
        done = status.state is JobState.DONE
        if done and name in {chosen, SAMPLE_COLLECTION}:
            continue
        icon = ":material/check_circle:" if done else ":material/error:"
        page, about = (_SEARCH_PAGE, {"collection": name}) if done else ("Home.py", None)
        st.page_link(page, label=_in_short(name, status), icon=icon, query_params=about)


def settle(*, chooses: bool) -> None:
    """Tell of builds that ended since this tab saw them at work; choose what came out, if wanted.

    Args:
        chooses: Whether this page is about the builds that run, so that it goes on with what they
            made. Any other page stays with its collection.
    """
    jobs = resources.jobs()
    for name in session.watched():
        status = jobs.status(name)
        if status.state.active:
            continue
        session.forget_watched(name)
        if chooses:
            _choose(name, status)
        else:
            done = status.state is JobState.DONE
            icon = ":material/check_circle:" if done else ":material/error:"
            st.toast(_in_short(name, status), icon=icon)


def _choose(name: str, status: JobStatus) -> None:
    """Go on with what a build made; the sample takes nobody away from pictures of their own."""
    keeps = name == SAMPLE_COLLECTION and session.collection()
    if status.state is JobState.DONE and not keeps:
        session.choose_collection(name)
        st.query_params.pop("collection", None)


def _in_short(name: str, status: JobStatus) -> str:
    done = status.state is JobState.DONE
    return f"“{feedback.plain(name)}” {'is ready' if done else 'was not finished'}"


def _news() -> JobNews:
    return JobNews(resources.settings())


def _show(name: str, status: JobStatus) -> None:
    if status.state is JobState.DONE:
        _show_success(name, status)
    elif status.state is JobState.FAILED:
        _show_failure(name, status)
    else:
        _show_unfinished(name, status)


def _show_success(name: str, status: JobStatus) -> None:
    try:
        with Library(resources.settings()).open_catalog(name) as catalog:
            count = counted(len(catalog.pictures), "picture", "pictures")
            parts = [f"{count} ready in {duration(status.seconds)}"]
            parts += [*_changes(status), *_left_out(status, catalog)]
            parts += _not_seen(status, catalog.findings)
    except CollectionError as error:
        st.error(
            f"“{feedback.plain(name)}” was built, but cannot be used.  \n"
            f"{feedback.in_words(Trouble.of(error))}",
            icon=":material/error:",
        )
        _offer_dismissal(name)
        return
    st.success(f"**“{feedback.plain(name)}”**: {' · '.join(parts)}", icon=":material/check_circle:")
    with _buttons():
        _offer_search(name, "Search them", dismisses=True)
        _offer_dismissal(name)


def _offer_search(name: str, label: str, *, dismisses: bool = False) -> None:
    if st.button(label, key=f"outcome/search ready {name}", icon=":material/search:"):
        if dismisses:
            _news().dismiss(name)
        session.choose_collection(name)
        session.ask_anew("")
        st.switch_page("pages/2_Search.py")


def _changes(status: JobStatus) -> list[str]:
    """Say what an update found; of a first build all is new."""
    counts = dict(status.counts)
    known = ("unchanged", "changed", "moved", "removed", "lost")
    if not any(counts.get(name) for name in known):
        return []
    found = [f"{counts[name]:,} {word}" for name, word in _COUNTS if counts.get(name)]
    return found or ["nothing had changed"]


def _left_out(status: JobStatus, catalog: Catalog) -> list[str]:
    """Say how many files were left out, why the first were, and what is kept of them."""
    count = len(catalog.skipped)
    if not count:
        return []
    first = catalog.skipped.some(_MOST_NAMED)
    named = "; ".join(feedback.plain(f"{skip.path} – {skip.explanation}") for skip in first)
    more = "; …" if count > len(first) else ""
    told = [f"{counted(count, 'file', 'files')} skipped ({named}{more})"]
    kept = dict(status.counts).get("kept", 0)
    if kept:
        pictures = counted(kept, "picture", "pictures")
        told.append(f"{pictures} of these kept as last read, and still found")
    return told


def _not_seen(status: JobStatus, findings: Findings) -> list[str]:
    """Say what was not looked into: folders, places out of reach, files of types not read."""
    closed = dict(status.counts).get("unreadable folders", 0)
    folders = counted(closed, "file or folder", "files and folders")
    away = counted(findings.pictures_away, "picture", "pictures")
    kinds = ", ".join(feedback.plain(str(one)) for one in findings.unread[:_MOST_NAMED])
    more = ", …" if len(findings.unread) > _MOST_NAMED else ""
    parts = {
        f"{folders} could not be read; what is known of it stays": closed,
        f"{away} out of reach, and kept": findings.pictures_away,
        f"not read: {kinds}{more}": findings.unread,
    }
    return [part for part, said in parts.items() if said]


def _show_unfinished(name: str, status: JobStatus) -> None:
    how = (
        "was stopped"
        if status.state is JobState.CANCELLED
        else "stopped unexpectedly: it was ended from outside, or the machine went off"
    )
    what = "The repair" if status.repairs else "The build"
    so_far = first_build.so_far_of(name)
    kept = (
        f"{feedback.sentence(str(so_far))} can be searched" if so_far else "What was done is kept"
    )
    st.warning(
        f"**{what} of “{feedback.plain(name)}” {how}.** {kept}, and it goes on from there.",
        icon=":material/pause_circle:",
    )
    with _buttons():
        _offer_again(name, "Go on")
        if so_far:
            _offer_search(name, "Search what is there")
        _offer_dismissal(name)


def _show_failure(name: str, status: JobStatus) -> None:
    trouble = _trouble_of(status)
    what = "repaired" if status.repairs else "built"
    asked = _asked(name)
    folder = str(asked.root) if asked else ""
    is_known = name in Library(resources.settings()).names()
    has_moved = trouble.is_a(BadFolder) and is_known and gone_folder.is_gone(folder)
    why = gone_folder.sentence(folder) if has_moved else feedback.in_words(trouble)
    st.error(
        f"“{feedback.plain(name)}” could not be {what}.  \n{why}",
        icon=":material/error:",
    )
    if trouble.way is Way.CONFIRM_MODEL:
        model_trust.offer(trouble.about, feedback.plain(trouble.about))
    with _buttons():
        _offer_again(name, "Try again")
        if trouble.is_a(ModelError):
            ways_on.offer_other_model(name, asked, key=f"outcome/another model for {name}")
        elif has_moved:
            gone_folder.offer(name, folder, key=f"outcome/new place of {name}")
        elif trouble.is_a(BadFolder):
            _offer_other_folder(folder, key=f"outcome/another folder for {name}")
        elif trouble.way is Way.REPAIR and is_known:
            ways_on.offer_repair(name, key=f"outcome/repair {name}")
        _offer_dismissal(name)


def _offer_other_folder(folder: str, *, key: str) -> None:
    """Lead to the form, with the folders to click through in sight."""
    if st.button(
        "Choose another folder", key=key, icon=":material/folder_open:",
        on_click=_choose_folder, args=(folder,),
    ):  # fmt: skip
        st.switch_page("pages/1_Build_index.py")


def _choose_folder(instead_of: str) -> None:
    asked_build.fill_form("")
    folder_browser.open_at(instead_of, asked_build.FOLDER)


def _trouble_of(status: JobStatus) -> Trouble:
    if status.trouble:
        return status.trouble
    old = "" if _TYPED.search(status.error) else status.error.rstrip(".")
    return Trouble(old or "An earlier version of the program could not finish it")


def _asked(name: str) -> CollectionSettings | None:
    with suppress(SearchEngineError):
        return resources.jobs().request(name).wanted
    return None


def _buttons() -> st.delta_generator.DeltaGenerator:
    return st.container(horizontal=True)


def _offer_again(name: str, label: str) -> None:
    if st.button(label, key=f"outcome/again {name}", icon=":material/refresh:"):
        build_start.again(name)


def _offer_dismissal(name: str) -> None:
    st.button(
        "Dismiss", key=f"outcome/dismiss {name}", icon=":material/close:", type="tertiary",
        on_click=_news().dismiss, args=(name,),
    )  # fmt: skip
