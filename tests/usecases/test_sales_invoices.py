"""Sales invoices: issued with what they bill, paid, voided, issued again; never twice."""

from asyncio import gather
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import asyncpg
import pytest

from domain.kit.errors import IllegalMove, RuleBroken
from domain.sales_invoices import SalesInvoiceStatus
from domain.service_orders import ServiceOrder
from persistence.storage import SqlStorage
from tests.conftest import World
from tests.persistence.contents import actions, unchanged
from tests.usecases.orders import done
from tests.usecases.selling import buyer, invoiced, invoices_of, kept
from tests.usecases.services import offered, placed, worked_on
from usecases.kit import run
from usecases.sales_invoices import (
    PaySalesInvoice,
    ReissueSalesInvoice,
    VoidSalesInvoice,
    invoice_order,
)

ROUNDS = 50


async def test_a_completed_order_is_billed_to_its_customer(
    storage: SqlStorage, world: World
) -> None:
    customer, year = await buyer(world, storage), datetime.now(UTC).year

    invoice = await invoiced(world, storage, customer, options=["express"])

    assert (invoice.number, invoice.status) == (f"SINV-{year}-0001", SalesInvoiceStatus.ISSUED)
    assert (invoice.net_amount, invoice.vat_amount) == (Decimal(150), Decimal("22.5"))
    assert (invoice.total_amount, invoice.customer_id) == (Decimal("172.5"), customer.id)
    assert invoice.due_on - invoice.issued_on == timedelta(days=30)
    whole = await kept(world, storage, invoice.id)
    assert [(line.description, line.total) for line in whole.lines] == [
        ("Visa renewal", Decimal(115)),
        ("Express", Decimal("57.5")),
    ]


async def test_an_order_that_costs_nothing_is_not_billed(
    storage: SqlStorage, world: World, owner: asyncpg.Connection
) -> None:
    service = await offered(world, storage, price=Decimal(0))
    order = await placed(world, storage, service)

    await worked_on(world, storage, order, "collect", "submit")

    assert await invoices_of(world, storage, order.id) == []
    assert (await actions(owner, order.id))[-1] == "service_order.completed"


async def test_an_order_is_billed_once(
    storage: SqlStorage, world: World, owner: asyncpg.Connection
) -> None:
    invoice = await invoiced(world, storage, await buyer(world, storage))

    async def again() -> None:
        async with storage.begin(world.caller()) as uow:
            assert invoice.order_id is not None
            await invoice_order(await uow.records(ServiceOrder).get(invoice.order_id), uow)
            await uow.flush()
            await uow.commit()

    async with unchanged(owner, world):
        with pytest.raises(IllegalMove, match="another invoice bills this already"):
            await again()


async def test_paying_and_voiding_are_told(
    storage: SqlStorage, world: World, owner: asyncpg.Connection
) -> None:
    customer = await buyer(world, storage)
    first, second = [await invoiced(world, storage, customer) for _ in range(2)]

    paid = await done(PaySalesInvoice(id=first.id, reference="TT-7"), world, storage)
    void = await done(VoidSalesInvoice(id=second.id, reason="mistake"), world, storage)

    assert (paid.paid_on, paid.payment_reference) == (first.issued_on, "TT-7")
    assert (void.status, void.void_reason) == (SalesInvoiceStatus.VOID, "mistake")
    assert await actions(owner, first.id) == ["sales_invoice.issued", "sales_invoice.paid"]
    assert await actions(owner, second.id) == ["sales_invoice.issued", "sales_invoice.voided"]


async def test_what_is_paid_stays(
    storage: SqlStorage, world: World, owner: asyncpg.Connection
) -> None:
    invoice = await invoiced(world, storage, await buyer(world, storage))
    await done(PaySalesInvoice(id=invoice.id), world, storage)

    async with unchanged(owner, world):
        with pytest.raises(IllegalMove, match="cannot void while PAID"):
            await done(VoidSalesInvoice(id=invoice.id, reason="mistake"), world, storage)


async def test_a_payment_of_tomorrow_is_refused(
    storage: SqlStorage, world: World, owner: asyncpg.Connection
) -> None:
    invoice = await invoiced(world, storage, await buyer(world, storage))

    tomorrow = PaySalesInvoice(id=invoice.id, paid_on=invoice.issued_on + timedelta(days=1))

    async with unchanged(owner, world):
        with pytest.raises(RuleBroken, match="this day is still to come"):
            await done(tomorrow, world, storage)


async def test_a_voided_invoice_is_issued_again_with_a_number_of_its_own(
    storage: SqlStorage, world: World
) -> None:
    invoice = await invoiced(world, storage, await buyer(world, storage))
    await done(VoidSalesInvoice(id=invoice.id, reason="name"), world, storage)

    another = await done(ReissueSalesInvoice(id=invoice.id), world, storage)

    assert another.number == f"SINV-{invoice.issued_on.year}-0002"
    assert (another.total, another.order_id) == (invoice.total_amount, invoice.order_id)
    rows = await invoices_of(world, storage, another.order_id or another.id)
    assert [(row.status.value, row.replaced) for row in rows] == [("VOID", True), ("ISSUED", False)]
    with pytest.raises(IllegalMove, match="another invoice bills this already"):
        await done(ReissueSalesInvoice(id=invoice.id), world, storage)


async def test_of_many_who_issue_again_at_once_one_does(
    storage: SqlStorage, world: World, owner: asyncpg.Connection
) -> None:
    """Two voided invoices of one order, so that no lock keeps them from each other."""
    customer = await buyer(world, storage)
    for _ in range(ROUNDS):
        first = await invoiced(world, storage, customer)
        await done(VoidSalesInvoice(id=first.id, reason="name"), world, storage)
        second = await done(ReissueSalesInvoice(id=first.id), world, storage)
        await done(VoidSalesInvoice(id=second.id, reason="name"), world, storage)

        outcomes = await gather(
            *(
                run(ReissueSalesInvoice(id=id), world.caller(), storage)
                for id in (first.id, second.id, first.id)
            ),
            return_exceptions=True,
        )

        assert sorted(type(each).__name__ for each in outcomes) == [
            *("Done", "IllegalMove", "IllegalMove")
        ]
        standing = "SELECT count(*) FROM sales_invoices WHERE order_id = $1 AND status <> 'VOID'"
        assert await owner.fetchval(standing, first.order_id) == 1


async def test_numbers_have_no_gaps_whatever_is_refused(storage: SqlStorage, world: World) -> None:
    customer = await buyer(world, storage)
    first = await invoiced(world, storage, customer)
    await gather(
        *(
            run(ReissueSalesInvoice(id=first.id), world.caller(), storage)
            for _ in range(5)  # none of them is possible: it stands
        ),
        return_exceptions=True,
    )

    second = await invoiced(world, storage, customer)

    assert [first.number[-4:], second.number[-4:]] == ["0001", "0002"]


async def test_what_was_due_yesterday_is_overdue(
    storage: SqlStorage, world: World, owner: asyncpg.Connection
) -> None:
    invoice = await invoiced(world, storage, await buyer(world, storage))
    assert invoice.overdue is False
    statement = "UPDATE sales_invoices SET due_on = $2 WHERE id = $1"
    await owner.execute(statement, invoice.id, (datetime.now(UTC) - timedelta(days=2)).date())

    [row] = await invoices_of(world, storage, invoice.order_id or invoice.id)
    assert row.overdue is True

    await done(PaySalesInvoice(id=invoice.id), world, storage)
    [row] = await invoices_of(world, storage, invoice.order_id or invoice.id)
    assert row.overdue is False
