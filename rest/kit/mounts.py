"""From a request to an answer, the same way for every dialect.

Let in, count, find the endpoint, read the input, answer; whatever goes wrong on the way becomes
the dialect's own refusal, so that nothing else ever leaves it.
"""

import logging
import re
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

from pydantic import ValidationError
from starlette.datastructures import URLPath
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Match, NoMatchFound
from starlette.types import ASGIApp, Receive, Scope, Send

from domain.callers import Caller, Locale
from domain.kit.errors import DomainError, Unauthenticated, raise_first
from rest.kit import openapi
from rest.kit.answers import File, Redirect, to_json
from rest.kit.bodies import Unreadable, read_object
from rest.kit.calls import Asked, Call
from rest.kit.dialects import READING, Dialect, Endpoint, UnknownEndpoint
from rest.kit.inputs import broken_rules
from usecases.answers import once
from usecases.gate import Allowance, Gate, NotLetIn, TooManyRequests
from usecases.kit import unstorable
from usecases.messages import negotiate
from usecases.ports import Answer, Storage

log = logging.getLogger(__name__)

_EXPECTED = (DomainError, Unreadable, UnknownEndpoint)
_HEADERS = {"Cache-Control": "no-store"}


def mount(
    dialect: Dialect, endpoints: Sequence[Endpoint[Any]], storage: Storage, gate: Gate
) -> list[BaseRoute]:
    """Routes that take everything under each of the dialect's bases, whatever the method."""
    mounted = _Mounted(dialect, endpoints, storage, gate)
    return [_Under(base, mounted) for base in dialect.bases]


class _Under(BaseRoute):
    """Everything at or below a path: Starlette's own pattern lets paths with newlines through."""

    def __init__(self, base: str, app: ASGIApp) -> None:
        self._base, self._app = base, app

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        if scope["type"] == "http" and f"{scope['path']}/".startswith(f"{self._base}/"):
            rest = scope["path"].removeprefix(self._base)
            return Match.FULL, {"endpoint": self._app, "path_params": {"path": rest}}
        return Match.NONE, {}

    def url_path_for(self, name: str, /, **path_params: Any) -> URLPath:
        raise NoMatchFound(name, path_params)

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._app(scope, receive, send)


class _Mounted:
    """A dialect as an ASGI application."""

    def __init__(
        self, dialect: Dialect, endpoints: Sequence[Endpoint[Any]], storage: Storage, gate: Gate
    ) -> None:
        self._dialect, self._storage, self._gate = dialect, storage, gate
        self._endpoints = [(_pattern(endpoint.path), endpoint) for endpoint in endpoints]

    @cached_property
    def _document(self) -> bytes:
        return to_json(openapi.document(self._dialect, [each for _, each in self._endpoints]))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        path = scope["path_params"]["path"].removesuffix("/")
        language = negotiate(request.headers.get("accept-language"), self._dialect.locales)
        asked = Asked.of(request, path, Locale(language))
        response = await self._answered(asked)
        if self._dialect.identified is not None:
            response.headers[self._dialect.identified] = asked.request_id
        await response(scope, receive, send)

    async def _answered(self, asked: Asked) -> Response:
        if (asked.request.method, asked.path) == ("GET", openapi.PATH):
            return Response(self._document, media_type=openapi.JSON)
        allowance: Allowance | None = None
        try:
            try:
                caller = await self._gate.enter(
                    self._dialect.secret(asked.request),
                    channel=self._dialect.channel,
                    address=asked.address,
                    request_id=asked.request_id,
                    locale=asked.locale,
                )
            except Unauthenticated:
                allowance = await self._gate.admit_stranger(asked.address)
                raise
            allowance = await self._gate.admit(caller)
            response = await self._performed(asked, caller)
        except ClientDisconnect:
            response = Response(status_code=400)  # nobody reads it
        except Exception as error:
            if isinstance(error, TooManyRequests):
                allowance = error.allowance
            if isinstance(error, NotLetIn) and self._dialect.tells:
                allowance = error.allowance
            if not isinstance(error, _EXPECTED):
                log.exception("a request failed")
            response = self._refused(error, asked)
        if allowance is not None:
            response.headers.update(self._dialect.headers(allowance))
        return response

    async def _performed(self, asked: Asked, caller: Caller) -> Response:
        endpoint, path = self._find(asked)
        if endpoint.needs is not None:
            caller.require(endpoint.needs)
        given = await _input(endpoint, asked.request)
        key = asked.request.headers.get("idempotency-key")

        def call(**more: Any) -> Call[Any]:
            return Call(
                caller=caller,
                asked=asked,
                system=self._dialect.name,
                path=path,
                given=given,
                _storage=self._storage,
                **more,
            )

        if not self._dialect.answers_once:
            return await self._answer(endpoint, call(idempotency_key=key))
        if key is None or endpoint.method != "POST":
            return await self._answer(endpoint, call())
        request = f"POST {asked.path} {given!r}"
        async with once(key, request, caller, self._storage) as work:
            if work.answer is not None:
                return _replayed(work.answer)
            response = await self._answer(endpoint, call(_once=work))
            await work.keep(Answer(response.status_code, bytes(response.body)))
        return response

    async def _answer(self, endpoint: Endpoint[Any], call: Call[Any]) -> Response:
        try:
            shape = await endpoint.answer(call)
        finally:
            await call.close()
        if shape is None:
            return Response(status_code=endpoint.status, headers=_HEADERS)
        if isinstance(shape, File):
            disposition = {"Content-Disposition": f'attachment; filename="{shape.name}"'}
            return Response(
                shape.content, endpoint.status, _HEADERS | disposition, shape.media_type
            )
        if isinstance(shape, Redirect):
            return Response(None, endpoint.status, _HEADERS | {"Location": shape.location})
        return _json(self._dialect.succeeded(shape, call.asked), endpoint.status)

    def _find(self, asked: Asked) -> tuple[Endpoint[Any], Mapping[str, str]]:
        for pattern, endpoint in self._endpoints:
            if endpoint.method == asked.request.method and (found := pattern.fullmatch(asked.path)):
                return endpoint, found.groupdict()
        raise UnknownEndpoint

    def _refused(self, error: Exception, asked: Asked) -> Response:
        refusal = self._dialect.refused(error, asked)
        response = _json(refusal.body, refusal.status)
        response.headers.update(refusal.headers)
        return response


def _json(body: Any, status: int) -> Response:
    return Response(to_json(body), status, _HEADERS, "application/json")


def _replayed(answer: Answer) -> Response:
    headers = _HEADERS | {"Idempotency-Replayed": "true"}
    return Response(answer.body, answer.status, headers, "application/json")


async def _input(endpoint: Endpoint[Any], request: Request) -> Any:
    """Raises RuleBroken with everything that is wrong with it."""
    reading = endpoint.method in READING
    if reading:
        given = endpoint.given.of_query(request.query_params.multi_items())
    else:
        given = await read_object(request)
    try:
        valid = endpoint.given.model_validate(given)
    except ValidationError as invalid:
        raise_first(broken_rules(invalid))
        raise
    if reading:  # what is to be stored is looked at by `run`
        raise_first(unstorable(valid.sent()))
    return valid


def _pattern(path: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", path))
