"""Queries that a collection keeps, as result cards, to be checked after a change."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from search_engine import files
from search_engine.cards.card import write_card
from search_engine.cards.card_file import CardPrecision, ResultCard
from search_engine.cards.parsing import MOST_BYTES, read_card
from search_engine.errors import BadInput, CollectionError
from search_engine.names import as_on_disk, did_you_mean, known_as, one_spelling

FOLDER = "questions"
_NAME = re.compile(r"[\w][\w .,+()-]{0,79}")


class SavedQueries:
    """The folder ``questions/`` of a collection: a card for each name."""

    def __init__(self, collection_folder: Path) -> None:
        self.folder = collection_folder / FOLDER

    def names(self) -> list[str]:
        """Return the names of all that are kept, in order."""
        names = {one_spelling(file.stem) for file in self.folder.glob("*.json")}
        return sorted(name for name in names if _NAME.fullmatch(name))

    def kept_as(self, name: str) -> str | None:
        """Return the name under which a query is kept, whatever its case; None for none."""
        return known_as(name, self.names())

    def read(self, name: str) -> ResultCard:
        """Return the card of a name.

        Raises:
            BadInput: There is none of this name, or it is damaged.
        """
        file = self._file(name)
        try:
            content = files.read(file, MOST_BYTES)
        except FileNotFoundError as error:
            known = f"There are: {', '.join(self.names()) or 'none'}."
            cause = f"There is no saved query '{name}'"
            remedy = f"{did_you_mean(name, self.names())} {known}".strip()
            raise BadInput(cause, remedy=remedy) from error
        except OSError as error:
            cause = f"The saved query '{name}' cannot be read: {error.strerror or error}"
            raise BadInput(cause, place=str(file), remedy="Delete this file.") from error
        return read_card(content.decode("utf-8", "replace"), str(file))

    def save(self, name: str, card: ResultCard) -> None:
        """Keep a card under a name; what was kept under it before is replaced.

        The precision that a person found stays with the question for as long as the same model
        answers it, or until another is found.

        Raises:
            BadInput: It is no name for a file.
            CollectionError: It cannot be written.
        """
        file = self._file(name)
        if card.precision is None:
            card = replace(card, precision=self._precision_of(name, card))
        try:
            files.make_folder(self.folder)
            files.write(file, write_card(card).encode())
        except OSError as error:
            cause = f"The query cannot be saved: {error.strerror or error}"
            raise CollectionError(cause, place=str(file), remedy="Is the disk full?") from error

    def _precision_of(self, name: str, card: ResultCard) -> CardPrecision | None:
        with suppress(BadInput):  # there is none, or it is damaged and gives way to this one
            before = self.read(name)
            return before.precision if before.asks_the_same(card) else None
        return None

    def forget(self, name: str) -> None:
        """Delete the card of a name.

        Raises:
            BadInput: There is none of this name.
            CollectionError: It cannot be deleted.
        """
        if self.kept_as(name) is None:
            self.read(name)
        if not files.remove_if_plain(self._file(name)):
            cause = f"The saved query '{name}' cannot be deleted"
            raise CollectionError(
                cause, place=str(self.folder), remedy="May this user write there?"
            )

    def _file(self, name: str) -> Path:
        name = self.kept_as(name) or one_spelling(name)
        if not _NAME.fullmatch(name):
            cause = f"'{name}' cannot be the name of a saved query"
            remedy = "Take up to 80 letters, digits, blanks and signs like - . , +"
            raise BadInput(cause, remedy=remedy)
        return as_on_disk(self.folder / f"{name}.json")


def name_for(query: str) -> str:
    """Make a name from a query: what a file name can hold of it."""
    return re.sub(r"[^\w .,+()-]+", " ", one_spelling(query)).strip()[:80].strip() or "query"
