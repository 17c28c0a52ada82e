"""Approved orders, and what is delivered and billed of them, without a database."""

from decimal import Decimal
from typing import Any

from domain.purchase_orders import PurchaseOrder, Received
from tests import make
from tests.domain import drafts
from tests.domain.drafts import BUYER
from tests.make import NOON

NONE = Decimal(0)


def approved(*quantities: int) -> PurchaseOrder:
    """An approved order of these quantities."""
    lines = [make.line(quantity=Decimal(quantity)) for quantity in quantities or (10,)]
    order = drafts.draft(*lines)
    order.submit(None, BUYER, NOON)
    order.pull_events()
    return order


def receive(
    order: PurchaseOrder, *quantities: tuple[int, int], tolerance: Decimal = NONE, **said: Any
) -> None:
    """What was accepted and rejected of each line, from the first on."""
    delivered = {
        line.id: Received(Decimal(accepted), Decimal(rejected))
        for line, (accepted, rejected) in zip(order.lines, quantities, strict=False)
    }
    order.receive(delivered, NOON, tolerance=tolerance, **said)


def unreceive(order: PurchaseOrder, *quantities: tuple[int, int]) -> None:
    delivered = {
        line.id: Received(Decimal(accepted), Decimal(rejected))
        for line, (accepted, rejected) in zip(order.lines, quantities, strict=False)
    }
    order.unreceive(delivered, NOON)


def bill(order: PurchaseOrder, *quantities: int) -> None:
    billed = {
        line.id: Decimal(quantity) for line, quantity in zip(order.lines, quantities, strict=False)
    }
    order.bill(billed, NOON)


def axes(order: PurchaseOrder) -> tuple[str, str, str]:
    """Workflow, receipt and billing."""
    return order.status.value, order.receipt_status.value, order.billing_status.value


def counted(order: PurchaseOrder) -> list[tuple[Any, Any]]:
    """What was accepted and rejected of each line."""
    return [(line.accepted, line.rejected) for line in order.lines]
