"""Groups of equal and nearly equal pictures, which to keep, and lists to take away."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from pages.ui import audit_steps, behind, feedback, grid, resources, session
from search_engine import SearchEngine
from search_engine.auditing.audit import Finding
from search_engine.auditing.duplicates import (
    LEAST_COSINE,
    LEAST_OVERLAY,
    MOST_BITS,
    DuplicateGroup,
    Thresholds,
)
from search_engine.auditing.lists import ListKind, keep_or_remove, list_of_duplicates
from search_engine.records import PictureRecord

_A_PAGE = 8
_SHOWN = 12
_CHOSEN = "kept instead"
_KINDS = ("Equal and nearly equal", "Equal files only")
_FILES = {
    ListKind.REMOVE: ("Paths to remove", "remove.txt", "text/plain"),
    ListKind.KEEP: ("Paths to keep", "keep.txt", "text/plain"),
    ListKind.TABLE: ("Table (CSV)", "duplicates.csv", "text/csv"),
}


def show(engine: SearchEngine) -> None:
    """Show the groups and offer the lists. Nothing is deleted."""
    st.caption(
        "Files with the same bytes, and pictures that were resized, saved again, slightly cropped"
        " or brightened: their vectors, their 64-bit perceptual hashes (Zauner 2010) and their"
        " thumbnails laid over one another all have to agree. Whatever is to go is close to what"
        " is kept itself. Nothing is deleted here: you get lists."
    )
    kind = st.segmented_control(
        "What counts", _KINDS, required=True, default=_KINDS[0], label_visibility="collapsed",
        key="kind of duplicates",
    )  # fmt: skip
    groups = _equal(engine) if kind == _KINDS[1] else _near(engine)
    if groups is None:
        return
    if not groups:
        st.info("No picture is a copy of another one, as far as these limits tell.")
        return
    _show_sums(groups)
    _offer_lists(engine, groups)
    _show_groups(engine, groups)


def _equal(engine: SearchEngine) -> list[DuplicateGroup]:
    with st.spinner("Comparing the files' hashes…"):
        return resources.audit(engine).exact_duplicates()


def _near(engine: SearchEngine) -> list[DuplicateGroup] | None:
    thresholds = _ask_thresholds()
    needed = (Finding.NEIGHBOURS, Finding.LOOKS, Finding.PAIRS)
    if not audit_steps.wanted(engine, *needed, key="duplicates"):
        return None
    with audit_steps.progress() as told:
        return resources.audit(engine).duplicates(thresholds, told)


def _ask_thresholds() -> Thresholds:
    usual = Thresholds()
    with st.expander("Limits", icon=":material/tune:"):
        cosine = st.slider(
            "Cosine similarity, at least", LEAST_COSINE, 1.0, usual.cosine, 0.01,
            help="Of the model's vectors.",
        )  # fmt: skip
        bits = st.slider(
            "Bits of the perceptual hash that may differ", 0, MOST_BITS, usual.bits, 2,
            help="Of 64, whatever their order; pictures of different things differ in about 32.",
        )  # fmt: skip
        overlay = st.slider(
            "Correlation of the thumbnails, at least", LEAST_OVERLAY, 1.0, usual.overlay, 0.005,
            format="%.3f",
            help="Laid over one another as well as they fit, up to 12 % cropped at each edge.",
        )  # fmt: skip
    return Thresholds(cosine, bits, overlay)


def _show_sums(groups: Sequence[DuplicateGroup]) -> None:
    with st.container(horizontal=True):
        st.metric("Groups", f"{len(groups):,}")
        st.metric("Copies", f"{sum(len(group.copies) for group in groups):,}")
        gain = sum(group.bytes_to_gain for group in groups)
        st.metric("Taken by copies", feedback.file_size(gain))


def _offer_lists(engine: SearchEngine, groups: Sequence[DuplicateGroup]) -> None:
    chosen = _chosen(engine)
    with st.container(horizontal=True):
        for kind, (label, name, mime) in _FILES.items():
            st.download_button(
                label, lambda kind=kind: list_of_duplicates(engine, groups, kind, chosen), name,
                mime, icon=":material/download:", on_click="ignore", key=f"list {kind}",
            )  # fmt: skip


def _show_groups(engine: SearchEngine, groups: Sequence[DuplicateGroup]) -> None:
    pages = -(-len(groups) // _A_PAGE)
    page = st.pagination(pages, key=f"duplicates page of {pages}") if pages > 1 else 1
    st.caption(
        "Kept is the picture with most pixels, then most bytes, then the oldest file, then the"
        " shortest path, unless you choose another. Below each is its cosine with that one."
    )
    for group in groups[_A_PAGE * (page - 1) : _A_PAGE * page]:
        with st.container(border=True):
            _show_group(engine, group)


def _show_group(engine: SearchEngine, group: DuplicateGroup) -> None:
    kept, removed = keep_or_remove(group, _chosen(engine))
    records = {record.picture_id: record for record in group.records}
    number = group.kept.picture_id
    key = f"keep of {number} in {_place(engine)}"
    session.put(key, kept.picture_id)
    st.selectbox(
        "Keep", list(records), format_func=lambda one: _described(records[one]), key=key,
        on_change=_keep, args=(engine, number, key),
    )  # fmt: skip
    st.caption(_evidence(group, kept, len(removed)))
    cosines = {group.kept.picture_id: 1.0}
    cosines |= {copy.record.picture_id: copy.cosine for copy in group.copies}
    shown = [kept, *removed][:_SHOWN]
    choice = grid.show_records(engine, shown, key=f"group {number}", scores=cosines)
    behind.go_where_chosen(engine, shown, choice)


def _described(record: PictureRecord) -> str:
    size = feedback.file_size(record.size_bytes)
    return f"{feedback.readable(record.path)} · {record.width} × {record.height}, {size}"


def _evidence(group: DuplicateGroup, kept: PictureRecord, removed: int) -> str:
    what = f"{removed} cop{'y' if removed == 1 else 'ies'}, "
    near = [copy for copy in group.copies if not copy.exact]
    how = "with the same bytes" if not near else (
        f"cosine from {min(copy.cosine for copy in near):.3f},"
        f" up to {max(copy.bits for copy in near)} bits of the hash differ,"
        f" thumbnails correlate from {min(copy.overlay for copy in near):.3f}"
    )  # fmt: skip
    compared = "" if kept == group.kept else " (all compared with the one the rule would keep)"
    more = f" {_SHOWN} are shown." if removed >= _SHOWN else ""
    categories = {record.category for record in group.records}
    apart = " They lie in different categories." if len(categories) > 1 else ""
    return f"{what}{how}{compared}.{apart}{more}"


def _place(engine: SearchEngine) -> str:
    """Return where the choices of a collection are kept; every collection has a picture #1."""
    return f"{_CHOSEN} {engine.catalog.version.identity}"


def _chosen(engine: SearchEngine) -> dict[int, int]:
    chosen = session.value(_place(engine))
    return chosen if isinstance(chosen, dict) else {}


def _keep(engine: SearchEngine, number: int, key: str) -> None:
    session.put(_place(engine), _chosen(engine) | {number: session.value(key)})
