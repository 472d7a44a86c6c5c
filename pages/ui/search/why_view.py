"""The drawer: terms and words that make a score, and the place in the picture that answers."""

from __future__ import annotations

import io

import streamlit as st
from PIL import Image

from pages.ui.frame import feedback, resources, session
from pages.ui.search import term_bars, words_view
from pages.ui.widgets import signed_bars
from search_engine import Filters, Query, SearchEngine, SearchResults
from search_engine.errors import SearchEngineError
from search_engine.explain import (
    PATCHES_UNREAD,
    Explanation,
    HeatMap,
    HeatMethod,
    paint_heat,
)
from search_engine.query import EncodedQuery
from search_engine.records import PictureRecord, SearchResult
from search_engine.search import PartMatch, part_matches

_OFF = "off"
_LABELS = {_OFF: "Off", HeatMethod.PATCHES: "Fast", HeatMethod.REGIONS: "Thorough"}
_USUAL_OPACITY = 70
_METHOD: session.Key[str] = session.Key("heat method", HeatMethod.PATCHES)
_TAKEN: session.Key[HeatMethod | None] = session.Key("heat method taken", None)
_OPACITY = session.Key("heat opacity", _USUAL_OPACITY)
_NOTES = {
    HeatMethod.PATCHES: (
        "What each small patch of the picture shows is compared with the query (SCLIP, Wang"
        " et al. 2024). Zero is the average of the picture."
    ),
    HeatMethod.REGIONS: (
        "95 variants are scored: a place hidden behind the mean colour (Zeiler and Fergus 2014), or"
        " a window shown alone. Hiding a place that speaks for the query lowers the score."
    ),
}


def painted(engine: SearchEngine, record: PictureRecord, encoded: EncodedQuery) -> bytes | None:
    """Paint the heat map that is asked for over a picture, as JPEG; None if none is."""
    if _METHOD.get() == _OFF:
        return None
    method = HeatMethod(_METHOD.get())
    try:
        with st.spinner("Looking at the picture part by part…"):
            found = _heat(engine, record, encoded, method)
    except SearchEngineError as error:
        _TAKEN.put(None)
        feedback.show_error(error)
        return None
    _TAKEN.put(found.method)
    share = _OPACITY.get() / 100
    with Image.open(io.BytesIO(resources.preview(engine, record))) as image:
        target = io.BytesIO()
        paint_heat(image.convert("RGB"), found, share).save(target, "JPEG", quality=90)
    return target.getvalue()


@resources.cached_by_collection(
    entries=64,
    key=lambda record, encoded, method: (record.content_hash, encoded.query, method),
)
def _heat(
    engine: SearchEngine, record: PictureRecord, encoded: EncodedQuery, method: HeatMethod
) -> HeatMap:
    # Patches are what is offered first, not what somebody insists on.
    wanted = None if method is HeatMethod.PATCHES else method
    return engine.heat_map(encoded, record, wanted)


@resources.cached_by_collection(entries=64)
def _explained(
    engine: SearchEngine, query: Query, picture_id: int, filters: Filters
) -> Explanation:
    return engine.explain(query, picture_id, filters)


@resources.cached_by_collection(entries=64)
def _parts(engine: SearchEngine, query: Query, picture_id: int) -> tuple[PartMatch, ...]:
    return part_matches(engine, query, picture_id)


def show(
    engine: SearchEngine, result: SearchResult, answer: SearchResults, filters: Filters
) -> None:
    """Show what makes the score of a result."""
    _show_heat_controls()
    with st.spinner("Searching again without each word…"):
        found = _explained(engine, answer.query, result.record.picture_id, filters)
    _show_parts(_parts(engine, answer.query, result.record.picture_id))
    if len(found.terms) > 1 or found.marks is not None:
        _show_terms(found)
    _show_words(found, result.rank)


def _show_heat_controls() -> None:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        session.fill_missing({_METHOD.name: _METHOD.get()})
        chosen = st.segmented_control(
            "Highlight the matching area",
            list(_LABELS),
            key=_METHOD.name,
            format_func=_LABELS.__getitem__,
            required=True,
            help="Fast compares each patch of the picture with the query; thorough hides parts of"
            " the picture one by one, and works with every model.",
        )
        method = None if chosen in {None, _OFF} else HeatMethod(str(chosen))
        if method:
            st.slider("Opacity", 10, 100, _USUAL_OPACITY, 5, key=_OPACITY.name, format="%d %%")
    taken = _TAKEN.get() if method else None
    if method and taken and taken is not method:
        st.info(
            f"{PATCHES_UNREAD}, so the map was made by hiding and showing parts of the picture."
        )
    if method:
        st.caption(
            "**Orange** supports the query, **blue** opposes it; the ring marks the strongest"
            f" spot. {_NOTES[taken or method]}"
        )


def _show_parts(parts: tuple[PartMatch, ...]) -> None:
    if not parts:
        return
    st.markdown("##### Does it show each part?")
    with st.container(horizontal=True, gap="small"):
        for part in parts:
            st.badge(
                f"{feedback.plain(part.text)} {part.match:.0f} %",
                color="green" if part.is_there else "gray",
                icon=":material/check:" if part.is_there else ":material/close:",
            )
    st.caption("Each searched for by itself; what a word means within the query is a guess.")


def _show_terms(found: Explanation) -> None:
    st.markdown("##### Contribution of each term")
    st.caption(
        "Weight × cosine with the term, over the length of the sum. Together they are the score,"
        f" {feedback.unsigned(found.score, 4)}; the collection has"
        f" {feedback.unsigned(found.mean_score, 4)} on average."
    )
    rows = [
        signed_bars.SignedBar(
            term_bars.name(one.term),
            one.contribution,
            f"cos {feedback.unsigned(one.cosine, 3)},"
            f" usually {feedback.unsigned(one.mean_cosine, 3)}",
            term_bars.colour(at),
        )
        for at, one in enumerate(found.terms)
    ]
    if found.marks is not None:
        rows.append(
            signed_bars.SignedBar(
                "your marks", found.marks, "from bad results to good ones",
                term_bars.colour(len(found.terms)),
            )
        )  # fmt: skip
    signed_bars.show(rows, label="Contribution of each term to the score", key="term bars")


def _show_words(found: Explanation, rank: int) -> None:
    if not found.words:
        return
    st.markdown("##### Contribution of each word")
    about = "" if found.exact else " Ranks are by 8-bit codes."
    st.caption(
        "The query is run again without each word. The longer a bar to the right, the more the word"
        " lifts this picture above the rest of the collection; a bar to the left pulls it down."
        " Figures are cosines; beside them the picture’s rank by cosine without the word. With all"
        f" words it is {rank}.{about}"
    )
    rows = [
        signed_bars.SignedBar(one.word, one.difference, words_view.as_rank(one.rank_without))
        for one in found.words
        if not one.hardly_used
    ]
    if rows:
        signed_bars.show(rows, label="What each word adds to this picture", key="word bars")
    words_view.tell_unused(found.words)
