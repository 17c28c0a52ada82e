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
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route
from strawberry.exceptions import MissingQueryError
from strawberry.schema.exceptions import CannotGetOperationTypeError

from domain.callers import Channel, Locale
from domain.kit.errors import DomainError, Unauthenticated
from rest.kit.bearers import bearer
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
LONGEST_DOCUMENT = 100_000  # documents are kept, parsed, for the next request
JSON, GRAPHQL_JSON = "application/json", "application/graphql-response+json"
METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]  # for an answer to each


class Refused(Exception):
    """A request that never becomes an operation."""

    def __init__(self, status: HTTPStatus, code: str, message: str) -> None:
        super().__init__(message)
        self.status, self.code, self.message = status, code, message


class GraphQLEndpoint:
    def __init__(self, storage: Storage, gate: Gate, *, explorer: bool) -> None:
        self._storage, self._gate, self._explorer = storage, gate, explorer

    def routes(self) -> list[Route]:
        return [Route("/graphql", self.answer, methods=METHODS)]

    async def answer(self, request: Request) -> Response:
        if request.method == "GET" and self._explorer and _wants_page(request):
            return graphiql.page(request)
        answer = _Answer(request)
        try:
            return await self._operate(request, answer)
        except Refused as refused:
            return answer.refusal(refused.status, refused.message, {"code": refused.code})
        except TooManyRequests as error:
            answer.headers |= rate_headers(error.allowance)
            return answer.refused_by(error, HTTPStatus.TOO_MANY_REQUESTS)
        except Unauthenticated as error:
            answer.headers["WWW-Authenticate"] = "Bearer"
            return answer.refused_by(error, HTTPStatus.UNAUTHORIZED)
        except Exception:
            log.exception("a request failed")
            return answer.failure()

    async def _operate(self, request: Request, answer: "_Answer") -> Response:
        if request.method != "POST":
            answer.headers["Allow"] = "POST"
            raise Refused(
                HTTPStatus.METHOD_NOT_ALLOWED, "BAD_REQUEST", "Send operations with POST."
            )
        address = request.client.host if request.client else ""
        try:
            caller = await self._gate.enter(
                bearer(request),
                channel=Channel.GRAPHQL,
                request_id=request.state.request_id,
                locale=answer.locale,
            )
        except Unauthenticated:
            answer.headers |= rate_headers(await self._gate.admit_stranger(address))
            raise
        answer.headers |= rate_headers(await self._gate.admit(caller))
        document, variables, name = _operation(await _body(request))
        if (further := cost_of(document) - 1) > 0:
            answer.headers |= rate_headers(await self._gate.admit(caller, cost=further))
        session = GraphQLSession(caller, self._storage)
        try:
            result = await schema.execute(
                document, variable_values=variables, context_value=session, operation_name=name
            )
        except (MissingQueryError, CannotGetOperationTypeError) as error:
            message = "Say which operation to run: `query` holds none of that name, or several."
            raise Refused(HTTPStatus.BAD_REQUEST, "BAD_REQUEST", message) from error
        errors = [error.formatted for error in result.errors or ()]
        return answer.result(result.data, errors)


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
    if len(body["query"]) > LONGEST_DOCUMENT:
        raise Refused(
            HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
            "TOO_LARGE",
            f"`query` is longer than {LONGEST_DOCUMENT} characters: send values as `variables`.",
        )
    if broken := unstorable(body):
        path = ".".join(map(str, broken[0].path))
        raise Refused(
            HTTPStatus.BAD_REQUEST,
            "VALIDATION",
            f"`{path}` holds characters that cannot be stored (NUL, or half a surrogate pair).",
        )
    return body["query"], body.get("variables"), body.get("operationName")


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


def _wants_page(request: Request) -> bool:
    return "text/html" in request.headers.get("accept", "")


class _Answer:
    """The answer to a request, in the media type that it asks for."""

    def __init__(self, request: Request) -> None:
        accepted = request.headers.get("accept", "")
        self._media_type = GRAPHQL_JSON if GRAPHQL_JSON in accepted else JSON
        self._request_id: str = request.state.request_id
        self.locale = Locale(negotiate(request.headers.get("accept-language")))
        self.headers = {"Cache-Control": "no-store"}

    def result(self, data: Any, errors: list[Any]) -> Response:
        """Of an operation; one that never ran, because of what it is, has no data."""
        if not errors:
            return self._json({"data": data}, HTTPStatus.OK)
        if data is not None or any(error.get("path") for error in errors):
            return self._json({"errors": errors, "data": data}, HTTPStatus.OK)
        internal = any(error["extensions"]["code"] == "INTERNAL" for error in errors)
        status = HTTPStatus.INTERNAL_SERVER_ERROR if internal else HTTPStatus.BAD_REQUEST
        return self._json({"errors": errors}, status)

    def refusal(self, status: HTTPStatus, message: str, extensions: Mapping[str, Any]) -> Response:
        return self._json({"errors": [{"message": message, "extensions": extensions}]}, status)

    def refused_by(self, error: DomainError, status: HTTPStatus) -> Response:
        message = translate(error.template, self.locale, error.params)
        return self.refusal(status, message, as_extensions(error))

    def failure(self) -> Response:
        """It is our fault, and only we are told more."""
        message = translate("something went wrong on our side", self.locale)
        extensions = {"code": "INTERNAL", "requestId": self._request_id}
        return self.refusal(HTTPStatus.INTERNAL_SERVER_ERROR, message, extensions)

    def _json(self, content: Any, status: HTTPStatus) -> Response:
        type = f"{GRAPHQL_JSON}; charset=utf-8" if self._media_type == GRAPHQL_JSON else JSON
        return Response(orjson.dumps(content), status, headers=self.headers, media_type=type)
