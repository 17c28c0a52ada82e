"""Clients: facts S-36 to S-39."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from domain.callers import Permission
from domain.customers import Client
from rest.kit import Call, Endpoint, NumberedPage, page_of
from rest.kit.calls import the
from rest.shrkity.wire import clients as wire
from rest.shrkity.wire import words
from rest.shrkity.wire.inputs import Page
from usecases.reads.customers import ClientRow, CustomerFilter, CustomerOrder, CustomerSort
from usecases.records import CreateRecord, UpdateRecord

READ, WRITE = Permission.CLIENTS_READ, Permission.CLIENTS_WRITE
OLDEST_FIRST = CustomerOrder(field=CustomerSort.CREATED_AT)


async def index(call: Call[Page]) -> NumberedPage[wire.ShownClient]:
    async def shaped(rows: Sequence[ClientRow]) -> list[wire.ShownClient]:
        return [*map(wire.ShownClient.of, rows)]

    return await page_of(call.read.clients, CustomerFilter(), OLDEST_FIRST, call.given, shaped)


async def create(call: Call[wire.Client]) -> wire.ShownClient:
    with words.called(wire.NAMES):
        done = await call.run(CreateRecord(kind=Client, given=_values(call)))
    return await _shown(call, done.id)


async def update(call: Call[wire.Client]) -> wire.ShownClient:
    [id] = await call.ids(client_id=Client.kind)
    with words.called(wire.NAMES):
        await call.run(UpdateRecord(kind=Client, id=id, given=_values(call)))
    return await _shown(call, id)


def _values(call: Call[wire.Client]) -> dict[str, Any]:
    return call.given.values(**words.inverse(wire.NAMES))


async def _shown(call: Call[Any], id: UUID) -> wire.ShownClient:
    return wire.ShownClient.of(the(await call.read.clients.by_ids([id]), id))


ENDPOINTS: list[Endpoint[Any]] = [
    Endpoint("GET", "/clients", index, Page, needs=READ),
    Endpoint("POST", "/clients", create, wire.Client, status=201, needs=WRITE),
    Endpoint("PUT", "/clients/{client_id}", update, wire.Client, needs=WRITE),
]
