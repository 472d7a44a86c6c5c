"""What limits a result, in sentences."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from search_engine.checking import look_at_files
from search_engine.collection import so_far
from search_engine.explain import negation_in
from search_engine.query import wider_pattern
from search_engine.records import Filters, SearchResult
from search_engine.search import SearchEngine, SearchResults
from search_engine.settings import MINI_MODEL, is_folder


def notes_on(
    engine: SearchEngine, found: SearchResults, page: Sequence[SearchResult], filters: Filters
) -> tuple[str, ...]:
    """Say what an agent should know before it believes the results of a page."""
    return (*_on_query(engine, found, filters), *notes_on_files(engine, page))


def _on_query(engine: SearchEngine, found: SearchResults, filters: Filters) -> Iterator[str]:
    negation = negation_in(found.query)
    if negation:
        yield (
            f"The model does not understand “{negation.word}” as a no; search for"
            f" {negation.suggestion} instead."
        )
    for text in found.encoded.cut_texts:
        yield f"The model reads only the beginning of: {text[:60]}…"
    part = so_far(engine.catalog, engine.manifest)
    if part:
        yield f"The collection is not indexed to the end; {part} can be found. Say so to the user."
    if found.manifest.model.model_id == MINI_MODEL:
        yield (
            "The bundled model 'mini' knows only drawings of the sample gallery: believe no result"
            " on photographs."
        )
    if found.verdict is None and found.results:
        why = engine.measure.why_no_match(found)
        reason = f" {why.cause}. {why.remedy}" if why else ""
        yield f"There is no verdict: a score alone does not tell whether something is here.{reason}"
    nothing = None if found.considered else wider_pattern(engine.catalog, filters)
    if not found.considered:
        yield str(nothing) if nothing else "Nothing passes the filters."


def notes_on_files(engine: SearchEngine, page: Sequence[SearchResult]) -> Iterator[str]:
    """Say whether the files of results are where they were."""
    root = engine.collection.root
    if not is_folder(root):
        yield (
            f"The folder {root} is not there now, perhaps on a drive that is not connected: paths"
            " lead nowhere, thumbnails and searches go on."
        )
        return
    looks = look_at_files(engine.collection, [one.record for one in page], engine.catalog.findings)
    for some, what in (
        (looks.away, "are on a drive that is not connected"),
        (looks.changed, "changed after the last update; the user should update the collection"),
        (looks.gone, "are missing since the last update; the user should update the collection"),
    ):
        if some:
            numbers = ", ".join(f"#{record.picture_id}" for record in some[:10])
            yield f"The files of {len(some)} of these {what}: {numbers}."
