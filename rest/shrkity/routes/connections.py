"""Connections of clients: fact S-60."""

from collections.abc import Sequence
from typing import Any

from domain.callers import Permission
from domain.connection_requests import ConnectionRequest
from rest.kit import Call, Endpoint, NumberedPage, page_of
from rest.kit.calls import the
from rest.kit.inputs import Nothing
from rest.shrkity.wire import connections as wire
from usecases.connection_requests import (
    ApproveConnectionRequest,
    OfConnectionRequest,
    RejectConnectionRequest,
    RevokeConnectionRequest,
)
from usecases.reads.connection_requests import (
    ConnectionRequestFilter,
    ConnectionRequestOrder,
    ConnectionRequestRow,
)

READ, WRITE = Permission.CONNECTIONS_READ, Permission.CONNECTIONS_WRITE


async def index(call: Call[wire.Connections]) -> NumberedPage[wire.Connection]:
    status = call.given.status

    async def shaped(rows: Sequence[ConnectionRequestRow]) -> list[wire.Connection]:
        return [*map(wire.Connection.of, rows)]

    filter = ConnectionRequestFilter(status=None if status is None else (status,))
    questions = call.read.connection_requests
    return await page_of(questions, filter, ConnectionRequestOrder(), call.given, shaped)


async def approve(call: Call[Nothing]) -> wire.Connection:
    id = await call.id(ConnectionRequest.kind)
    return await _moved(call, ApproveConnectionRequest(id=id))


async def reject(call: Call[wire.Refusal]) -> wire.Connection:
    id = await call.id(ConnectionRequest.kind)
    return await _moved(call, RejectConnectionRequest(id=id, reason=call.given.reason))


async def revoke(call: Call[wire.Refusal]) -> wire.Connection:
    id = await call.id(ConnectionRequest.kind)
    return await _moved(call, RevokeConnectionRequest(id=id, reason=call.given.reason))


async def _moved(call: Call[Any], move: OfConnectionRequest) -> wire.Connection:
    await call.run(move)
    found = await call.read.connection_requests.by_ids([move.id])
    return wire.Connection.of(the(found, move.id))


ENDPOINTS: list[Endpoint[Any]] = [
    Endpoint("GET", "/connections", index, wire.Connections, needs=READ),
    Endpoint("POST", "/connections/{id}/approve", approve, Nothing, needs=WRITE),
    Endpoint("POST", "/connections/{id}/reject", reject, wire.Refusal, needs=WRITE),
    Endpoint("POST", "/connections/{id}/revoke", revoke, wire.Refusal, needs=WRITE),
]
