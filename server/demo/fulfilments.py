"""What became of approved orders: delivered, sent back, invoiced, paid, in every state of that."""

from datetime import timedelta
from decimal import Decimal

from domain.goods_receipts import GoodsReceipt, NewGoodsReceiptLine
from domain.kit.money import rounded
from domain.purchase_invoices import NewPurchaseInvoiceLine, PurchaseInvoice
from domain.purchase_orders import PurchaseOrderLine
from server.demo.goods import REJECTED
from server.demo.orders import Story
from usecases.goods_receipts import CreateGoodsReceipt, PostGoodsReceipt, ReverseGoodsReceipt
from usecases.purchase_invoices import (
    ApprovePurchaseInvoice,
    CancelPurchaseInvoice,
    CreatePurchaseInvoice,
    OverridePurchaseInvoiceMatch,
    PayPurchaseInvoice,
    SubmitPurchaseInvoice,
)

ENTERS, APPROVES, PAYS = "second_buyer", "finance_manager", "cfo"


class Fulfilment(Story):
    """The order, and then what the supplier sends: goods first, an invoice later."""

    _receipt: GoodsReceipt
    _invoice: PurchaseInvoice

    # Goods

    async def delivery_noted(self) -> None:
        """Somebody has written down what came, and not posted it yet."""
        await self.approved()
        await self._receive(Decimal(1), post=False)

    async def partly_received(self) -> None:
        await self.approved()
        await self._receive(Decimal("0.5"))

    async def received(self) -> None:
        await self.approved()
        await self._receive(Decimal(1))

    async def received_in_two_parts(self) -> None:
        await self.partly_received()
        await self._receive(Decimal(1))

    async def partly_rejected(self) -> None:
        """Some of it goes back, and has not come again."""
        await self.approved()
        await self._receive(Decimal(1), rejected=Decimal("0.25"))

    async def rejected_and_replaced(self) -> None:
        await self.partly_rejected()
        await self._receive(Decimal(1))

    async def receipt_reversed(self) -> None:
        """Put down to the wrong order; the right goods come later."""
        await self.received()
        reason = "Booked to the wrong order."
        await self._act(ReverseGoodsReceipt(id=self._receipt.id, reason=reason))
        await self._receive(Decimal("0.5"))

    # Invoices

    async def invoiced_before_delivery(self) -> None:
        await self.approved()
        await self._enter()

    async def invoice_waiting(self) -> None:
        await self.received()
        await self._submit_invoice()

    async def invoice_mismatched(self) -> None:
        """Dearer than ordered: nobody can approve that as it is."""
        await self.received()
        await self._submit_invoice(dearer=Decimal("1.1"))

    async def invoice_cancelled(self) -> None:
        await self.received()
        await self._submit_invoice(dearer=Decimal(2))
        reason = "The supplier has withdrawn it."
        await self._act(
            CancelPurchaseInvoice(id=self._invoice.id, reason=reason), self._cast.users[ENTERS]
        )

    async def invoice_overridden(self) -> None:
        await self.received()
        await self._submit_invoice(dearer=Decimal("1.02"))
        reason = "Agreed with the supplier: freight has become dearer."
        approver = self._cast.users[APPROVES]
        await self._act(OverridePurchaseInvoiceMatch(id=self._invoice.id, reason=reason), approver)
        await self._approve_invoice()

    async def partly_invoiced(self) -> None:
        await self.received()
        await self._submit_invoice(share=Decimal("0.5"))
        await self._approve_invoice()

    async def owed(self) -> None:
        """Received and invoiced in full, so the order is completed; overdue after a while."""
        await self.received()
        await self._submit_invoice()
        await self._approve_invoice()

    async def partly_paid(self) -> None:
        await self.owed()
        await self._pay(Decimal("0.4"))

    async def paid(self) -> None:
        await self.owed()
        await self._pay(Decimal(1))

    async def replaced_and_paid(self) -> None:
        await self.rejected_and_replaced()
        await self._submit_invoice()
        await self._approve_invoice()
        await self._pay(Decimal(1))

    # What they are made of

    async def _receive(
        self, share: Decimal, *, rejected: Decimal = Decimal(0), post: bool = True
    ) -> None:
        """So much of what is still open of each line; a part of it is sent back."""
        lines = []
        for line in self._order.lines:
            came = _part(line.quantity - line.accepted, share)
            back = _part(came, rejected) if rejected else Decimal(0)
            if came:
                reason = self._random.choice(REJECTED) if back else None
                lines.append(
                    NewGoodsReceiptLine(
                        order_line_id=line.id,
                        accepted=came - back,
                        rejected=back,
                        rejection_reason=reason,
                    )
                )
        if not lines:  # single pieces cannot come in parts
            return
        note = f"DN-{self._random.randint(10_000, 99_999)}"
        create = CreateGoodsReceipt(
            purchase_order_id=self._order.id, delivery_note=note, lines=lines
        )
        self._receipt = await self._act(create)
        if post:
            await self._act(PostGoodsReceipt(id=self._receipt.id))

    async def _enter(self, *, share: Decimal = Decimal(1), dearer: Decimal = Decimal(1)) -> None:
        create = CreatePurchaseInvoice(
            vendor_invoice_number=f"{self._random.randint(1000, 9999)}/{self._order.number[-4:]}",
            purchase_order_id=self._order.id,
            invoice_date=(self._at + timedelta(minutes=20)).date(),
            lines=[_billed(line, share, dearer) for line in self._order.lines],
        )
        self._invoice = await self._act(create, self._cast.users[ENTERS])

    async def _submit_invoice(
        self, *, share: Decimal = Decimal(1), dearer: Decimal = Decimal(1)
    ) -> None:
        await self._enter(share=share, dearer=dearer)
        await self._act(SubmitPurchaseInvoice(id=self._invoice.id), self._cast.users[ENTERS])

    async def _approve_invoice(self) -> None:
        approve = ApprovePurchaseInvoice(id=self._invoice.id)
        await self._act(approve, self._cast.users[APPROVES])

    async def _pay(self, share: Decimal) -> None:
        amount = rounded(self._invoice.total * share, self._invoice.currency)
        pay = PayPurchaseInvoice(id=self._invoice.id, amount=amount, reference="Bank transfer")
        await self._act(pay, self._cast.users[PAYS])


def _part(quantity: Decimal, share: Decimal) -> Decimal:
    """Whole pieces, at least one of them; nothing of nothing."""
    return min(quantity, max((quantity * share).to_integral_value(), Decimal(1)))


def _billed(line: PurchaseOrderLine, share: Decimal, dearer: Decimal) -> NewPurchaseInvoiceLine:
    return NewPurchaseInvoiceLine(
        description=line.description,
        quantity=_part(line.quantity, share),
        unit_price=line.unit_price * dearer,
        vat_rate=line.vat_rate,
        order_line_id=line.id,
    )
