"""W-57: how suppliers do, out of the database, and the score that lists look at."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import asyncpg
import pytest

from domain.kit.errors import DomainError
from domain.performances import (
    DeliveryTime,
    Pricing,
    Quality,
    Responsiveness,
    SupplierPerformance,
)
from domain.suppliers import Supplier
from persistence.storage import SqlStorage
from tests import make
from tests.conftest import Save, World
from tests.persistence.contents import actions, unchanged
from tests.usecases.orders import approved, done
from tests.usecases.receipts import of, receipt, receiving
from usecases.goods_receipts import ReverseGoodsReceipt
from usecases.kit import run

APPROVED = datetime(2026, 1, 5, 22, tzinfo=UTC)  # the sixth of January in Riyadh


async def performance(
    world: World, storage: SqlStorage, *suppliers: Supplier
) -> list[SupplierPerformance]:
    reads = storage.reads(world.caller())
    ids = [supplier.id for supplier in suppliers or (world.supplier,)]
    found = await reads.suppliers.performances_by_ids(ids)
    await reads.close()
    return [found[id] for id in ids]


async def ordered(
    world: World, storage: SqlStorage, owner: asyncpg.Connection, **values: Any
) -> Any:
    """An order that was approved on the sixth of January."""
    order = await approved(world, storage, **values)
    query = "UPDATE purchase_orders SET approved_at = $1 WHERE id = $2"
    await owner.execute(query, APPROVED, order.id)
    return order


async def test_w_57_nothing_is_known_of_a_new_supplier(storage: SqlStorage, world: World) -> None:
    await approved(world, storage)

    [known] = await performance(world, storage)

    assert known.overall_score is None
    assert [score for metric in known[1:] for score in metric] == [None] * 10


async def test_w_57_days_and_punctuality_are_those_of_posted_receipts(
    storage: SqlStorage, world: World, owner: asyncpg.Connection
) -> None:
    expected = date(2026, 1, 10)
    order = await ordered(world, storage, owner, expected_delivery_date=expected)
    unplanned = await ordered(world, storage, owner)
    for received_on in (date(2026, 1, 10), date(2026, 1, 12)):
        await receipt(order, world, storage, received_on=received_on, post=True)
    await receipt(unplanned, world, storage, received_on=date(2026, 1, 7), post=True)
    await receipt(unplanned, world, storage, received_on=date(2026, 1, 9))

    [known] = await performance(world, storage)

    # 4, 6 and 1 days; one of two in time; the first ones after 4 and 1 days
    assert known.delivery_time == DeliveryTime(Decimal(50), Decimal("3.67"), Decimal(50))
    assert known.responsiveness == Responsiveness(Decimal("97.50"), Decimal("2.50"))
    assert known.overall_score == Decimal("82.50")  # 50, 100 for the quality, 97.5


async def test_w_57_what_came_before_its_approval_took_no_days(
    storage: SqlStorage, world: World, owner: asyncpg.Connection
) -> None:
    order = await ordered(world, storage, owner)
    await receipt(order, world, storage, received_on=date(2026, 1, 1), post=True)

    [known] = await performance(world, storage)

    assert known.delivery_time == DeliveryTime(None, Decimal(0), None)


async def test_w_57_rejected_goods_and_reversed_receipts_lower_the_quality(
    storage: SqlStorage, world: World
) -> None:
    order = await approved(world, storage, lines=[make.line(quantity=Decimal(200))])
    await receipt(order, world, storage, of(order, 76, 4), post=True)
    wrong = await receipt(order, world, storage, of(order, 10, 10), post=True)
    await receipt(order, world, storage, of(order, 16, 4), post=True)
    await done(ReverseGoodsReceipt(id=wrong.id, reason="not ours"), world, storage)

    [known] = await performance(world, storage)

    # 8 of 100 rejected, one of three reversed
    assert known.quality == Quality(Decimal("58.67"), Decimal(8), Decimal("33.33"))


async def test_w_57_prices_are_compared_for_what_others_deliver_too(
    storage: SqlStorage, world: World, save: Save
) -> None:
    others = [make.supplier(name="Second Co."), make.supplier(name="Third Co.")]
    await save(*others)

    async def delivers(supplier: Supplier, price: int, accepted: int, **values: Any) -> None:
        line = make.line(quantity=Decimal(100), unit_price=Decimal(price), **values)
        order = await approved(world, storage, supplier_id=supplier.id, lines=[line])
        await receipt(order, world, storage, of(order, accepted), post=True)

    await delivers(world.supplier, 12, 10)
    await delivers(world.supplier, 99, 1, description="Something nobody else has")
    await delivers(others[0], 8, 10, description=" printer PAPER ")
    await delivers(others[1], 11, 20)
    await delivers(others[1], 1, 100, unit="ream")

    first, second, third = await performance(world, storage, world.supplier, *others)

    # others: (80 + 220) / 30 = 10 for 12; (120 + 220) / 30 = 11.33 for 8; 200 / 20 = 10 for 11
    assert first.pricing == Pricing(Decimal("83.33"), Decimal("83.33"))
    assert second.pricing == Pricing(Decimal(100), Decimal("141.67"))
    assert third.pricing == Pricing(Decimal("90.91"), Decimal("90.91"))


async def test_w_57_prices_in_other_currencies_are_compared_in_the_base_currency(
    storage: SqlStorage, world: World, save: Save
) -> None:
    other = make.supplier(name="Second Co.")
    await save(other)
    ours = await approved(world, storage)
    rate = {"currency": "USD", "exchange_rate": Decimal("3.75")}
    theirs = await approved(world, storage, supplier_id=other.id, **rate)
    for order in (ours, theirs):
        await receipt(order, world, storage, post=True)

    first, second = await performance(world, storage, world.supplier, other)

    assert first.pricing == Pricing(Decimal(100), Decimal(375))
    assert second.pricing == Pricing(Decimal("26.67"), Decimal("26.67"))


async def test_w_57_the_stored_score_follows_every_posting_and_reversal(
    storage: SqlStorage, world: World, owner: asyncpg.Connection
) -> None:
    async def score() -> Any:
        query = "SELECT performance_score FROM suppliers WHERE id = $1"
        return await owner.fetchval(query, world.supplier.id)

    order = await approved(world, storage, lines=[make.line(quantity=Decimal(10))])
    await receipt(order, world, storage)
    assert await score() is None

    bad = await receipt(order, world, storage, of(order, 5, 5), post=True)
    assert await score() == Decimal(75)  # 50 for the quality, 100 for the responsiveness
    await receipt(order, world, storage, of(order, 5), post=True)
    assert await score() == Decimal("83.34")  # 66.67
    await done(ReverseGoodsReceipt(id=bad.id, reason="not ours"), world, storage)
    assert await score() == Decimal(75)  # 50: one of two reversed

    told = await actions(owner, world.supplier.id)
    assert told == ["supplier.created", *["supplier.scored"] * 3]
    [known] = await performance(world, storage)
    assert known.overall_score == await score()


async def test_w_57_a_score_that_stays_is_not_told_again(
    storage: SqlStorage, world: World, owner: asyncpg.Connection
) -> None:
    order = await approved(world, storage)
    for _ in range(2):
        await receipt(order, world, storage, post=True)

    assert await actions(owner, world.supplier.id) == ["supplier.created", "supplier.scored"]


async def test_w_57_a_refused_posting_scores_nobody(
    storage: SqlStorage, world: World, owner: asyncpg.Connection
) -> None:
    order = await approved(world, storage)

    async with unchanged(owner, world):
        with pytest.raises(DomainError):
            await run(receiving(order, of(order, 9), post=True), world.caller(), storage)


async def test_w_57_many_suppliers_are_asked_for_in_one_statement(
    storage: SqlStorage, world: World, save: Save, statements: list[str]
) -> None:
    others = [make.supplier(name=f"Supplier {n}") for n in range(5)]
    await save(*others)
    for supplier in others:
        order = await approved(world, storage, supplier_id=supplier.id)
        day = datetime.now(UTC).date() - timedelta(days=1)
        await receipt(order, world, storage, received_on=day, post=True)
    statements.clear()

    known = await performance(world, storage, world.supplier, *others)

    assert [each.overall_score is None for each in known] == [True, *[False] * 5]
    assert len(statements) == 1
