"""Subscriptions as Shrkity clients send and see them: facts S-44 to S-52."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from pydantic import PlainValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

from domain.package_subscriptions import SubscriptionStatus
from rest.kit.answers import one_of_these
from rest.kit.inputs import Id, Input
from rest.kit.moments import stretch
from rest.shrkity.wire.customers import ForCustomer, customer_ids
from rest.shrkity.wire.extras import fields_of
from usecases.reads.allocations import AllocationRow
from usecases.reads.customers import CustomerRow
from usecases.reads.package_subscriptions import PackageSubscriptionRow

STATUSES = {status: status.lower() for status in SubscriptionStatus}


def _read(value: Any) -> datetime:
    """A moment to the second; a day begins at midnight in UTC."""
    try:
        return stretch(value).begins
    except (ValueError, TypeError, AttributeError):
        raise PydanticCustomError("datetime_type", "no time") from None


Start = Annotated[
    datetime, PlainValidator(_read), WithJsonSchema({"type": "string", "format": "date-time"})
]


class Cancellation(Input):
    reason: str | None = None


@dataclass(slots=True)
class Allocation:
    id: int
    service_definition_id: int
    total: int | None
    used: int
    remaining: int | None
    unlimited: bool


@dataclass(slots=True)
class Subscription:
    id: int
    package_id: int
    company_id: int | None
    client_id: int | None
    status: Annotated[str, one_of_these(STATUSES.values())]
    starts_at: datetime
    ends_at: datetime
    paused_at: datetime | None
    cancelled_at: datetime | None
    allocations: list[Allocation]
    metadata: dict[str, Any]
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(
        cls,
        row: PackageSubscriptionRow,
        *,
        package_id: int,
        customer: CustomerRow,
        allocations: Sequence[Allocation],
    ) -> "Subscription":
        return cls(
            id=row.shrkity_id,
            package_id=package_id,
            **customer_ids(customer),
            status=STATUSES[row.status],
            starts_at=row.starts_at,
            ends_at=row.ends_at,
            paused_at=row.paused_at,
            cancelled_at=row.cancelled_at,
            allocations=[*allocations],
            metadata=row.metadata,
            created_at=row.created_at,
            updated_at=row.updated_at,
        )


class Assignment(ForCustomer):
    """Fact S-45. It starts at once unless `starts_at` says when."""

    shown = fields_of(Subscription)

    package_id: Id
    starts_at: Start | None = None


def allocation(row: AllocationRow, service_definition_id: int) -> Allocation:
    return Allocation(
        id=row.shrkity_id,
        service_definition_id=service_definition_id,
        total=row.total,
        used=row.used,
        remaining=row.remaining,
        unlimited=row.unlimited,
    )
