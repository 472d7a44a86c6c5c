"""A result card read from text that anybody may have written."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from search_engine.cards.card import (
    FIRST_FORMAT,
    FORMAT,
    REMEDY,
    CardResult,
    ResultCard,
    checksum,
)
from search_engine.cards.fields import Fields
from search_engine.collection.catalog.conditions import MOST_CATEGORIES
from search_engine.collection.catalog.database import MOST_NUMBER
from search_engine.errors import BadInput, Way
from search_engine.files import read
from search_engine.query.encoding import HEAVIEST, MOST_TERMS
from search_engine.records import Filters, Orientation
from search_engine.records.patterns import of_version_5

MOST_BYTES = 2**25
"""Of a file; a card of a thousand answers and an example has 400 kB."""
_MOST_RESULTS = 100_000
_LARGEST = sys.float_info.max
_SHOWN = 40
_WHOLE_FILTERS = (
    "min_width", "max_width", "min_height", "max_height", "min_bytes", "max_bytes", "min_pixels",
    "max_pixels",
)  # fmt: skip


def load_card(file: Path) -> ResultCard:
    """Read a card from a file, of any name and place.

    Raises:
        BadInput: It cannot be read, or is no card.
    """
    place = str(file)
    try:
        return read_card(read(file.resolve(), MOST_BYTES).decode(), place)
    except ValueError as error:
        cause = "The card cannot be read: it is no text"
        raise BadInput(cause, place=place, remedy=REMEDY, way=Way.OTHER_CARD) from error
    except (OSError, RuntimeError) as error:  # the latter for links that lead in a circle
        cause = f"The card cannot be read: {getattr(error, 'strerror', None) or error}"
        raise BadInput(cause, place=place, remedy=REMEDY, way=Way.OTHER_CARD) from error


def read_card(text: str, place: str = "") -> ResultCard:
    """Read what `write_card` wrote; ``place`` says in errors where it came from.

    Anybody can write a card with a checksum that fits, so every field is checked as well.

    Raises:
        BadInput: It is no card, of a newer format, or was changed since it was written.
    """

    def refusal(reason: str) -> BadInput:
        return BadInput(
            f"This is no whole result card: {reason}",
            place=place,
            remedy=REMEDY,
            way=Way.OTHER_CARD,
        )

    try:
        document = json.loads(text, parse_constant=_no_number)
        written, form = document.pop("checksum"), document.pop("format")
        intact = written == checksum({"format": form} | document)
    except (ValueError, AttributeError, KeyError, TypeError) as error:
        reason = "it is not JSON with a format and a checksum"
        raise refusal(reason) from error
    except RecursionError as error:
        reason = "there are too many brackets in one another"
        raise refusal(reason) from error
    if form not in (FORMAT, FIRST_FORMAT):
        cause = f"A card of the format '{str(form)[:_SHOWN]}' is not known"
        raise BadInput(cause, place=place, remedy=REMEDY, way=Way.OTHER_CARD)
    if not intact:
        cause = "The card was changed after it was written"
        raise BadInput(cause, place=place, remedy="Take the original, or ask anew.")
    fields = Fields(document, refusal)
    card = _card(fields, _result if form == FORMAT else _first_result)
    fields.end()
    return card


def _no_number(text: str) -> float:
    cause = f"{text} is no number"
    raise ValueError(cause)


def _card(fields: Fields, read_result: Callable[[Fields], CardResult]) -> ResultCard:
    return ResultCard(
        query=fields.text("query"),
        terms=fields.each("terms", MOST_TERMS, _read_term),
        k=fields.whole("k", 1, MOST_NUMBER),
        filters=_filters(fields.inner("filters")),
        collection=fields.text("collection"),
        model_id=fields.text("model_id"),
        model_fingerprint=fields.text("model_fingerprint"),
        generation=fields.whole("generation", 0, MOST_NUMBER),
        kind=fields.text("kind"),
        pictures=fields.whole("pictures", 0, MOST_NUMBER),
        exact=fields.flag("exact"),
        results=fields.each("results", _MOST_RESULTS, read_result),
    )


def _read_term(fields: Fields) -> dict[str, Any]:
    term: dict[str, Any] = {"weight": fields.number("weight", -HEAVIEST, HEAVIEST)}
    if "words" in fields:
        averaged = {"averaged": fields.flag("averaged")} if "averaged" in fields else {}
        return term | {"words": fields.text("words")} | averaged
    if "example" in fields:
        return term | {"example": fields.text("example")}
    picture = fields.whole("picture", 0, MOST_NUMBER)
    return term | {"picture": picture, "content_hash": fields.text("content_hash")}


def _result(fields: Fields) -> CardResult:
    return CardResult(
        rank=fields.whole("rank", 1, MOST_NUMBER),
        picture_id=fields.whole("picture_id", 0, MOST_NUMBER),
        path=fields.text("path"),
        category=fields.nullable("category", fields.text),
        score=fields.number("score", -2, 2),
        match=fields.nullable("match", lambda name: fields.number(name, 0, 100)),
        stands_out=fields.nullable("stands_out", fields.flag),
        content_hash=fields.text("content_hash"),
    )


def _first_result(fields: Fields) -> CardResult:
    return CardResult(
        rank=fields.whole("rank", 1, MOST_NUMBER),
        picture_id=fields.whole("picture_id", 0, MOST_NUMBER),
        path=fields.text("path"),
        category=None,
        score=fields.number("score", -2, 2),
        match=None,
        stands_out=None,
        content_hash=fields.text("content_hash"),
    )


def _filters(fields: Fields) -> Filters:
    values: dict[str, Any] = {}
    for name in _WHOLE_FILTERS:
        if name in fields:
            values[name] = fields.whole(name, -MOST_NUMBER, MOST_NUMBER)
    for name in ("dated_from", "dated_to"):
        if name in fields:
            values[name] = fields.text(name)
    if "path" in fields:
        values["path"] = of_version_5(fields.text("path"))
    if "pattern" in fields:
        values["path"] = fields.text("pattern")
    if "orientation" in fields:
        values["orientation"] = fields.choice("orientation", Orientation)
    if "categories" in fields:
        values["categories"] = frozenset(fields.texts("categories", MOST_CATEGORIES))
    if "min_score" in fields:
        values["min_score"] = fields.number("min_score", -_LARGEST, _LARGEST)
    fields.end()
    return Filters(**values)
