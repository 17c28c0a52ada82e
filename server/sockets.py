"""GraphQL over WebSocket: the graphql-transport-ws protocol, for operations of every kind.

https://github.com/enisdenjo/graphql-ws/blob/master/PROTOCOL.md says what is a mistake of a client
and which code closes the connection then.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import aclosing, suppress
from functools import partial
from typing import Any
from uuid import uuid4

import orjson
import structlog
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState

from domain.callers import Caller, Channel, Locale
from domain.kit.errors import DomainError, Unauthenticated
from rest.kit.bearers import secret_in
from schema.kit.errors import as_extensions
from schema.kit.streams import Results
from server.operations import Answer, Operation, Operations, Refused
from server.streams import END_SECONDS, Streams
from usecases.gate import Gate, TooManyRequests
from usecases.messages import negotiate, translate

log = logging.getLogger(__name__)

PROTOCOL = "graphql-transport-ws"
INIT_SECONDS = 3.0
MOST_OPERATIONS = 100  # of one connection, at once
LONGEST_REASON = 123  # bytes that a closing frame holds beside its code

Enter = Callable[..., Awaitable[Caller]]


class Closing(Exception):
    """The connection is over, for a reason that its code says."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code, self.reason = code, reason


class Gone(Exception):
    """The client has closed the connection, or it broke."""


class GraphQLSockets:
    def __init__(self, operations: Operations, gate: Gate, streams: Streams) -> None:
        self._operations, self._gate, self._streams = operations, gate, streams

    def routes(self) -> list[WebSocketRoute]:
        return [WebSocketRoute("/graphql", self.serve)]

    async def serve(self, websocket: WebSocket) -> None:
        if PROTOCOL not in websocket.scope["subprotocols"]:
            await websocket.accept()
            await websocket.close(4406, "Subprotocol not acceptable")
            return
        await websocket.accept(subprotocol=PROTOCOL)
        with self._streams.counted():
            connection = _Connection(websocket, self._operations, self._gate, self._streams)
            await connection.serve()


class _Connection:
    def __init__(
        self, websocket: WebSocket, operations: Operations, gate: Gate, streams: Streams
    ) -> None:
        self._websocket, self._operations = websocket, operations
        self._gate, self._streams = gate, streams
        self._locale = Locale.EN
        self._asked_to_enter = False
        self._acknowledged = asyncio.Event()
        self._enter: Enter
        self._running: dict[str, asyncio.Task[None]] = {}

    async def serve(self) -> None:
        """Until somebody ends it: the first reason counts.

        What breaks a stream, like a database that is away, breaks the connection: clients come
        back by themselves, and go on where they were.
        """
        try:
            async with asyncio.TaskGroup() as self._tasks:
                for work in (self._read, self._expect_greeting, self._leave_at_the_end):
                    self._tasks.create_task(work())
        except* (Gone, WebSocketDisconnect):
            log.debug("a client has gone")
        except* Closing as closings:
            await self._close(closings)
        except* Exception:
            log.exception("a connection failed")
            await self._close(Closing(1011, "Internal server error"))

    async def _close(self, closing: Any) -> None:
        while isinstance(closing, BaseExceptionGroup):
            closing = closing.exceptions[0]
        if self._websocket.application_state is not WebSocketState.CONNECTED:
            return
        # Somebody who does not read is not waited for.
        with suppress(TimeoutError, WebSocketDisconnect, RuntimeError):
            async with asyncio.timeout(END_SECONDS / 2):
                reason = closing.reason.encode()[:LONGEST_REASON].decode(errors="ignore")
                await self._websocket.close(closing.code, reason)

    # What goes on beside the operations

    async def _expect_greeting(self) -> None:
        try:
            async with asyncio.timeout(INIT_SECONDS):
                await self._acknowledged.wait()
        except TimeoutError:
            raise Closing(4408, "Connection initialisation timeout") from None

    async def _leave_at_the_end(self) -> None:
        await self._streams.ending.wait()
        raise Closing(1001, "Going away")

    async def _stay_known(self, caller: Caller) -> None:
        """A secret that no longer lets anybody in closes the connection at once."""
        with self._operations.bell.heard_in(caller.organization_id) as ear:
            while True:
                await self._admitted()
                await ear.rung()

    async def _admitted(self) -> Caller:
        try:
            return await self._enter(request_id=uuid4().hex)
        except Unauthenticated:
            raise Closing(4403, "Forbidden") from None

    # What the client says

    async def _read(self) -> None:
        while True:
            received = await self._websocket.receive()
            if received["type"] == "websocket.disconnect":
                raise Gone
            message = _message(received.get("text"))
            match message.get("type"):
                case "connection_init":
                    await self._greet(message.get("payload"))
                case "ping":
                    await self._say("pong", payload=message.get("payload"))
                case "pong":
                    continue
                case "subscribe":
                    self._subscribe(_id(message), message.get("payload"))
                case "complete":
                    if (task := self._running.pop(_id(message), None)) is not None:
                        task.cancel()
                case _:
                    raise Closing(4400, "Invalid message: unknown type")

    async def _greet(self, payload: Any) -> None:
        if self._asked_to_enter:
            raise Closing(4429, "Too many initialisation requests")
        self._asked_to_enter = True
        if not isinstance(payload, dict | None):
            raise Closing(4400, "Invalid message: payload must be an object")
        given = dict(self._websocket.headers) | {
            name.lower(): value for name, value in (payload or {}).items() if isinstance(value, str)
        }
        self._locale = Locale(negotiate(given.get("accept-language")))
        address = self._websocket.client.host if self._websocket.client else ""
        self._enter = partial(
            self._gate.enter,
            secret_in(given.get("authorization", "")),
            channel=Channel.GRAPHQL,
            address=address,
            locale=self._locale,
        )
        try:
            caller = await self._enter(request_id=uuid4().hex)
        except Unauthenticated:
            with suppress(TooManyRequests):
                await self._gate.admit_stranger(address)
            raise Closing(4403, "Forbidden") from None
        self._tasks.create_task(self._stay_known(caller))
        self._acknowledged.set()
        await self._say("connection_ack")

    def _subscribe(self, id: str, payload: Any) -> None:
        if not self._acknowledged.is_set():
            raise Closing(4401, "Unauthorized")
        if id in self._running:
            raise Closing(4409, f"Subscriber for {id} already exists")
        try:
            operation: Operation | Refused = Operation.of(payload)
        except Refused as refused:
            if refused.code == "BAD_REQUEST":
                raise Closing(4400, f"Invalid message: {refused.message}") from refused
            operation = refused
        if len(self._running) >= MOST_OPERATIONS:
            raise Closing(4429, "Too many operations at once")
        self._running[id] = self._tasks.create_task(self._run(id, operation))

    # What it is answered

    async def _run(self, id: str, operation: Operation | Refused) -> None:
        request_id = uuid4().hex
        with structlog.contextvars.bound_contextvars(request_id=request_id):
            last = await self._last(id, operation, request_id)
        # Whoever reads the end of an operation may use its id again.
        self._running.pop(id, None)
        if last is not None and last.never_ran and last.errors:
            await self._say("error", id=id, payload=last.errors)
            return
        if last is not None:
            await self._say("next", id=id, payload=last.body)
        await self._say("complete", id=id)

    async def _last(
        self, id: str, operation: Operation | Refused, request_id: str
    ) -> Answer | None:
        """What is still to be said when it is over; None when everything was."""
        try:
            if isinstance(operation, Refused):
                raise operation
            enter = partial(self._enter, request_id=request_id)
            caller = await enter()
            await self._gate.admit(caller, cost=operation.cost)
            if not operation.subscribes:
                return await self._operations.execute(operation, caller)
            with self._streams.opened(caller):
                results = await self._operations.subscribe(operation, caller, enter)
                if isinstance(results, Answer):
                    if results.failed:
                        raise Closing(1011, "Internal server error")
                    return results
                await self._tell(id, results)
                return None
        except Refused as refused:
            return Answer(None, [refused.formatted])
        except Unauthenticated:
            raise Closing(4403, "Forbidden") from None
        except DomainError as error:
            message = translate(error.template, self._locale, error.params)
            return Answer(None, [{"message": message, "extensions": as_extensions(error)}])

    async def _tell(self, id: str, results: Results) -> None:
        async with aclosing(results):  # type: ignore[type-var]
            async for result in results:
                await self._say("next", id=id, payload=Answer.of(result).body)

    async def _say(self, type: str, **rest: Any) -> None:
        message = {"type": type} | {name: said for name, said in rest.items() if said is not None}
        await self._websocket.send_text(orjson.dumps(message).decode())


def _message(text: str | None) -> dict[str, Any]:
    try:
        message = orjson.loads(text or "")
    except orjson.JSONDecodeError:
        raise Closing(4400, "Invalid message: not JSON") from None
    if not isinstance(message, dict):
        raise Closing(4400, "Invalid message: not an object")
    return message


def _id(message: dict[str, Any]) -> str:
    id = message.get("id")
    if not isinstance(id, str) or not id:
        raise Closing(4400, "Invalid message: an id is missing")
    return id
