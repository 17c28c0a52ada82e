"""Quotations: fact S-58."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from domain.callers import Permission
from domain.kit.errors import Path
from domain.quotations import NewQuotationLine, Quotation
from domain.service_definitions import ServiceDefinition
from rest.kit import Call, Endpoint, NumberedPage, page_of
from rest.kit.calls import the
from rest.kit.inputs import Nothing
from rest.shrkity.wire import quotations as wire
from rest.shrkity.wire import words
from rest.shrkity.wire.inputs import Page
from usecases.quotations import CreateQuotation, SendQuotation, WithdrawQuotation
from usecases.reads import Reads
from usecases.reads.quotations import QuotationFilter, QuotationOrder, QuotationRow

READ, WRITE = Permission.QUOTATIONS_READ, Permission.QUOTATIONS_WRITE


async def index(call: Call[Page]) -> NumberedPage[wire.ShownQuotation]:
    """The newest first."""

    async def shaped(rows: Sequence[QuotationRow]) -> list[wire.ShownQuotation]:
        return await _quotations(call.read, rows)

    return await page_of(
        call.read.quotations, QuotationFilter(), QuotationOrder(), call.given, shaped
    )


async def create(call: Call[wire.Quotation]) -> wire.ShownQuotation:
    given, customer = call.given, call.given.customer
    named: dict[Path, tuple[str, int | None]] = {
        ("items", n, "service_definition_id"): (ServiceDefinition.kind, item.service_definition_id)
        for n, item in enumerate(given.items)
    }
    named[customer.field,] = customer.kind, customer.id
    ids = await call.mentioned(named)
    quotation = CreateQuotation(
        customer_id=ids[customer.field,],
        valid_until=given.valid_until,
        notes=given.notes,
        lines=[
            NewQuotationLine(
                description=item.description,
                service_definition_id=ids.get(("items", n, "service_definition_id")),
                quantity=item.quantity,
                unit_price=item.unit_price,
                vat_rate=item.vat_rate,
            )
            for n, item in enumerate(given.items)
        ],
        metadata=given.extras,
    )
    with words.called({"lines": "items", "customer_id": customer.field}):
        done = await call.run(quotation)
    return await _quotation(call.read, done.id)


async def show(call: Call[Nothing]) -> wire.ShownQuotation:
    return await _quotation(call.read, await _id(call))


async def send(call: Call[Nothing]) -> wire.ShownQuotation:
    sending = SendQuotation(id=await _id(call))
    with words.called({"lines": "items"}):
        done = await call.run(sending)
    return await _quotation(call.read, done.id)


async def withdraw(call: Call[wire.Withdrawal]) -> wire.ShownQuotation:
    done = await call.run(WithdrawQuotation(id=await _id(call), reason=call.given.reason))
    return await _quotation(call.read, done.id)


async def _id(call: Call[Any]) -> UUID:
    return await call.id(Quotation.kind)


async def _quotation(read: Reads, id: UUID) -> wire.ShownQuotation:
    row = the(await read.quotations.by_ids([id]), id)
    [quotation] = await _quotations(read, [row])
    return quotation


async def _quotations(read: Reads, rows: Sequence[QuotationRow]) -> list[wire.ShownQuotation]:
    lines = await read.quotation_lines.by_quotation_ids([row.id for row in rows])
    wanted = {line.service_definition_id for of in lines.values() for line in of}
    services = await read.service_definitions.by_ids([id for id in wanted if id is not None])
    customers = await read.customers.by_ids([*{row.customer_id for row in rows}])
    return [
        wire.ShownQuotation.of(
            row,
            customer=customers[row.customer_id],
            items=[
                wire.ShownItem.of(
                    line,
                    services[line.service_definition_id].shrkity_id
                    if line.service_definition_id
                    else None,
                )
                for line in lines.get(row.id, ())
            ],
        )
        for row in rows
    ]


ENDPOINTS: list[Endpoint[Any]] = [
    Endpoint("GET", "/quotations", index, Page, needs=READ),
    Endpoint("POST", "/quotations", create, wire.Quotation, status=201, needs=WRITE),
    Endpoint("GET", "/quotations/{id}", show, Nothing, needs=READ),
    Endpoint("POST", "/quotations/{id}/send", send, Nothing, needs=WRITE),
    Endpoint("POST", "/quotations/{id}/withdraw", withdraw, wire.Withdrawal, needs=WRITE),
]
