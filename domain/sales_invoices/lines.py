"""The lines of a sales invoice."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import ClassVar, NamedTuple
from uuid import UUID

from domain.kit.ids import new_id
from domain.kit.money import apportioned


class Charge(NamedTuple):
    """Something to bill, as finely as it is priced; less than nothing for what is taken off."""

    description: str
    description_ar: str | None
    amount: Decimal


@dataclass(kw_only=True, eq=False)
class SalesInvoiceLine:
    """A part of the invoice; discounts are lines with a negative price."""

    kind: ClassVar[str] = "sales_invoice_line"
    prefix: ClassVar[str] = "sil"

    id: UUID = field(default_factory=new_id)
    invoice_id: UUID | None = None
    position: int
    description: str
    description_ar: str | None = None
    quantity: Decimal
    unit_price: Decimal
    vat_rate: Decimal
    net: Decimal
    vat_amount: Decimal
    total: Decimal

    def again(self) -> "SalesInvoiceLine":
        """The same line of another invoice."""
        kept = {name: value for name, value in vars(self).items() if not name.startswith("_")}
        return SalesInvoiceLine(**(kept | {"id": new_id(), "invoice_id": None}))


def lines_of(
    charges: Iterable[Charge], *, vat_rate: Decimal, net: Decimal, vat: Decimal, currency: str
) -> list[SalesInvoiceLine]:
    """A line for each charge.

    `net` and `vat` are what the document comes to: the charges and the tax on them, each added up
    first and rounded then. The lines are rounded so that they add up to exactly that, which lines
    that are rounded one by one need not.
    """
    charged = [*charges]
    nets = apportioned(net, [charge.amount for charge in charged], currency)
    taxes = apportioned(vat, [charge.amount * vat_rate / 100 for charge in charged], currency)
    return [
        SalesInvoiceLine(
            position=position,
            description=charge.description,
            description_ar=charge.description_ar,
            quantity=Decimal(1),
            unit_price=net,
            vat_rate=vat_rate,
            net=net,
            vat_amount=tax,
            total=net + tax,
        )
        for position, (charge, net, tax) in enumerate(
            zip(charged, nets, taxes, strict=True), start=1
        )
    ]
