"""Drafting goods receipts: what was delivered, before it counts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated
from uuid import UUID

from domain.goods_receipts import LIFECYCLE, GoodsReceipt, NewGoodsReceiptLine
from domain.kit import checks
from domain.kit.errors import raise_first
from domain.kit.given import UNSET, Maybe, given
from domain.purchase_orders import PurchaseOrder
from usecases.goods_receipts.posting import DELIVERED, Delivery, locked, post
from usecases.kit import ExpectedVersion, UseCase
from usecases.organizations import today
from usecases.ports import UnitOfWork

ReceiptId = Annotated[UUID, GoodsReceipt, "The goods receipt."]


@dataclass(frozen=True, kw_only=True)
class CreateGoodsReceipt(UseCase[GoodsReceipt]):
    """Draft a receipt of goods for an approved purchase order, or post it at once.

    A draft changes nothing about the order; several can wait at the same time.
    """

    requires = LIFECYCLE.needs("update")

    purchase_order_id: Annotated[UUID, PurchaseOrder, "What was delivered; an approved order."]
    received_on: Annotated[date | None, "When it arrived; today when left out."] = None
    delivery_note: Annotated[str | None, "The supplier's own number of the delivery."] = None
    notes: Annotated[str | None, "For your own people to read."] = None
    lines: Annotated[Sequence[NewGoodsReceiptLine], "What was delivered, line by line."]
    post: Annotated[bool, "Whether to post it at once: it is no draft then."] = False

    async def execute(self, uow: UnitOfWork) -> GoodsReceipt:
        order = await uow.records(PurchaseOrder).get(
            self.purchase_order_id, parts=DELIVERED, path=("purchase_order_id",)
        )
        day = today(await uow.organization(), uow)
        receipt = GoodsReceipt.create(
            order,
            self.lines,
            uow.caller,
            uow.now,
            today=day,
            received_on=self.received_on or day,
            delivery_note=self.delivery_note,
            notes=self.notes,
        )
        uow.records(GoodsReceipt).add(receipt)
        if self.post:
            await post(Delivery(receipt, order), uow)
        return receipt


@dataclass(frozen=True, kw_only=True)
class UpdateGoodsReceipt(UseCase[GoodsReceipt]):
    """Change a draft. What is left out stays; lines replace those there are."""

    requires = LIFECYCLE.needs("update")

    id: ReceiptId
    expected_version: ExpectedVersion = None
    received_on: Annotated[Maybe[date], "When it arrived."] = UNSET
    delivery_note: Annotated[Maybe[str | None], "The supplier's own number of it."] = UNSET
    notes: Annotated[Maybe[str | None], "For your own people to read."] = UNSET
    lines: Annotated[
        Maybe[Sequence[NewGoodsReceiptLine]], "What was delivered; replaces the lines there are."
    ] = UNSET

    async def execute(self, uow: UnitOfWork) -> GoodsReceipt:
        receipt, order = await locked(self.id, uow, expected=self.expected_version)
        names = ("received_on", "delivery_note", "notes")
        values = given({name: getattr(self, name) for name in names})
        raise_first(checks.emptied(values, ["received_on"]))
        lines = () if self.lines is None else self.lines  # null is none, which is refused
        day = today(await uow.organization(), uow)
        receipt.update(values, lines, order, uow.caller, uow.now, today=day)
        return receipt


@dataclass(frozen=True, kw_only=True)
class DeleteGoodsReceipt(UseCase[GoodsReceipt]):
    """Delete a draft for good; only its audit trail stays. What was posted is reversed instead."""

    requires = LIFECYCLE.needs("delete")

    id: ReceiptId
    expected_version: ExpectedVersion = None

    async def execute(self, uow: UnitOfWork) -> GoodsReceipt:
        receipt, order = await locked(self.id, uow, expected=self.expected_version)
        receipt.delete(order, uow.caller, uow.now)
        await uow.records(GoodsReceipt).remove(receipt)
        return receipt
