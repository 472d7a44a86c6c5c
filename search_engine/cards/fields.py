"""The fields of a document that somebody else may have written, each taken as what it must be."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import TypeVar

from search_engine.errors import BadInput

T = TypeVar("T")
Choice = TypeVar("Choice", bound=StrEnum)


class Fields:
    """The fields of one JSON object; what is missing, wrong or unknown is refused by its name."""

    def __init__(self, values: object, refusal: Callable[[str], BadInput], place: str = "") -> None:
        """Take an object; ``refusal`` makes the error of a reason, ``place`` is the way to it."""
        self._refusal = refusal
        self._place = place
        if not isinstance(values, dict):
            reason = f"{place or 'all of it'} must be an object"
            raise refusal(reason)
        self._values: dict[str, object] = values
        self._taken: set[str] = set()

    def __contains__(self, name: str) -> bool:
        """Return whether there is such a field."""
        return name in self._values

    def text(self, name: str) -> str:
        """Take a text; bytes of names that are not UTF-8 may be in it, as `os.fsdecode` has them.

        Raises:
            BadInput: It is none.
        """
        value = self._value(name)
        if isinstance(value, str) and _can_be_written(value):
            return value
        raise self._wrong(name, "a text")

    def whole(self, name: str, least: int, most: int) -> int:
        """Take a whole number.

        Raises:
            BadInput: It is none, or out of bounds.
        """
        value = self._value(name)
        if isinstance(value, int) and not isinstance(value, bool) and least <= value <= most:
            return value
        raise self._wrong(name, f"a whole number from {least} to {most}")

    def number(self, name: str, least: float, most: float) -> float:
        """Take a number.

        Raises:
            BadInput: It is none, or out of bounds.
        """
        value = self._value(name)
        if (
            isinstance(value, bool)
            or not isinstance(value, (int, float))
            or not least <= value <= most
        ):
            raise self._wrong(name, f"a number from {least:g} to {most:g}")
        return float(value)

    def flag(self, name: str) -> bool:
        """Take a yes or no.

        Raises:
            BadInput: It is neither.
        """
        value = self._value(name)
        if isinstance(value, bool):
            return value
        raise self._wrong(name, "true or false")

    def nullable(self, name: str, read: Callable[[str], T]) -> T | None:
        """Take what may be null; ``read`` takes it where it is not.

        Raises:
            BadInput: It is neither.
        """
        return None if self._value(name) is None else read(name)

    def choice(self, name: str, kind: type[Choice]) -> Choice:
        """Take one of a few texts.

        Raises:
            BadInput: It is none of them.
        """
        value = self._value(name)
        for one in kind:
            if value == one:
                return one
        raise self._wrong(name, " or ".join(kind))

    def inner(self, name: str) -> Fields:
        """Take an object with fields of its own.

        Raises:
            BadInput: It is none.
        """
        return Fields(self._value(name), self._refusal, self._path(name))

    def each(self, name: str, most: int, read: Callable[[Fields], T]) -> tuple[T, ...]:
        """Take a list of objects and read each of them to its end.

        Raises:
            BadInput: It is no such list.
        """
        values = self._value(name)
        if not isinstance(values, list) or len(values) > most:
            raise self._wrong(name, f"a list of {most:,} at most")
        found = []
        for number, value in enumerate(values):
            one = Fields(value, self._refusal, f"{self._path(name)}[{number}]")
            found.append(read(one))
            one.end()
        return tuple(found)

    def texts(self, name: str, most: int) -> list[str]:
        """Take a list of texts.

        Raises:
            BadInput: It is none.
        """
        values = self._value(name)
        if isinstance(values, list) and len(values) <= most:
            texts = [one for one in values if isinstance(one, str) and _can_be_written(one)]
            if len(texts) == len(values):
                return texts
        raise self._wrong(name, f"a list of {most:,} texts at most")

    def end(self) -> None:
        """Refuse what was not taken.

        Raises:
            BadInput: There is a field that nobody asked for.
        """
        for name in self._values.keys() - self._taken:
            reason = f"{self._path(name)[:80]} is not known"
            raise self._refusal(reason)

    def _value(self, name: str) -> object:
        if name not in self._values:
            reason = f"{self._path(name)} is missing"
            raise self._refusal(reason)
        self._taken.add(name)
        return self._values[name]

    def _wrong(self, name: str, wanted: str) -> BadInput:
        return self._refusal(f"{self._path(name)} must be {wanted}")

    def _path(self, name: str) -> str:
        return f"{self._place}.{name}" if self._place else name


def _can_be_written(text: str) -> bool:
    try:
        text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return False
    return True
