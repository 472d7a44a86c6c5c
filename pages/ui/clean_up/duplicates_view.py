"""Groups of equal and nearly equal pictures, which to keep, and lists to take away."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import streamlit as st

from pages.ui.clean_up import audit_steps, copies_view
from pages.ui.frame import feedback, resources, session
from pages.ui.search import behind
from search_engine import SearchEngine
from search_engine.audit import (
    LEAST_COSINE,
    LEAST_OVERLAY,
    MOST_BITS,
    DuplicateGroup,
    Finding,
    ListKind,
    Thresholds,
    breaks_lines,
    decide_removals,
    list_of_duplicates,
)

_A_PAGE = 8
_CHOSEN: session.CollectionKey[dict[int, int]] = session.CollectionKey("kept instead", {})
"""The picture to keep of a group, by the picture that would be kept."""
_KINDS = ("Exact and near duplicates", "Exact copies only")
_FILES = {
    ListKind.REMOVE: ("Paths to remove", "remove.txt", "text/plain"),
    ListKind.KEEP: ("Paths to keep", "keep.txt", "text/plain"),
    ListKind.TABLE: ("Table (CSV)", "duplicates.csv", "text/csv"),
}


_HOW = """
* **Kept** is the picture with most pixels, then most bytes, then the oldest file, then the shortest
  path, unless you choose another. Of exact copies, one that links or other names lead to is kept.
  What lies in bins and hidden folders comes last.
* **Listed** is only what was read once more at that moment. A file that is missing or has changed,
  one that a link leads to, and one that is no copy of the one you keep, is never listed to be
  removed. Links and other names of one file are no copies.
"""


def show(engine: SearchEngine) -> None:
    """Show the groups and offer the lists. Nothing is deleted."""
    st.caption(
        "Exact copies, and pictures that were resized, saved again, slightly cropped or brightened."
        " The one with the green frame is kept; click another to keep that one instead. Nothing is"
        " deleted here: you get lists."
    )
    with st.container(horizontal=True):
        kind = st.segmented_control(
            "What counts", _KINDS, required=True, default=_KINDS[0], label_visibility="collapsed",
            key="kind of duplicates",
        )  # fmt: skip
        thresholds = _ask_thresholds() if kind == _KINDS[0] else None
    groups = _near(engine, thresholds) if thresholds else _exact(engine)
    if groups is None:
        return
    if not groups:
        st.info("No duplicates found with these settings.")
        return
    _show_sums(groups)
    _offer_lists(engine, groups)
    _show_groups(engine, groups)


def _exact(engine: SearchEngine) -> list[DuplicateGroup]:
    with st.spinner("Comparing the files’ hashes…"):
        return resources.audit(engine).exact_duplicates()


def _near(engine: SearchEngine, thresholds: Thresholds) -> list[DuplicateGroup] | None:
    needed = (Finding.NEIGHBOURS, Finding.IMAGE_STATISTICS, Finding.PAIRS)
    if not audit_steps.wanted(engine, *needed, key="duplicates"):
        return None
    with audit_steps.progress() as told:
        return resources.audit(engine).duplicates(thresholds, told)


def _ask_thresholds() -> Thresholds:
    usual = Thresholds()
    with st.popover("Thresholds", icon=":material/tune:"):
        st.caption(
            "Pictures of different content are one where three things agree: the model’s vectors,"
            " 64-bit perceptual hashes (Zauner 2010), and the thumbnails laid over one another."
            " Then the files are looked at: no spot may differ. Animations, files of several pages"
            " and transparent pictures are copies only if their bytes are equal."
        )
        cosine = st.slider(
            "Cosine similarity, at least", LEAST_COSINE, 1.0, usual.cosine, 0.01,
            help="Of the model’s vectors.", key=session.of_collection("least cosine"),
        )  # fmt: skip
        bits = st.slider(
            "Bits of the perceptual hash that may differ", 0, MOST_BITS, usual.bits, 2,
            help="Of 64, whatever their order; pictures of different things differ in about 32.",
            key=session.of_collection("most bits"),
        )  # fmt: skip
        overlay = st.slider(
            "Correlation of the thumbnails, at least", LEAST_OVERLAY, 1.0, usual.overlay, 0.005,
            format="%.3f",
            help="Laid over one another as well as they fit, up to 12 % cropped at each edge.",
            key=session.of_collection("least overlay"),
        )  # fmt: skip
    return Thresholds(cosine, bits, overlay)


def _show_sums(groups: Sequence[DuplicateGroup]) -> None:
    with st.container(horizontal=True):
        st.metric("Groups", f"{len(groups):,}")
        st.metric("Copies", f"{sum(len(group.copies) for group in groups):,}")
        gain = sum(group.bytes_to_gain for group in groups)
        st.metric(
            "Space used by copies", feedback.file_size(gain),
            help="A file with other names frees nothing before the last of them goes. Less is freed"
            " where the disk keeps equal content once.",
        )  # fmt: skip


def _offer_lists(engine: SearchEngine, groups: Sequence[DuplicateGroup]) -> None:
    nameable = [
        group
        for group in groups
        if not any(breaks_lines(engine, record) for record in group.records)
    ]
    chosen = _CHOSEN.of(engine).get()
    with st.container(horizontal=True):
        for kind, (label, name, mime) in _FILES.items():
            listed = groups if kind is ListKind.TABLE else nameable
            if not listed:
                continue
            st.download_button(
                label,
                partial(_listed, engine, listed, chosen, kind),
                f"{engine.name}-{name}", mime, icon=":material/download:", on_click="ignore",
                key=f"list {kind}",
            )  # fmt: skip
        with st.popover("How it works", icon=":material/help:"):
            st.markdown(_HOW)
    left_out = len(groups) - len(nameable)
    if left_out:
        st.caption(
            f"A list of paths cannot hold paths with line breaks: {left_out:,}"
            f" {'group is' if left_out == 1 else 'groups are'} in the table only."
        )


def _listed(
    engine: SearchEngine, groups: Sequence[DuplicateGroup], chosen: dict[int, int], kind: ListKind
) -> bytes:
    return list_of_duplicates(engine, decide_removals(engine, groups, chosen), kind)


def _show_groups(engine: SearchEngine, groups: Sequence[DuplicateGroup]) -> None:
    pages = -(-len(groups) // _A_PAGE)
    key = session.of_collection(f"duplicates page of {pages}")
    page = st.pagination(pages, key=key) if pages > 1 else 1
    shown = groups[_A_PAGE * (page - 1) : _A_PAGE * page]
    linked = resources.audit(engine).linked()
    chosen = _CHOSEN.of(engine).get()
    for decision in decide_removals(engine, shown, chosen, read=False, linked=linked):
        number = decision.group.kept.picture_id
        with st.container(border=True):
            key = session.of_collection(f"group {number}")
            choice, keep = copies_view.show(engine, decision, key=key)
        behind.go_where_chosen(engine, decision.group.records, choice)
        if keep not in {None, decision.kept.picture_id}:
            _CHOSEN.of(engine).put(chosen | {number: keep})
            st.rerun()
