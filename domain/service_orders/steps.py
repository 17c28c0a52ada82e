"""The steps of a service order, as its service's workflow had them when it was placed."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from domain.kit.ids import new_id
from domain.service_definitions import RequiredDocument, SlaTarget, StepType
from domain.service_orders.statuses import OrderStepStatus, WaitingFor


@dataclass(kw_only=True, eq=False)
class ServiceOrderStep:
    """A part of the order; `depends_on` are keys of other steps."""

    kind: ClassVar[str] = "service_order_step"
    prefix: ClassVar[str] = "sos"

    id: UUID = field(default_factory=new_id)
    order_id: UUID | None = None
    position: int
    key: str
    name: str
    name_ar: str | None = None
    type: StepType
    status: OrderStepStatus
    optional: bool
    depends_on: list[str] = field(default_factory=list)
    targets: list[SlaTarget] = field(default_factory=list)
    documents: list[RequiredDocument] = field(default_factory=list)
    assignee_id: UUID | None = None
    waiting_for: WaitingFor | None = None
    note: str | None = None
    started_at: datetime | None = None
    completed_at: datetime | None = None
