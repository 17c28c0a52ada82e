"""Moving goods receipts along their lifecycle: posted, reversed."""

from dataclasses import dataclass
from typing import Annotated

from domain.goods_receipts import LIFECYCLE, GoodsReceipt
from usecases.goods_receipts.drafting import ReceiptId
from usecases.goods_receipts.posting import locked, post, reverse
from usecases.kit import ExpectedVersion, UseCase
from usecases.ports import UnitOfWork


@dataclass(frozen=True, kw_only=True)
class PostGoodsReceipt(UseCase[GoodsReceipt]):
    """Make a draft count: its quantities are put down to the order, and it gets its number.

    Refused when more was delivered than is still open, the organization's tolerance included.
    """

    requires = LIFECYCLE.needs("post")

    id: ReceiptId
    expected_version: ExpectedVersion = None

    async def execute(self, uow: UnitOfWork) -> GoodsReceipt:
        delivery = await locked(self.id, uow, expected=self.expected_version)
        await post(delivery, uow)
        return delivery.receipt


@dataclass(frozen=True, kw_only=True)
class ReverseGoodsReceipt(UseCase[GoodsReceipt]):
    """Undo what was posted: the order no longer has it. A new receipt can follow.

    Possible while the order is approved, and approved invoices do not bill what it brought.
    """

    requires = LIFECYCLE.needs("reverse")

    id: ReceiptId
    expected_version: ExpectedVersion = None
    reason: Annotated[str, "Why."]

    async def execute(self, uow: UnitOfWork) -> GoodsReceipt:
        delivery = await locked(self.id, uow, expected=self.expected_version)
        await reverse(delivery, self.reason, uow)
        return delivery.receipt
