"""Quotations and their lines."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any, NamedTuple, Protocol
from uuid import UUID

from domain.customers import Customer
from domain.kit.money import Money
from domain.quotations import QuotationStatus
from usecases.reads.kit import Direction, Listing, Page, Whole


class QuotationRow(NamedTuple):
    """`past`: its last day is over where the organization is."""

    id: UUID
    version: int
    number: str
    status: QuotationStatus
    past: bool
    line_count: int
    customer_id: UUID
    currency: str
    valid_until: date | None
    notes: str | None
    net_amount: Decimal
    vat_amount: Decimal
    total_amount: Decimal
    created_by_id: UUID
    sent_at: datetime | None
    decided_at: datetime | None
    converted_at: datetime | None
    reason: str | None
    metadata: dict[str, Any]
    shrkity_id: int
    created_at: datetime
    updated_at: datetime

    @property
    def subtotal(self) -> Money:
        return Money.of(self.net_amount, self.currency)

    @property
    def vat(self) -> Money:
        return Money.of(self.vat_amount, self.currency)

    @property
    def total(self) -> Money:
        return Money.of(self.total_amount, self.currency)


class QuotationLineRow(NamedTuple):
    id: UUID
    quotation_id: UUID
    position: int
    description: str
    service_definition_id: UUID | None
    quantity: Decimal
    unit_price_amount: Decimal
    vat_rate: Decimal
    net_amount: Decimal
    vat_amount: Decimal
    total_amount: Decimal
    currency: str
    shrkity_id: int

    @property
    def unit_price(self) -> Money:
        return Money.exactly(self.unit_price_amount, self.currency)

    @property
    def net(self) -> Money:
        return Money.of(self.net_amount, self.currency)

    @property
    def vat(self) -> Money:
        return Money.of(self.vat_amount, self.currency)

    @property
    def total(self) -> Money:
        return Money.of(self.total_amount, self.currency)


class QuotationSort(StrEnum):
    """What lists of quotations can be sorted by."""

    CREATED_AT = "CREATED_AT"
    UPDATED_AT = "UPDATED_AT"
    TOTAL = "TOTAL"


@dataclass(frozen=True, kw_only=True)
class QuotationFilter:
    """All that is given must hold."""

    status: Annotated[tuple[QuotationStatus, ...] | None, "One of these statuses."] = None
    customer_id: Annotated[UUID | None, Customer, "For this customer."] = None
    valid_until_from: Annotated[date | None, "Holding until this day or later."] = None
    valid_until_to: Annotated[date | None, "Holding until this day or earlier."] = None
    search: Annotated[str | None, "Part of the number or the notes."] = None


@dataclass(frozen=True, kw_only=True)
class QuotationOrder:
    """By what to sort, and which way. Ties are broken by creation."""

    field: Annotated[QuotationSort, "What to sort by."] = QuotationSort.CREATED_AT
    direction: Annotated[Direction, "Which way."] = Direction.DESC


class Quotations(Protocol):
    async def by_ids(self, ids: Sequence[UUID]) -> Mapping[UUID, QuotationRow]: ...

    async def all(
        self,
        whole: Sequence[Whole],
        *,
        filter: QuotationFilter = QuotationFilter(),
        order_by: QuotationOrder = QuotationOrder(),
        first: int = 50,
        after: str | None = None,
    ) -> Mapping[Whole, Page[QuotationRow]]: ...

    async def by_customer_ids(
        self,
        ids: Sequence[UUID],
        *,
        filter: QuotationFilter = QuotationFilter(),
        order_by: QuotationOrder = QuotationOrder(),
        first: int = 50,
        after: str | None = None,
    ) -> Mapping[UUID, Page[QuotationRow]]: ...

    async def numbered(
        self, filter: QuotationFilter, order_by: QuotationOrder, *, offset: int, limit: int
    ) -> Sequence[QuotationRow]:
        """A page by its number, for lists that count pages."""

    async def counts(self, listings: Sequence[Listing]) -> Mapping[Listing, int]: ...

    async def lapsed(
        self, whole: Sequence[Whole], at: datetime, most: int
    ) -> Mapping[Whole, Sequence[UUID]]:
        """Those that were sent and whose last day was over at this moment, the oldest first."""


class QuotationLines(Protocol):
    async def by_ids(self, ids: Sequence[UUID]) -> Mapping[UUID, QuotationLineRow]: ...

    async def by_quotation_ids(
        self, ids: Sequence[UUID]
    ) -> Mapping[UUID, Sequence[QuotationLineRow]]: ...
