"""A result card read from text that anybody may have written."""

from __future__ import annotations

from pathlib import Path

from search_engine.cards.card import REMEDY, checksum
from search_engine.cards.card_file import FIRST_FORMAT, FORMAT, FirstCard, ResultCard
from search_engine.errors import BadInput, Way
from search_engine.files import documents, read

MOST_BYTES = 2**25
"""Of a file; a card of a thousand answers and an example has 400 kB."""
_SHOWN = 40


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
    try:
        return _read(documents.parsed(text), place)
    except documents.NotARecord as error:
        cause = f"This is no whole result card: {error}"
        raise BadInput(cause, place=place, remedy=REMEDY, way=Way.OTHER_CARD) from error


def _read(document: object, place: str) -> ResultCard:
    if not isinstance(document, dict) or not {"format", "checksum"} <= document.keys():
        cause = "it has no format and checksum"
        raise documents.NotARecord(cause)
    try:
        is_intact = document.pop("checksum") == checksum(document)
    except RecursionError as error:
        cause = "it has too many brackets in one another"
        raise documents.NotARecord(cause) from error
    form = document.pop("format")
    if form not in (FORMAT, FIRST_FORMAT):
        cause = f"A card of the format '{str(form)[:_SHOWN]}' is not known"
        raise BadInput(cause, place=place, remedy=REMEDY, way=Way.OTHER_CARD)
    if not is_intact:
        cause = "The card was changed after it was written"
        raise BadInput(cause, place=place, remedy="Take the original, or run the query anew.")
    if form == FORMAT:
        return documents.as_record(document, ResultCard)
    return documents.as_record(document, FirstCard).of_today
