"""Companies: fact S-40."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from domain.callers import Permission
from domain.customers import Client, Company
from rest.kit import Call, Endpoint, NumberedPage, page_of
from rest.kit.calls import the
from rest.shrkity.wire import companies as wire
from rest.shrkity.wire import words
from rest.shrkity.wire.inputs import Page
from usecases.reads.customers import CompanyFilter, CompanyRow, CustomerOrder, CustomerSort
from usecases.records import CreateRecord, UpdateRecord

READ, WRITE = Permission.COMPANIES_READ, Permission.COMPANIES_WRITE
OLDEST_FIRST = CustomerOrder(field=CustomerSort.CREATED_AT)


async def index(call: Call[Page]) -> NumberedPage[wire.ShownCompany]:
    async def shaped(rows: Sequence[CompanyRow]) -> list[wire.ShownCompany]:
        return [*map(wire.ShownCompany.of, rows)]

    return await page_of(call.read.companies, CompanyFilter(), OLDEST_FIRST, call.given, shaped)


async def create(call: Call[wire.Company]) -> wire.ShownCompany:
    given = await _values(call)
    with words.called(wire.NAMES):
        done = await call.run(CreateRecord(kind=Company, given=given))
    return await _shown(call, done.id)


async def update(call: Call[wire.CompanyUpdate]) -> wire.ShownCompany:
    id = await call.id(Company.kind)
    given = await _values(call)
    with words.called(wire.NAMES):
        await call.run(UpdateRecord(kind=Company, id=id, given=given))
    return await _shown(call, id)


async def _values(call: Call[Any]) -> dict[str, Any]:
    values: dict[str, Any] = call.given.values(**words.inverse(wire.NAMES))
    path = ("client_id",)
    found = await call.mentioned({path: (Client.kind, values.get("client_id"))})
    return values | {"client_id": found[path]} if path in found else values


async def _shown(call: Call[Any], id: UUID) -> wire.ShownCompany:
    return wire.ShownCompany.of(the(await call.read.companies.by_ids([id]), id))


ENDPOINTS: list[Endpoint[Any]] = [
    Endpoint("GET", "/companies", index, Page, needs=READ),
    Endpoint("POST", "/companies", create, wire.Company, status=201, needs=WRITE),
    Endpoint("PUT", "/companies/{id}", update, wire.CompanyUpdate, needs=WRITE),
]
