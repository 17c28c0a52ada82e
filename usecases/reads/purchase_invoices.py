"""Suppliers' invoices, their lines, attachments and payments."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, NamedTuple, Protocol
from uuid import UUID

from domain.kit.money import Money
from domain.purchase_invoices import (
    MatchFinding,
    MatchStatus,
    PaymentStatus,
    PurchaseInvoiceStatus,
)
from domain.purchase_orders import PurchaseOrder, PurchaseOrderStatus
from domain.suppliers import Supplier
from domain.users import User
from usecases.reads.kit import Direction, Listing, Page, Whole


class PurchaseInvoiceRow(NamedTuple):
    """`payment_status` is OVERDUE when it is in the organization's time zone, now."""

    id: UUID
    version: int
    number: str
    numbered: str  # the number, padded: it sorts by it
    vendor_invoice_number: str
    status: PurchaseInvoiceStatus
    payment_status: PaymentStatus
    match_status: MatchStatus
    needs_attention: bool
    supplier_id: UUID
    purchase_order_id: UUID | None
    order_status: PurchaseOrderStatus | None
    department_id: UUID | None
    project_id: UUID | None
    created_by_id: UUID
    invoice_date: date
    due_date: date
    currency: str
    base_currency: str
    exchange_rate: Decimal
    notes: str | None
    subtotal_amount: Decimal
    vat_amount: Decimal
    total_amount: Decimal
    base_total_amount: Decimal
    paid_amount: Decimal
    overridden_by_id: UUID | None
    overridden_at: datetime | None
    override_reason: str | None
    creator_may_approve: bool
    pending_approver_ids: list[UUID]
    submitted_at: datetime | None
    approved_at: datetime | None
    waqti_id: int
    created_at: datetime
    updated_at: datetime

    @property
    def subtotal(self) -> Money:
        return Money.of(self.subtotal_amount, self.currency)

    @property
    def vat(self) -> Money:
        return Money.of(self.vat_amount, self.currency)

    @property
    def total(self) -> Money:
        return Money.of(self.total_amount, self.currency)

    @property
    def base_total(self) -> Money:
        return Money.of(self.base_total_amount, self.base_currency)

    @property
    def paid(self) -> Money:
        return Money.of(self.paid_amount, self.currency)

    @property
    def owed(self) -> Money:
        return Money.of(self.total_amount - self.paid_amount, self.currency)


class PurchaseInvoiceLineRow(NamedTuple):
    id: UUID
    invoice_id: UUID
    position: int
    description: str
    quantity: Decimal
    unit_price_amount: Decimal
    vat_rate: Decimal
    order_line_id: UUID | None
    net_amount: Decimal
    vat_amount: Decimal
    total_amount: Decimal
    match_status: MatchStatus
    findings: list[MatchFinding]
    currency: str
    waqti_id: int

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


class PurchaseInvoiceAttachmentRow(NamedTuple):
    id: UUID
    invoice_id: UUID
    position: int
    name: str
    url: str
    waqti_id: int


class PurchaseInvoicePaymentRow(NamedTuple):
    id: UUID
    invoice_id: UUID
    position: int
    paid_amount: Decimal
    paid_on: date
    reference: str | None
    paid_by_id: UUID
    recorded_at: datetime
    currency: str

    @property
    def amount(self) -> Money:
        return Money.of(self.paid_amount, self.currency)


class PurchaseInvoiceSort(StrEnum):
    """What lists of suppliers' invoices can be sorted by."""

    CREATED_AT = "CREATED_AT"
    UPDATED_AT = "UPDATED_AT"
    NUMBER = "NUMBER"
    INVOICE_DATE = "INVOICE_DATE"
    DUE_DATE = "DUE_DATE"
    TOTAL = "TOTAL"


@dataclass(frozen=True, kw_only=True)
class PurchaseInvoiceFilter:
    """All that is given must hold."""

    status: Annotated[tuple[PurchaseInvoiceStatus, ...] | None, "One of these statuses."] = None
    payment_status: Annotated[
        tuple[PaymentStatus, ...] | None, "Paid like one of these; OVERDUE is not UNPAID as well."
    ] = None
    match_status: Annotated[tuple[MatchStatus, ...] | None, "Matched like one of these."] = None
    needs_attention: Annotated[
        bool | None,
        "Whether it waits for approval and does not match, and nobody has overridden that.",
    ] = None
    supplier_id: Annotated[UUID | None, Supplier, "Sent by this supplier."] = None
    purchase_order_id: Annotated[UUID | None, PurchaseOrder, "Billing this order."] = None
    invoiced_from: Annotated[date | None, "Dated this day or later."] = None
    invoiced_to: Annotated[date | None, "Dated this day or earlier."] = None
    awaiting_user_id: Annotated[UUID | None, User, "Waiting for this user, by its route."] = None
    search: Annotated[str | None, "Part of your number for it, or of the supplier's."] = None


@dataclass(frozen=True, kw_only=True)
class PurchaseInvoiceOrder:
    """By what to sort, and which way. Ties are broken by creation."""

    field: Annotated[PurchaseInvoiceSort, "What to sort by."] = PurchaseInvoiceSort.CREATED_AT
    direction: Annotated[Direction, "Which way."] = Direction.DESC


class PurchaseInvoices(Protocol):
    async def by_ids(self, ids: Sequence[UUID]) -> Mapping[UUID, PurchaseInvoiceRow]: ...

    async def by_order_ids(
        self, ids: Sequence[UUID]
    ) -> Mapping[UUID, Sequence[PurchaseInvoiceRow]]:
        """In the order in which they came in."""

    async def by_statuses(
        self, statuses: Sequence[PurchaseInvoiceStatus]
    ) -> Mapping[PurchaseInvoiceStatus, Sequence[PurchaseInvoiceRow]]:
        """In the order in which they came in."""

    async def all(
        self,
        whole: Sequence[Whole],
        *,
        filter: PurchaseInvoiceFilter = PurchaseInvoiceFilter(),
        order_by: PurchaseInvoiceOrder = PurchaseInvoiceOrder(),
        first: int = 50,
        after: str | None = None,
    ) -> Mapping[Whole, Page[PurchaseInvoiceRow]]: ...

    async def by_supplier_ids(
        self,
        ids: Sequence[UUID],
        *,
        filter: PurchaseInvoiceFilter = PurchaseInvoiceFilter(),
        order_by: PurchaseInvoiceOrder = PurchaseInvoiceOrder(),
        first: int = 50,
        after: str | None = None,
    ) -> Mapping[UUID, Page[PurchaseInvoiceRow]]: ...

    async def numbered(
        self,
        filter: PurchaseInvoiceFilter,
        order_by: PurchaseInvoiceOrder,
        *,
        offset: int,
        limit: int,
    ) -> Sequence[PurchaseInvoiceRow]:
        """A page by its number, for lists that count pages."""

    async def counts(self, listings: Sequence[Listing]) -> Mapping[Listing, int]: ...


class PurchaseInvoiceLines(Protocol):
    async def by_ids(self, ids: Sequence[UUID]) -> Mapping[UUID, PurchaseInvoiceLineRow]: ...

    async def by_invoice_ids(
        self, ids: Sequence[UUID]
    ) -> Mapping[UUID, Sequence[PurchaseInvoiceLineRow]]: ...


class PurchaseInvoiceAttachments(Protocol):
    async def by_invoice_ids(
        self, ids: Sequence[UUID]
    ) -> Mapping[UUID, Sequence[PurchaseInvoiceAttachmentRow]]: ...


class PurchaseInvoicePayments(Protocol):
    async def by_invoice_ids(
        self, ids: Sequence[UUID]
    ) -> Mapping[UUID, Sequence[PurchaseInvoicePaymentRow]]: ...
