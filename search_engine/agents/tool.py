"""What a tool declares, and what it gives."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from search_engine.agents.call import ToolCall
from search_engine.agents.open_collections import OpenCollections
from search_engine.errors import BadInput
from search_engine.files import documents
from search_engine.names import did_you_mean
from search_engine.records import document_of, schema_of

Request = TypeVar("Request")


@dataclass(frozen=True, slots=True)
class ToolPicture:
    """A picture that is shown."""

    content: bytes
    kind: str
    """``jpeg``, ``png`` or ``webp``."""


@dataclass(frozen=True, slots=True)
class ToolAnswer:
    """What a call gives."""

    record: object
    """A dataclass of the type that the tool declares."""
    picture: ToolPicture | None = None

    @property
    def document(self) -> dict[str, Any]:
        """The record as JSON can hold it; bytes of names that are not UTF-8 are escaped."""
        found: dict[str, Any] = _written(document_of(self.record))
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Tool(Generic[Request]):
    """A tool."""

    name: str
    title: str
    description: str
    """Tells an agent when to use it, and what its results mean."""
    request: type[Request]
    """A frozen dataclass with a field for each argument."""
    answer: type
    """The type of its record."""
    run: Callable[[Request, OpenCollections, ToolCall], ToolAnswer]

    @property
    def input_schema(self) -> dict[str, Any]:
        """The JSON schema of its arguments."""
        from pydantic import TypeAdapter

        adapter: TypeAdapter[Any] = TypeAdapter(self.request)
        return adapter.json_schema() | {"additionalProperties": False}

    @property
    def output_schema(self) -> dict[str, Any]:
        """The JSON schema of its record."""
        return schema_of(self.answer)

    def call(
        self, arguments: dict[str, Any], collections: OpenCollections, call: ToolCall
    ) -> ToolAnswer:
        """Run it.

        Raises:
            BadInput: An argument is not what it has to be.
            SearchEngineError: What was wanted cannot be done.
            CallStopped: Nobody waits for it any more.
        """
        names = [field.name for field in dataclasses.fields(self.request)]  # type: ignore[arg-type]
        unknown = next((name for name in arguments if name not in names), None)
        if unknown is not None:
            cause = f"{self.name} has no argument '{unknown[:80]}'"
            meant = did_you_mean(unknown, names)
            raise BadInput(cause, remedy=f"{meant} It has: {', '.join(names)}.".lstrip())
        try:
            request = documents.as_record(arguments, self.request)
        except documents.NotARecord as error:
            cause, remedy = f"An argument of {self.name} is wrong: {error}", "Correct it."
            raise BadInput(cause, remedy=remedy) from error
        return self.run(request, collections, call)


def _written(value: Any) -> Any:  # noqa: ANN401 - what JSON holds
    if isinstance(value, str):
        return value.encode("utf-8", "backslashreplace").decode()
    if isinstance(value, dict):
        return {_written(name): _written(part) for name, part in value.items()}
    return [_written(part) for part in value] if isinstance(value, list) else value
