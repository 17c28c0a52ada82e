"""OpenAPI documents, made of a dialect's endpoints, their inputs and what they answer."""

import inspect
import re
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any, get_args, get_origin, get_type_hints

from rest.kit.answers import File, Redirect
from rest.kit.calls import LARGEST_ID
from rest.kit.dialects import READING, Dialect, Endpoint
from rest.kit.inputs import Nothing
from rest.kit.pages import NumberedPage
from rest.kit.schemas import SCHEMAS, Schema, Schemas, said_to_clients

PATH = "/openapi.json"
JSON = "application/json"
ERROR = "Error"
_NAMED = re.compile(r"\{(\w+)\}")
_VERBS = {"index": "list", "show": "get"}
_KEY: Schema = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "The first successful answer is kept for 24 hours, and given again.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": r"^[!-~]+$"},
}
_LIMITED = ("X-RateLimit-Limit", "X-RateLimit-Remaining")
_COUNT: Schema = {"type": "integer", "minimum": 0}
_TRUE: Schema = {"type": "string", "const": "true"}
HEADERS: Mapping[str, Schema] = {
    "X-RateLimit-Limit": {
        "description": "How many requests may be sent in a minute.",
        "schema": _COUNT,
    },
    "X-RateLimit-Remaining": {"description": "How many of them are left.", "schema": _COUNT},
    "Retry-After": {"description": "In how many seconds to try again.", "schema": _COUNT},
    "Idempotency-Replayed": {"description": "It was answered before.", "schema": _TRUE},
    "Location": {"description": "Where it is found.", "schema": {"type": "string"}},
}
_ITSELF: Schema = {
    "operationId": "openapi",
    "tags": ["openapi"],
    "summary": "This document.",
    "security": [],
    "responses": {
        "200": {
            "description": "An OpenAPI document.",
            "content": {JSON: {"schema": {"type": "object", "required": ["openapi", "paths"]}}},
        }
    },
}


def document(dialect: Dialect, endpoints: Sequence[Endpoint[Any]]) -> Schema:
    """What a dialect's clients may ask for, in OpenAPI 3.1."""
    return _Document(dialect, endpoints).whole


class _Document:
    def __init__(self, dialect: Dialect, endpoints: Sequence[Endpoint[Any]]) -> None:
        self._dialect, self._about, self._endpoints = dialect, dialect.described, endpoints
        shapes = [_shape(endpoint) for endpoint in endpoints]
        self._schemas = Schemas(
            [endpoint.given for endpoint in endpoints],
            [shape for shape in shapes if shape not in {None, File, Redirect}],
        )

    @cached_property
    def whole(self) -> Schema:
        paths: dict[str, Schema] = {}
        for endpoint in self._endpoints:
            operations = paths.setdefault(endpoint.path, {})
            operations[endpoint.method.lower()] = self._operation(endpoint)
        paths[PATH] = {"get": _ITSELF}
        return {
            "openapi": "3.1.0",
            "info": {"title": self._about.title, "version": self._about.version},
            "servers": [{"url": self._dialect.bases[0]}],
            "security": [{scheme: []} for scheme in self._about.security],
            "paths": paths,
            "components": {
                "schemas": self._schemas.mentioned_in(paths) | {ERROR: self._about.error},
                "responses": {
                    str(status): self._refusal(status) for status in self._about.statuses
                },
                "headers": HEADERS,
                "securitySchemes": self._about.security,
            },
        }

    def _operation(self, endpoint: Endpoint[Any]) -> Schema:
        answer = endpoint.answer
        noun = answer.__module__.rpartition(".")[2]
        verb = _VERBS.get(answer.__name__, answer.__name__)
        told = [said_to_clients(inspect.getdoc(answer) or "")]
        if endpoint.needs is not None:
            told.append(f"Scope: `{endpoint.needs}`.")
        operation = {
            "operationId": f"{noun}_{answer.__name__}",
            "tags": [noun],
            "summary": f"{_spaced(noun)}: {_spaced(verb)}".capitalize(),
            "description": "\n\n".join(text for text in told if text),
            "parameters": self._parameters(endpoint),
            "responses": self._responses(endpoint),
        }
        if endpoint.needs is not None:
            scopes = [endpoint.needs.value]
            operation["security"] = [{scheme: scopes} for scheme in self._about.security]
        if endpoint.method not in READING and endpoint.given is not Nothing:
            schema = self._schemas.body(endpoint.given)
            required = bool(self._schemas.whole(endpoint.given).get("required"))
            operation["requestBody"] = {"required": required, "content": {JSON: {"schema": schema}}}
        return operation

    def _parameters(self, endpoint: Endpoint[Any]) -> list[Schema]:
        found = [
            {"name": name, "in": "path", "required": True, "schema": _id(name)}
            for name in _NAMED.findall(endpoint.path)
        ]
        if endpoint.method in READING:
            whole = self._schemas.whole(endpoint.given)
            found += [
                {
                    "name": name,
                    "in": "query",
                    "required": name in whole.get("required", ()),
                    "schema": _not_null(schema),
                }
                for name, schema in whole.get("properties", {}).items()
            ]
        if endpoint.method == "POST" and self._dialect.answers_once:
            found.append(_KEY)
        return found

    def _responses(self, endpoint: Endpoint[Any]) -> Schema:
        done: Schema = {"description": "Done.", "headers": _headers(*_LIMITED)}
        shape = _shape(endpoint)
        if shape is File:
            binary = {"schema": {"type": "string", "contentMediaType": "application/pdf"}}
            done["content"] = {"application/pdf": binary}
        elif shape is Redirect:
            done["headers"] |= _headers("Location")
        elif shape is not None:
            schema = self._about.enveloped(self._schemas.answer(shape), _is_paged(endpoint))
            done["content"] = {JSON: {"schema": schema}}
        if endpoint.method == "POST" and self._dialect.answers_once:
            done["headers"] |= _headers("Idempotency-Replayed")
        return {str(endpoint.status): done} | {
            str(status): {"$ref": f"#/components/responses/{status}"}
            for status in self._about.statuses
            if _may_be_refused(endpoint, status)
        }

    def _refusal(self, status: int) -> Schema:
        names = [*_LIMITED, "Retry-After"] if status == TOO_MANY else _LIMITED
        return {
            "description": self._about.statuses[status],
            "headers": _headers(*names),
            "content": {JSON: {"schema": {"$ref": f"{SCHEMAS}{ERROR}"}}},
        }


MALFORMED, MISSING, CONFLICT, INVALID, TOO_MANY = 400, 404, 409, 422, 429


def _may_be_refused(endpoint: Endpoint[Any], status: int) -> bool:
    """Whether there is anything about it that can go wrong in this way."""
    writes = endpoint.method != "GET"
    if status in {MALFORMED, INVALID}:
        return writes or bool(endpoint.given.model_fields)
    if status == MISSING:
        return "{" in endpoint.path
    return status != CONFLICT or writes


def _shape(endpoint: Endpoint[Any]) -> Any:
    """What it answers: of a page, one of its items; None where the body is empty."""
    answered = get_type_hints(endpoint.answer, include_extras=True)["return"]
    if answered is type(None):
        return None
    return get_args(answered)[0] if get_origin(answered) is NumberedPage else answered


def _is_paged(endpoint: Endpoint[Any]) -> bool:
    return get_origin(get_type_hints(endpoint.answer)["return"]) is NumberedPage


def _id(name: str) -> Schema:
    if name.endswith("id"):
        return {"type": "integer", "minimum": 1, "maximum": LARGEST_ID}
    return {"type": "string", "minLength": 1}


def _not_null(schema: Schema) -> Schema:
    """A parameter is left out instead."""
    kinds = [kind for kind in schema.get("anyOf", ()) if kind != {"type": "null"}]
    if len(kinds) != 1:
        return schema
    [kind] = kinds
    return {name: value for name, value in schema.items() if name != "anyOf"} | dict(kind)


def _headers(*names: str) -> Schema:
    return {name: {"$ref": f"#/components/headers/{name}"} for name in names}


def _spaced(name: str) -> str:
    return name.replace("_", " ")
