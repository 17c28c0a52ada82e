"""The lines of a quotation."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Annotated, Any, ClassVar
from uuid import UUID

from domain.kit import checks
from domain.kit.errors import RuleBroken
from domain.kit.ids import new_id
from domain.kit.money import minor_units, rounded
from domain.service_definitions import ServiceDefinition

MOST_LINES = 100
MOST_ORDERS = 100  # that one quotation becomes


@dataclass(frozen=True, kw_only=True)
class NewQuotationLine:
    """Something that is offered at a price."""

    description: Annotated[str, "What is offered, as the customer should read it."]
    service_definition_id: Annotated[
        UUID | None,
        ServiceDefinition,
        "The service that is ordered when the quotation is converted, as often as `quantity` says;"
        " a line without one is invoiced then.",
    ] = None
    quantity: Annotated[Decimal, "How much; more than 0, and whole for a line with a service."]
    unit_price: Annotated[Decimal, "Price of one unit without tax, in the quotation's currency."]
    vat_rate: Annotated[Decimal | None, "Percent; the organization's rate when left out."] = None


@dataclass(kw_only=True, eq=False)
class QuotationLine:
    """A part of the quotation; a line with a service becomes so many orders of it.

    `net`, `vat_amount` and `total` are rounded half up, each line for itself.
    """

    kind: ClassVar[str] = "quotation_line"
    prefix: ClassVar[str] = "qol"

    id: UUID = field(default_factory=new_id)
    quotation_id: UUID | None = None
    position: int
    description: str
    service_definition_id: UUID | None = None
    quantity: Decimal
    unit_price: Decimal
    vat_rate: Decimal
    net: Decimal = Decimal(0)
    vat_amount: Decimal = Decimal(0)
    total: Decimal = Decimal(0)
    shrkity_id: int | None = None

    @property
    def orders(self) -> int:
        """How many orders it becomes."""
        return 0 if self.service_definition_id is None else int(self.quantity)

    def price(self, currency: str) -> None:
        self.net = rounded(self.quantity * self.unit_price, currency)
        self.vat_amount = rounded(self.net * self.vat_rate / 100, currency)
        self.total = self.net + self.vat_amount

    def problems(self, currency: str) -> list[RuleBroken]:
        """An order is of one unit, at a price that can be invoiced."""
        found = checks.found(
            checks.text(self.description, ("description",), most=1000, required=True),
            checks.number(self.quantity, ("quantity",), above=True),
            checks.number(self.unit_price, ("unit_price",)),
            checks.number(self.vat_rate, ("vat_rate",), most=Decimal(100)),
        )
        if found or self.service_definition_id is None:
            return found
        if self.quantity != int(self.quantity):
            found.append(RuleBroken("this must be a whole number", path=("quantity",)))
        if self.unit_price != rounded(self.unit_price, currency):
            scale = minor_units(currency)
            found.append(
                RuleBroken("this has more than {scale} decimals", path=("unit_price",), scale=scale)
            )
        return found

    def said(self) -> dict[str, Any]:
        """As the audit trail tells it."""
        told = ("description", "quantity", "unit_price", "vat_rate")
        service = self.service_definition_id
        return {
            **{name: getattr(self, name) for name in told},
            "service_definition_id": str(service) if service else None,
        }


def made(given: Sequence[NewQuotationLine], *, vat_rate: Decimal) -> list[QuotationLine]:
    """The lines that are given, not priced yet; `vat_rate` is the usual one."""
    return [
        QuotationLine(
            position=position,
            **(vars(line) | {"vat_rate": vat_rate if line.vat_rate is None else line.vat_rate}),
        )
        for position, line in enumerate(given, start=1)
    ]


def problems_of(lines: Sequence[QuotationLine], currency: str) -> list[RuleBroken]:
    """What is wrong with them, each by its place."""
    if len(lines) > MOST_LINES:
        return [RuleBroken("at most {most} are possible", path=("lines",), most=MOST_LINES)]
    broken: list[RuleBroken] = []
    for n, line in enumerate(lines):
        broken += checks.below(("lines", n), line.problems(currency))
    if not broken and sum(line.orders for line in lines) > MOST_ORDERS:
        broken.append(
            RuleBroken(
                "a quotation becomes at most {most} orders", path=("lines",), most=MOST_ORDERS
            )
        )
    return broken
