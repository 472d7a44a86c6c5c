"""“Check 20”: a person looks at twenty of the matches, and reads how many of all are right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

import streamlit as st

from pages.ui.frame import feedback, resources, session
from pages.ui.search import grid, new_query, precision_chart, saved_state
from search_engine import Filters, Query, SearchEngine
from search_engine.calibration import THRESHOLD
from search_engine.cards import SavedQueries, card_of, name_for
from search_engine.errors import SearchEngineError
from search_engine.evaluation import CheckedPrecision, Judgement, PrecisionCheck, proposed
from search_engine.records import PictureRecord, counted
from search_engine.search import DEFAULT_K, all_matches

LABEL = "Check 20"
ABOUT = "Look at 20 pictures, and learn how many of all matches are right"
_TALLEST = 420
"""Pixels that a picture may be high, so that the buttons below it are in sight."""
_MOST_SHOWN = 120
_ASKED = session.Key("check asked", unset=False)

_Answers: TypeAlias = dict[int, Judgement]
_SAID: session.CollectionKey[dict[object, _Answers]]
_SAID = session.CollectionKey("check answers", {})
"""What was said of pictures, in the order in which it was, by query and filters."""
_PICKED = session.CollectionKey("picture of a check", 0)
_ENDED: session.CollectionKey[object] = session.CollectionKey("check ended early", None)
"""The question whose figure is wanted before all pictures were looked at."""

_BUTTONS: tuple[tuple[Judgement, str, str, str, Literal["primary", "secondary", "tertiary"]], ...]
_BUTTONS = (
    (Judgement.RIGHT, "Yes", ":material/check:", "Y", "primary"),
    (Judgement.WRONG, "No", ":material/close:", "N", "secondary"),
    (Judgement.UNSURE, "Can’t tell", ":material/question_mark:", "S", "tertiary"),
)


@dataclass(frozen=True)
class _Session:
    """A check of one question in this tab."""

    engine: SearchEngine
    query: Query
    filters: Filters
    check: PrecisionCheck

    @property
    def answers(self) -> _Answers:
        return _SAID.of(self.engine).get().get(self._of, {})

    @property
    def _of(self) -> object:
        return str(self.query), self.filters

    def say(self, answers: _Answers) -> None:
        """Remember what was said; `end` it anew."""
        _SAID.of(self.engine).put(_SAID.of(self.engine).get() | {self._of: answers})
        _ENDED.of(self.engine).take()

    def end(self) -> None:
        """Want the figure now."""
        _ENDED.of(self.engine).put(self._of)

    @property
    def has_ended(self) -> bool:
        return _ENDED.of(self.engine).get() == self._of or not self.left

    @property
    def left(self) -> list[int]:
        """The pictures that nothing was said of, in their turns."""
        return [one for one in self.check.asked(self.answers) if one not in self.answers]


def ask_for_it() -> None:
    """Have the check open at the end of this run."""
    _ASKED.put(value=True)


def follow(
    engine: SearchEngine, query: Query, filters: Filters, *, asks: bool
) -> PictureRecord | None:
    """Open the check where it is wanted; give a picture that was clicked among its matches."""
    if _ASKED.take() or asks:
        _open(engine, query, filters)
    picked = _PICKED.of(engine).take()
    return engine.records([picked]).get(picked)


@st.dialog("How many are right?", width="medium", icon=":material/fact_check:")
def _open(engine: SearchEngine, query: Query, filters: Filters) -> None:
    """Ask, or tell what came of it; what was said stays when it is closed."""
    with feedback.errors_shown():
        check = resources.precision_check(engine, query, filters)
    asked = _Session(engine, query, filters, check)
    if not len(check):
        st.info("No picture comes near this query, so there is nothing to look at.")
    elif asked.has_ended:
        _show_result(asked)
    else:
        _ask(asked)


def _ask(asked: _Session) -> None:
    total = len(asked.check.asked(asked.answers))
    place = total - len(asked.left) + 1
    st.markdown(f"Does it show **{feedback.plain(str(asked.query))}**?")
    unsure = list(asked.answers.values()).count(Judgement.UNSURE)
    replaced = f" · {counted(unsure, 'picture', 'pictures')} replaced by another" if unsure else ""
    st.progress((place - 1) / total, f"{place} of {total}{replaced}")
    if asked.check.strong < len(asked.check.picture_ids):
        st.caption(
            f"Some have a match below {THRESHOLD:.0f} %: they tell whether a lower threshold would"
            " do as well."
        )
    picture_id = asked.left[0]
    _show_picture(asked.engine, picture_id)
    with st.container(horizontal=True):
        for said, label, icon, key, kind in _BUTTONS:
            st.button(
                label, icon=icon, key=f"check {said}", type=kind, shortcut=key, width="stretch",
                on_click=asked.say, args=(asked.answers | {picture_id: said},),
            )  # fmt: skip
    with st.container(horizontal=True, horizontal_alignment="center"):
        _offer_back(asked)
        if asked.check.figures(asked.answers):
            st.button(
                "Result so far", key="check end", type="tertiary", icon=":material/insights:",
                on_click=asked.end,
            )  # fmt: skip


def _offer_back(asked: _Session) -> None:
    before = dict(list(asked.answers.items())[:-1])
    st.button(
        "Back", key="check back", type="tertiary", icon=":material/undo:", shortcut="Left",
        disabled=not asked.answers, on_click=asked.say, args=(before,),
    )  # fmt: skip


def _show_picture(engine: SearchEngine, picture_id: int) -> None:
    """Show it without its match and name, which would tell what to expect."""
    record = engine.records([picture_id]).get(picture_id)
    shown: bytes | str | None = None
    if record is not None:
        try:
            shown = resources.preview(engine, record)
        except SearchEngineError:  # the thumbnail shows what was found
            shown = resources.thumbnail(engine, record)
    with st.container(horizontal=True, horizontal_alignment="center"):
        if record is None or not shown:
            st.info("This picture is not there any more: choose “Can’t tell”.")
        else:
            st.image(shown, width=round(_TALLEST * record.width / record.height), alt="Picture")


def _show_result(asked: _Session) -> None:
    figures = asked.check.figures(asked.answers)
    best = proposed(figures)
    if best is None:
        st.info("Too few pictures were judged for a figure: go back, or begin anew.")
        _show_ways_back(asked)
        return
    lowest = min(one.threshold for one in figures)
    said = list(asked.answers.values())
    right = said.count(Judgement.RIGHT)
    judged = right + said.count(Judgement.WRONG)
    st.markdown(
        f"Of {counted(judged, 'picture', 'pictures')} that you looked at, spread over the matches"
        f" from {lowest:g} % up, **{right}** {'was' if right == 1 else 'were'} right."
    )
    chosen = _choose(asked, figures, best)
    _show_figure(chosen)
    if len(figures) > 1:
        precision_chart.show(figures, chosen, str(asked.query))
    _offer_to_save(asked, chosen)
    _show_pictures(asked, chosen)
    _show_ways_back(asked)


def _choose(
    asked: _Session, figures: Sequence[CheckedPrecision], best: CheckedPrecision
) -> CheckedPrecision:
    """Let a threshold be chosen; the proposed one is the lowest of which nine of ten were right."""
    if len(figures) == 1:
        return figures[0]
    by_threshold = {one.threshold: one for one in figures}
    chosen = st.select_slider(
        "Take pictures from a match of", sorted(by_threshold), best.threshold,
        key=session.of_collection(f"check threshold {len(asked.answers)}"),
        format_func=lambda one: f"{one:g} %",
    )  # fmt: skip
    return by_threshold[chosen]


def _show_figure(figure: CheckedPrecision) -> None:
    ends = f"{100 * figure.low:.0f}–{100 * figure.high:.0f} %"
    sure = (
        f"all {figure.pictures:,} were looked at"
        if figure.is_exact
        else f"{ends} in 95 of 100 such checks"
    )
    about = "" if figure.is_exact else "about "
    right = f"{about}{figure.pictures * figure.precision:,.0f} of {figure.pictures:,}"
    with st.container(horizontal=True, border=True, gap="medium"):
        st.metric("Right", f"{100 * figure.precision:.0f} %", width="content")
        st.metric("In this collection", right, width="content")
        st.caption(f"{figure.right} of {figure.answered} that you looked at; {sure}.")


def _offer_to_save(asked: _Session, chosen: CheckedPrecision) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        name = st.text_input(
            "Save with the query as", name_for(str(asked.query)),
            key=session.of_collection(f"check name for {asked.query}"),
        )  # fmt: skip
        pressed = st.button("Save", icon=":material/bookmark_add:", key="check save")
    if pressed:
        with feedback.refusals_shown():
            answer = resources.answer(asked.engine, asked.query, DEFAULT_K, asked.filters)
            card = card_of(asked.engine, answer, DEFAULT_K, asked.filters)
            card = saved_state.with_view(card, session.search())
            SavedQueries(asked.engine.catalog.folder).save(name.strip(), card.checked(chosen))
            st.success("Saved. It stands on page Scores, view “Saved”.", icon=":material/bookmark:")


def _show_pictures(asked: _Session, chosen: CheckedPrecision) -> None:
    if st.button(
        f"Filter results to {chosen.threshold:g} % or more", key="check filter", type="tertiary",
        icon=":material/filter_alt:",
    ):  # fmt: skip
        new_query.ask(min_match=float(chosen.threshold), page=1)
        st.rerun()
    label = f"Show {counted(chosen.pictures, 'picture', 'pictures')} from {chosen.threshold:g} % up"
    if not st.toggle(label, key="check pictures"):
        return
    with feedback.refusals_shown():
        found = all_matches(asked.engine, asked.query, asked.filters, chosen.threshold).results
        if len(found) > _MOST_SHOWN:
            st.caption(f"The best {_MOST_SHOWN} of {len(found):,}.")
        records = [result.record for result in found[:_MOST_SHOWN]]
        choice = grid.show_records(asked.engine, records, key="checked")
        if choice.like is not None and new_query.ask_for_more_like(choice.like):
            st.rerun()
        if choice.pick is not None:
            _PICKED.of(asked.engine).put(choice.pick)
            st.rerun()


def _show_ways_back(asked: _Session) -> None:
    with st.container(horizontal=True):
        _offer_back(asked)
        if asked.left:
            st.button(
                "Go on", key="check go on", type="tertiary", icon=":material/arrow_forward:",
                on_click=asked.say, args=(asked.answers,),
            )  # fmt: skip
        st.button(
            "Begin anew", key="check anew", type="tertiary", icon=":material/restart_alt:",
            on_click=asked.say, args=({},),
        )  # fmt: skip
