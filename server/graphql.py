"""GraphQL over HTTP: POST with JSON in and out, GraphiQL for browsers.

Follows the GraphQL-over-HTTP specification; what never became an operation is a 4xx, whichever
media type was asked for. Bodies are bounded, and only JSON is taken, so that no form of another
site can send one.
"""

import logging
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

import orjson
from starlette.datastructures import Headers
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route
from strawberry.exceptions import MissingQueryError
from strawberry.schema.exceptions import CannotGetOperationTypeError

from domain.callers import Channel, Locale
from domain.kit.errors import DomainError, Unauthenticated
from schema import schema
from schema.kit.errors import as_extensions
from schema.kit.limits import cost_of
from schema.kit.session import GraphQLSession
from server import graphiql
from usecases.gate import Allowance, Gate, TooManyRequests
from usecases.kit import unstorable
from usecases.messages import negotiate, translate
from usecases.ports import Storage

log = logging.getLogger(__name__)

LARGEST_BODY = 2 * 1024 * 1024
JSON, GRAPHQL_JSON = "application/json", "application/graphql-response+json"


class Refused(Exception):
    """A request that never becomes an operation."""

    def __init__(self, status: HTTPStatus, code: str, message: str) -> None:
        super().__init__(message)
        self.status, self.code, self.message = status, code, message


class GraphQLEndpoint:
    def __init__(self, storage: Storage, gate: Gate, *, explorer: bool) -> None:
        self._storage, self._gate, self._explorer = storage, gate, explorer

    def routes(self) -> list[Route]:
        return [Route("/graphql", self.answer, methods=["GET", "POST"])]

    async def answer(self, request: Request) -> Response:
        if request.method != "POST":
            if self._explorer and "text/html" in request.headers.get("accept", ""):
                return graphiql.page(request)
            refused = Refused(
                HTTPStatus.METHOD_NOT_ALLOWED, "BAD_REQUEST", "Send operations with POST."
            )
            return _failed(refused, {"Allow": "POST"})
        headers: dict[str, str] = {}
        locale = Locale(negotiate(request.headers.get("accept-language")))
        try:
            return await self._operate(request, locale, headers)
        except Refused as refused:
            return _failed(refused, headers)
        except TooManyRequests as error:
            headers |= rate_headers(error.allowance)
            return _refused_by(error, HTTPStatus.TOO_MANY_REQUESTS, locale, headers)
        except Unauthenticated as error:
            headers["WWW-Authenticate"] = "Bearer"
            return _refused_by(error, HTTPStatus.UNAUTHORIZED, locale, headers)

    async def _operate(self, request: Request, locale: Locale, headers: dict[str, str]) -> Response:
        address = request.client.host if request.client else ""
        try:
            caller = await self._gate.enter(
                bearer(request.headers),
                channel=Channel.GRAPHQL,
                request_id=request.state.request_id,
                locale=locale,
            )
        except Unauthenticated:
            headers |= rate_headers(await self._gate.admit_stranger(address))
            raise
        headers |= rate_headers(await self._gate.admit(caller))
        document, variables, name = _operation(await _body(request))
        if (further := cost_of(document) - 1) > 0:
            headers |= rate_headers(await self._gate.admit(caller, cost=further))
        session = GraphQLSession(caller, self._storage)
        try:
            result = await schema.execute(
                document, variable_values=variables, context_value=session, operation_name=name
            )
        except (MissingQueryError, CannotGetOperationTypeError) as error:
            message = "Say which operation to run: `query` holds none of that name, or several."
            raise Refused(HTTPStatus.BAD_REQUEST, "BAD_REQUEST", message) from error
        errors = [error.formatted for error in result.errors or ()]
        never_ran = result.data is None and not any(error.get("path") for error in errors)
        status = HTTPStatus.BAD_REQUEST if errors and never_ran else HTTPStatus.OK
        answer: dict[str, Any] = {} if never_ran and errors else {"data": result.data}
        return _json({"errors": errors} | answer if errors else answer, status, headers, request)


async def _body(request: Request) -> Any:
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != JSON:
        raise Refused(
            HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "BAD_REQUEST", f"Send the operation as {JSON}."
        )
    size, chunks = 0, []
    try:
        async for chunk in request.stream():
            size += len(chunk)
            if size > LARGEST_BODY:
                raise Refused(
                    HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
                    "TOO_LARGE",
                    f"The request is larger than {LARGEST_BODY} bytes.",
                )
            chunks.append(chunk)
        return orjson.loads(b"".join(chunks))
    except orjson.JSONDecodeError as error:
        raise Refused(
            HTTPStatus.BAD_REQUEST, "BAD_REQUEST", f"The request is not valid JSON: {error}."
        ) from error
    except ClientDisconnect as gone:
        raise Refused(HTTPStatus.BAD_REQUEST, "BAD_REQUEST", "The request broke off.") from gone


def _operation(body: Any) -> tuple[str, dict[str, Any] | None, str | None]:
    """The document, its variables and the operation's name."""
    wanted: Mapping[str, tuple[type, ...]] = {
        "query": (str,),
        "variables": (dict, type(None)),
        "operationName": (str, type(None)),
        "extensions": (dict, type(None)),
    }
    if not isinstance(body, dict):
        raise Refused(
            HTTPStatus.BAD_REQUEST, "BAD_REQUEST", "Send a JSON object with a `query` in it."
        )
    for name, kinds in wanted.items():
        if not isinstance(body.get(name), kinds):
            words = {str: "a string", dict: "an object", type(None): "null"}
            said = " or ".join(words[kind] for kind in kinds)
            raise Refused(HTTPStatus.BAD_REQUEST, "BAD_REQUEST", f"`{name}` must be {said}.")
    if broken := unstorable(body):
        path = ".".join(map(str, broken[0].path))
        raise Refused(
            HTTPStatus.BAD_REQUEST,
            "VALIDATION",
            f"`{path}` holds characters that cannot be stored (NUL, or half a surrogate pair).",
        )
    return body["query"], body.get("variables"), body.get("operationName")


def bearer(headers: Headers) -> str | None:
    """The secret of `Authorization: Bearer …`, if there is one."""
    scheme, _, secret = headers.get("authorization", "").partition(" ")
    return secret.strip() or None if scheme.lower() == "bearer" else None


def rate_headers(allowance: Allowance) -> dict[str, str]:
    """What is left of the credential's limit; nothing when it is not limited."""
    if allowance.limit is None:
        return {}
    headers = {
        "X-RateLimit-Limit": str(allowance.limit),
        "X-RateLimit-Remaining": str(allowance.remaining),
        "X-RateLimit-Reset": str(allowance.resets_at),
    }
    if allowance.retry_after is not None:
        headers["Retry-After"] = str(allowance.retry_after)
    return headers


def _failed(refused: Refused, headers: Mapping[str, str]) -> Response:
    error = {"message": refused.message, "extensions": {"code": refused.code}}
    return _json({"errors": [error]}, refused.status, headers)


def _refused_by(
    error: DomainError, status: HTTPStatus, locale: Locale, headers: Mapping[str, str]
) -> Response:
    message = translate(error.template, locale, error.params)
    return _json(
        {"errors": [{"message": message, "extensions": as_extensions(error)}]}, status, headers
    )


def _json(
    content: Any, status: HTTPStatus, headers: Mapping[str, str], request: Request | None = None
) -> Response:
    accepted = request.headers.get("accept", "") if request else ""
    media_type = GRAPHQL_JSON if GRAPHQL_JSON in accepted else JSON
    return Response(
        orjson.dumps(content),
        status,
        headers={"Cache-Control": "no-store", **headers},
        media_type=f"{media_type}; charset=utf-8" if media_type == GRAPHQL_JSON else media_type,
    )
