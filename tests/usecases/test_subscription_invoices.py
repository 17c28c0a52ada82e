"""Periods of subscriptions are billed: each once, at what it is sold for; free ones are not."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import asyncpg
import pytest

from domain.customers import Company
from domain.kit.errors import IllegalMove
from domain.package_subscriptions import PackageSubscription
from domain.packages import Package
from persistence.storage import SqlStorage
from tests.conftest import World
from tests.domain import subscriptions as make
from tests.persistence.contents import actions, unchanged
from tests.usecases.orders import done
from tests.usecases.selling import buyer
from tests.usecases.subscriptions import catalogue
from usecases.package_subscriptions import AssignPackageSubscription, RenewPackageSubscription
from usecases.sales_invoices import ReissueSalesInvoice, VoidSalesInvoice, invoice_period

BILLS = """SELECT number, status, customer_id, period_id, order_id, currency, net, vat_amount, total
  FROM sales_invoices WHERE subscription_id = $1 ORDER BY number"""
LINES = """SELECT description, description_ar, quantity, unit_price, vat_rate, net, vat_amount,
  total FROM sales_invoice_lines WHERE invoice_id =
    (SELECT id FROM sales_invoices WHERE number = $2 AND subscription_id = $1)"""
YEAR = datetime.now(UTC).year
FIRST, SECOND = f"SINV-{YEAR}-0001", f"SINV-{YEAR}-0002"


@pytest.fixture
async def company(world: World, storage: SqlStorage) -> Company:
    return await buyer(world, storage)


async def package(world: World, storage: SqlStorage, **values: Any) -> Package:
    service = make.service()
    made = make.package(make.item(service.id), **({"name_ar": "عناية"} | values))
    await catalogue(world, storage, service, made)
    return made


async def assigned(
    world: World, storage: SqlStorage, of: Package, company: Company, **values: Any
) -> PackageSubscription:
    assign = AssignPackageSubscription(package_id=of.id, customer_id=company.id, **values)
    return await done(assign, world, storage)


async def bills(owner: asyncpg.Connection, of: PackageSubscription) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in await owner.fetch(BILLS, of.id)]


async def ended(owner: asyncpg.Connection, subscription: PackageSubscription) -> None:
    """Its time is over."""
    ends = "UPDATE package_subscriptions SET ends_at = now() WHERE id = $1"
    await owner.execute(ends, subscription.id)


async def test_the_first_period_is_billed_when_it_is_sold(
    world: World, storage: SqlStorage, company: Company, owner: asyncpg.Connection
) -> None:
    care = await package(world, storage, price=Decimal("99.99"))

    made = await assigned(world, storage, care, company)

    [bill] = await bills(owner, made)
    assert bill == (
        *(FIRST, "ISSUED", company.id, made.period.id, None, "SAR"),
        *(Decimal("99.99"), Decimal("15.00"), Decimal("114.99")),
    )
    [row] = await owner.fetch(LINES, made.id, FIRST)
    amounts = (Decimal("99.99"), Decimal("15.00"), Decimal("114.99"))
    assert tuple(row) == ("Care", "عناية", 1, Decimal("99.99"), 15, *amounts)


async def test_what_begins_later_is_billed_at_once(
    world: World, storage: SqlStorage, company: Company, owner: asyncpg.Connection
) -> None:
    later = datetime.now(UTC) + timedelta(days=30)

    made = await assigned(world, storage, await package(world, storage), company, starts_at=later)

    assert [bill[0] for bill in await bills(owner, made)] == [FIRST]


async def test_renewing_bills_the_new_period_at_todays_price_and_rate(
    world: World, storage: SqlStorage, company: Company, owner: asyncpg.Connection
) -> None:
    care = await package(world, storage, price=Decimal(500))
    made = await assigned(world, storage, care, company)
    await ended(owner, made)
    dearer = "UPDATE packages SET price = 600, vat_rate = 5, name = 'Care plus' WHERE id = $1"
    await owner.execute(dearer, care.id)

    renewed = await done(RenewPackageSubscription(id=made.id), world, storage)

    first, second = await bills(owner, made)
    assert first[3:] == (made.period.id, None, "SAR", 500, 75, 575)
    assert second[3:] == (renewed.period.id, None, "SAR", 600, 30, 630)
    assert (first[0], second[0]) == (FIRST, SECOND)
    [row] = await owner.fetch(LINES, made.id, SECOND)
    assert (row["description"], row["vat_rate"]) == ("Care plus", 5)


async def test_a_free_package_is_not_billed(
    world: World, storage: SqlStorage, company: Company, owner: asyncpg.Connection
) -> None:
    free = await package(world, storage, price=Decimal(0))
    made = await assigned(world, storage, free, company)
    await ended(owner, made)

    await done(RenewPackageSubscription(id=made.id), world, storage)

    assert await bills(owner, made) == []
    assert (await actions(owner, made.id))[-1] == "package_subscription.renewed"
    paid = await assigned(world, storage, await package(world, storage), company)
    assert [bill[0] for bill in await bills(owner, paid)] == [FIRST]  # no number is used up


async def test_a_period_is_billed_once(
    world: World, storage: SqlStorage, company: Company, owner: asyncpg.Connection
) -> None:
    made = await assigned(world, storage, await package(world, storage), company)

    async def again() -> None:
        async with storage.begin(world.caller()) as uow:
            subscription = await uow.records(PackageSubscription).get(made.id)
            await invoice_period(subscription, subscription.period, uow)
            await uow.flush()
            await uow.commit()

    async with unchanged(owner, world):
        with pytest.raises(IllegalMove, match="another invoice bills this already"):
            await again()


async def test_a_voided_bill_is_issued_again_for_the_same_period(
    world: World, storage: SqlStorage, company: Company, owner: asyncpg.Connection
) -> None:
    made = await assigned(world, storage, await package(world, storage), company)
    query = "SELECT id FROM sales_invoices WHERE subscription_id = $1"
    first = await owner.fetchval(query, made.id)
    await done(VoidSalesInvoice(id=first, reason="name"), world, storage)

    await done(ReissueSalesInvoice(id=first), world, storage)

    void, standing = await bills(owner, made)
    assert (void[1], standing[1]) == ("VOID", "ISSUED")
    assert void[2:] == standing[2:]


async def test_what_is_refused_is_not_billed(
    world: World, storage: SqlStorage, company: Company, owner: asyncpg.Connection
) -> None:
    once = await package(world, storage, renewable=False)
    made = await assigned(world, storage, once, company)
    await ended(owner, made)

    async with unchanged(owner, world):
        with pytest.raises(IllegalMove):
            await done(RenewPackageSubscription(id=made.id), world, storage)
