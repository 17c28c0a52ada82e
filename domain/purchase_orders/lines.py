"""Lines of a purchase order, and what they come to."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from domain.kit import checks
from domain.kit.errors import NotFound, Path, RuleBroken
from domain.kit.given import UNSET, Maybe, given
from domain.kit.ids import new_id
from domain.kit.money import rounded

MOST_LINES = 1000


@dataclass(frozen=True, kw_only=True)
class NewPurchaseOrderLine:
    """A line to be added to an order."""

    description: Annotated[str, "What is ordered, as the supplier should read it."]
    quantity: Annotated[Decimal, "How much; more than 0, up to six decimals."]
    unit: Annotated[str | None, "What the quantity counts: piece, ream, hour."] = None
    unit_price: Annotated[Decimal, "Price of one unit without tax, in the order's currency."]
    vat_rate: Annotated[Decimal | None, "Percent; the organization's rate when left out."] = None


@dataclass(kw_only=True, eq=False)
class PurchaseOrderLine:
    """`net`, `vat_amount` and `total` are rounded half up, each line for itself (W-33).

    `accepted`, `rejected` and `invoiced` are quantities; `reserved`, `committed` and `spent` are
    what the line holds of its budget, in base currency.
    """

    kind = "purchase_order_line"
    prefix = "pol"

    id: UUID = field(default_factory=new_id)
    position: int
    description: str
    quantity: Decimal
    unit: str | None = None
    unit_price: Decimal
    vat_rate: Decimal
    net: Decimal = Decimal(0)
    vat_amount: Decimal = Decimal(0)
    total: Decimal = Decimal(0)
    accepted: Decimal = Decimal(0)
    rejected: Decimal = Decimal(0)
    invoiced: Decimal = Decimal(0)
    reserved: Decimal = Decimal(0)
    committed: Decimal = Decimal(0)
    spent: Decimal = Decimal(0)
    waqti_id: int | None = None

    def price(self, currency: str) -> None:
        self.net = rounded(self.quantity * self.unit_price, currency)
        self.vat_amount = rounded(self.net * self.vat_rate / 100, currency)
        self.total = self.net + self.vat_amount

    def problems(self) -> list[RuleBroken]:
        return checks.found(
            checks.text(self.description, ("description",), most=1000, required=True),
            checks.text(self.unit, ("unit",), most=50),
            checks.number(self.quantity, ("quantity",), above=True),
            checks.number(self.unit_price, ("unit_price",)),
            checks.number(self.vat_rate, ("vat_rate",), most=Decimal(100)),
        )


@dataclass(frozen=True, kw_only=True)
class PurchaseOrderLineChange:
    """A line to be changed (with `id`: only what is given) or added (without)."""

    id: Annotated[
        UUID | None, PurchaseOrderLine, "The line to change; a new line when left out."
    ] = None
    description: Annotated[Maybe[str], "What is ordered; needed for a new line."] = UNSET
    quantity: Annotated[Maybe[Decimal], "How much; needed for a new line."] = UNSET
    unit: Annotated[Maybe[str | None], "What the quantity counts."] = UNSET
    unit_price: Annotated[Maybe[Decimal], "Price of one unit; needed for a new line."] = UNSET
    vat_rate: Annotated[Maybe[Decimal | None], "Percent; null is the usual rate."] = UNSET

    def values(self) -> dict[str, Any]:
        return given({name: value for name, value in vars(self).items() if name != "id"})

    def missing(self, path: Path) -> list[RuleBroken]:
        """What a new line cannot do without, and no line can lose."""
        needed = ("description", "quantity", "unit_price")
        nothing = (UNSET, None) if self.id is None else (None,)
        return [
            RuleBroken("this must not be empty", path=(*path, name))
            for name in needed
            if getattr(self, name) in nothing
        ]

    def said(self) -> dict[str, Any]:
        """As the audit trail tells it."""
        return {"id": str(self.id) if self.id else None, **self.values()}


def line_with(
    lines: Sequence[PurchaseOrderLine], id: UUID | None, path: Path = ("id",)
) -> PurchaseOrderLine:
    found = next((line for line in lines if line.id == id), None)
    if found is None:
        raise NotFound("this order has no such line", path=path)
    return found


def misfits(
    lines: Sequence[PurchaseOrderLine], changes: Sequence[PurchaseOrderLineChange]
) -> list[RuleBroken]:
    """What keeps the changes from being put to these lines."""
    ids = {line.id for line in lines}
    broken: list[RuleBroken] = []
    for n, change in enumerate(changes):
        if change.id is not None and change.id not in ids:
            broken.append(RuleBroken("this order has no such line", path=("lines", n, "id")))
        broken += change.missing(("lines", n))
    return broken


def put(
    lines: list[PurchaseOrderLine], change: PurchaseOrderLineChange, usual_rate: Decimal
) -> PurchaseOrderLine:
    """Change the line that is named, or add one after the last."""
    values = change.values()
    if values.get("vat_rate", UNSET if change.id else None) is None:
        values["vat_rate"] = usual_rate
    if change.id is None:
        lines.append(PurchaseOrderLine(position=len(lines) + 1, **values))
        return lines[-1]
    line = line_with(lines, change.id)
    for name, value in values.items():
        setattr(line, name, value)
    return line
