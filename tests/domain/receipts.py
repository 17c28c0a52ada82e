"""Goods receipts in any status, without a database."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from domain.goods_receipts import GoodsReceipt, GoodsReceiptStatus, NewGoodsReceiptLine
from domain.kit.errors import DomainError
from domain.purchase_orders import PurchaseOrder
from tests import make
from tests.domain import drafts
from tests.domain.drafts import BUYER
from tests.make import NOON

_S = GoodsReceiptStatus
TODAY = NOON.date()
Problems = list[tuple[Any, str]]


def approved(*quantities: int) -> PurchaseOrder:
    lines = [make.line(quantity=Decimal(q), unit="ream") for q in quantities or (10,)]
    order = drafts.draft(*lines)
    order.submit(None, BUYER, NOON)
    order.pull_events()
    return order


def of(order: PurchaseOrder, accepted: int, at: int = 0, **values: Any) -> NewGoodsReceiptLine:
    given: dict[str, Any] = {"order_line_id": order.lines[at].id, "accepted": Decimal(accepted)}
    return NewGoodsReceiptLine(**(given | values))


def drafted(order: PurchaseOrder, *lines: NewGoodsReceiptLine, **values: Any) -> GoodsReceipt:
    usual = {"received_on": TODAY}
    return GoodsReceipt.create(
        order, lines or [of(order, 4)], BUYER, NOON, today=TODAY, **(usual | values)
    )


def post(receipt: GoodsReceipt, order: PurchaseOrder, tolerance: int = 0) -> None:
    receipt.post("GR-2026-0001", order, BUYER, NOON, tolerance=Decimal(tolerance))


def standing(status: GoodsReceiptStatus, order: PurchaseOrder) -> GoodsReceipt:
    receipt = drafted(order)
    if status is not _S.DRAFT:
        post(receipt, order)
    if status is _S.REVERSED:
        receipt.reverse(order, BUYER, NOON, "counted twice")
    receipt.pull_events()
    order.pull_events()
    return receipt


def looks(receipt: GoodsReceipt) -> dict[str, Any]:
    values = {name: value for name, value in vars(receipt).items() if not name.startswith("_")}
    return values | {"lines": [dict(vars(line)) for line in receipt.lines]}


def problems(do: Callable[[], object]) -> Problems:
    with pytest.raises(DomainError) as caught:
        do()
    return [(problem.path, problem.message) for problem in caught.value.problems]
