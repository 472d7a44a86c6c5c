"""Results to take away: a table, a document, the pictures themselves."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from dataclasses import asdict

import streamlit as st

from pages.ui import feedback, saved_view
from search_engine import Filters, SearchEngine, SearchResults
from search_engine.decoding import content_hash, read_content
from search_engine.errors import SearchEngineError
from search_engine.records import PictureRecord

_MOST_BYTES = 500_000_000
_LONGEST_NAME = 200  # bytes; file systems take 255, and the rank goes before
_NOT_IN_NAMES = re.compile(r"[\\/:*?\"<>|\x00-\x1f\x7f]")


def show(engine: SearchEngine, answer: SearchResults, k: int, filters: Filters) -> None:
    """Offer the results as CSV, JSON, a ZIP of the pictures, or a card to ask again."""
    size = sum(result.record.size_bytes for result in answer.results)
    count = len(answer.results)
    popover = st.popover(
        f"Download or save {count} results", icon=":material/download:", key="download open",
        on_change="rerun",
    )  # fmt: skip
    if not popover.open:
        return
    with popover:
        too_large = size > _MOST_BYTES
        with st.container(horizontal=True):
            st.download_button(
                "Table (CSV)", lambda: as_csv(engine, answer), "results.csv", "text/csv",
                on_click="ignore",
            )  # fmt: skip
            st.download_button(
                "Document (JSON)", lambda: as_json(engine, answer), "results.json",
                "application/json", on_click="ignore",
            )  # fmt: skip
            st.download_button(
                f"Pictures (ZIP, {feedback.file_size(size)})", lambda: as_zip(engine, answer),
                "pictures.zip", "application/zip", on_click="ignore", disabled=too_large,
            )  # fmt: skip
        if too_large:
            st.caption(f"More than {feedback.file_size(_MOST_BYTES)}: show fewer results a page.")
        saved_view.offer(engine, answer, k, filters)


def as_csv(engine: SearchEngine, answer: SearchResults) -> bytes:
    """Write one line a result."""
    target = io.StringIO()
    writer = csv.writer(target)
    writer.writerow(
        ["rank", "score", "match", "picture_id", "category", "path", "width", "height", "taken_at"]
    )
    for result in answer.results:
        r = result.record
        path = _path(engine, r)
        match = "" if result.match is None else f"{result.match:.2f}"
        row = [result.rank, f"{result.score:.6f}", match, r.picture_id, r.category or "", path]
        writer.writerow([*row, r.width, r.height, r.taken_at or ""])
    return target.getvalue().encode("utf-8", "surrogateescape")


def as_json(engine: SearchEngine, answer: SearchResults) -> bytes:
    """Write results with all that is needed to know where they come from."""
    manifest = asdict(answer.manifest)
    document = {
        "query": str(answer.query),
        "collection": answer.collection,
        "exact": answer.exact,
        "considered": answer.considered,
        "verdict": answer.verdict.text if answer.verdict else None,
        "index": manifest,
        "results": [
            {"rank": result.rank, "score": round(result.score, 6), "match": result.match}
            | asdict(result.record)
            | {"path": _path(engine, result.record)}
            for result in answer.results
        ],
    }
    return json.dumps(document, indent=2).encode()


def _path(engine: SearchEngine, record: PictureRecord) -> str:
    """Return where a picture lies; nothing where its catalog names a place outside its folder."""
    try:
        return str(engine.path(record))
    except SearchEngineError:
        return ""


def as_zip(engine: SearchEngine, answer: SearchResults) -> bytes:
    """Pack the pictures' files, in the order of their ranks.

    Files that are gone, hold something else than when they were indexed, or do not fit any more are
    left out: who passes the archive on passes on what was shown.
    """
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        for result in answer.results:
            try:
                content = read_content(engine.path(result.record))
            except (OSError, SearchEngineError):
                continue
            fits = target.tell() + len(content) <= _MOST_BYTES
            if fits and content_hash(content) == result.record.content_hash:
                archive.writestr(_name_in_zip(result.rank, result.record), content)
    return target.getvalue()


def _name_in_zip(rank: int, record: PictureRecord) -> str:
    """Name a file so that it unpacks into the folder it is unpacked in, on every system."""
    name = _NOT_IN_NAMES.sub("_", feedback.readable(record.path))
    end = name.encode()[-_LONGEST_NAME:].decode(errors="ignore")
    return f"{rank:04}_{end}".rstrip(" .")
