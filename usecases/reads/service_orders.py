"""Service orders, their steps and what they cost."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any, NamedTuple, Protocol
from uuid import UUID

from domain.customers import Customer
from domain.kit.money import Money
from domain.service_definitions import RequiredDocument, ServiceDefinition, SlaTarget, StepType
from domain.service_orders import (
    OrderStepStatus,
    PriceLineKind,
    Priority,
    ServiceOrderStatus,
    WaitingFor,
)
from domain.users import User
from domain.workers import Worker
from usecases.reads.kit import Direction, Listing, Page, Whole


class ServiceOrderPrice(NamedTuple):
    """What an order costs: the base and options, less the two deductions, and the tax on that."""

    base: Money
    options: Money
    discount: Money
    covered: Money
    net: Money
    vat_rate: Decimal
    vat: Money
    total: Money


class ServiceOrderRow(NamedTuple):
    """`overdue` as of now. The redemption is that of its coupon: reserved, or redeemed with it."""

    id: UUID
    version: int
    number: str
    numbered: str  # the number, padded: it sorts by it
    status: ServiceOrderStatus
    service_definition_id: UUID
    customer_id: UUID | None
    worker_id: UUID | None
    quotation_line_id: UUID | None
    quotation_id: UUID | None
    priority: Priority
    urgency: int  # the priority, as a number: it sorts by it
    assignee_id: UUID | None
    overdue: bool
    currency: str
    base_amount: Decimal
    options_amount: Decimal
    discount_amount: Decimal
    covered_amount: Decimal
    vat_rate: Decimal
    vat_amount: Decimal
    total_amount: Decimal
    redemption_id: UUID | None
    allocation_id: UUID | None
    calendar_id: UUID | None
    created_by_id: UUID
    started_at: datetime | None
    held_at: datetime | None
    hold_reason: str | None
    completed_at: datetime | None
    cancelled_at: datetime | None
    cancellation_reason: str | None
    metadata: dict[str, Any]
    shrkity_id: int
    created_at: datetime
    updated_at: datetime

    @property
    def coupon_applied(self) -> bool:
        return self.redemption_id is not None

    @property
    def price(self) -> ServiceOrderPrice:
        deducted = self.discount_amount + self.covered_amount
        return ServiceOrderPrice(
            base=Money.of(self.base_amount, self.currency),
            options=Money.of(self.options_amount, self.currency),
            discount=Money.of(self.discount_amount, self.currency),
            covered=Money.of(self.covered_amount, self.currency),
            net=Money.of(self.base_amount + self.options_amount - deducted, self.currency),
            vat_rate=self.vat_rate,
            vat=Money.of(self.vat_amount, self.currency),
            total=self.total,
        )

    @property
    def total(self) -> Money:
        return Money.of(self.total_amount, self.currency)


class ServiceOrderStepRow(NamedTuple):
    """`followed`: a step that depends on it has begun, or is done already."""

    id: UUID
    order_id: UUID
    order_status: ServiceOrderStatus
    position: int
    key: str
    name: str
    name_ar: str | None
    type: StepType
    status: OrderStepStatus
    followed: bool
    optional: bool
    depends_on: list[str]
    targets: list[SlaTarget]
    documents: list[RequiredDocument]
    assignee_id: UUID | None
    waiting_for: WaitingFor | None
    note: str | None
    started_at: datetime | None
    completed_at: datetime | None


class ServiceOrderPriceLineRow(NamedTuple):
    id: UUID
    order_id: UUID
    position: int
    kind: PriceLineKind
    key: str | None
    label: str
    label_ar: str | None
    line_amount: Decimal
    currency: str

    @property
    def amount(self) -> Money:
        return Money.of(self.line_amount, self.currency)


class ServiceOrderSort(StrEnum):
    """What lists of service orders can be sorted by."""

    CREATED_AT = "CREATED_AT"
    UPDATED_AT = "UPDATED_AT"
    NUMBER = "NUMBER"
    PRIORITY = "PRIORITY"
    TOTAL = "TOTAL"


@dataclass(frozen=True, kw_only=True)
class ServiceOrderFilter:
    """All that is given must hold."""

    status: Annotated[tuple[ServiceOrderStatus, ...] | None, "One of these statuses."] = None
    customer_id: Annotated[UUID | None, Customer, "For this company or client."] = None
    worker_id: Annotated[UUID | None, Worker, "For this worker."] = None
    service_definition_id: Annotated[UUID | None, ServiceDefinition, "Of this service."] = None
    priority: Annotated[tuple[Priority, ...] | None, "With one of these priorities."] = None
    assignee_id: Annotated[UUID | None, User, "Assigned to this user."] = None
    overdue: Annotated[
        bool | None, "Whether the time for it, or for one of its steps, has run out."
    ] = None
    created_from: Annotated[datetime | None, "Placed at this moment or later."] = None
    created_before: Annotated[datetime | None, "Placed before this moment."] = None
    search: Annotated[
        str | None,
        "Part of its number, or of what its service, customer or worker are found by.",
    ] = None


@dataclass(frozen=True, kw_only=True)
class ServiceOrderOrder:
    """By what to sort, and which way. Ties are broken by creation."""

    field: Annotated[ServiceOrderSort, "What to sort by."] = ServiceOrderSort.CREATED_AT
    direction: Annotated[Direction, "Which way."] = Direction.DESC


class ServiceOrders(Protocol):
    async def by_ids(self, ids: Sequence[UUID]) -> Mapping[UUID, ServiceOrderRow]: ...

    async def by_quotation_ids(
        self, ids: Sequence[UUID]
    ) -> Mapping[UUID, Sequence[ServiceOrderRow]]:
        """What came of each quotation, line by line."""

    async def all(
        self,
        whole: Sequence[Whole],
        *,
        filter: ServiceOrderFilter = ServiceOrderFilter(),
        order_by: ServiceOrderOrder = ServiceOrderOrder(),
        first: int = 50,
        after: str | None = None,
    ) -> Mapping[Whole, Page[ServiceOrderRow]]: ...

    async def by_customer_ids(
        self,
        ids: Sequence[UUID],
        *,
        filter: ServiceOrderFilter = ServiceOrderFilter(),
        order_by: ServiceOrderOrder = ServiceOrderOrder(),
        first: int = 50,
        after: str | None = None,
    ) -> Mapping[UUID, Page[ServiceOrderRow]]: ...

    async def by_worker_ids(
        self,
        ids: Sequence[UUID],
        *,
        filter: ServiceOrderFilter = ServiceOrderFilter(),
        order_by: ServiceOrderOrder = ServiceOrderOrder(),
        first: int = 50,
        after: str | None = None,
    ) -> Mapping[UUID, Page[ServiceOrderRow]]: ...

    async def by_service_definition_ids(
        self,
        ids: Sequence[UUID],
        *,
        filter: ServiceOrderFilter = ServiceOrderFilter(),
        order_by: ServiceOrderOrder = ServiceOrderOrder(),
        first: int = 50,
        after: str | None = None,
    ) -> Mapping[UUID, Page[ServiceOrderRow]]: ...

    async def by_assignee_ids(
        self,
        ids: Sequence[UUID],
        *,
        filter: ServiceOrderFilter = ServiceOrderFilter(),
        order_by: ServiceOrderOrder = ServiceOrderOrder(),
        first: int = 50,
        after: str | None = None,
    ) -> Mapping[UUID, Page[ServiceOrderRow]]: ...

    async def numbered(
        self, filter: ServiceOrderFilter, order_by: ServiceOrderOrder, *, offset: int, limit: int
    ) -> Sequence[ServiceOrderRow]:
        """A page by its number, for lists that count pages."""

    async def counts(self, listings: Sequence[Listing]) -> Mapping[Listing, int]: ...


class ServiceOrderSteps(Protocol):
    async def by_ids(self, ids: Sequence[UUID]) -> Mapping[UUID, ServiceOrderStepRow]: ...

    async def by_order_ids(
        self, ids: Sequence[UUID]
    ) -> Mapping[UUID, Sequence[ServiceOrderStepRow]]: ...


class ServiceOrderPriceLines(Protocol):
    async def by_order_ids(
        self, ids: Sequence[UUID]
    ) -> Mapping[UUID, Sequence[ServiceOrderPriceLineRow]]: ...
