"""Quotations, from the draft to the orders and the invoice that they become."""

from asyncio import gather
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import asyncpg
import pytest

from domain.kit.errors import DomainError, IllegalMove, LimitReached, RuleBroken, VersionConflict
from domain.quotations import QuotationStatus
from persistence.storage import SqlStorage
from tests.conftest import World
from tests.persistence.contents import actions, unchanged
from tests.usecases.orders import done
from tests.usecases.selling import accepted, buyer, line, quoted, sent
from tests.usecases.services import allow, offered
from usecases.kit import run
from usecases.quotations import (
    AcceptQuotation,
    ConvertQuotation,
    DeleteQuotation,
    ExpireQuotation,
    SendQuotation,
    UpdateQuotation,
)
from usecases.reads.kit import Whole

_S = QuotationStatus
ROUNDS = 50
YESTERDAY = (datetime.now(UTC) - timedelta(days=2)).date()
OF_ORDERS = """
    SELECT o.number, o.price, o.vat_rate, o.total, o.status, o.customer_id
    FROM service_orders o JOIN quotation_lines l ON l.id = o.quotation_line_id
    WHERE l.quotation_id = $1 ORDER BY o.number"""
INVOICES = "SELECT number, net, vat_amount, total FROM sales_invoices WHERE quotation_id = $1"


async def test_a_draft_has_its_number_and_the_usual_tax(storage: SqlStorage, world: World) -> None:
    customer, year = await buyer(world, storage), datetime.now(UTC).year

    first = await quoted(world, storage, customer)
    second = await quoted(world, storage, customer, line(vat_rate=Decimal(0)))

    assert (first.number, second.number) == (f"QUO-{year}-0001", f"QUO-{year}-0002")
    assert (first.total, second.total) == (Decimal("184.00"), Decimal("160.00"))
    assert (first.currency, first.lines[0].vat_rate) == ("SAR", Decimal(15))


async def test_lines_of_a_draft_are_replaced(
    storage: SqlStorage, world: World, owner: asyncpg.Connection
) -> None:
    quotation = await quoted(world, storage, await buyer(world, storage))
    other = line(description="Something else", quantity=Decimal(1))

    await done(UpdateQuotation(id=quotation.id, lines=[other], notes="soon"), world, storage)

    rows = await owner.fetch(
        "SELECT description, total FROM quotation_lines WHERE quotation_id = $1", quotation.id
    )
    assert [tuple(row) for row in rows] == [("Something else", Decimal("92.000000"))]
    assert await actions(owner, quotation.id) == ["quotation.created", "quotation.updated"]


async def test_a_deleted_draft_is_gone(
    storage: SqlStorage, world: World, owner: asyncpg.Connection
) -> None:
    quotation = await quoted(world, storage, await buyer(world, storage))

    await done(DeleteQuotation(id=quotation.id), world, storage)

    assert await owner.fetchval("SELECT 1 FROM quotations WHERE id = $1", quotation.id) is None
    assert (await actions(owner, quotation.id))[-1] == "quotation.deleted"


async def test_somebody_who_is_not_served_any_more_is_offered_nothing(
    storage: SqlStorage, world: World, owner: asyncpg.Connection
) -> None:
    customer = await buyer(world, storage, active=False)

    async with unchanged(owner, world):
        with pytest.raises(RuleBroken, match="this customer is not active") as caught:
            await quoted(world, storage, customer)

    assert caught.value.path == ("customer_id",)


async def test_another_organizations_customer_is_nobody(
    storage: SqlStorage, world: World, other_world: World, owner: asyncpg.Connection
) -> None:
    customer = await buyer(other_world, storage)

    async with unchanged(owner, world):
        with pytest.raises(RuleBroken, match="no such customer"):
            await quoted(world, storage, customer)


async def test_what_somebody_else_changed_is_not_sent(storage: SqlStorage, world: World) -> None:
    quotation = await quoted(world, storage, await buyer(world, storage))
    await done(UpdateQuotation(id=quotation.id, notes="soon"), world, storage)

    with pytest.raises(VersionConflict):
        await done(SendQuotation(id=quotation.id, expected_version=1), world, storage)


async def test_accepted_lines_become_orders_at_their_price_and_an_invoice(
    storage: SqlStorage, world: World, owner: asyncpg.Connection
) -> None:
    customer, service = await buyer(world, storage), await offered(world, storage)
    lines = [line(service, vat_rate=Decimal(5)), line(description="Translation")]
    quotation = await accepted(world, storage, customer, *lines)

    converted = await done(ConvertQuotation(id=quotation.id), world, storage)

    assert converted.status is _S.CONVERTED
    orders = await owner.fetch(OF_ORDERS, quotation.id)
    year = datetime.now(UTC).year
    assert [tuple(row) for row in orders] == [
        (f"SO-{year}-000{n}", 80, 5, 84, "PENDING", customer.id) for n in (1, 2)
    ]
    [invoice] = await owner.fetch(INVOICES, quotation.id)
    assert tuple(invoice) == (f"SINV-{year}-0001", 160, 24, 184)


async def test_a_quotation_of_services_alone_is_not_invoiced(
    storage: SqlStorage, world: World, owner: asyncpg.Connection
) -> None:
    customer, service = await buyer(world, storage), await offered(world, storage)
    quotation = await accepted(world, storage, customer, line(service))

    await done(ConvertQuotation(id=quotation.id), world, storage)

    assert len(await owner.fetch(OF_ORDERS, quotation.id)) == 2
    assert await owner.fetch(INVOICES, quotation.id) == []


async def test_orders_that_exceed_the_months_allowance_are_all_refused(
    storage: SqlStorage, world: World, owner: asyncpg.Connection
) -> None:
    customer, service = await buyer(world, storage), await offered(world, storage)
    quotation = await accepted(world, storage, customer, line(service, quantity=Decimal(3)))
    await allow(owner, world, 2)

    async with unchanged(owner, world):
        with pytest.raises(LimitReached, match="the 2 service orders of this month are used up"):
            await done(ConvertQuotation(id=quotation.id), world, storage)


async def test_what_a_service_requires_is_required_of_quotations_too(
    storage: SqlStorage, world: World, owner: asyncpg.Connection
) -> None:
    customer = await buyer(world, storage)
    service = await offered(world, storage, requires_company=True, requires_worker=True)
    quotation = await accepted(world, storage, customer, line(), line(service))

    async with unchanged(owner, world):
        with pytest.raises(RuleBroken, match="this service is done for a worker") as caught:
            await done(ConvertQuotation(id=quotation.id), world, storage)

    assert caught.value.path == ("lines", 1, "worker_id")


async def test_a_quotation_is_converted_once_however_many_ask(
    storage: SqlStorage, world: World, owner: asyncpg.Connection
) -> None:
    customer, service = await buyer(world, storage), await offered(world, storage)
    for _ in range(ROUNDS):
        quotation = await accepted(world, storage, customer, line(service), line())

        convert = ConvertQuotation(id=quotation.id)
        outcomes = await gather(
            *(run(convert, world.caller(), storage) for _ in range(3)), return_exceptions=True
        )

        assert sorted(type(each).__name__ for each in outcomes) == [
            *("Done", "IllegalMove", "IllegalMove")
        ]
        assert len(await owner.fetch(OF_ORDERS, quotation.id)) == 2
        assert len(await owner.fetch(INVOICES, quotation.id)) == 1


async def lapse(owner: asyncpg.Connection, quotation_id: object) -> None:
    """Its last day is over."""
    statement = "UPDATE quotations SET valid_until = $2 WHERE id = $1"
    await owner.execute(statement, quotation_id, YESTERDAY)


async def test_nobody_accepts_after_the_last_day(
    storage: SqlStorage, world: World, owner: asyncpg.Connection
) -> None:
    quotation = await sent(world, storage, await buyer(world, storage))
    await lapse(owner, quotation.id)

    async with unchanged(owner, world):
        with pytest.raises(IllegalMove, match="the last day of this quotation is over"):
            await done(AcceptQuotation(id=quotation.id), world, storage)


async def test_what_was_sent_and_is_over_is_found_and_expires(
    storage: SqlStorage, world: World, owner: asyncpg.Connection
) -> None:
    customer, now = await buyer(world, storage), datetime.now(UTC)
    over = await sent(world, storage, customer)
    draft = await quoted(world, storage, customer)
    await sent(world, storage, customer, valid_until=now.date() + timedelta(days=2))
    for each in (over, draft):
        await lapse(owner, each.id)
    reads = storage.reads(world.caller())
    lapsed = await reads.quotations.lapsed([Whole.ORGANIZATION], now, 9)
    assert [*lapsed[Whole.ORGANIZATION]] == [over.id]
    await reads.close()

    expired = await done(ExpireQuotation(id=over.id), world, storage)

    assert (expired.status, expired.decided_at is None) == (_S.EXPIRED, False)
    with pytest.raises(DomainError, match="cannot expire while EXPIRED"):
        await done(ExpireQuotation(id=over.id), world, storage)
