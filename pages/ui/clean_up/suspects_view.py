"""Pictures that may be in the wrong category, what speaks against them, and what a person says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

import streamlit as st

from pages.ui.clean_up import audit_steps
from pages.ui.frame import feedback, resources, session
from pages.ui.search import behind, grid
from pages.ui.widgets import category_needs, folders_choice, odd_names
from search_engine import SearchEngine
from search_engine.audit import (
    Audit,
    Finding,
    Key,
    Opinion,
    Reviews,
    Signal,
    Suspect,
    is_about,
    table_of_reviews,
    table_of_suspects,
)
from search_engine.errors import CollectionError, ModelError
from search_engine.evaluation import Labelling
from search_engine.records import PictureRecord, Progress, counted, folder_at

_A_PAGE = 8
_WITNESSES = 5
_LABELS = {
    Signal.COMBINED: "Both", Signal.NEIGHBOURS: "Neighbours", Signal.WORDS: "Words",
}  # fmt: skip
_LIMITS = {
    Signal.COMBINED: "from 4 standard deviations of both signals together",
    Signal.NEIGHBOURS: "where another category has 10 points more of the neighbours",
    Signal.WORDS: "from 3 standard deviations of the differences between names",
}
_HOW = """
* **Neighbours**: more of the 20 nearest pictures are of another category (Wilson 1972); duplicates
  are ignored.
* **Words**: the name of another category fits the picture better than that of its own (zero-shot,
  Radford et al. 2021; Northcutt et al. 2021).
* The nearest pictures beside a suspect are those of the likelier category first.
"""
_FAILED: session.Key[CollectionError | None] = session.Key("review not kept", None)
_LAST: session.CollectionKey[Key | None] = session.CollectionKey("label reviewed last", None)
_SAID = {Opinion.RIGHT: "the label is right", Opinion.WRONG: "the label is wrong"}


def show(engine: SearchEngine) -> None:
    """Show the suspects of the chosen signal, page by page."""
    labelling = folders_choice.ask(engine)
    level = labelling.level
    category_needs.require(engine, "This compares", named=2, pictures=2, level=level)
    st.caption(
        "Pictures that may lie in the wrong folder, the most suspicious first. Nothing is moved."
        " You decide, and what you decided does not come back."
    )
    odd_names.show(engine, labelling)
    with st.container(horizontal=True, vertical_alignment="center"):
        signal = st.segmented_control(
            "Signal", list(_LABELS), format_func=_LABELS.__getitem__, required=True,
            default=Signal.COMBINED, label_visibility="collapsed", key="signal",
        )  # fmt: skip
        how = st.popover("How it works", icon=":material/help:")
    if not audit_steps.wanted(engine, Finding.FAIR_NEIGHBOURS, key="suspects", level=level):
        return
    slight = st.toggle(
        "Show weaker suspicions too",
        key=session.of_collection("slight doubts"),
        help=f"Else a label is suspicious {_LIMITS[signal]}.",
    )
    audit = resources.audit(engine)
    with audit_steps.progress() as told:
        found = _found(audit, signal, labelling, told, clearly=not slight)
    how.markdown(f"{_HOW}\n* {feedback.plain(str(audit.neighbour_choice(level)))}")
    said = Reviews(engine.catalog.folder).all()
    opened = [one for one in found if (one.record.content_hash, one.category) not in said]
    if found:
        limit = "" if slight else f": suspicious {_LIMITS[signal]}"
        _show_head(engine, found, len(opened), labelling, limit)
    _offer_to_take_back(engine, said)
    _show_open(engine, opened, labelling)
    _show_reviewed(engine)


def _found(
    audit: Audit, signal: Signal, labelling: Labelling, told: Progress, *, clearly: bool
) -> Sequence[Suspect]:
    wanted = partial(
        audit.suspects, clearly=clearly, reviewed=True, labelling=labelling, progress=told
    )
    try:
        return wanted(signal)
    except ModelError as error:
        feedback.show_error(error)
        st.caption("Without the model only the neighbours can tell.")
        return wanted(Signal.NEIGHBOURS, with_words=False)


def _show_head(
    engine: SearchEngine, found: Sequence[Suspect], opened: int, labelling: Labelling, limit: str
) -> None:
    """Show how many are open, and offer them and those that were decided as one list."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.metric("Suspicious labels", f"{opened:,}", help=f"Of {len(engine):,}{limit}.")
        st.download_button(
            "Table (CSV)", lambda: table_of_suspects(engine, found, labelling),
            f"{engine.name}-suspects.csv", "text/csv", icon=":material/download:",
            on_click="ignore", help="With what you decided, in the column “review”",
        )  # fmt: skip


def _show_open(engine: SearchEngine, opened: Sequence[Suspect], labelling: Labelling) -> None:
    """Show those of which nobody has said anything yet, page by page."""
    if not opened:
        st.info("No suspicious labels.")
    pages = -(-len(opened) // _A_PAGE)
    place = session.of_collection(f"suspects page of {pages} {labelling.level}")
    page = st.pagination(pages, key=place) if pages > 1 else 1
    for one in opened[_A_PAGE * (page - 1) : _A_PAGE * page]:
        with st.container(border=True):
            _show_suspect(engine, one, labelling)


def _show_suspect(engine: SearchEngine, one: Suspect, labelling: Labelling) -> None:
    own, other = (
        feedback.plain(feedback.category_name(labelling.title(folder)))
        for folder in (one.category, one.suggested)
    )
    number = one.record.picture_id

    def title(record: PictureRecord) -> str:
        return labelling.title(folder_at(record.path, labelling.level) or "")

    left, right = st.columns([2, 5])
    with left:
        st.markdown(f"In “**{own}**”, looks like “**{other}**”")
        choice = grid.show_records(engine, [one.record], key=f"suspect {number}", title=title)
        behind.go_where_chosen(engine, [one.record], choice)
    with right:
        st.caption(_evidence(one, f"“{own}”"))
        known = engine.records(one.witnesses[:_WITNESSES])
        witnesses = [known[i] for i in one.witnesses[:_WITNESSES] if i in known]
        choice = grid.show_records(
            engine, witnesses, key=f"witnesses of {number}", size="row", title=title
        )
        behind.go_where_chosen(engine, witnesses, choice)
        with st.container(horizontal=True):
            for opinion, label, icon in (
                (Opinion.RIGHT, "Label is right", ":material/check:"),
                (Opinion.WRONG, "Label is wrong", ":material/close:"),
            ):
                st.button(
                    label, icon=icon, key=f"{opinion} {number}", on_click=_note,
                    args=(engine, (one.record.content_hash, one.category), opinion),
                )  # fmt: skip


def _evidence(one: Suspect, own: str) -> str:
    parts = []
    if one.neighbours is not None:
        parts.append(_of_neighbours(round(one.neighbours * 100), own))
    if one.words is not None:
        how = "better" if one.words >= 0 else "less well"
        parts.append(f"Another name fits {how} ({feedback.signed(one.words, 2)}).")
    return " ".join([*parts, "Its nearest pictures:"])


def _of_neighbours(points: int, own: str) -> str:
    """Say how much more often its nearest pictures lie elsewhere, in points of per cent."""
    if not points:
        return f"Its nearest pictures are as often in another category as in {own}."
    more, less = ("another category", own) if points > 0 else (own, "any other category")
    by = counted(abs(points), "percentage point", "percentage points")
    return f"Its nearest pictures are more often in {more} than in {less}, by {by}."


def _note(engine: SearchEngine, key: Key, opinion: Opinion | None) -> None:
    try:
        Reviews(engine.catalog.folder).note(key, opinion)
    except CollectionError as error:
        _FAILED.put(error)
        return
    _LAST.of(engine).put(None if opinion is None else key)


def _offer_to_take_back(engine: SearchEngine, said: Mapping[Key, Opinion]) -> None:
    """Say what was decided last, with the way back; all else that was is further down."""
    key = _LAST.of(engine).get()
    record = _about(engine, key) if key in said else None
    if key is None or record is None:
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(f"{feedback.plain(record.path)}: {_SAID[said[key]]}.", width="content")
        st.button(
            "Undo", icon=":material/undo:", key="take back last", on_click=_note,
            args=(engine, key, None),
        )  # fmt: skip


def _about(engine: SearchEngine, key: Key | None) -> PictureRecord | None:
    """Return the picture that a review is about; None where it is gone, or elsewhere now."""
    pictures = engine.catalog.pictures
    records = pictures.by_id(pictures.ids_with_content(key[0])).values() if key else ()
    return next((one for one in records if key and is_about(key, one)), None)


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
        for key, opinion in latest[_A_PAGE * (page - 1) : _A_PAGE * page]:
            _show_review(engine, key, opinion)


def _show_review(engine: SearchEngine, key: Key, opinion: Opinion) -> None:
    record = _about(engine, key)
    if record is None:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"{feedback.plain(record.path)}: {_SAID[opinion]}", width="stretch")
        st.button(
            "Undo", icon=":material/undo:", key=f"take back {key!a}",
            on_click=_note, args=(engine, key, None),
        )  # fmt: skip
