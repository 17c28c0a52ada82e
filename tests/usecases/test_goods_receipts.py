"""Goods receipts: drafted, posted to their order, reversed, with all that follows from it."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import asyncpg
import pytest

from domain.goods_receipts import GoodsReceipt, GoodsReceiptStatus
from domain.kit.errors import (
    DomainError,
    Forbidden,
    IllegalMove,
    NotFound,
    RuleBroken,
    VersionConflict,
)
from domain.kit.ids import new_id
from domain.purchase_orders import PurchaseOrder
from persistence.storage import SqlStorage
from tests import make
from tests.conftest import World
from tests.persistence.contents import actions, entries, unchanged
from tests.usecases.orders import approved, done, drafted
from tests.usecases.receipts import of, receipt, receiving
from usecases.goods_receipts import (
    DeleteGoodsReceipt,
    PostGoodsReceipt,
    ReverseGoodsReceipt,
    UpdateGoodsReceipt,
)
from usecases.kit import UseCase, run
from usecases.purchase_orders import AmendPurchaseOrder, CancelPurchaseOrder
from usecases.records import UpdateRecord

YEAR = datetime.now(UTC).year


async def stored(owner: asyncpg.Connection, order: PurchaseOrder) -> list[Any]:
    """Status, receipt status, and what was accepted and rejected of each line."""
    head = await owner.fetchrow(
        "SELECT status, receipt_status, posted_receipts FROM purchase_orders WHERE id = $1",
        order.id,
    )
    lines = await owner.fetch(
        "SELECT accepted::int, rejected::int FROM purchase_order_lines WHERE order_id = $1"
        " ORDER BY position",
        order.id,
    )
    return [*head, *(tuple(line) for line in lines)]


async def test_a_receipt_goes_its_way_and_the_order_with_it(
    storage: SqlStorage, world: World, owner: asyncpg.Connection
) -> None:
    order = await approved(world, storage)

    draft = await receipt(order, world, storage, of(order, 1, 1))
    assert (draft.number, draft.status) == (None, GoodsReceiptStatus.DRAFT)
    assert await stored(owner, order) == ["APPROVED", "NONE", 0, (0, 0)]

    posted = await done(PostGoodsReceipt(id=draft.id, expected_version=1), world, storage)
    assert posted.number == f"GR-{YEAR}-0001"
    assert await stored(owner, order) == ["APPROVED", "PARTIAL", 1, (1, 1)]

    back = await done(ReverseGoodsReceipt(id=draft.id, reason="other lorry"), world, storage)
    assert (back.status, back.version) == (GoodsReceiptStatus.REVERSED, 3)
    assert await stored(owner, order) == ["APPROVED", "NONE", 0, (0, 0)]

    assert await actions(owner, draft.id) == [
        "goods_receipt.created",
        "goods_receipt.posted",
        "goods_receipt.reversed",
    ]
    assert (await actions(owner, order.id))[-2:] == [
        "purchase_order.received",
        "purchase_order.receipt_reversed",
    ]


async def test_posting_at_once_is_creating_and_posting(
    storage: SqlStorage, world: World, owner: asyncpg.Connection
) -> None:
    order = await approved(world, storage)

    posted = await receipt(order, world, storage, of(order, 2), post=True)

    assert posted.number == f"GR-{YEAR}-0001"
    assert await actions(owner, posted.id) == ["goods_receipt.created", "goods_receipt.posted"]
    assert await stored(owner, order) == ["APPROVED", "COMPLETE", 1, (2, 0)]


async def test_numbers_have_no_gaps_though_drafts_are_deleted_and_postings_refused(
    storage: SqlStorage, world: World
) -> None:
    order = await approved(world, storage)
    numbers = []
    for accepted in (1, 5, 1):
        dropped = await receipt(order, world, storage)
        await done(DeleteGoodsReceipt(id=dropped.id), world, storage)
        try:
            posted = await receipt(order, world, storage, of(order, accepted), post=True)
        except DomainError:
            continue
        numbers.append(posted.number)

    assert numbers == [f"GR-{YEAR}-0001", f"GR-{YEAR}-0002"]


async def test_it_arrived_today_where_the_organization_is_unless_said_otherwise(
    storage: SqlStorage, world: World
) -> None:
    zone = {"time_zone": "Pacific/Kiritimati"}  # fourteen hours ahead
    await run(
        UpdateRecord(kind=type(world.organization), id=world.organization.id, given=zone),
        world.caller(),
        storage,
    )
    order = await approved(world, storage)
    today = (datetime.now(UTC) + timedelta(hours=14)).date()

    assert (await receipt(order, world, storage)).received_on == today
    day = date(2026, 1, 2)
    assert (await receipt(order, world, storage, received_on=day)).received_on == day


async def test_the_tolerance_is_the_organizations(
    storage: SqlStorage, world: World, owner: asyncpg.Connection
) -> None:
    order = await approved(world, storage)
    more = receiving(order, of(order, Decimal("2.2")), post=True)
    async with unchanged(owner, world):
        with pytest.raises(DomainError, match=r"2 can still be delivered, not 2\.2"):
            await run(more, world.caller(), storage)

    given = {"over_receipt_tolerance": Decimal(10)}
    await run(
        UpdateRecord(kind=type(world.organization), id=world.organization.id, given=given),
        world.caller(),
        storage,
    )

    assert (await run(more, world.caller(), storage)).record is not None


async def test_an_update_replaces_the_lines(
    storage: SqlStorage, world: World, owner: asyncpg.Connection
) -> None:
    order = await approved(world, storage, lines=[make.line(), make.line()])
    draft = await receipt(order, world, storage, of(order, 1), of(order, 1, at=1))
    lines = [of(order, 2, at=1), of(order, 0, 1)]

    await done(UpdateGoodsReceipt(id=draft.id, notes="late", lines=lines), world, storage)

    rows = await owner.fetch(
        "SELECT order_line_id, accepted::int, rejected::int FROM goods_receipt_lines"
        " WHERE receipt_id = $1 ORDER BY position",
        draft.id,
    )
    assert [tuple(row) for row in rows] == [(order.lines[1].id, 2, 0), (order.lines[0].id, 0, 1)]
    assert (await entries(owner, draft.id))[-1]["action"] == "goods_receipt.updated"

    await done(UpdateGoodsReceipt(id=draft.id, lines=lines[:1]), world, storage)
    query = "SELECT count(*) FROM goods_receipt_lines WHERE receipt_id = $1"
    assert await owner.fetchval(query, draft.id) == 1


async def test_deleting_leaves_the_audit_trail_alone(
    storage: SqlStorage, world: World, owner: asyncpg.Connection
) -> None:
    order = await approved(world, storage)
    draft = await receipt(order, world, storage)

    await done(DeleteGoodsReceipt(id=draft.id), world, storage)

    assert await owner.fetchval("SELECT 1 FROM goods_receipts WHERE id = $1", draft.id) is None
    assert (await actions(owner, draft.id))[-1] == "goods_receipt.deleted"


async def test_a_reversed_delivery_can_be_received_again(
    storage: SqlStorage, world: World, owner: asyncpg.Connection
) -> None:
    order = await approved(world, storage)
    first = await receipt(order, world, storage, of(order, 2), post=True)
    await done(ReverseGoodsReceipt(id=first.id, reason="wrong order"), world, storage)

    again = await receipt(order, world, storage, of(order, 2), post=True)

    assert again.number == f"GR-{YEAR}-0002"
    assert await stored(owner, order) == ["APPROVED", "COMPLETE", 1, (2, 0)]


# Refusals


async def test_nothing_is_received_for_what_is_not_approved(
    storage: SqlStorage, world: World, owner: asyncpg.Connection
) -> None:
    draft = await drafted(world, storage)
    gone = await approved(world, storage)
    waiting = await receipt(gone, world, storage)
    await done(CancelPurchaseOrder(id=gone.id), world, storage)

    async with unchanged(owner, world):
        for refused in (receiving(draft), receiving(gone), PostGoodsReceipt(id=waiting.id)):
            with pytest.raises(IllegalMove, match="only approved orders are received and billed"):
                await run(refused, world.caller(), storage)


async def test_w_49_an_order_with_posted_receipts_is_cancelled_after_their_reversal(
    storage: SqlStorage, world: World, owner: asyncpg.Connection
) -> None:
    order = await approved(world, storage)
    posted = await receipt(order, world, storage, post=True)

    async with unchanged(owner, world):
        with pytest.raises(IllegalMove, match="reverse their receipts first"):
            await run(CancelPurchaseOrder(id=order.id), world.caller(), storage)

    await done(ReverseGoodsReceipt(id=posted.id, reason="back"), world, storage)
    await done(CancelPurchaseOrder(id=order.id), world, storage)
    assert await stored(owner, order) == ["CANCELLED", "NONE", 0, (0, 0)]


async def test_a_line_that_a_receipt_names_is_not_amended_away(
    storage: SqlStorage, world: World, owner: asyncpg.Connection
) -> None:
    order = await approved(world, storage, lines=[make.line(), make.line()])
    await receipt(order, world, storage, of(order, 1, at=1))
    amend = AmendPurchaseOrder(id=order.id, reason="less", removed_line_ids=[order.lines[1].id])

    async with unchanged(owner, world):
        with pytest.raises(DomainError, match="this line is on a receipt or an invoice"):
            await run(amend, world.caller(), storage)


def attempts(draft: GoodsReceipt, posted: GoodsReceipt) -> list[UseCase[GoodsReceipt]]:
    return [
        UpdateGoodsReceipt(id=draft.id, expected_version=7),
        DeleteGoodsReceipt(id=draft.id, expected_version=7),
        PostGoodsReceipt(id=draft.id, expected_version=7),
        ReverseGoodsReceipt(id=posted.id, expected_version=7, reason="x"),
    ]


async def test_what_adds_up_to_more_than_can_be_kept_is_refused(
    storage: SqlStorage, world: World, owner: asyncpg.Connection
) -> None:
    order = await approved(world, storage)
    await owner.execute("UPDATE purchase_order_lines SET rejected = 99999999999999")
    draft = await receipt(order, world, storage, of(order, 1, 1))

    async with unchanged(owner, world):
        with pytest.raises(RuleBroken, match="this adds up to more than can be kept"):
            await done(PostGoodsReceipt(id=draft.id), world, storage)


async def test_somebody_elses_change_is_noticed(
    storage: SqlStorage, world: World, owner: asyncpg.Connection
) -> None:
    order = await approved(world, storage)
    posted = await receipt(order, world, storage, post=True)
    draft = await receipt(order, world, storage)

    async with unchanged(owner, world):
        for attempt in attempts(draft, posted):
            with pytest.raises(VersionConflict):
                await run(attempt, world.caller(), storage)


async def test_without_the_permission_nothing_happens(
    storage: SqlStorage, world: World, owner: asyncpg.Connection
) -> None:
    order = await approved(world, storage)
    posted = await receipt(order, world, storage, post=True)
    draft = await receipt(order, world, storage)
    powerless = world.caller(permissions=frozenset())

    async with unchanged(owner, world):
        for attempt in [receiving(order), *attempts(draft, posted)]:
            with pytest.raises(Forbidden):
                await run(attempt, powerless, storage)


async def test_another_organizations_orders_and_receipts_do_not_exist(
    storage: SqlStorage, world: World, other_world: World, owner: asyncpg.Connection
) -> None:
    order = await approved(other_world, storage)
    posted = await receipt(order, other_world, storage, post=True)
    draft = await receipt(order, other_world, storage)

    async with unchanged(owner, world), unchanged(owner, other_world):
        for attempt in [receiving(order), *attempts(draft, posted)]:
            with pytest.raises(NotFound):
                await run(attempt, world.caller(), storage)
        with pytest.raises(NotFound):
            await run(PostGoodsReceipt(id=new_id()), world.caller(), storage)


async def test_the_same_key_receives_once(
    storage: SqlStorage, world: World, owner: asyncpg.Connection
) -> None:
    order = await approved(world, storage)
    once = receiving(order, post=True)
    by = world.caller(credential_id=new_id())

    first = await run(once, by, storage, idempotency_key="lorry 7")
    second = await run(once, by, storage, idempotency_key="lorry 7")

    assert second.id == first.id
    assert second.record is None
    assert await stored(owner, order) == ["APPROVED", "PARTIAL", 1, (1, 0)]
