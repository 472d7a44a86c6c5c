"""Pictures that may be in the wrong category, what speaks against them, and what a person says."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from pages.ui.audits import audit_steps
from pages.ui.frame import feedback, resources, session
from pages.ui.search import behind, grid
from pages.ui.widgets import category_needs, odd_names
from search_engine import SearchEngine
from search_engine.audit import (
    Audit,
    Finding,
    Opinion,
    Reviews,
    Signal,
    Suspect,
    review_key,
    table_of_reviews,
    table_of_suspects,
)
from search_engine.errors import CollectionError, ModelError
from search_engine.records import PictureRecord, Progress

_A_PAGE = 8
_WITNESSES = 5
_LABELS = {
    Signal.COMBINED: "Both together", Signal.NEIGHBOURS: "Neighbours", Signal.WORDS: "Words",
}  # fmt: skip
_LIMITS = {
    Signal.COMBINED: "by 4 standard deviations of both signals together",
    Signal.NEIGHBOURS: "by a tenth of the votes",
    Signal.WORDS: "by 3 standard deviations of the names’ differences",
}
_FAILED: session.Key[CollectionError | None] = session.Key("review not kept", None)
_SAID = {Opinion.RIGHT: "the label is right", Opinion.WRONG: "the label is wrong"}


def show(engine: SearchEngine) -> None:
    """Show the suspects of the chosen signal, page by page."""
    category_needs.require(engine, "This compares", named=2, pictures=2)
    st.caption(
        "Neighbours doubt a label when more of the 20 nearest pictures are of another category"
        " (Wilson 1972); duplicates are ignored. Words doubt it when the name of another category"
        " fits the picture better than its own (zero-shot, Radford et al. 2021; Northcutt et al."
        " 2021). Nothing is moved. You decide, and what you decided does not come back."
    )
    odd_names.show(engine)
    signal = st.segmented_control(
        "Signal", list(_LABELS), format_func=_LABELS.__getitem__, required=True,
        default=Signal.COMBINED, label_visibility="collapsed", key="signal",
    )  # fmt: skip
    if not audit_steps.wanted(engine, Finding.FAIR_NEIGHBOURS, key="suspects"):
        return
    slight = st.toggle(
        f"Show more than labels that are doubted {_LIMITS[signal]}",
        key=session.of_collection("slight doubts"),
    )
    with audit_steps.progress() as told:
        found = _found(resources.audit(engine), signal, told, clearly=not slight)
    _show_open(engine, found, signal, slight=slight)
    _show_reviewed(engine)


def _found(audit: Audit, signal: Signal, told: Progress, *, clearly: bool) -> Sequence[Suspect]:
    try:
        return audit.suspects(signal, clearly=clearly, progress=told)
    except ModelError as error:
        feedback.show_error(error)
        st.caption("Without the model only the neighbours can tell.")
        return audit.suspects(Signal.NEIGHBOURS, with_words=False, clearly=clearly, progress=told)


def _show_open(
    engine: SearchEngine, found: Sequence[Suspect], signal: Signal, *, slight: bool
) -> None:
    if not found:
        st.info("No suspicious labels." if slight else f"No label is doubted {_LIMITS[signal]}.")
        return
    with st.container(horizontal=True, vertical_alignment="bottom"):
        about = "" if slight else f", doubted {_LIMITS[signal]}"
        st.metric("Suspicious labels", f"{len(found):,}", help=f"Of {len(engine):,}{about}.")
        st.download_button(
            "Table (CSV)", lambda: table_of_suspects(engine, found),
            f"{engine.name}-suspects.csv", "text/csv", icon=":material/download:",
            on_click="ignore",
        )  # fmt: skip
    pages = -(-len(found) // _A_PAGE)
    place = session.of_collection(f"suspects page of {pages} {signal}")
    page = st.pagination(pages, key=place) if pages > 1 else 1
    for one in found[_A_PAGE * (page - 1) : _A_PAGE * page]:
        with st.container(border=True):
            _show_suspect(engine, one)


def _show_suspect(engine: SearchEngine, one: Suspect) -> None:
    own, other = _name(one.record.category), _name(one.suggested)
    number = one.record.picture_id
    left, right = st.columns([2, 5])
    with left:
        st.markdown(f"In “**{own}**”, looks like “**{other}**”")
        choice = grid.show_records(engine, [one.record], key=f"suspect {number}")
        behind.go_where_chosen(engine, [one.record], choice)
    with right:
        st.caption(_evidence(one, f"“{own}”"))
        known = engine.records(one.witnesses[:_WITNESSES])
        witnesses = [known[i] for i in one.witnesses[:_WITNESSES] if i in known]
        choice = grid.show_records(engine, witnesses, key=f"witnesses of {number}", size="row")
        behind.go_where_chosen(engine, witnesses, choice)
        with st.container(horizontal=True):
            for opinion, label, icon in (
                (Opinion.RIGHT, "Label is right", ":material/check:"),
                (Opinion.WRONG, "Label is wrong", ":material/close:"),
            ):
                st.button(
                    label, icon=icon, key=f"{opinion} {number}", on_click=_note,
                    args=(engine, one.record, opinion),
                )  # fmt: skip


def _name(category: str | None) -> str:
    return feedback.plain(feedback.category_name(category or ""))


def _evidence(one: Suspect, own: str) -> str:
    parts = []
    if one.neighbours is not None:
        share = f"{abs(one.neighbours):.0%}"
        who = ("Another category", own) if one.neighbours >= 0 else (own, "any other")
        parts.append(f"{who[0]} has {share} more of the neighbours’ votes than {who[1]}.")
    if one.words is not None:
        how = "better" if one.words >= 0 else "less well"
        parts.append(f"Another name fits {how}, by {abs(one.words):.3f}.")
    return " ".join([*parts, "The nearest pictures, those of the likelier category first:"])


def _note(engine: SearchEngine, record: PictureRecord, opinion: Opinion | None) -> None:
    try:
        Reviews(engine.catalog.folder).note(record, opinion)
    except CollectionError as error:
        _FAILED.put(error)


def _show_reviewed(engine: SearchEngine) -> None:
    """Show what was decided, to take away or to take back."""
    failed = _FAILED.take()
    if failed:
        feedback.show_error(failed)
    reviews = Reviews(engine.catalog.folder).all()
    if not reviews:
        return
    with st.expander(f"Reviewed labels · {len(reviews):,}", icon=":material/rule:"):
        st.download_button(
            "Reviews (CSV)", lambda: table_of_reviews(engine, reviews),
            f"{engine.name}-reviews.csv", "text/csv", icon=":material/download:",
            on_click="ignore",
        )  # fmt: skip
        latest = list(reviews.items())[::-1]
        pages = -(-len(latest) // _A_PAGE)
        place = session.of_collection(f"reviews page of {pages}")
        page = st.pagination(pages, key=place) if pages > 1 else 1
        for (content_hash, category), opinion in latest[_A_PAGE * (page - 1) : _A_PAGE * page]:
            _show_review(engine, content_hash, category, opinion)


def _show_review(engine: SearchEngine, content_hash: str, category: str, opinion: Opinion) -> None:
    pictures = engine.catalog.pictures
    records = pictures.by_id(pictures.ids_with_content(content_hash)).values()
    record = next((one for one in records if review_key(one) == (content_hash, category)), None)
    if record is None:  # gone, or in another category now
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"{feedback.plain(record.path)}: {_SAID[opinion]}", width="stretch")
        st.button(
            "Take back", icon=":material/undo:", key=f"take back {record.picture_id}",
            on_click=_note, args=(engine, record, None),
        )  # fmt: skip
