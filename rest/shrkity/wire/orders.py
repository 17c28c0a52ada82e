"""Orders as Shrkity clients send and see them: facts S-24 to S-34."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, NamedTuple
from uuid import UUID

from domain.service_definitions import SlaKind, StepType
from domain.service_orders import (
    OrderStepStatus,
    PriceLineKind,
    Priority,
    ServiceOrderStatus,
    WaitingFor,
)
from rest.kit.answers import one_of_these, plain
from rest.kit.inputs import ABSENT, Id, Input, one_of
from rest.shrkity.wire import words
from rest.shrkity.wire.coupons import DayOrMoment
from rest.shrkity.wire.extras import Extended, fields_of
from rest.shrkity.wire.inputs import Page, Searched
from usecases.reads.customers import CompanyRow, CustomerRow
from usecases.reads.service_definitions import ServiceDefinitionRow
from usecases.reads.service_orders import (
    ServiceOrderPriceLineRow,
    ServiceOrderRow,
    ServiceOrderStepRow,
)
from usecases.reads.sla_clocks import ClockTime, ClockTiming, SlaClockRow
from usecases.reads.users import UserRow
from usecases.reads.workers import WorkerRow

STATUSES = {status: status.lower() for status in ServiceOrderStatus}
PRIORITIES = {priority: priority.lower() for priority in Priority}
STEP_STATUSES = {status: status.lower() for status in OrderStepStatus}
STEP_TYPES = {kind: kind.lower() for kind in StepType}
WAITING_FOR = {whom: whom.lower() for whom in WaitingFor}

Status = Annotated[ServiceOrderStatus, one_of(words.inverse(STATUSES))]
Urgency = Annotated[Priority, one_of(words.inverse(PRIORITIES))]


class Orders(Page):
    """A day is one where the organization is, all of it."""

    status: Status | None = None
    company_id: Id | None = None
    service_definition_id: Id | None = None
    priority: Urgency | None = None
    search: Searched | None = None
    created_from: DayOrMoment | None = None
    created_to: DayOrMoment | None = None


class OrderUpdate(Input):
    """What is left out stays."""

    priority: Urgency = ABSENT


class Code(Input):
    code: str


class Parties(NamedTuple):
    """Everybody that some orders name, by id."""

    services: Mapping[UUID, ServiceDefinitionRow]
    customers: Mapping[UUID, CustomerRow]
    workers: Mapping[UUID, WorkerRow]
    users: Mapping[UUID, UserRow]


class Parts(NamedTuple):
    """What belongs to one order."""

    steps: Sequence[ServiceOrderStepRow]
    price_lines: Sequence[ServiceOrderPriceLineRow]
    clocks: Sequence[SlaClockRow]
    times: Mapping[ClockTiming, ClockTime]


@dataclass(slots=True)
class Named:
    id: int
    name: str


@dataclass(slots=True)
class Person:
    name: str
    email: str


@dataclass(slots=True)
class ListedOrder:
    id: int
    number: str
    status: Annotated[str, one_of_these(STATUSES.values())]
    priority: Annotated[str, one_of_these(PRIORITIES.values())]
    service_definition_id: int
    company_id: int | None
    company_employee_id: int | None
    service: Named
    company: Named | None
    client: Named | None
    company_employee: Named | None
    assignee: Person | None
    total: Decimal
    currency: str
    created_at: datetime
    updated_at: datetime
    started_at: datetime | None
    completed_at: datetime | None
    cancelled_at: datetime | None
    metadata: dict[str, Any]

    @staticmethod
    def values(row: ServiceOrderRow, parties: Parties) -> dict[str, Any]:
        service = parties.services[row.service_definition_id]
        customer = parties.customers[row.customer_id] if row.customer_id else None
        company = customer if isinstance(customer, CompanyRow) else None
        worker = parties.workers[row.worker_id] if row.worker_id else None
        return {
            "id": row.shrkity_id,
            "number": row.number,
            "status": STATUSES[row.status],
            "priority": PRIORITIES[row.priority],
            "service_definition_id": service.shrkity_id,
            "company_id": company.shrkity_id if company else None,
            "company_employee_id": worker.shrkity_id if worker else None,
            "service": Named(service.shrkity_id, service.name),
            "company": _named(company),
            "client": _named(None if company else customer),
            "company_employee": _named(worker),
            "assignee": _person(row.assignee_id, parties.users),
            "total": row.total.amount,
            "currency": row.currency,
            "created_at": row.created_at,
            "updated_at": row.updated_at,
            "started_at": row.started_at,
            "completed_at": row.completed_at,
            "cancelled_at": row.cancelled_at,
            "metadata": row.metadata,
        }

    @classmethod
    def listed(cls, row: ServiceOrderRow, parties: Parties) -> "ListedOrder":
        return cls(**cls.values(row, parties))


@dataclass(slots=True)
class Sla:
    """Fact S-30: how a step stands against the clock, in business time."""

    due_at: datetime | None
    paused: bool
    breached: bool
    remaining_seconds: int

    @classmethod
    def of(cls, clock: SlaClockRow, times: Mapping[ClockTiming, ClockTime]) -> "Sla":
        remaining = times[clock.timing].remaining_seconds
        return cls(clock.due_at, clock.paused, clock.breached, remaining)


@dataclass(slots=True)
class Step:
    """Fact S-30."""

    key: str
    name: str
    name_ar: str | None
    type: Annotated[str, one_of_these(STEP_TYPES.values())]
    status: Annotated[str, one_of_these(STEP_STATUSES.values())]
    position: int
    optional: bool
    depends_on: list[str]
    assignee: Person | None
    waiting_for: Annotated[str, one_of_these(WAITING_FOR.values())] | None
    sla: Sla | None
    started_at: datetime | None
    completed_at: datetime | None

    @classmethod
    def of(cls, row: ServiceOrderStepRow, parties: Parties, parts: Parts) -> "Step":
        clock = _clock(row, parts.clocks)
        return cls(
            key=row.key,
            name=row.name,
            name_ar=row.name_ar,
            type=STEP_TYPES[row.type],
            status=STEP_STATUSES[row.status],
            position=row.position,
            optional=row.optional,
            depends_on=row.depends_on,
            assignee=_person(row.assignee_id, parties.users),
            waiting_for=WAITING_FOR[row.waiting_for] if row.waiting_for else None,
            sla=Sla.of(clock, parts.times) if clock else None,
            started_at=row.started_at,
            completed_at=row.completed_at,
        )


@dataclass(slots=True)
class Option:
    key: str | None
    label: str
    label_ar: str | None
    amount: Decimal


@dataclass(slots=True)
class PriceBreakdown:
    """Fact S-28: amounts without tax, but for the last two; `coupon` is its code."""

    base: Decimal
    options: list[Option]
    discount: Decimal
    coupon: str | None
    covered_by_subscription: Decimal
    vat_rate: Decimal
    vat: Decimal
    total: Decimal
    currency: str

    @classmethod
    def of(
        cls, row: ServiceOrderRow, lines: Sequence[ServiceOrderPriceLineRow]
    ) -> "PriceBreakdown":
        price = row.price
        discounts = [line for line in lines if line.kind is PriceLineKind.DISCOUNT]
        return cls(
            base=price.base.amount,
            options=[
                Option(line.key, line.label, line.label_ar, line.amount.amount)
                for line in lines
                if line.kind is PriceLineKind.OPTION
            ],
            discount=price.discount.amount,
            coupon=discounts[0].key if discounts else None,
            covered_by_subscription=price.covered.amount,
            vat_rate=plain(price.vat_rate),
            vat=price.vat.amount,
            total=price.total.amount,
            currency=row.currency,
        )


@dataclass(slots=True)
class Order(ListedOrder):
    """Facts S-27 and S-28."""

    cancellation_reason: str | None
    steps: list[Step]
    price_breakdown: PriceBreakdown

    @classmethod
    def of(cls, row: ServiceOrderRow, parties: Parties, parts: Parts) -> "Order":
        return cls(
            **cls.values(row, parties),
            cancellation_reason=row.cancellation_reason,
            steps=[Step.of(step, parties, parts) for step in parts.steps],
            price_breakdown=PriceBreakdown.of(row, parts.price_lines),
        )


class NewOrder(Extended):
    shown = fields_of(Order)

    service_definition_id: Id
    company_id: Id | None = None
    company_employee_id: Id | None = None
    priority: Urgency = Priority.NORMAL


def _named(row: Any) -> Named | None:
    return None if row is None else Named(row.shrkity_id, row.name)


def _person(id: UUID | None, users: Mapping[UUID, UserRow]) -> Person | None:
    return Person(users[id].name, users[id].email) if id else None


def _clock(step: ServiceOrderStepRow, clocks: Sequence[SlaClockRow]) -> SlaClockRow | None:
    """The one that tells how long it may take: until it is done rather than until it begins."""
    ours = {clock.measures: clock for clock in clocks if clock.step_id == step.id}
    return ours.get(SlaKind.RESOLUTION) or ours.get(SlaKind.FIRST_RESPONSE)
