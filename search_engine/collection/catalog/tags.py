"""Tags of pictures, in words of the user's own, and the pictures that the user hides.

Both belong to the picture by its id: they stay when it is moved or renamed, and when its file
changes, because what was cropped, turned or rated anew is still the picture that was meant, and
what a person wrote cannot be made again. They go when the picture is forgotten.

They are no part of the catalog's *revision*: what is derived from vectors stays as it is. What
shows tags, or leaves out hidden pictures, asks for `Tags.version`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from search_engine.collection.catalog.database import MOST_NUMBER, Database, some_at_a_time
from search_engine.collection.catalog.pictures import as_numbers, listed
from search_engine.collection.catalog.sqlite_errors import unreadable
from search_engine.collection.catalog.state import CatalogState
from search_engine.collection.catalog.tag_names import as_tag, is_tag, tag_fits
from search_engine.errors import BadInput
from search_engine.names import compared, did_you_mean
from search_engine.records import Ids

MOST_TAGS = 10_000
"""Of a collection."""
MOST_OF_PICTURE = 100
_SHOWN = 80
_USED = "EXISTS (SELECT 1 FROM tagged WHERE tag = number)"


class Renamed(NamedTuple):
    """What a tag's new name changed: all that it takes to undo it. Ids ascending."""

    changed: Ids
    """The pictures that had the old tag, and the new one only since."""
    merged: Ids
    """The pictures that had both tags, and have lost the old one."""


class Tags:
    """The tables ``tags``, ``tagged`` and ``hidden``; every change is one transaction.

    Whatever changes something returns the ids, ascending, of the pictures that it really changed,
    so that an undo is exact. Ids that the catalog does not have are left out.
    """

    def __init__(self, database: Database, state: CatalogState) -> None:
        self._database = database
        self._state = state
        self._hidden = lru_cache(1)(self._listed_hidden)
        database.add_function("tag_fits", tag_fits, 2)

    @property
    def version(self) -> str:
        """A text that is another one after every change of tags and hidden pictures.

        It costs one look-up. Pictures that a build forgets change it not: they are in no answer.
        """
        return self._state.tags_version

    def add(self, picture_ids: Iterable[int], tag: str) -> Ids:
        """Tag pictures; a tag that differs in case alone is taken as it is spelled already.

        Raises:
            BadInput: It cannot be a tag, or there are too many of them.
            CollectionError: The catalog cannot be written.
        """
        name = as_tag(tag)
        with self._database.transaction():
            there = self.known(picture_ids)
            number = self._number(name)
            new = there if number is None else np.setdiff1d(there, self._tagged(number))
            if not len(new):
                return new
            self._refuse_more_than_fit(new)
            if number is None:
                number = self._made(name)
            rows = ((number, picture_id) for picture_id in new.tolist())
            self._database.many("INSERT INTO tagged VALUES (?, ?)", rows)
            self._state.next_tags_version()
        return new

    def remove(self, picture_ids: Iterable[int], tag: str) -> Ids:
        """Take a tag from pictures; one that no picture has any more is gone.

        Raises:
            BadInput: No picture of the collection has it.
            CollectionError: The catalog cannot be written.
        """
        with self._database.transaction():
            number = self._required(tag)
            tagged = np.intersect1d(_possible(picture_ids), self._tagged(number))
            if len(tagged):
                rows = ((number, picture_id) for picture_id in tagged.tolist())
                self._database.many("DELETE FROM tagged WHERE tag = ? AND picture_id = ?", rows)
                self._forget_unused()
                self._state.next_tags_version()
        return tagged

    def rename(self, old: str, new: str) -> Renamed:
        """Give a tag another name; where there is a tag of that name, they become one.

        Raises:
            BadInput: No picture has the old one, or the new one cannot be a tag.
            CollectionError: The catalog cannot be written.
        """
        name = as_tag(new)
        with self._database.transaction():
            self._forget_unused()
            number = self._required(old)
            pictures, other = self._tagged(number), self._number(name)
            if other is None or other == number:
                self._database.rows("UPDATE tags SET name = ? WHERE number = ?", (name, number))
                merged = pictures[:0]
            else:
                merged = np.intersect1d(pictures, self._tagged(other))
                sql = "UPDATE OR IGNORE tagged SET tag = ? WHERE tag = ?"
                self._database.rows(sql, (other, number))
                self._database.rows("DELETE FROM tagged WHERE tag = ?", (number,))
                self._forget_unused()
            self._state.next_tags_version()
        return Renamed(np.setdiff1d(pictures, merged), merged)

    def of(self, picture_ids: Iterable[int]) -> dict[int, tuple[str, ...]]:
        """Return the tags of pictures, ordered by name; pictures without any are left out."""
        names = {number: name for name, number in self._all()}
        found: dict[int, list[str]] = {}
        for some in some_at_a_time(_possible(picture_ids).tolist()):
            sql = f"SELECT picture_id, tag FROM tagged WHERE picture_id IN ({_marks(some)})"  # noqa: S608 - our own names
            for picture_id, number in self._database.rows(sql, some):
                if number in names:
                    found.setdefault(picture_id, []).append(names[number])
        return {one: tuple(sorted(tags, key=compared)) for one, tags in found.items()}

    def counts(self, among: Ids | None = None) -> dict[str, int]:
        """Count the pictures of each tag, ordered by name; ``among`` some, ascending, or all."""
        sql = "SELECT name, COUNT(picture_id) FROM tags JOIN tagged ON tag = number GROUP BY number"
        if among is not None:
            sql = sql.replace("COUNT(picture_id)", listed("picture_id"))
        rows = [
            (self._sound(name), found if among is None else self._shared(found, among))
            for name, found in self._database.rows(sql)
        ]
        return dict(sorted(rows, key=lambda row: compared(row[0])))

    def _shared(self, line: str, among: Ids) -> int:
        tagged = as_numbers(line, self._database.file)
        return int((np.searchsorted(among, tagged, "right") > np.searchsorted(among, tagged)).sum())

    def known(self, picture_ids: Iterable[int]) -> Ids:
        """Return those of these ids that the catalog has a picture of, ascending."""
        nothing: Ids = np.empty(0, dtype=np.int64)
        found = (
            self._ids(f"pictures WHERE id IN ({_marks(some)})", some, "id")
            for some in some_at_a_time(_possible(picture_ids).tolist())
        )
        return np.sort(np.concatenate([nothing, *found]))

    def hide(self, picture_ids: Iterable[int]) -> Ids:
        """Hide pictures: searches that leave out hidden ones do not find them.

        Raises:
            CollectionError: The catalog cannot be written.
        """
        with self._database.transaction():
            new = np.setdiff1d(self.known(picture_ids), self.hidden_ids())
            self._write("INSERT INTO hidden VALUES (?)", new)
        return new

    def show(self, picture_ids: Iterable[int]) -> Ids:
        """Let hidden pictures be found again.

        Raises:
            CollectionError: The catalog cannot be written.
        """
        with self._database.transaction():
            shown = np.intersect1d(_possible(picture_ids), self.hidden_ids())
            self._write("DELETE FROM hidden WHERE picture_id = ?", shown)
        return shown

    def hidden(self) -> int:
        """Count the hidden pictures."""
        return self._database.number("SELECT COUNT(picture_id) FROM hidden")

    def hidden_ids(self) -> Ids:
        """Return the ids of the hidden pictures, ascending."""
        return self._hidden(self._database.changes)

    def _listed_hidden(self, _changes: tuple[int, int]) -> Ids:
        ids = self._ids("hidden")
        ids.flags.writeable = False
        return ids

    def _write(self, sql: str, picture_ids: Ids) -> None:
        if len(picture_ids):
            self._database.many(sql, ((picture_id,) for picture_id in picture_ids.tolist()))
            self._state.next_tags_version()

    def _tagged(self, number: int) -> Ids:
        return self._ids("tagged WHERE tag = ?", (number,))

    def _ids(self, rows: str, values: Sequence[object] = (), column: str = "picture_id") -> Ids:
        line = self._database.rows(f"SELECT {listed(column)} FROM {rows}", values)[0][0]  # noqa: S608 - our own names
        return np.sort(as_numbers(line, self._database.file))

    def _all(self) -> list[tuple[str, int]]:
        """Return the tags that pictures have, by name, with their numbers."""
        sql = f"SELECT name, number FROM tags WHERE {_USED}"  # noqa: S608 - our own names
        return [(self._sound(name), number) for name, number in self._database.rows(sql)]

    def _number(self, name: str) -> int | None:
        wanted = compared(name)
        return next((number for known, number in self._all() if compared(known) == wanted), None)

    def _required(self, tag: str) -> int:
        number = self._number(tag.strip())
        if number is None:
            raise unknown_tag(tag, self.counts(), self._database.file.parent.name)
        return number

    def _made(self, name: str) -> int:
        self._forget_unused()
        if len(self._all()) >= MOST_TAGS:
            cause = f"There are {MOST_TAGS:,} tags already"
            remedy = "Take one of them, or take tags away that are not needed."
            raise BadInput(cause, place=self._database.file.parent.name, remedy=remedy)
        return self._database.insert("INSERT INTO tags (name) VALUES (?)", (name,))

    def _refuse_more_than_fit(self, picture_ids: Ids) -> None:
        for some in some_at_a_time(picture_ids.tolist()):
            sql = (
                f"SELECT picture_id FROM tagged WHERE picture_id IN ({_marks(some)})"  # noqa: S608 - our own names
                f" GROUP BY picture_id HAVING COUNT(tag) >= {MOST_OF_PICTURE}"
            )
            full = self._database.ids(sql, some)
            if len(full):
                cause = f"A picture has {MOST_OF_PICTURE} tags already"
                remedy = "Take some of them away; nothing was tagged."
                raise BadInput(cause, place=f"#{full[0]}", remedy=remedy)

    def _forget_unused(self) -> None:
        """Forget the tags that no picture has; a build forgets pictures, and no tags."""
        self._database.rows(f"DELETE FROM tags WHERE NOT {_USED}")  # noqa: S608 - our own names

    def _sound(self, name: object) -> str:
        if not isinstance(name, str) or not is_tag(name.encode("utf-8", "surrogatepass")):
            raise unreadable(self._database.file, "its tags cannot be read")
        return name


def unknown_tag(tag: str, known: Iterable[str], collection: str) -> BadInput:
    """Return the error for a tag that no picture of a collection has."""
    remedy = did_you_mean(tag, known) or "Take one of the collection's."
    return BadInput(f"There is no tag '{tag[:_SHOWN]}'", place=collection, remedy=remedy)


def _marks(values: Sequence[int]) -> str:
    return ", ".join("?" * len(values))


def _possible(picture_ids: Iterable[int]) -> Ids:
    """Return ids ascending, each once, that SQLite can hold."""
    possible = [int(one) for one in picture_ids if 0 < one <= MOST_NUMBER]
    return np.unique(np.array(possible, dtype=np.int64))
