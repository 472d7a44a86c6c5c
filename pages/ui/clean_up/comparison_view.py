"""What two sets of pictures have in common, what each has alone, and what one does not cover."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import streamlit as st

from pages.ui.clean_up import compared_sets, copies_view
from pages.ui.frame import feedback, session
from pages.ui.search import behind, grid
from search_engine import SearchEngine
from search_engine.audit import (
    CommonGroup,
    CommonPicture,
    PictureSet,
    Relation,
    SetComparison,
    table_of_comparison,
)

_A_PAGE, _CARDS = 8, 24
_OF_A_GROUP = 12
_SAID = {
    Relation.SAME_BYTES: "same bytes",
    Relation.NEAR_COPY: "near copy",
    Relation.UNCONFIRMED: "likely a near copy",
}
_HOW = """
* **In both** are files with the same bytes, and pictures that were resized, saved again, slightly
  cropped or brightened: vectors, perceptual hashes and thumbnails agree, and then the files
  themselves, at every spot. Mirrored and turned pictures are others.
* **Nothing alike** are pictures of the first whose nearest picture of the second is further away
  than it is for 19 of 20 pictures of the second themselves. Were all of one kind, 1 in 20 would be
  listed; many more tell of a gap.
* Nothing is changed. The table has every picture of both.
"""


def show(engine: SearchEngine) -> None:
    """Let two sets be chosen, and show what they share and what not."""
    st.caption(
        "Pictures that two folders or collections have in common, such as those of a test half"
        " that are in the training half too, and those that only one of them has."
    )
    choice = compared_sets.ask(engine)
    found = compared_sets.compared(engine, choice) if choice else None
    if found is None:
        return
    _show_sums(found)
    for remark in found.remarks():
        st.caption(feedback.plain(remark))
    with st.container(horizontal=True):
        st.download_button(
            "Table (CSV)", partial(table_of_comparison, found),
            f"{engine.name}-compared.csv", "text/csv", icon=":material/download:",
            on_click="ignore", key="table of comparison",
        )  # fmt: skip
        with st.popover("How it works", icon=":material/help:"):
            st.markdown(_HOW)
    _show_part(engine, found)


def _show_sums(found: SetComparison) -> None:
    first, second = (feedback.plain(side.name) for side in (found.first, found.second))
    with st.container(horizontal=True):
        st.metric(f"Of {first} in both", f"{found.common_first:,}")
        st.metric(f"Of {second} in both", f"{found.common_second:,}")
        st.metric(f"Only in {first}", f"{len(found.only_first):,}")
        st.metric(f"Only in {second}", f"{len(found.only_second):,}")
        if found.gap is not None:
            st.metric(
                f"Nothing alike in {second}", f"{len(found.gap):,}",
                help=f"{found.gap.expected:,} would be, were all of one kind.",
            )  # fmt: skip


def _show_part(engine: SearchEngine, found: SetComparison) -> None:
    parts = {
        "In both": len(found.groups),
        f"Only in {found.first.name}": len(found.only_first),
        f"Only in {found.second.name}": len(found.only_second),
        "Nothing alike": len(found.gap or ()),
    }
    offered = [name for name, count in parts.items() if count or name == "In both"]
    part = st.segmented_control(
        "Part", offered, format_func=feedback.plain, required=True, default=offered[0],
        label_visibility="collapsed", key=session.of_collection(f"part of {' '.join(offered)}"),
    )  # fmt: skip
    if part == "Nothing alike" and found.gap is not None:
        cosines = dict(zip(found.gap.picture_ids.tolist(), found.gap.cosines.tolist(), strict=True))
        labels = {one: f"{cosine:.2f} to the nearest" for one, cosine in cosines.items()}
        _show_alone(engine, found.first, list(labels), labels)
    elif part == f"Only in {found.second.name}":
        _show_alone(engine, found.second, found.only_second.tolist(), {})
    elif part == f"Only in {found.first.name}":
        _show_alone(engine, found.first, found.only_first.tolist(), {})
    else:
        _show_groups(engine, found)


def _page(pages: int, what: str) -> int:
    key = session.of_collection(f"{what} page of {pages}")
    return st.pagination(pages, key=key) if pages > 1 else 1


def _show_alone(
    engine: SearchEngine, side: PictureSet, ids: Sequence[int], labels: dict[int, str]
) -> None:
    page = _page(-(-len(ids) // _CARDS), f"only in {side.name}")
    records = side.engine.records(ids[_CARDS * (page - 1) : _CARDS * page])
    shown = [(side, one, labels.get(one, side.name), "") for one in records]
    _show_cards(engine, shown, f"Only in {side.name}", key=f"alone in {side.name}")


def _show_groups(engine: SearchEngine, found: SetComparison) -> None:
    if not found.groups:
        st.info("Nothing is in both.")
        return
    page = _page(-(-len(found.groups) // _A_PAGE), "common")
    for group in found.groups[_A_PAGE * (page - 1) : _A_PAGE * page]:
        with st.container(border=True):
            _show_group(engine, found, group)


def _show_group(engine: SearchEngine, found: SetComparison, group: CommonGroup) -> None:
    shown = [
        (side, one.picture_id, f"{side.name}: {_SAID[one.relation]}", _evidence(one))
        for side, pictures in ((found.first, group.first), (found.second, group.second))
        for one in pictures[:_OF_A_GROUP]
    ]
    _show_cards(engine, shown, "One picture in both", key=f"both {group.first[0].picture_id}")
    more = len(group.first) + len(group.second) - len(shown)
    if more:
        st.caption(f"{more:,} more are not shown; the table has them.")


def _evidence(one: CommonPicture) -> str:
    if one.relation is Relation.SAME_BYTES:
        return ""
    return (
        f"With the closest: cosine {one.cosine:.3f}, {one.bits} of 64 bits of the hash differ,"
        f" thumbnails correlate by {one.overlay:.3f}"
    )


def _show_cards(
    engine: SearchEngine,
    shown: Sequence[tuple[PictureSet, int, str, str]],
    what: str,
    *,
    key: str,
) -> None:
    """Show pictures of both collections; those of the page's own can be opened."""
    items, own = [], {}
    for number, (side, picture_id, label, why) in enumerate(shown):
        record = side.engine.records([picture_id]).get(picture_id)
        if record is None:
            continue
        elsewhere = side.engine.catalog.folder != engine.catalog.folder
        about = {"id": number, "compared": True, "elsewhere": elsewhere, "why": why}
        items.append(copies_view.card(side.engine, record, label) | about)
        if not elsewhere:
            own[number] = record
    pick, _ = copies_view.show_cards(items, what, key=session.of_collection(key))
    if pick in own:
        records = list(own.values())
        behind.go_where_chosen(engine, records, grid.GridClick(own[pick].picture_id))
