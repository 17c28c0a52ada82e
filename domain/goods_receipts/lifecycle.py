"""The lifecycle of goods receipts (DOMAIN: GoodsReceipt; fact W-76)."""

from enum import StrEnum
from typing import NamedTuple, Protocol

from domain.callers import Caller, Permission
from domain.kit.errors import DomainError, IllegalMove
from domain.kit.lifecycle import Lifecycle, Move
from domain.purchase_orders import PurchaseOrderStatus
from domain.purchase_orders.lifecycle import unapproved


class GoodsReceiptStatus(StrEnum):
    """Whether a delivery counts: not yet, now, or not any more."""

    DRAFT = "DRAFT"
    POSTED = "POSTED"
    REVERSED = "REVERSED"


class Facts(Protocol):
    """What the guards look at: the receipt's status, the one of its order, and its invoices.

    `billed`: approved invoices bill more than would remain accepted without the receipt.
    """

    @property
    def status(self) -> GoodsReceiptStatus: ...
    @property
    def order_status(self) -> PurchaseOrderStatus: ...
    @property
    def billed(self) -> bool: ...


class Standing(NamedTuple):
    """The same of a receipt and an order that were loaded."""

    status: GoodsReceiptStatus
    order_status: PurchaseOrderStatus
    billed: bool = False


def for_an_approved_order(receipt: Facts, _by: Caller) -> DomainError | None:
    if receipt.order_status is PurchaseOrderStatus.APPROVED:
        return None
    return unapproved(receipt.order_status)


def not_billed(receipt: Facts, _by: Caller) -> DomainError | None:
    if not receipt.billed:
        return None
    return IllegalMove("approved invoices bill what was delivered: cancel them first")


_S, _WRITE = GoodsReceiptStatus, Permission.GOODS_RECEIPTS_WRITE

LIFECYCLE = Lifecycle(
    initial=_S.DRAFT,
    moves=[
        Move("update", {_S.DRAFT}, _S.DRAFT, needs=_WRITE),
        Move("delete", {_S.DRAFT}, needs=_WRITE, ends=True),
        Move("post", {_S.DRAFT}, _S.POSTED, needs=_WRITE, guards=[for_an_approved_order]),
        Move(
            "reverse",
            {_S.POSTED},
            _S.REVERSED,
            needs=_WRITE,
            guards=[for_an_approved_order, not_billed],
            input=["reason"],
        ),
    ],
)
