"""Sales invoices and their lines."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, NamedTuple, Protocol
from uuid import UUID

from domain.customers import Customer
from domain.kit.money import Money
from domain.sales_invoices import SalesInvoiceStatus
from usecases.reads.kit import Direction, Listing, Page, Whole


class SalesInvoiceRow(NamedTuple):
    """`overdue` is it where the organization is, now; `replaced`: another one bills the same."""

    id: UUID
    version: int
    number: str
    status: SalesInvoiceStatus
    overdue: bool
    replaced: bool
    customer_id: UUID | None
    order_id: UUID | None
    period_id: UUID | None
    subscription_id: UUID | None
    quotation_id: UUID | None
    currency: str
    issued_on: date
    due_on: date
    net_amount: Decimal
    vat_amount: Decimal
    total_amount: Decimal
    paid_on: date | None
    payment_reference: str | None
    voided_at: datetime | None
    void_reason: str | None
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


class SalesInvoiceLineRow(NamedTuple):
    id: UUID
    invoice_id: UUID
    position: int
    description: str
    description_ar: str | None
    quantity: Decimal
    unit_price_amount: Decimal
    vat_rate: Decimal
    net_amount: Decimal
    vat_amount: Decimal
    total_amount: Decimal
    currency: str

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


class InvoiceLanguage(StrEnum):
    """The language that an invoice is printed in."""

    EN = "en"
    AR = "ar"


class SalesInvoiceSort(StrEnum):
    """What lists of sales invoices can be sorted by."""

    CREATED_AT = "CREATED_AT"
    ISSUED_ON = "ISSUED_ON"
    DUE_ON = "DUE_ON"
    TOTAL = "TOTAL"


@dataclass(frozen=True, kw_only=True)
class SalesInvoiceFilter:
    """All that is given must hold."""

    status: Annotated[tuple[SalesInvoiceStatus, ...] | None, "One of these statuses."] = None
    overdue: Annotated[bool | None, "Whether it is owed and was due before today."] = None
    customer_id: Annotated[UUID | None, Customer, "Owed by this customer."] = None
    issued_from: Annotated[date | None, "Issued on this day or later."] = None
    issued_to: Annotated[date | None, "Issued on this day or earlier."] = None
    search: Annotated[str | None, "Part of the number."] = None


@dataclass(frozen=True, kw_only=True)
class SalesInvoiceOrder:
    """By what to sort, and which way. Ties are broken by creation."""

    field: Annotated[SalesInvoiceSort, "What to sort by."] = SalesInvoiceSort.CREATED_AT
    direction: Annotated[Direction, "Which way."] = Direction.DESC


class SalesInvoices(Protocol):
    async def by_ids(self, ids: Sequence[UUID]) -> Mapping[UUID, SalesInvoiceRow]: ...

    async def by_order_ids(self, ids: Sequence[UUID]) -> Mapping[UUID, Sequence[SalesInvoiceRow]]:
        """In the order in which they were issued; all but the last are void."""

    async def by_subscription_ids(
        self, ids: Sequence[UUID]
    ) -> Mapping[UUID, Sequence[SalesInvoiceRow]]:
        """In the order in which they were issued."""

    async def by_quotation_ids(
        self, ids: Sequence[UUID]
    ) -> Mapping[UUID, Sequence[SalesInvoiceRow]]:
        """In the order in which they were issued; all but the last are void."""

    async def all(
        self,
        whole: Sequence[Whole],
        *,
        filter: SalesInvoiceFilter = SalesInvoiceFilter(),
        order_by: SalesInvoiceOrder = SalesInvoiceOrder(),
        first: int = 50,
        after: str | None = None,
    ) -> Mapping[Whole, Page[SalesInvoiceRow]]: ...

    async def by_customer_ids(
        self,
        ids: Sequence[UUID],
        *,
        filter: SalesInvoiceFilter = SalesInvoiceFilter(),
        order_by: SalesInvoiceOrder = SalesInvoiceOrder(),
        first: int = 50,
        after: str | None = None,
    ) -> Mapping[UUID, Page[SalesInvoiceRow]]: ...

    async def numbered(
        self,
        filter: SalesInvoiceFilter,
        order_by: SalesInvoiceOrder,
        *,
        offset: int,
        limit: int,
    ) -> Sequence[SalesInvoiceRow]:
        """A page by its number, for lists that count pages."""

    async def counts(self, listings: Sequence[Listing]) -> Mapping[Listing, int]: ...


class SalesInvoiceLinks(Protocol):
    async def by_ids(
        self, ids: Sequence[UUID], *, language: InvoiceLanguage = InvoiceLanguage.EN
    ) -> Mapping[UUID, str]:
        """Paths at which they can be fetched as PDF for a while, without a credential."""


class SalesInvoiceLines(Protocol):
    async def by_invoice_ids(
        self, ids: Sequence[UUID]
    ) -> Mapping[UUID, Sequence[SalesInvoiceLineRow]]: ...
