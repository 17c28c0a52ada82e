"""Lines of a supplier's invoice, what they come to, and how they agree with the order's."""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from domain.kit import checks
from domain.kit.errors import RuleBroken
from domain.kit.ids import new_id
from domain.kit.money import rounded
from domain.purchase_invoices.matching import MatchFinding, MatchStatus
from domain.purchase_orders import PurchaseOrderLine

MOST_LINES = 1000


@dataclass(frozen=True, kw_only=True)
class NewPurchaseInvoiceLine:
    """A line as the supplier invoices it."""

    description: Annotated[str, "What is invoiced."]
    quantity: Annotated[Decimal, "How much; more than 0, up to six decimals."]
    unit_price: Annotated[Decimal, "Price of one unit without tax, in the invoice's currency."]
    vat_rate: Annotated[
        Decimal | None, "Percent; when left out, as ordered, or the organization's rate."
    ] = None
    order_line_id: Annotated[
        UUID | None, PurchaseOrderLine, "The order's line that it bills, to be matched with it."
    ] = None


@dataclass(kw_only=True, eq=False)
class PurchaseInvoiceLine:
    """`net`, `vat_amount` and `total` are rounded half up, each line for itself (W-33)."""

    kind = "purchase_invoice_line"
    prefix = "pil"

    id: UUID = field(default_factory=new_id)
    position: int
    description: str
    quantity: Decimal
    unit_price: Decimal
    vat_rate: Decimal
    order_line_id: UUID | None = None
    net: Decimal = Decimal(0)
    vat_amount: Decimal = Decimal(0)
    total: Decimal = Decimal(0)
    match_status: MatchStatus = MatchStatus.MISMATCH
    findings: list[MatchFinding] = field(default_factory=list)
    waqti_id: int | None = None

    def price(self, currency: str) -> None:
        self.net = rounded(self.quantity * self.unit_price, currency)
        self.vat_amount = rounded(self.net * self.vat_rate / 100, currency)
        self.total = self.net + self.vat_amount

    def problems(self) -> list[RuleBroken]:
        return checks.found(
            checks.text(self.description, ("description",), most=1000, required=True),
            checks.number(self.quantity, ("quantity",), above=True),
            checks.number(self.unit_price, ("unit_price",)),
            checks.number(self.vat_rate, ("vat_rate",), most=Decimal(100)),
        )

    def said(self) -> dict[str, Any]:
        """As the audit trail tells it."""
        names = ("description", "quantity", "unit_price", "vat_rate")
        order_line = str(self.order_line_id) if self.order_line_id else None
        return {**{name: getattr(self, name) for name in names}, "order_line": order_line}
