"""Paying suppliers' invoices, in whole or in part."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Annotated

from domain.purchase_invoices import LIFECYCLE, PurchaseInvoice
from usecases.kit import ExpectedVersion, UseCase
from usecases.organizations import today
from usecases.ports import UnitOfWork
from usecases.purchase_invoices.matching import InvoiceId


@dataclass(frozen=True, kw_only=True)
class PayPurchaseInvoice(UseCase[PurchaseInvoice]):
    """Note that an approved invoice was paid, or a part of it; never more than is owed."""

    requires = LIFECYCLE.needs("pay")

    id: InvoiceId
    expected_version: ExpectedVersion = None
    amount: Annotated[Decimal, "How much, in the invoice's currency."]
    paid_on: Annotated[date | None, "The day it was paid; today when left out."] = None
    reference: Annotated[str | None, "What the bank or the cheque calls it."] = None

    async def execute(self, uow: UnitOfWork) -> PurchaseInvoice:
        invoice = await uow.records(PurchaseInvoice).get(
            self.id, expected=self.expected_version, parts=("payments", "approval_requests")
        )
        day = today(await uow.organization(), uow)
        invoice.pay(
            self.amount,
            self.paid_on or day,
            uow.caller,
            uow.now,
            today=day,
            reference=self.reference,
        )
        return invoice
