"""JSON Schemas of what is sent and answered, made of the annotations that do it."""

import re
from collections.abc import Iterable, Iterator
from enum import Enum
from typing import Any

from pydantic import TypeAdapter
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaMode, JsonSchemaValue
from pydantic_core import core_schema

from rest.kit.inputs import Input

SCHEMAS = "#/components/schemas/"
Schema = dict[str, Any]
_LIMITS = {
    "gt": "exclusiveMinimum",
    "ge": "minimum",
    "lt": "exclusiveMaximum",
    "le": "maximum",
    "min_length": "minLength",
    "max_length": "maxLength",
}
_SOURCES = re.compile(
    r"\s*\((facts?|decisions?) [^)]*\)|\b[Ff]acts? [A-Z]-[^.:]*[.:]|^[A-Z]-[A-Z]?[0-9]+[.:]"
)


class _Generator(GenerateJsonSchema):
    """Decimals are JSON numbers here (fact W-19), and no default is a value of ours."""

    def decimal_schema(self, schema: core_schema.DecimalSchema) -> JsonSchemaValue:
        given: dict[str, Any] = dict(schema)
        return {"type": "number"} | {name: given[name] for name in _LIMITS if name in given}

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        default = self.get_default_value(schema)
        if default is None or isinstance(default, Enum):
            return self.generate_inner(schema["schema"])
        return super().default_schema(schema)


class Schemas:
    """Of some inputs and some annotations of answers; `components` are those with names."""

    def __init__(self, inputs: Iterable[type[Input]], answers: Iterable[Any]) -> None:
        wanted: list[tuple[Any, JsonSchemaMode, TypeAdapter[Any]]] = [
            (given, "validation", TypeAdapter(given)) for given in dict.fromkeys(inputs)
        ]
        wanted += [(shape, "serialization", TypeAdapter(shape)) for shape in dict.fromkeys(answers)]
        self._of, whole = TypeAdapter.json_schemas(
            wanted, ref_template=f"{SCHEMAS}{{model}}", schema_generator=_Generator
        )
        self.components: dict[str, Schema] = {
            name: _tidied(schema) for name, schema in whole.get("$defs", {}).items()
        }

    def answer(self, shape: Any) -> Schema:
        schema: Schema = _tidied(self._of[shape, "serialization"])
        return schema

    def body(self, given: type[Input]) -> Schema:
        schema: Schema = _tidied(self._of[given, "validation"])
        return schema

    def whole(self, given: type[Input]) -> Schema:
        """The same, in one piece."""
        schema = self.body(given)
        reference = schema.get("$ref", "")
        return self.components.get(reference.removeprefix(SCHEMAS), schema)

    def mentioned_in(self, paths: Any) -> dict[str, Schema]:
        """The named schemas that something refers to, and those that they refer to."""
        named, waiting = set[str](), [*_references(paths)]
        while waiting:
            name = waiting.pop()
            if name not in named and name in self.components:
                named.add(name)
                waiting += _references(self.components[name])
        return {name: schema for name, schema in self.components.items() if name in named}


def _references(schema: Any) -> Iterator[str]:
    if isinstance(schema, list):
        for part in schema:
            yield from _references(part)
    elif isinstance(schema, dict):
        if isinstance(schema.get("$ref"), str):
            yield schema["$ref"].removeprefix(SCHEMAS)
        for part in schema.values():
            yield from _references(part)


def _tidied(schema: Any) -> Any:
    """Without the titles that pydantic makes of names, and what is said to ourselves.

    Limits of what is read by a function of ours go by pydantic's names.
    """
    if isinstance(schema, list):
        return [_tidied(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    tidy: Schema = {}
    for name, part in schema.items():
        if isinstance(part, dict | list):
            tidy[name] = _tidied(part)
        elif name == "description":
            if said := said_to_clients(part):
                tidy[name] = said
        elif name not in {"title", "decimal_places"}:
            tidy[_LIMITS.get(name) or name] = part
    return tidy


def said_to_clients(text: str) -> str:
    """Without the sources of rules, which are ours."""
    return _SOURCES.sub("", text).strip()
