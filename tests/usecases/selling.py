"""Quotations and sales invoices in a database, at some point of their way."""

from decimal import Decimal
from typing import Any
from uuid import UUID

from domain.customers import Company
from domain.quotations import NewQuotationLine, Quotation
from domain.sales_invoices import SalesInvoice
from domain.service_definitions import ServiceDefinition
from persistence.storage import SqlStorage
from tests.conftest import World, keep
from tests.make import NOON
from tests.usecases.orders import done
from tests.usecases.services import placed, worked_on
from usecases.quotations import AcceptQuotation, CreateQuotation, SendQuotation
from usecases.reads.sales_invoices import SalesInvoiceRow


async def buyer(world: World, storage: SqlStorage, **values: Any) -> Company:
    """A company that is sold to."""
    made = Company.create({"name": "Najd Trading"} | values, NOON)
    await keep(storage, world.caller(), made)
    return made


def line(of: ServiceDefinition | None = None, **values: Any) -> NewQuotationLine:
    """Two of it, at 80.00 each."""
    given: dict[str, Any] = {
        "description": "Licence renewal",
        "service_definition_id": of.id if of else None,
        "quantity": Decimal(2),
        "unit_price": Decimal(80),
    }
    return NewQuotationLine(**(given | values))


async def quoted(
    world: World, storage: SqlStorage, customer: Company, *lines: NewQuotationLine, **values: Any
) -> Quotation:
    draft = CreateQuotation(customer_id=customer.id, lines=lines or [line()], **values)
    return await done(draft, world, storage)


async def sent(
    world: World, storage: SqlStorage, customer: Company, *lines: NewQuotationLine, **values: Any
) -> Quotation:
    quotation = await quoted(world, storage, customer, *lines, **values)
    return await done(SendQuotation(id=quotation.id), world, storage)


async def accepted(
    world: World, storage: SqlStorage, customer: Company, *lines: NewQuotationLine
) -> Quotation:
    quotation = await sent(world, storage, customer, *lines)
    return await done(AcceptQuotation(id=quotation.id), world, storage)


async def invoiced(
    world: World, storage: SqlStorage, customer: Company, **values: Any
) -> SalesInvoiceRow:
    """The invoice of an order that was completed."""
    order = await placed(world, storage, company_id=customer.id, **values)
    await worked_on(world, storage, order, "collect", "submit")
    [invoice] = await invoices_of(world, storage, order.id)
    return invoice


async def invoices_of(world: World, storage: SqlStorage, order_id: UUID) -> list[SalesInvoiceRow]:
    """Those of an order, the oldest first."""
    reads = storage.reads(world.caller())
    try:
        return [*(await reads.sales_invoices.by_order_ids([order_id])).get(order_id, ())]
    finally:
        await reads.close()


async def kept(world: World, storage: SqlStorage, id: UUID) -> SalesInvoice:
    """The whole invoice."""
    async with storage.begin(world.caller()) as uow:
        return await uow.records(SalesInvoice).get(id)
