"""The steps of a service order, as its service's workflow had them when it was placed."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from domain.kit.ids import new_id
from domain.service_definitions import RequiredDocument, ServiceStep, SlaTarget, StepType
from domain.service_orders.lifecycle import OPEN_STEP, STEP_LIFECYCLE, StepStanding
from domain.service_orders.statuses import OrderStepStatus, ServiceOrderStatus, WaitingFor

_T = OrderStepStatus
_DONE = frozenset({_T.COMPLETED, _T.SKIPPED})
_BEGUN = frozenset({_T.ACTIVE, _T.WAITING, _T.COMPLETED})


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
    status: OrderStepStatus = STEP_LIFECYCLE.initial
    optional: bool
    depends_on: list[str] = field(default_factory=list)
    targets: list[SlaTarget] = field(default_factory=list)
    documents: list[RequiredDocument] = field(default_factory=list)
    assignee_id: UUID | None = None
    waiting_for: WaitingFor | None = None
    note: str | None = None
    started_at: datetime | None = None
    completed_at: datetime | None = None

    @property
    def is_open(self) -> bool:
        return self.status in OPEN_STEP

    @property
    def is_done(self) -> bool:
        return self.status in _DONE

    @property
    def is_under_way(self) -> bool:
        return self.status in {_T.ACTIVE, _T.WAITING}


def instantiated(template: Sequence[ServiceStep]) -> list[ServiceOrderStep]:
    """The steps of a new order, in the order of the workflow (fact S-27)."""
    return [
        ServiceOrderStep(
            position=position,
            key=step.key,
            name=step.name,
            name_ar=step.name_ar,
            type=step.type,
            optional=step.optional,
            depends_on=[*step.depends_on],
            targets=[*step.targets],
            documents=[*step.documents],
        )
        for position, step in enumerate(template, start=1)
    ]


def settle(steps: Sequence[ServiceOrderStep]) -> None:
    """Make ready what has nothing left to wait for, and block again what has."""
    done = {step.key for step in steps if step.is_done}
    for step in steps:
        free = done.issuperset(step.depends_on)
        if step.status is _T.BLOCKED and free:
            step.status = STEP_LIFECYCLE.after(step.status, "ready")
        elif step.status is _T.READY and not free:
            step.status = STEP_LIFECYCLE.after(step.status, "block")


def all_done(steps: Sequence[ServiceOrderStep]) -> bool:
    """Whether the order is: every required step is done, and nothing is under way.

    Where none is required, nothing may be open. Optional steps that nobody began do not matter.
    """
    awaited = [step for step in steps if not step.optional] or steps
    return all(step.is_done for step in awaited) and not any(step.is_under_way for step in steps)


def all_wait(steps: Sequence[ServiceOrderStep]) -> bool:
    """Whether somebody else is waited for, and nothing can be done meanwhile."""
    here = {step.status for step in steps}
    return _T.WAITING in here and not here & {_T.READY, _T.ACTIVE}


def standing(
    step: ServiceOrderStep, steps: Sequence[ServiceOrderStep], order_status: ServiceOrderStatus
) -> StepStanding:
    """What the guards look at."""
    followed = any(step.key in each.depends_on and each.status in _BEGUN for each in steps)
    return StepStanding(step.status, step.optional, order_status, followed)
