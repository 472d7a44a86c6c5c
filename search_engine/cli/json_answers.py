"""The JSON of the command line: written from typed records, and the schema of each.

A record is a frozen dataclass, its fields are the keys. A field whose name ends in ``_at_k`` is
written with the record's ``k``, or that of the record around it: ``precision_at_10``. A field that
would be a word of Python has an underscore at its end, which is left out.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass
from typing import Any

from search_engine.cli.console import finish_answer, show

_AT_K = "_at_k"


def show_json(answer: object) -> None:
    """Write an answer; names that are not UTF-8 come through as escapes.

    Raises:
        OutputLost: It cannot be written.
    """
    show(json.dumps(document_of(answer), indent=2))


def line_of_json(answer: object) -> str:
    """Write an answer on one line, for a stream of several."""
    return json.dumps(document_of(answer))


def document_of(answer: object, k: int | None = None) -> Any:  # noqa: ANN401 - what JSON holds
    """Return an answer as what JSON holds: objects, arrays, texts, numbers."""
    if is_dataclass(answer) and not isinstance(answer, type):
        k = getattr(answer, "k", k)
        names = [field.name for field in fields(answer)]
        return {_key(name, k): document_of(getattr(answer, name), k) for name in names}
    if isinstance(answer, Mapping):
        return {str(name): document_of(value, k) for name, value in answer.items()}
    if isinstance(answer, (list, tuple)):
        return [document_of(value, k) for value in answer]
    return answer


def _key(name: str, k: int | None) -> str:
    return f"{name.removesuffix('k')}{k}" if name.endswith(_AT_K) else name.rstrip("_")


def schema_of(answer: Any) -> dict[str, Any]:  # noqa: ANN401 - a type
    """Return the JSON schema of a type of answers; every key of it is needed, and no other one."""
    from pydantic import TypeAdapter  # takes longer to import than most commands to run

    schema = TypeAdapter(answer).json_schema(mode="serialization")
    _make_strict(schema)
    return schema


def _make_strict(node: object) -> None:
    if isinstance(node, dict):
        for inner in node.values():
            _make_strict(inner)
        if isinstance(node.get("properties"), dict):
            _make_object_strict(node)
    elif isinstance(node, list):
        for inner in node:
            _make_strict(inner)


def _make_object_strict(node: dict[str, Any]) -> None:
    properties = {name.rstrip("_"): value for name, value in node["properties"].items()}
    after_k = {name: properties.pop(name) for name in [*properties] if name.endswith(_AT_K)}
    node["properties"], node["required"] = properties, [*properties]
    node["additionalProperties"] = False
    if after_k:
        patterns = {f"^{name.removesuffix('k')}[0-9]+$": one for name, one in after_k.items()}
        node["patternProperties"] = patterns
        node["minProperties"] = len(properties) + len(patterns)


class SchemaAction(argparse.Action):
    """Writes a schema and ends the program, as the action of ``--help`` writes help."""

    def __init__(self, option_strings: Sequence[str], dest: str, **values: Any) -> None:  # noqa: ANN401 - as argparse has it
        super().__init__(option_strings, dest, nargs=0, default=argparse.SUPPRESS, **values)

    def __call__(
        self,
        parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,
        values: str | Sequence[Any] | None,
        option_string: str | None = None,
    ) -> None:
        """Write it and end."""
        del namespace, values, option_string
        show(json.dumps(schema_of(self.const), indent=2))
        finish_answer()
        parser.exit()
