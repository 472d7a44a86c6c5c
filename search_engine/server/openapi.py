"""The document that describes the server, in OpenAPI 3.1, out of its operations."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pydantic import BaseModel

from search_engine.records import schema_of
from search_engine.server.operations import BASE, Operation
from search_engine.server.problems import PROBLEM_TYPE, STATUS, Problem, ProblemKind

_SCHEMAS = "#/components/schemas/{model}"
_OF_ALL = (
    ProblemKind.UNKNOWN_HOST,
    ProblemKind.TOKEN_NEEDED,
    ProblemKind.FOREIGN_PAGE,
    ProblemKind.METHOD_NOT_ALLOWED,
    ProblemKind.INVALID,
    ProblemKind.TOO_MANY,
    ProblemKind.FAULT,
    ProblemKind.BUSY,
)
_OF_BODIES = (
    ProblemKind.MALFORMED,
    ProblemKind.TOO_SLOW,
    ProblemKind.TOO_LARGE,
    ProblemKind.NOT_JSON,
)
_OF_COLLECTIONS = (ProblemKind.NOT_FOUND, ProblemKind.NOT_READY)
_IDS = {"name": {"type": "string"}, "picture_id": {"type": "integer", "minimum": 1}}
Schema = dict[str, Any]


def openapi(operations: Sequence[Operation]) -> Schema:
    """Return the document of these operations, whose paths are in full."""
    schemas: Schema = {}
    paths: dict[str, Schema] = {}
    for one in operations:
        paths.setdefault(one.path, {})[one.method.lower()] = _operation(one, schemas)
    _take(schema_of(Problem, _SCHEMAS), "Problem", schemas)
    return {
        "openapi": "3.1.0",
        "jsonSchemaDialect": "https://json-schema.org/draft/2020-12/schema",
        "info": {
            "title": "Magpie",
            "version": "1",
            "description": "Find pictures by what they show. Errors are problem details"
            " (RFC 9457); the types of problems are listed at /api/v1/problems.",
        },
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
        "security": [{}, {"token": []}],
    }


def document_path() -> str:
    """Return where the document is."""
    return f"{BASE}/openapi.json"


def _operation(one: Operation, schemas: Schema) -> Schema:
    told: Schema = {"operationId": one.name, "summary": one.summary}
    parameters = [*_in_path(one.path), *_in_address(one.address)]
    if parameters:
        told["parameters"] = parameters
    if one.body:
        told["requestBody"] = {
            "required": True,
            "content": {"application/json": {"schema": _body(one.body, schemas)}},
        }
    told["responses"] = {"200": _success(one, schemas), **_failures(one)}
    return told


def _success(one: Operation, schemas: Schema) -> Schema:
    if one.answer is None:
        kinds: Schema = {kind: {"schema": {}} for kind in one.media_types}
        return {"description": "The picture; its ETag names the content", "content": kinds}
    name = getattr(one.answer, "__name__", "") if isinstance(one.answer, type) else ""
    schema = _take(schema_of(one.answer, _SCHEMAS), name if name != "list" else "", schemas)
    return {"description": "Done", "content": {"application/json": {"schema": schema}}}


def _failures(one: Operation) -> dict[str, Schema]:
    kinds: list[ProblemKind] = [*_OF_ALL, *(_OF_BODIES if one.body else ()), ProblemKind.NOT_FOUND]
    if "{name}" in one.path or one.address:
        kinds += [*_OF_COLLECTIONS, ProblemKind.CHANGED]
    content = {PROBLEM_TYPE: {"schema": {"$ref": _SCHEMAS.format(model="Problem")}}}
    told: dict[str, Schema] = {}
    if one.media_types:
        told["304"] = {"description": "What the browser has is what there is"}
    for status, title in sorted({STATUS[kind][0]: STATUS[kind][1] for kind in kinds}.items()):
        told[str(status)] = {"description": title, "content": content}
    return told


def _in_path(path: str) -> Iterable[Schema]:
    for name, schema in _IDS.items():
        if f"{{{name}}}" in path:
            yield {"name": name, "in": "path", "required": True, "schema": schema}


def _in_address(model: type[BaseModel] | None) -> Iterable[Schema]:
    if model is None:
        return
    schema = model.model_json_schema(ref_template="#/$defs/{model}")
    for name, one in schema["properties"].items():
        is_needed = name in schema.get("required", ())
        plain = _without_null(one, schema.get("$defs", {}))
        yield {"name": name, "in": "query", "required": is_needed, "schema": plain}


def _without_null(schema: Schema, parts: Mapping[str, Schema]) -> Schema:
    """Return the schema of what an address may say: there is no null in it."""
    options = [one for one in schema.get("anyOf", [schema]) if one.get("type") != "null"]
    one = options[0]
    name = one.get("$ref", "").rpartition("/")[2]
    return {**(parts[name] if name else one)}


def _body(model: type[BaseModel], schemas: Schema) -> Schema:
    return _take(model.model_json_schema(ref_template=_SCHEMAS), model.__name__, schemas)


def _take(schema: Schema, name: str, schemas: Schema) -> Schema:
    """Put a schema and its parts among those of the document; return what names it."""
    schemas.update(schema.pop("$defs", {}))
    if not name:
        return schema
    schemas[name] = schema
    return {"$ref": _SCHEMAS.format(model=name)}
