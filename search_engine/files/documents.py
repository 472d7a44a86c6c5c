"""Records as JSON files of our own, read back only as what they were.

What is in such a file may come from another version, from somebody else, or from nobody who knew
what he did. So it is a record only if each value is of the type that the record says, and otherwise
an error that names the file; never something that fails where it is used.
"""

from __future__ import annotations

import json
from collections.abc import Hashable
from dataclasses import fields, is_dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, cast

from search_engine import files

if TYPE_CHECKING:
    from pydantic import ValidationError
    from pydantic_core import SchemaValidator

T = TypeVar("T")

_MOST_BYTES = 1_000_000
_SHOWN = 80
_EXACTLY: dict[str, dict[str, object]] = {
    "int": {"strict": True, "ge": 0, "le": 2**63 - 1},
    "float": {"strict": True, "ge": 0, "allow_inf_nan": False},
    "bool": {"strict": True},
    "dataclass-args": {"extra_behavior": "forbid"},
}
"""By kind of a schema of pydantic, what is asked of it where it says nothing else."""


class NotARecord(ValueError):
    """Something else is there than the record that is expected."""


def write(file: Path, record: object, *, durable: bool = False) -> None:
    """Write a record as JSON, whole or not at all.

    Raises:
        OSError: It cannot be written.
    """
    files.write(file, as_text(record).encode(), durable=durable)


def read(file: Path, kind: type[T], *, most: int = _MOST_BYTES) -> T:
    """Read a record, as `as_record` takes it, from a file of no more than ``most`` bytes.

    Raises:
        FileNotFoundError: It is not there.
        OSError: It cannot be read, or is larger.
        NotARecord: It is something else.
    """
    content = files.read(file, most)
    try:
        return as_record(parsed(content), kind)
    except NotARecord as error:
        cause = f"{file} does not hold a {getattr(kind, '__name__', kind)}: {error}"
        raise NotARecord(cause) from error


def as_text(record: object) -> str:
    """Return a record as JSON; bytes of names that are not UTF-8 are kept as surrogates."""
    return json.dumps(record, default=_plain, indent=2)


def _plain(value: object) -> object:
    if is_dataclass(value):
        return {field.name: getattr(value, field.name) for field in fields(value)}
    return str(value)


def parsed(content: bytes | str) -> object:
    """Return what JSON holds.

    Raises:
        NotARecord: It is no JSON, or too deep.
    """
    try:
        return cast("object", json.loads(content))
    except (ValueError, RecursionError) as error:
        cause = f"it is no JSON ({type(error).__name__})"
        raise NotARecord(cause) from error


def as_record(value: object, kind: type[T]) -> T:
    """Return the record that a value out of JSON is.

    Each part is of its type, none is taken for another one, and none is there that the record does
    not have. Numbers are finite, not negative, and fit into 64 bits.

    Args:
        value: As `parsed` gives it.
        kind: A frozen dataclass of numbers, texts, enums, paths, tuples and such dataclasses; or a
            tuple or dictionary of these.

    Raises:
        NotARecord: It is something else; the message names the part.
    """
    validator = _validator(cast("Hashable", kind))
    from pydantic import ValidationError  # loaded already

    try:
        return cast("T", validator.validate_python(value))
    except ValidationError as error:
        raise NotARecord(_first(error)) from None


@cache
def _validator(kind: Hashable) -> SchemaValidator:
    # Loading it takes a tenth of a second, so it is left until a file is read.
    from pydantic import TypeAdapter
    from pydantic_core import SchemaValidator

    adapter: TypeAdapter[object] = TypeAdapter(cast("type[object]", kind))
    return SchemaValidator(_exact(adapter.core_schema))


def _exact(schema: Any) -> Any:  # noqa: ANN401 - nested dictionaries, lists and tuples
    # Its own strict mode, in Python, takes no list for a tuple and no text for an enum; in JSON it
    # takes no surrogates, as which names that are not UTF-8 are kept.
    if isinstance(schema, dict):
        asked = _EXACTLY.get(schema.get("type", ""), {})
        return asked | {name: _exact(part) for name, part in schema.items()}
    if isinstance(schema, list | tuple):
        return type(schema)(map(_exact, schema))
    return schema


def _first(error: ValidationError) -> str:
    wrong = error.errors(include_url=False, include_context=False, include_input=False)[0]
    place = "".join(
        f"[{part}]" if isinstance(part, int) else f".{part[:_SHOWN]}" for part in wrong["loc"]
    )
    said = wrong["msg"].removeprefix("Input ")
    return f"{place.lstrip('.') or 'all of it'}: {said}"
