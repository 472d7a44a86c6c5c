"""Results to take away: a table, a document, the pictures themselves."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace

import streamlit as st

from pages.ui.frame import feedback, resources
from pages.ui.search import export_form, saved_view
from pages.ui.search.asking import Answered
from pages.ui.widgets import packing
from search_engine import SearchEngine, SearchResults
from search_engine.collection import date_of, so_far
from search_engine.errors import SearchEngineError
from search_engine.files import tables
from search_engine.records import PictureRecord, SearchResult, counted
from search_engine.search import search_answer

LABEL = "Download or save"
_FACTS = [
    "picture_id", "category", "path", "width", "height", "taken_at", "size_bytes", "sha256", "date",
    "dated_by", "tags",
]  # fmt: skip


def about(found: Answered) -> str:
    """Say what is offered: a CSV, JSON, a ZIP, a folder, or a card to ask again."""
    return f"{LABEL} {counted(len(found.shown), 'result', 'results')}"


@st.dialog(LABEL, width="medium", icon=":material/download:")
def offer(
    engine: SearchEngine,
    found: Answered,
    results: tuple[SearchResult, ...],
    *,
    choose: bool = False,
) -> None:
    """Offer some results in the middle of the screen: below the results there is no room.

    ``choose`` lets all matches be taken instead.
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


def _chosen(
    engine: SearchEngine, found: Answered, results: tuple[SearchResult, ...]
) -> tuple[SearchResult, ...]:
    """Ask whether what is shown is meant, or all matches, where those are others."""
    try:
        matching = resources.matching(engine, found.query, found.filters).tolist()
    except SearchEngineError:  # nothing has a match
        matching = []
    if not matching or set(matching) == {one.record.picture_id for one in results}:
        st.caption(counted(len(results), "result", "results"))
        return results
    labels = {
        False: f"{counted(len(results), 'result', 'results')} shown",
        True: f"All {counted(len(matching), 'match', 'matches')}",
    }
    wants_all = st.segmented_control(
        "Which", list(labels), format_func=labels.__getitem__, default=False, required=True,
        label_visibility="collapsed", key="download which",
    )  # fmt: skip
    return resources.matches(engine, found.query, found.filters).results if wants_all else results


def as_csv(engine: SearchEngine, answer: SearchResults) -> bytes:
    """Write one line a result; its tags are a line of CSV in a cell."""
    tags = _tags(engine, answer)
    return tables.as_csv(
        ["rank", "score", "match", *_FACTS],
        (
            [result.rank, round(result.score, 6), _rounded(result.match),
             *_facts(engine, result.record, tags)]
            for result in answer.results
        ),
    )  # fmt: skip


def _facts(
    engine: SearchEngine, r: PictureRecord, tags: Mapping[int, tuple[str, ...]]
) -> list[object]:
    return [
        r.picture_id, r.category, _path(engine, r), r.width, r.height, r.taken_at, r.size_bytes,
        r.content_hash, *date_of(r.taken_at, r.dated_by, r.modified_ns),
        tables.as_line(tags.get(r.picture_id, ())),
    ]  # fmt: skip


def _tags(engine: SearchEngine, answer: SearchResults) -> dict[int, tuple[str, ...]]:
    return engine.catalog.tags.of(result.record.picture_id for result in answer.results)


def _rounded(match: float | None) -> float | None:
    return None if match is None else round(match, 2)


def as_json(engine: SearchEngine, answer: SearchResults) -> bytes:
    """Write what the command ``search --json`` writes."""
    part = so_far(engine.catalog, engine.manifest)
    tags = _tags(engine, answer)
    by_rank = replace(answer, results=tuple(sorted(answer.results, key=lambda one: one.rank)))
    document = search_answer(
        by_rank, lambda record: _path(engine, record), part, {"": answer.results}, tags=tags
    )
    return json.dumps(asdict(document), indent=2).encode()


def _path(engine: SearchEngine, record: PictureRecord) -> str:
    """Return where a picture lies; nothing where its catalog names a place outside its folder."""
    try:
        return str(engine.path(record))
    except SearchEngineError:
        return ""


def as_zip(engine: SearchEngine, answer: SearchResults) -> bytes:
    """Pack the pictures' files."""
    return packing.as_zip(engine, ((one.rank, one.record) for one in answer.results))


@st.dialog(LABEL, width="medium", icon=":material/download:")
def offer_pictures(engine: SearchEngine, records: Sequence[PictureRecord]) -> None:
    """Offer pictures that no query has found, as a table or as their files."""
    st.caption(counted(len(records), "picture", "pictures"))
    size = sum(record.size_bytes for record in records)
    with st.container(horizontal=True):
        st.download_button(
            "Table (CSV)", lambda: table_of(engine, records), f"{engine.name}-pictures.csv",
            "text/csv", on_click="ignore",
        )  # fmt: skip
        st.download_button(
            f"Pictures (ZIP, {feedback.file_size(size)})",
            lambda: packing.as_zip(engine, enumerate(records, 1)),
            f"{engine.name}-pictures.zip", "application/zip", on_click="ignore",
            disabled=size > packing.MOST_BYTES,
        )  # fmt: skip
    if size > packing.MOST_BYTES:
        most = feedback.file_size(packing.MOST_BYTES)
        st.caption(f"The pictures are more than {most}: select fewer.")


def table_of(engine: SearchEngine, records: Sequence[PictureRecord]) -> bytes:
    """Write one line a picture; its tags are a line of CSV in a cell."""
    tags = engine.catalog.tags.of(record.picture_id for record in records)
    return tables.as_csv(_FACTS, (_facts(engine, record, tags) for record in records))
