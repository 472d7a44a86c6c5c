"""What a record asks of its fields beside their types, read by `documents`.

It is said where the type is said, and costs nothing until a file is read::

    weight: Annotated[float, Between(-1, 1)]
    words: IfGiven[Text] = None
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, TypeAlias, TypeVar, cast, get_args

from search_engine.files import documents

if TYPE_CHECKING:
    from pydantic import GetCoreSchemaHandler
    from pydantic_core import CoreSchema

T = TypeVar("T")
_Schema: TypeAlias = "Mapping[str, object] | CoreSchema"


@dataclass(frozen=True, slots=True)
class Between:
    """Numbers from ``least`` to ``most``, both included; without this they are not negative."""

    least: float
    most: float

    def __get_pydantic_core_schema__(self, kind: object, schema: GetCoreSchemaHandler) -> _Schema:
        return {**schema(kind), "ge": self.least, "le": self.most}


@dataclass(frozen=True, slots=True)
class AtMost:
    """So many entries of a list at most."""

    count: int

    def __get_pydantic_core_schema__(self, kind: object, schema: GetCoreSchemaHandler) -> _Schema:
        return {**schema(kind), "max_length": self.count}


@dataclass(frozen=True, slots=True)
class ReadAs:
    """What lies in the file as another ``kind``; ``turned`` makes of it what the field holds.

    It raises ValueError, with what the field must be, for what it refuses.
    """

    kind: object
    turned: Callable[[Any], object]

    def __get_pydantic_core_schema__(self, _: object, schema: GetCoreSchemaHandler) -> _Schema:
        from pydantic_core import core_schema

        inner = schema.generate_schema(self.kind)
        return core_schema.no_info_after_validator_function(self.turned, inner)


@dataclass(frozen=True, slots=True)
class ToldBy:
    """One of several records: the first whose own field is there, or else the last.

    Errors name the fields of that one, not of all that it could have been.
    """

    fields: tuple[str, ...]
    """One for each record but the last, in their order."""

    def __get_pydantic_core_schema__(self, kinds: object, _: GetCoreSchemaHandler) -> _Schema:
        from pydantic_core import core_schema

        *others, last = cast("tuple[Hashable, ...]", get_args(kinds))
        told = dict(zip(self.fields, others, strict=True))

        def read(value: object) -> object:
            names = value if isinstance(value, dict) else ()
            kind = next((told[name] for name in told if name in names), last)
            return documents.validator(kind).validate_python(value)

        return core_schema.no_info_plain_validator_function(read)


class _NotNull:
    def __get_pydantic_core_schema__(self, kind: object, schema: GetCoreSchemaHandler) -> _Schema:
        return cast("CoreSchema", cast("Mapping[str, object]", schema(kind))["schema"])


IfGiven: TypeAlias = Annotated[T | None, _NotNull()]
"""A field that may be left out, and is None then; null stands in no file."""


def _written(text: str) -> str:
    try:
        text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        cause = "must be a text that can be written"
        raise ValueError(cause) from None
    return text


Text: TypeAlias = Annotated[str, ReadAs(str, _written)]
"""A text of somebody else; bytes of names that are not UTF-8 may be in it, as `os.fsdecode` has
them."""
