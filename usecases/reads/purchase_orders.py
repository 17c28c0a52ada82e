"""Purchase orders, their lines and attachments."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, NamedTuple, Protocol
from uuid import UUID

from domain.budgets import Budget
from domain.departments import Department
from domain.kit.money import Money
from domain.projects import Project
from domain.purchase_orders import BillingStatus, PurchaseOrderStatus, ReceiptStatus
from domain.purchase_orders.fulfilment import still_open
from domain.suppliers import Supplier
from domain.users import User
from usecases.reads.kit import Direction, Listing, Page, Whole


class PurchaseOrderRow(NamedTuple):
    id: UUID
    version: int
    number: str
    numbered: str  # the number, padded: it sorts by it
    status: PurchaseOrderStatus
    receipt_status: ReceiptStatus
    billing_status: BillingStatus
    posted_receipts: int
    open_invoices: int
    revision: int
    approved_revision: int | None
    budget_id: UUID | None
    supplier_id: UUID
    department_id: UUID
    project_id: UUID | None
    created_by_id: UUID
    currency: str
    base_currency: str
    exchange_rate: Decimal
    notes: str | None
    delivery_address: str | None
    expected_delivery_date: date | None
    subtotal_amount: Decimal
    vat_amount: Decimal
    total_amount: Decimal
    base_total_amount: Decimal
    line_count: int
    pending_approver_ids: list[UUID]
    submitted_at: datetime | None
    approved_at: datetime | None
    cloned_from_id: UUID | None
    waqti_id: int
    shoplazza_id: int
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


class PurchaseOrderLineRow(NamedTuple):
    id: UUID
    order_id: UUID
    position: int
    description: str
    quantity: Decimal
    unit: str | None
    unit_price_amount: Decimal
    vat_rate: Decimal
    net_amount: Decimal
    vat_amount: Decimal
    total_amount: Decimal
    accepted: Decimal
    rejected: Decimal
    invoiced: Decimal
    currency: str
    waqti_id: int

    @property
    def open(self) -> Decimal:
        return still_open(self.quantity, self.accepted)

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


class PurchaseOrderAttachmentRow(NamedTuple):
    id: UUID
    order_id: UUID
    position: int
    name: str
    url: str
    size: int | None
    waqti_id: int


class PurchaseOrderSort(StrEnum):
    """What lists of purchase orders can be sorted by."""

    CREATED_AT = "CREATED_AT"
    UPDATED_AT = "UPDATED_AT"
    NUMBER = "NUMBER"
    TOTAL = "TOTAL"


@dataclass(frozen=True, kw_only=True)
class PurchaseOrderFilter:
    """All that is given must hold."""

    status: Annotated[tuple[PurchaseOrderStatus, ...] | None, "One of these statuses."] = None
    supplier_id: Annotated[UUID | None, Supplier, "Ordered from this supplier."] = None
    department_id: Annotated[UUID | None, Department, "Ordered for this department."] = None
    project_id: Annotated[UUID | None, Project, "Ordered for this project."] = None
    budget_id: Annotated[UUID | None, Budget, "Drawing on this budget."] = None
    created_by_id: Annotated[UUID | None, User, "Created by this user."] = None
    created_from: Annotated[datetime | None, "Created at this moment or later."] = None
    created_before: Annotated[datetime | None, "Created before this moment."] = None
    min_total: Annotated[Decimal | None, "Total at least this, in the order's currency."] = None
    max_total: Annotated[Decimal | None, "Total at most this, in the order's currency."] = None
    awaiting_user_id: Annotated[UUID | None, User, "Waiting for this user's approval."] = None
    search: Annotated[
        str | None, "Words in the number, notes, delivery address or line descriptions."
    ] = None


@dataclass(frozen=True, kw_only=True)
class PurchaseOrderOrder:
    """By what to sort, and which way. Ties are broken by creation."""

    field: Annotated[PurchaseOrderSort, "What to sort by."] = PurchaseOrderSort.CREATED_AT
    direction: Annotated[Direction, "Which way."] = Direction.DESC


class PurchaseOrders(Protocol):
    async def by_ids(self, ids: Sequence[UUID]) -> Mapping[UUID, PurchaseOrderRow]: ...

    async def all(
        self,
        whole: Sequence[Whole],
        *,
        filter: PurchaseOrderFilter = PurchaseOrderFilter(),
        order_by: PurchaseOrderOrder = PurchaseOrderOrder(),
        first: int = 50,
        after: str | None = None,
    ) -> Mapping[Whole, Page[PurchaseOrderRow]]: ...

    async def by_supplier_ids(
        self,
        ids: Sequence[UUID],
        *,
        filter: PurchaseOrderFilter = PurchaseOrderFilter(),
        order_by: PurchaseOrderOrder = PurchaseOrderOrder(),
        first: int = 50,
        after: str | None = None,
    ) -> Mapping[UUID, Page[PurchaseOrderRow]]: ...

    async def by_department_ids(
        self,
        ids: Sequence[UUID],
        *,
        filter: PurchaseOrderFilter = PurchaseOrderFilter(),
        order_by: PurchaseOrderOrder = PurchaseOrderOrder(),
        first: int = 50,
        after: str | None = None,
    ) -> Mapping[UUID, Page[PurchaseOrderRow]]: ...

    async def by_project_ids(
        self,
        ids: Sequence[UUID],
        *,
        filter: PurchaseOrderFilter = PurchaseOrderFilter(),
        order_by: PurchaseOrderOrder = PurchaseOrderOrder(),
        first: int = 50,
        after: str | None = None,
    ) -> Mapping[UUID, Page[PurchaseOrderRow]]: ...

    async def by_budget_ids(
        self,
        ids: Sequence[UUID],
        *,
        filter: PurchaseOrderFilter = PurchaseOrderFilter(),
        order_by: PurchaseOrderOrder = PurchaseOrderOrder(),
        first: int = 50,
        after: str | None = None,
    ) -> Mapping[UUID, Page[PurchaseOrderRow]]: ...

    async def awaiting_user_ids(
        self,
        ids: Sequence[UUID],
        *,
        first: int = 50,
        after: str | None = None,
    ) -> Mapping[UUID, Page[PurchaseOrderRow]]:
        """What waits for each user's approval, the longest waiting first."""

    async def numbered(
        self, filter: PurchaseOrderFilter, order_by: PurchaseOrderOrder, *, offset: int, limit: int
    ) -> Sequence[PurchaseOrderRow]:
        """A page by its number, for lists that count pages."""

    async def counts(self, listings: Sequence[Listing]) -> Mapping[Listing, int]: ...


class PurchaseOrderLines(Protocol):
    async def by_ids(self, ids: Sequence[UUID]) -> Mapping[UUID, PurchaseOrderLineRow]: ...

    async def by_order_ids(
        self, ids: Sequence[UUID]
    ) -> Mapping[UUID, Sequence[PurchaseOrderLineRow]]: ...


class PurchaseOrderAttachments(Protocol):
    async def by_order_ids(
        self, ids: Sequence[UUID]
    ) -> Mapping[UUID, Sequence[PurchaseOrderAttachmentRow]]: ...
