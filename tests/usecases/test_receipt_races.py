"""Many deliveries at once, on connections of their own: never more than there may be."""

from asyncio import gather
from collections.abc import Iterable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import asyncpg

from domain.kit.errors import IllegalMove, RuleBroken
from domain.organizations import Organization
from domain.purchase_orders import PurchaseOrder
from persistence.storage import SqlStorage
from tests import make
from tests.conftest import World
from tests.usecases.orders import approved
from tests.usecases.receipts import of, receipt, receiving
from usecases.goods_receipts import PostGoodsReceipt, ReverseGoodsReceipt
from usecases.kit import run
from usecases.purchase_orders import CancelPurchaseOrder
from usecases.records import UpdateRecord

YEAR = datetime.now(UTC).year
ROUNDS = 30


def kinds(outcomes: Iterable[Any]) -> dict[str, int]:
    names = [type(outcome).__name__ for outcome in outcomes]
    return {name: names.count(name) for name in sorted({*names})}


async def totals(owner: asyncpg.Connection, order: PurchaseOrder) -> tuple[Any, ...]:
    """What the order says was accepted, and what its posted receipts add up to."""
    return tuple(
        await owner.fetchrow(
            "SELECT (SELECT sum(accepted)::int FROM purchase_order_lines WHERE order_id = $1),"
            " (SELECT posted_receipts FROM purchase_orders WHERE id = $1),"
            " coalesce(sum(l.accepted), 0)::int, count(DISTINCT r.id)"
            " FROM goods_receipts r JOIN goods_receipt_lines l ON l.receipt_id = r.id"
            " WHERE r.order_id = $1 AND r.status = 'POSTED'",
            order.id,
        )
    )


async def test_twenty_postings_at_once_never_exceed_the_tolerance(
    storage: SqlStorage, world: World, owner: asyncpg.Connection
) -> None:
    """Twenty times 7 of an order of 100 with 10 percent: fifteen fit, 105 of at most 110."""
    given = {"over_receipt_tolerance": Decimal(10)}
    settings = UpdateRecord(kind=Organization, id=world.organization.id, given=given)
    await run(settings, world.caller(), storage)
    order = await approved(world, storage, lines=[make.line(quantity=Decimal(100))])
    drafts = [await receipt(order, world, storage, of(order, 7)) for _ in range(20)]

    outcomes = await gather(
        *(run(PostGoodsReceipt(id=draft.id), world.caller(), storage) for draft in drafts),
        return_exceptions=True,
    )

    assert kinds(outcomes) == {"Done": 15, "RuleBroken": 5}
    refused = {str(outcome) for outcome in outcomes if isinstance(outcome, RuleBroken)}
    assert refused == {"line 1, Printer paper: 5 can still be delivered, not 7"}
    assert await totals(owner, order) == (105, 15, 105, 15)
    numbers = await owner.fetch(
        "SELECT number FROM goods_receipts WHERE order_id = $1 AND number IS NOT NULL ORDER BY 1",
        order.id,
    )
    assert [row[0] for row in numbers] == [f"GR-{YEAR}-{n:04}" for n in range(1, 16)]


async def test_twenty_deliveries_posted_as_they_are_created_fill_the_order_exactly(
    storage: SqlStorage, world: World, owner: asyncpg.Connection
) -> None:
    order = await approved(world, storage, lines=[make.line(quantity=Decimal(10))])
    create = receiving(order, of(order, 1), post=True)

    outcomes = await gather(
        *(run(create, world.caller(), storage) for _ in range(20)), return_exceptions=True
    )

    assert kinds(outcomes) == {"Done": 10, "RuleBroken": 10}
    assert await totals(owner, order) == (10, 10, 10, 10)
    query = "SELECT count(*) FROM goods_receipts WHERE order_id = $1"
    assert await owner.fetchval(query, order.id) == 10


async def test_one_receipt_is_posted_once_and_reversed_once(
    storage: SqlStorage, world: World, owner: asyncpg.Connection
) -> None:
    order = await approved(world, storage, lines=[make.line(quantity=Decimal(100))])
    draft = await receipt(order, world, storage, of(order, 7))
    for attempt, left in (
        (PostGoodsReceipt(id=draft.id), (7, 1, 7, 1)),
        (ReverseGoodsReceipt(id=draft.id, reason="back"), (0, 0, 0, 0)),
    ):
        outcomes = await gather(
            *(run(attempt, world.caller(), storage) for _ in range(10)), return_exceptions=True
        )

        assert kinds(outcomes) == {"Done": 1, "IllegalMove": 9}
        assert await totals(owner, order) == left


async def test_of_a_posting_and_a_cancellation_one_happens(
    storage: SqlStorage, world: World, owner: asyncpg.Connection
) -> None:
    async def decided() -> tuple[dict[str, int], tuple[Any, ...]]:
        order = await approved(world, storage)
        draft = await receipt(order, world, storage)
        outcomes = await gather(
            run(PostGoodsReceipt(id=draft.id), world.caller(), storage),
            run(CancelPurchaseOrder(id=order.id), world.caller(), storage),
            return_exceptions=True,
        )
        assert all(not isinstance(o, Exception) or isinstance(o, IllegalMove) for o in outcomes)
        stands = await owner.fetchrow(
            "SELECT o.status, r.status, o.posted_receipts FROM purchase_orders o"
            " JOIN goods_receipts r ON r.order_id = o.id WHERE o.id = $1",
            order.id,
        )
        return kinds(outcomes), tuple(stands)

    for _ in range(ROUNDS):
        outcomes, stands = await decided()
        assert outcomes == {"Done": 1, "IllegalMove": 1}
        assert stands in {("APPROVED", "POSTED", 1), ("CANCELLED", "DRAFT", 0)}


async def test_postings_for_orders_of_one_supplier_do_not_stand_in_each_others_way(
    storage: SqlStorage, world: World, owner: asyncpg.Connection
) -> None:
    """They share a supplier, a series of numbers and new orders' references: all must pass."""
    orders = [await approved(world, storage) for _ in range(10)]

    outcomes = await gather(
        *(run(receiving(order, post=True), world.caller(), storage) for order in orders),
        *(approved(world, storage) for _ in range(10)),
        return_exceptions=True,
    )

    assert kinds(outcomes) == {"Done": 10, "PurchaseOrder": 10}
    query = "SELECT count(*) FROM goods_receipts WHERE organization_id = $1 AND status = 'POSTED'"
    assert await owner.fetchval(query, world.organization.id) == 10
