"""Every filter and ordering of goods receipts has an index, and so has what scores a supplier."""

from collections.abc import AsyncIterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from domain.goods_receipts import GoodsReceiptStatus, NewGoodsReceiptLine
from domain.kit.ids import new_id
from persistence.reads.deliveries import DELIVERIES
from persistence.reads.goods_receipts import BY_ORDER, LINES_BY_RECEIPT, RECEIPTS
from persistence.storage import SqlStorage
from tests.conftest import World
from tests.persistence.plans import (
    ANY,
    DATED,
    DAY,
    MANY,
    MOMENT,
    NEW,
    SOME,
    Ordered,
    Plans,
    among_many,
    tried,
)
from usecases.goods_receipts import CreateGoodsReceipt
from usecases.kit import run
from usecases.purchase_orders import CreatePurchaseOrder, SubmitPurchaseOrder
from usecases.reads.goods_receipts import GoodsReceiptFilter, GoodsReceiptSort
from usecases.reads.kit import Direction

VARIED = {
    "purchase_orders": NEW | {"number": "'PO-2025-' || n"},
    "purchase_order_lines": NEW | {"order_id": "gen_random_uuid()", "description": "'item ' || n"},
    "goods_receipts": NEW
    | DATED
    | {
        "number": "'GR-2025-' || n",
        "received_on": "received_on + n",
        "order_id": ANY,
        "supplier_id": ANY,
        "status": "(ARRAY['POSTED', 'REVERSED'])[1 + n % 2]",
    },
    "goods_receipt_lines": NEW
    | {"receipt_id": "gen_random_uuid()", "order_line_id": "gen_random_uuid()"},
}


async def received(world: World, storage: SqlStorage) -> None:
    order = (await run(CreatePurchaseOrder(**world.draft()), world.caller(), storage)).record
    assert order is not None
    await run(SubmitPurchaseOrder(id=order.id), world.caller(), storage)
    line = NewGoodsReceiptLine(order_line_id=order.lines[0].id, accepted=Decimal(1))
    receive = CreateGoodsReceipt(purchase_order_id=order.id, lines=[line], post=True)
    await run(receive, world.caller(), storage)


@pytest.fixture(scope="module")
async def plans(database_url: str) -> AsyncIterator[Plans]:
    async with among_many(database_url, VARIED, received) as plans:
        yield plans


EVERYTHING = GoodsReceiptFilter()
ORDERINGS: list[Ordered] = [
    Ordered(RECEIPTS, EVERYTHING, GoodsReceiptSort.CREATED_AT, (MOMENT, SOME)),
    Ordered(RECEIPTS, EVERYTHING, GoodsReceiptSort.UPDATED_AT, (MOMENT, SOME)),
    Ordered(RECEIPTS, EVERYTHING, GoodsReceiptSort.RECEIVED_ON, (DAY, SOME)),
]


@pytest.mark.parametrize("way", Direction)
@pytest.mark.parametrize("ordered", ORDERINGS)
async def test_an_ordering_is_read_from_its_index_and_goes_on_at_a_cursor(
    plans: Plans, ordered: Ordered, way: Direction
) -> None:
    await plans.check_ordering(ordered, way)


FILTERS: list[tuple[GoodsReceiptFilter, str]] = [
    (GoodsReceiptFilter(status=(GoodsReceiptStatus.DRAFT,)), "status_created_at_id"),
    (GoodsReceiptFilter(order_id=SOME), "order_id_created_at_id"),
    (GoodsReceiptFilter(supplier_id=SOME), "supplier_id_created_at_id"),
    (GoodsReceiptFilter(received_from=date(2999, 1, 1)), "received_on_id"),
    (GoodsReceiptFilter(received_to=date(2000, 1, 1)), "received_on_id"),
]


@pytest.mark.parametrize(("filter", "index"), FILTERS)
async def test_a_filter_has_its_index(plans: Plans, filter: GoodsReceiptFilter, index: str) -> None:
    plan = await plans.of(RECEIPTS, filter, GoodsReceiptSort.CREATED_AT, n=MANY)

    assert f'"ix_goods_receipts_{index}"' in plan


def test_every_filter_is_tried() -> None:
    assert tried(FILTERS) == {*GoodsReceiptFilter.__dataclass_fields__}


@pytest.mark.parametrize("statement", [BY_ORDER, LINES_BY_RECEIPT])
async def test_what_belongs_to_a_record_is_read_from_an_index(plans: Plans, statement: Any) -> None:
    assert '"Seq Scan"' not in await plans.explained(statement, {"ids": [SOME, new_id()]})


async def test_a_supplier_is_scored_from_indexes(plans: Plans) -> None:
    ids = [plans.world.supplier.id]
    plan = await plans.explained(DELIVERIES, {"ids": ids})

    assert "goods_receipts_supplier_id_created_at_id" in plan
    assert "purchase_order_lines_described" in plan
    assert '"Seq Scan"' not in plan
