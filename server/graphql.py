"""GraphQL over HTTP: POST with JSON in and out, or an event stream out; GraphiQL for browsers.

Follows the GraphQL-over-HTTP specification; what never became an operation is a 4xx, whichever
media type was asked for. Bodies are bounded, and only JSON is taken, so that no form of another
site can send one.
"""

import logging
from collections.abc import AsyncIterator, Mapping
from contextlib import ExitStack, aclosing, nullcontext
from functools import partial
from http import HTTPStatus
from typing import Any

import orjson
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from domain.callers import Caller, Channel, Locale
from domain.kit.errors import DomainError, RateLimited, Unauthenticated
from rest.kit.bearers import bearer
from schema.kit.errors import as_extensions
from schema.kit.streams import Results
from server import graphiql
from server.event_streams import EVENT_STREAM, Bodies, EventStream
from server.operations import LARGEST_BODY, Answer, Operation, Operations, Refused
from server.streams import Streams
from usecases.gate import Allowance, Gate, TooManyRequests
from usecases.messages import negotiate, translate

log = logging.getLogger(__name__)

JSON, GRAPHQL_JSON = "application/json", "application/graphql-response+json"
METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]  # for an answer to each
NO_STREAM = (
    f"Subscriptions are streamed: put {EVENT_STREAM} first in Accept, or use a WebSocket"
    " (graphql-transport-ws)."
)


class GraphQLEndpoint:
    def __init__(
        self, operations: Operations, gate: Gate, streams: Streams, *, explorer: bool
    ) -> None:
        self._operations, self._gate, self._streams = operations, gate, streams
        self._explorer = explorer

    def routes(self) -> list[Route]:
        return [Route("/graphql", self.answer, methods=METHODS)]

    async def answer(self, request: Request) -> Response:
        if request.method == "GET" and self._explorer and _wants_page(request):
            return graphiql.page(request)
        answer = _Answer(request)
        try:
            return await self._operate(request, answer)
        except Refused as refused:
            return answer.refusal(refused.status, refused.formatted)
        except RateLimited as error:
            if isinstance(error, TooManyRequests):
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
        enter = partial(
            self._gate.enter,
            bearer(request),
            channel=Channel.GRAPHQL,
            address=address,
            request_id=request.state.request_id,
            locale=answer.locale,
        )
        try:
            caller = await enter()
        except Unauthenticated:
            answer.headers |= rate_headers(await self._gate.admit_stranger(address))
            raise
        answer.headers |= rate_headers(await self._gate.admit(caller))
        operation = Operation.of(await _body(request))
        if (further := operation.cost - 1) > 0:
            answer.headers |= rate_headers(await self._gate.admit(caller, cost=further))
        if operation.subscribes:
            return await self._follow(operation, caller, enter, answer)
        result = await self._operations.execute(operation, caller)
        if answer.ends or result.never_ran:
            return answer.result(result)
        return self._stream(_once(result), answer)

    async def _follow(
        self, operation: Operation, caller: Caller, enter: Any, answer: "_Answer"
    ) -> Response:
        if not answer.streams:
            raise Refused(HTTPStatus.NOT_ACCEPTABLE, "BAD_REQUEST", NO_STREAM)
        with ExitStack() as held:
            held.enter_context(self._streams.opened(caller))
            results = await self._operations.subscribe(operation, caller, enter)
            if isinstance(results, Answer):
                return answer.result(results)
            return self._stream(_told(results, answer), answer, held.pop_all())

    def _stream(self, bodies: Bodies, answer: "_Answer", held: Any = None) -> Response:
        return EventStream(
            bodies,
            ending=self._streams.ending,
            held=held or nullcontext(),
            headers=answer.headers,
        )


async def _once(result: Answer) -> AsyncIterator[Mapping[str, Any]]:
    yield result.body


async def _told(results: Results, answer: "_Answer") -> AsyncIterator[Mapping[str, Any]]:
    """Each result; a gate that closes is the last. What breaks them breaks off the stream:
    clients come back by themselves, and go on where they were.
    """
    try:
        async with aclosing(results):  # type: ignore[type-var]
            async for result in results:
                yield Answer.of(result).body
    except Unauthenticated as error:
        yield {"errors": [answer.error(error)]}


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


def accepted(header: str) -> list[str]:
    """The media types of an Accept header, the most wanted first; refused ones are left out."""
    wanted: list[tuple[float, str]] = []
    for part in header.split(","):
        media_type, *parameters = (each.strip().lower() for each in part.split(";"))
        quality = next((each[2:] for each in parameters if each.startswith("q=")), "1")
        try:
            weight = float(quality)
        except ValueError:
            weight = 0.0
        if media_type and weight > 0:
            wanted.append((weight, media_type))
    return [media_type for _, media_type in sorted(wanted, key=lambda each: -each[0])]


class _Answer:
    """The answer to a request, in the media type that it asks for.

    `streams` when it would best be an event stream, `ends` when it may also be anything else: what
    has one result is streamed only to those who take nothing else.
    """

    def __init__(self, request: Request) -> None:
        types = accepted(request.headers.get("accept", ""))
        self._media_type = GRAPHQL_JSON if GRAPHQL_JSON in types else JSON
        self._request_id: str = request.state.request_id
        self.streams = types[:1] == [EVENT_STREAM]
        self.ends = not self.streams or bool({JSON, GRAPHQL_JSON, *_ANYTHING}.intersection(types))
        self.locale = Locale(negotiate(request.headers.get("accept-language")))
        self.headers = {"Cache-Control": "no-store"}

    def result(self, answer: Answer) -> Response:
        if not answer.never_ran or not answer.errors:
            return self._json(answer.body, HTTPStatus.OK)
        failed = HTTPStatus.INTERNAL_SERVER_ERROR
        return self._json(answer.body, failed if answer.failed else HTTPStatus.BAD_REQUEST)

    def refusal(self, status: HTTPStatus, error: Mapping[str, Any]) -> Response:
        return self._json({"errors": [error]}, status)

    def refused_by(self, error: DomainError, status: HTTPStatus) -> Response:
        return self.refusal(status, self.error(error))

    def error(self, error: DomainError) -> Mapping[str, Any]:
        message = translate(error.template, self.locale, error.params)
        return {"message": message, "extensions": as_extensions(error)}

    def failure(self) -> Response:
        return self.refusal(HTTPStatus.INTERNAL_SERVER_ERROR, self.fault())

    def fault(self) -> Mapping[str, Any]:
        """It is our fault, and only we are told more."""
        message = translate("something went wrong on our side", self.locale)
        extensions = {"code": "INTERNAL", "requestId": self._request_id}
        return {"message": message, "extensions": extensions}

    def _json(self, content: Any, status: HTTPStatus) -> Response:
        type = f"{GRAPHQL_JSON}; charset=utf-8" if self._media_type == GRAPHQL_JSON else JSON
        return Response(orjson.dumps(content), status, headers=self.headers, media_type=type)


_ANYTHING = ("*/*", "application/*")
