"""Records as JSON files of our own, read back as what they were.

What is in such a file may come from another version, from somebody else, or from nobody who knew
what he did. So it is a record only if each value is of the type that the record says, and otherwise
an error that names the file; never something that fails where it is used.
"""

from __future__ import annotations

import json
import math
from dataclasses import is_dataclass
from enum import StrEnum
from pathlib import Path
from types import UnionType
from typing import Any, TypeVar, cast, get_args, get_origin, get_type_hints

from search_engine import files

T = TypeVar("T")

_MOST_BYTES = 1_000_000


class NotARecord(ValueError):
    """A file holds something else than the record that is expected there."""


def write(file: Path, document: object) -> None:
    """Write a document as JSON.

    Raises:
        OSError: It cannot be written.
    """
    files.write(file, json.dumps(document, default=str).encode())


def read(file: Path, kind: type[T]) -> T:
    """Read a frozen dataclass of numbers, texts, enums, paths, tuples and such dataclasses.

    Numbers are finite and not negative.

    Raises:
        FileNotFoundError: It is not there.
        OSError: It cannot be read.
        NotARecord: It is something else.
    """
    try:
        return cast("T", _as(kind, json.loads(files.read(file, _MOST_BYTES))))
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        cause = f"{file} does not hold a {kind.__name__}: {type(error).__name__}"
        raise NotARecord(cause) from error


def _as(kind: Any, saved: Any) -> Any:  # noqa: ANN401 - what JSON has, made a value of a type
    parts, origin = get_args(kind), get_origin(kind)
    if origin is UnionType:
        return None if saved is None else _as(parts[0], saved)
    if origin is tuple:
        each = parts[:1] * len(saved) if parts[-1] is Ellipsis else parts
        return tuple(_as(part, one) for part, one in zip(each, _plain(list, saved), strict=True))
    if is_dataclass(kind):
        types, values = get_type_hints(kind), _plain(dict, saved)
        return cast("Any", kind)(**{name: _as(types[name], one) for name, one in values.items()})
    if issubclass(kind, Path | StrEnum):
        return kind(_plain(str, saved))
    if kind is float and type(saved) is int:
        saved = float(saved)
    value = _plain(kind, saved)
    if kind in {int, float} and not 0 <= value < math.inf:
        cause = f"{value} is no number that can be counted with"
        raise ValueError(cause)
    return value


def _plain(kind: type, saved: Any) -> Any:  # noqa: ANN401 - a value of this type
    if type(saved) is not kind:
        cause = f"{kind.__name__} is expected, not {type(saved).__name__}"
        raise TypeError(cause)
    return saved
