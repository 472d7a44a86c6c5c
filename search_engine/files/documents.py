"""Records as JSON files of our own, read back only as what they were.

What is in such a file may come from another version, from somebody else, or from nobody who knew
what he did. So it is a record only if each value is of the type that the record says, and otherwise
an error that names the file; never something that fails where it is used. What a record asks of its
fields beside their types is said with `field_bounds`.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Hashable
from dataclasses import fields, is_dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeVar, cast

from search_engine import files

if TYPE_CHECKING:
    from pydantic import ValidationError
    from pydantic_core import SchemaValidator

T = TypeVar("T")


class OfAPlace(Protocol):
    """A list that was made for a folder on this machine."""

    @property
    def folder(self) -> str: ...  # noqa: D102 - where


P = TypeVar("P", bound=OfAPlace)

_LOG = logging.getLogger(__name__)

_MOST_BYTES = 1_000_000
_SHOWN = 80
_EXACTLY: dict[str, dict[str, object]] = {
    "int": {"strict": True, "ge": 0, "le": 2**63 - 1},
    "float": {"strict": True, "ge": 0, "allow_inf_nan": False},
    "bool": {"strict": True},
    "dataclass-args": {"extra_behavior": "forbid"},
    "tuple": {"fail_fast": True},
}
"""By kind of a schema of pydantic, what is asked of it where it says nothing else."""
_SAID = {
    "missing": "is missing",
    "unexpected_keyword_argument": "is not known",
    "dataclass_type": "must be an object",
    "tuple_type": "must be a list",
    "too_long": "must be a list of {max_length:,} at most",
    "string_type": "must be a text",
    "string_unicode": "must be a text that can be written",
    "int_type": "must be a whole number",
    "float_type": "must be a number",
    "bool_type": "must be true or false",
    "enum": "must be {expected}",
    "greater_than_equal": "must be {ge:,.10g} or more",
    "less_than_equal": "must be {le:,.10g} or less",
    "value_error": "{error}",
}
"""By kind of an error of pydantic, what is said of it; of others what pydantic says."""


class NotARecord(ValueError):
    """Something else is there than the record that is expected."""


def write(file: Path, record: object, *, durable: bool = False) -> None:
    """Write a record as JSON, whole or not at all.

    Raises:
        OSError: It cannot be written.
    """
    files.write(file, as_text(record).encode(), durable=durable)


def read_of_this_place(file: Path, kind: type[P], folder: Path) -> P | None:
    """Read what somebody chose for a folder on this machine; None where nothing can be read.

    A list that came along with a copy of the folder counts for nothing.
    """
    try:
        noted = read(file, kind)
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        _LOG.info("a list of what was chosen is passed over: %s", error)
        return None
    return noted if noted.folder == str(folder) else None


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
        return cast("object", json.loads(content, parse_constant=_no_number))
    except ValueError as error:
        cause = f"it is no JSON ({type(error).__name__})"
        raise NotARecord(cause) from error
    except RecursionError as error:
        cause = "it has too many brackets in one another"
        raise NotARecord(cause) from error


def _no_number(text: str) -> float:
    cause = f"{text} is no number"
    raise ValueError(cause)


def as_record(value: object, kind: type[T]) -> T:
    """Return the record that a value out of JSON is.

    Each part is of its type, none is taken for another one, and none is there that the record does
    not have. Numbers are finite, fit into 64 bits, and are not negative where the record does not
    say so.

    Args:
        value: As `parsed` gives it.
        kind: A frozen dataclass of numbers, texts, enums, paths, tuples and such dataclasses; or a
            tuple or dictionary of these.

    Raises:
        NotARecord: It is something else; the message names the part.
    """
    known = validator(cast("Hashable", kind))
    from pydantic import ValidationError  # loaded already

    try:
        return cast("T", known.validate_python(value))
    except ValidationError as error:
        raise NotARecord(_first(error)) from None


@cache
def validator(kind: Hashable) -> SchemaValidator:
    """Return what makes a record of a value, or raises pydantic's own error."""
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
        exact = asked | {name: _exact(part) for name, part in schema.items()}
        return _without_more(exact) if exact.get("type") == "dataclass" else exact
    if isinstance(schema, list | tuple):
        return type(schema)(map(_exact, schema))
    return schema


def _without_more(schema: dict[str, Any]) -> dict[str, Any]:
    # By itself pydantic writes an error for each of the million fields that a stranger may add.
    from pydantic_core import InitErrorDetails, ValidationError

    names = frozenset(schema["fields"])

    def one_more(value: object) -> object:
        if isinstance(value, dict) and len(value) > len(names):
            name = next(name for name in value if name not in names)
            wrong = InitErrorDetails(type="unexpected_keyword_argument", loc=(name,), input=None)
            raise ValidationError.from_exception_data(title="", line_errors=[wrong])
        return value

    ref = {"ref": schema.pop("ref")} if "ref" in schema else {}
    before = {"type": "no-info", "function": one_more}
    return {"type": "function-before", "function": before, "schema": schema} | ref


def _first(error: ValidationError) -> str:
    wrong = error.errors(include_url=False, include_input=False)[0]
    place = "".join(
        f"[{part}]" if isinstance(part, int) else f".{part[:_SHOWN]}" for part in wrong["loc"]
    )
    known = _SAID.get(wrong["type"], "").format(**wrong.get("ctx", {}))
    said = known or wrong["msg"].removeprefix("Input ")
    return f"{place.lstrip('.') or 'all of it'} {said}"
