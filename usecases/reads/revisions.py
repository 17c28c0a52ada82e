"""Revisions of purchase orders: what an order said, and when."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple, Protocol
from uuid import UUID

from domain.kit.money import Money
from domain.purchase_orders.revisions import RevisionContent, RevisionLine


class RevisionLineRow(NamedTuple):
    """A line with the currency of its order."""

    line: RevisionLine
    currency: str

    @property
    def id(self) -> UUID:
        return self.line.id

    @property
    def position(self) -> int:
        return self.line.position

    @property
    def description(self) -> str:
        return self.line.description

    @property
    def quantity(self) -> Decimal:
        return self.line.quantity

    @property
    def unit(self) -> str | None:
        return self.line.unit

    @property
    def unit_price(self) -> Money:
        return Money.exactly(self.line.unit_price, self.currency)

    @property
    def vat_rate(self) -> Decimal:
        return self.line.vat_rate

    @property
    def net(self) -> Money:
        return Money.of(self.line.net, self.currency)

    @property
    def vat(self) -> Money:
        return Money.of(self.line.vat_amount, self.currency)

    @property
    def total(self) -> Money:
        return Money.of(self.line.total, self.currency)


class PurchaseOrderRevisionRow(NamedTuple):
    id: UUID
    order_id: UUID
    number: int
    at: datetime
    by_id: UUID
    reason: str | None
    content: RevisionContent
    changes: dict[str, Any]
    currency: str

    @property
    def notes(self) -> str | None:
        return self.content.notes

    @property
    def delivery_address(self) -> str | None:
        return self.content.delivery_address

    @property
    def expected_delivery_date(self) -> date | None:
        return self.content.expected_delivery_date

    @property
    def subtotal(self) -> Money:
        return Money.of(self.content.subtotal, self.currency)

    @property
    def vat(self) -> Money:
        return Money.of(self.content.vat_amount, self.currency)

    @property
    def total(self) -> Money:
        return Money.of(self.content.total, self.currency)

    @property
    def lines(self) -> list[RevisionLineRow]:
        return [RevisionLineRow(line, self.currency) for line in self.content.lines]


class PurchaseOrderRevisions(Protocol):
    async def by_order_ids(
        self, ids: Sequence[UUID]
    ) -> Mapping[UUID, Sequence[PurchaseOrderRevisionRow]]:
        """Every revision of each order, the oldest first."""

    async def as_of(
        self, ids: Sequence[UUID], *, revision: int | None = None, at: datetime | None = None
    ) -> Mapping[UUID, PurchaseOrderRevisionRow]:
        """The newest revision of each order that is not beyond either."""
