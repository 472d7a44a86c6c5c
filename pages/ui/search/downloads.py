"""Results to take away: a table, a document, the pictures themselves."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, replace
from functools import partial

import streamlit as st

from pages.ui.frame import feedback, resources
from pages.ui.search import export_form, saved_view
from pages.ui.search.asking import Answered
from search_engine import SearchEngine, SearchResults
from search_engine.collection import so_far
from search_engine.errors import SearchEngineError
from search_engine.exchange import ResultForm, packing, pictures_as, place_of, results_as
from search_engine.records import PictureRecord, SearchResult, counted
from search_engine.search import search_answer

LABEL = "Download or save"
_FOR_PROGRAMS = {
    ResultForm.JSON_LINES: "Lines (JSON Lines)",
    ResultForm.PARQUET: "Table (Parquet)",
}


def about(found: Answered) -> str:
    """Say what is offered: a CSV, JSON, a ZIP, a folder, or a card to ask again."""
    results = counted(len(found.shown), "result", "results")
    weaker = sum(not one.stands_out for one in found.shown)
    return f"{LABEL} {'the matches, or ' if 0 < weaker < len(found.shown) else ''}{results}"


@st.dialog(LABEL, width="medium", icon=":material/download:")
def offer(
    engine: SearchEngine,
    found: Answered,
    results: tuple[SearchResult, ...],
    *,
    choose: bool = False,
) -> None:
    """Offer some results in the middle of the screen: below the results there is no room.

    ``choose`` offers all matches first, and these results as the second choice.
    """
    if choose:
        results = _chosen(engine, found, results)
    else:
        st.caption(counted(len(results), "result", "results"))
    taken = replace(found.answer, results=results)
    size = sum(result.record.size_bytes for result in taken.results)
    too_large = size > packing.MOST_BYTES
    name = engine.name
    with st.container(horizontal=True):
        st.download_button(
            "Table (CSV)", lambda: as_csv(engine, taken), f"{name}-results.csv", "text/csv",
            on_click="ignore",
        )  # fmt: skip
        st.download_button(
            "Document (JSON)", lambda: as_json(engine, taken), f"{name}-results.json",
            "application/json", on_click="ignore",
        )  # fmt: skip
        _offer_for_programs(f"{name}-results", lambda form: results_as(engine, results, form))
        st.download_button(
            f"Pictures (ZIP, {feedback.file_size(size)})", lambda: as_zip(engine, taken),
            f"{name}-pictures.zip", "application/zip", on_click="ignore", disabled=too_large,
        )  # fmt: skip
    if too_large:
        most = feedback.file_size(packing.MOST_BYTES)
        st.caption(f"The pictures are more than {most}: take fewer, or export them to a folder.")
    if export_form.is_possible():
        exporting = st.expander(
            "Export to a folder…", icon=":material/drive_folder_upload:", key="export open",
            on_change="rerun",
        )  # fmt: skip
        if exporting.open:
            with exporting:
                export_form.show(engine, results)
    nearest = resources.answer(engine, found.query, found.k, found.filters)
    saved_view.offer(engine, nearest, found.k, found.filters)


def _offer_for_programs(name: str, written: Callable[[ResultForm], bytes]) -> None:
    """Offer the kinds of table that programs read."""
    for form, label in _FOR_PROGRAMS.items():
        st.download_button(
            label, partial(written, form), f"{name}{form}", "application/octet-stream",
            on_click="ignore",
        )  # fmt: skip


def _chosen(
    engine: SearchEngine, found: Answered, results: tuple[SearchResult, ...]
) -> tuple[SearchResult, ...]:
    """Ask whether all matches are meant, or what is shown, where those are others."""
    try:
        matching = resources.matching(engine, found.query, found.filters).tolist()
    except SearchEngineError:  # nothing has a match
        matching = []
    if not matching or set(matching) == {one.record.picture_id for one in results}:
        st.caption(counted(len(results), "result", "results"))
        return results
    labels = {
        True: counted(len(matching), "match", "matches"),
        False: f"{counted(len(results), 'result', 'results')} shown",
    }
    wants_matches = st.segmented_control(
        "Which", list(labels), format_func=labels.__getitem__, default=True, required=True,
        label_visibility="collapsed", key="download which",
    )  # fmt: skip
    if not wants_matches:
        return results
    return resources.matches(engine, found.query, found.filters).results


def as_csv(engine: SearchEngine, answer: SearchResults) -> bytes:
    """Write one line a result; its tags are a line of CSV in a cell."""
    return results_as(engine, answer.results, ResultForm.CSV)


def _tags(engine: SearchEngine, answer: SearchResults) -> dict[int, tuple[str, ...]]:
    return engine.catalog.tags.of(result.record.picture_id for result in answer.results)


def as_json(engine: SearchEngine, answer: SearchResults) -> bytes:
    """Write what the command ``search --json`` writes."""
    part = so_far(engine.catalog, engine.manifest)
    tags = _tags(engine, answer)
    by_rank = replace(answer, results=tuple(sorted(answer.results, key=lambda one: one.rank)))
    document = search_answer(
        by_rank, lambda record: place_of(engine, record), part, {"": answer.results}, tags=tags
    )
    return json.dumps(asdict(document), indent=2).encode()


def as_zip(engine: SearchEngine, answer: SearchResults) -> bytes:
    """Pack the pictures' files."""
    return results_as(engine, answer.results, ResultForm.ZIP)


@st.dialog(LABEL, width="medium", icon=":material/download:")
def offer_pictures(engine: SearchEngine, records: Sequence[PictureRecord]) -> None:
    """Offer pictures that no query has found, as a table or as their files."""
    st.caption(counted(len(records), "picture", "pictures"))
    size = sum(record.size_bytes for record in records)
    with st.container(horizontal=True):
        st.download_button(
            "Table (CSV)", lambda: table_of(engine, records),
            f"{engine.name}-pictures.csv", "text/csv", on_click="ignore",
        )  # fmt: skip
        _offer_for_programs(
            f"{engine.name}-pictures", lambda form: pictures_as(engine, records, form)
        )
        st.download_button(
            f"Pictures (ZIP, {feedback.file_size(size)})",
            lambda: pictures_as(engine, records, ResultForm.ZIP),
            f"{engine.name}-pictures.zip", "application/zip", on_click="ignore",
            disabled=size > packing.MOST_BYTES,
        )  # fmt: skip
    if size > packing.MOST_BYTES:
        most = feedback.file_size(packing.MOST_BYTES)
        st.caption(f"The pictures are more than {most}: select fewer.")


def table_of(engine: SearchEngine, records: Sequence[PictureRecord]) -> bytes:
    """Write one line a picture; its tags are a line of CSV in a cell."""
    return pictures_as(engine, records, ResultForm.CSV)
