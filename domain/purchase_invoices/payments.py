"""Payments of a supplier's invoice, in whole or in part."""

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from domain.kit import checks
from domain.kit.errors import RuleBroken
from domain.kit.ids import new_id
from domain.kit.money import minor_units, rounded


@dataclass(kw_only=True, eq=False)
class PurchaseInvoicePayment:
    """`paid_on` is the day the money left; `reference` what the bank or the cheque calls it."""

    id: UUID = field(default_factory=new_id)
    position: int
    amount: Decimal
    paid_on: date
    reference: str | None = None
    paid_by_id: UUID
    recorded_at: datetime

    def problems(self, currency: str, owed: Decimal, today: date) -> list[RuleBroken]:
        """What keeps it from being made on an invoice of which this much is still owed."""
        wrong = checks.number(self.amount, ("amount",), above=True, most=owed)
        if wrong is None and self.amount != rounded(self.amount, currency):
            wrong = RuleBroken(
                "this has more than {scale} decimals", path=("amount",), scale=minor_units(currency)
            )
        return checks.found(
            wrong,
            checks.day(self.paid_on, ("paid_on",), today=today),
            checks.text(self.reference, ("reference",), most=200),
        )
