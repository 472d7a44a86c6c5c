"""The result card made of an answer, written, and its query as a collection understands it.

A card holds no date and no folder of the machine, so the same question asked of the same index
gives the same card, byte for byte. An example picture is held as the square that the model looks
at, which embeds to the same vector as the whole picture.
"""

from __future__ import annotations

import base64
import hashlib
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from search_engine.cards.card_file import (
    FORMAT,
    CardResult,
    CardTerm,
    ExampleTerm,
    MarkedPicture,
    PictureTerm,
    ResultCard,
    WordsTerm,
    shown,
)
from search_engine.collection.decoding import Refusal, decode, read_content
from search_engine.errors import BadInput, Way
from search_engine.query import (
    ExamplePicture,
    GivenVector,
    IndexedPicture,
    Marks,
    Query,
    Subject,
    Term,
    Words,
)
from search_engine.records import Filters
from search_engine.records.skip_reasons import SkipReason
from search_engine.search import SearchEngine, SearchResults, answered_picture
from search_engine.settings import at_home

_PNG = b"\x89PNG\r\n\x1a\n"
REMEDY = "Give a result card as this program writes it with its results."


def card_of(engine: SearchEngine, answer: SearchResults, k: int, filters: Filters) -> ResultCard:
    """Write down an answer, as it was asked for with ``k`` and ``filters``.

    Raises:
        BadInput: An example picture cannot be read any more.
    """
    manifest = answer.manifest
    return ResultCard(
        query=str(_without_files(answer.query)),
        terms=tuple(_term(engine, term) for term in answer.query.terms),
        k=k,
        filters=filters,
        collection=answer.collection,
        model_id=manifest.model.model_id,
        model_fingerprint=manifest.model.fingerprint,
        generation=manifest.generation,
        kind=str(manifest.kind),
        pictures=manifest.count,
        exact=answer.exact,
        results=tuple(
            CardResult(
                **asdict(answered_picture(result, result.record.path)),
                content_hash=result.record.content_hash,
            )
            for result in answer.results
        ),
        good=_marked(engine, answer.query.marks.good),
        bad=_marked(engine, answer.query.marks.bad),
    )


def _marked(engine: SearchEngine, picture_ids: Sequence[int]) -> tuple[MarkedPicture, ...] | None:
    """Return marked pictures as a card holds them; None for none."""
    records = engine.records(picture_ids)
    found = tuple(
        MarkedPicture(one, records[one].content_hash if one in records else "")
        for one in picture_ids
    )
    return found or None


def _without_files(query: Query) -> Query:
    """Say of example pictures only that they are some: their paths are of this machine alone."""
    nameless = ExamplePicture(b"")
    terms = (
        replace(term, subject=nameless) if isinstance(term.subject, ExamplePicture) else term
        for term in query.terms
    )
    return replace(query, terms=tuple(terms))


def _term(engine: SearchEngine, term: Term) -> CardTerm:
    subject = term.subject
    if isinstance(subject, Words):
        return WordsTerm(term.weight, subject.text, subject.averaged)
    if isinstance(subject, IndexedPicture):
        record = engine.records([subject.picture_id]).get(subject.picture_id)
        content = record.content_hash if record else ""
        return PictureTerm(term.weight, subject.picture_id, content)
    if isinstance(subject, GivenVector):
        cause = "A query by a vector cannot be kept: it means nothing to another model"
        raise BadInput(cause, remedy="Keep a query in words, or like a picture.")
    try:
        example = decode(_content(subject.source))
        seen = engine.embedder().prepare(example.image)
    except Refusal as refusal:
        is_missing = refusal.reason is SkipReason.VANISHED
        why = "there is no such file" if is_missing else refusal.cause
        cause = f"The example picture cannot be read any more: {why}"
        raise BadInput(cause, place=str(subject), remedy="Run the query anew.") from refusal
    target = io.BytesIO()
    seen.save(target, "PNG")
    return ExampleTerm(term.weight, base64.b64encode(target.getvalue()).decode())


def _content(source: Path | bytes) -> bytes:
    return source if isinstance(source, bytes) else read_content(at_home(source))


def query_of(card: ResultCard, engine: SearchEngine) -> Query:
    """Return the query of a card as the collection understands it.

    A picture of the collection is recognised by its content where ids differ, as they do after a
    collection was made anew.

    Raises:
        BadInput: A picture that the query is about is no longer in the collection, or an example
            is no picture.
    """
    terms = tuple(Term(_subject(term, engine), term.weight) for term in card.terms)
    good, bad = (
        [_known(engine, one.picture, one.content_hash) for one in some or ()]
        for some in (card.good, card.bad)
    )
    return Query(terms, Marks.of(good, bad))


def _subject(term: CardTerm, engine: SearchEngine) -> Subject:
    if isinstance(term, WordsTerm):
        return shown(term)
    if isinstance(term, ExampleTerm):
        return ExamplePicture(_example(term.example))
    return IndexedPicture(_known(engine, term.picture, term.content_hash))


def _known(engine: SearchEngine, picture_id: int, content_hash: str) -> int:
    """Return the id of a picture of a card in this collection."""
    known = engine.catalog.pictures.ids_with_content(content_hash)
    if not known:
        cause = f"The picture #{picture_id} that the query is about is no longer there"
        raise BadInput(cause, place=engine.name, remedy="Choose another picture.")
    return picture_id if picture_id in known else known[0]


def _example(text: str) -> bytes:
    """Read an example as `_term` wrote it: a picture in the one format that cards hold."""
    try:
        content = base64.b64decode(text, validate=True)
    except ValueError:
        content = b""
    if not content.startswith(_PNG):
        cause = "The card holds an example that is no picture"
        raise BadInput(cause, remedy=REMEDY, way=Way.OTHER_CARD)
    return content


def write_card(card: ResultCard) -> str:
    """Write a card as JSON, with a checksum over all of it."""
    document = _document(card)
    return json.dumps(document | {"checksum": checksum(document)}, indent=2) + "\n"


def _document(card: ResultCard) -> dict[str, Any]:
    values = asdict(card)
    terms = [
        {name: value for name, value in term.items() if value is not False}  # as if not averaged
        for term in values["terms"]
    ]
    given = {name: value for name, value in values["filters"].items() if value is not None}
    for name in {"categories", "tags"} & given.keys():
        given[name] = sorted(given[name])
    if "path" in given:  # under its old name it would be read as versions before 0.6 meant it
        path = given.pop("path")
        given["pattern" if isinstance(path, str) else "patterns"] = path
    if values["view"]:
        values["view"] = {name: value for name, value in values["view"].items() if value}
    values = {name: value for name, value in values.items() if value is not None}
    return {"format": FORMAT} | values | {"terms": terms, "filters": given}


def checksum(document: Mapping[str, Any]) -> str:
    """Return what a card says about all else that it says."""
    text = json.dumps(document, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
