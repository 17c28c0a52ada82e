"""Which clocks of an order and of its steps run, and when: one place for all of its moves.

The order's begin when it is placed, a step's when it becomes ready. FIRST_RESPONSE ends when work
on it begins, RESOLUTION when it is done. No clock runs while the order is on hold, a step's not
while the step waits for somebody else, and the order's RESOLUTION not while that is all there is.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from domain.business_time import BusinessHours
from domain.service_definitions import SlaKind, SlaTarget
from domain.service_orders.clocks import SlaClock
from domain.service_orders.statuses import OrderStepStatus, Priority, ServiceOrderStatus
from domain.service_orders.steps import ServiceOrderStep, all_wait

_S, _T = ServiceOrderStatus, OrderStepStatus
_ENDED = frozenset({_S.COMPLETED, _S.CANCELLED})
# Where a step has no clocks: it cannot be worked on yet, or it does not have to be any more.
_WITHOUT = frozenset({_T.BLOCKED, _T.SKIPPED, _T.CANCELLED})


def begun(
    targets: Iterable[SlaTarget], priority: Priority, hours: BusinessHours, at: datetime
) -> list[SlaClock]:
    """The clocks of an order that is placed now."""
    return [SlaClock.start(target, priority, hours, at) for target in targets]


def keep_time(
    clocks: list[SlaClock],
    steps: Sequence[ServiceOrderStep],
    order: tuple[ServiceOrderStatus, Priority],
    hours: BusinessHours,
    at: datetime,
) -> None:
    """Bring the clocks to what the order and its steps have come to; the rest stays as it is."""
    status, priority = order
    for step in steps:
        ours = [clock for clock in clocks if clock.step_id == step.id]
        if step.status is _T.READY and not any(clock.open for clock in ours):
            clocks += [
                SlaClock.start(target, priority, hours, at, step_id=step.id)
                for target in step.targets
            ]
        for clock in ours:
            _follow_step(clock, step, hours, at)
    waiting = _waiting(steps)
    for clock in clocks:
        if clock.step_id is None:
            _follow_order(clock, status, hours, at)
        idle = clock.step_id in waiting and (
            clock.step_id is not None or clock.measures is SlaKind.RESOLUTION
        )
        if status is _S.ON_HOLD or idle:
            clock.pause(hours, at)
        else:
            clock.resume(hours, at)


def _waiting(steps: Sequence[ServiceOrderStep]) -> set[UUID | None]:
    """The steps that wait; None is the order itself, when there is nothing else to do."""
    waiting: set[UUID | None] = {step.id for step in steps if step.status is _T.WAITING}
    return waiting | {None} if all_wait(steps) else waiting


def _follow_step(
    clock: SlaClock, step: ServiceOrderStep, hours: BusinessHours, at: datetime
) -> None:
    if step.status in _WITHOUT:
        clock.cancel(hours, at)
    elif clock.measures is SlaKind.RESOLUTION:
        if step.status is _T.COMPLETED:
            clock.stop(hours, at)
        elif step.is_under_way:
            clock.reopen(hours, at)
    elif step.status is not _T.READY:
        clock.stop(hours, at)


def _follow_order(
    clock: SlaClock, status: ServiceOrderStatus, hours: BusinessHours, at: datetime
) -> None:
    if status is _S.CANCELLED:
        clock.cancel(hours, at)
    elif status in _ENDED or (
        clock.measures is SlaKind.FIRST_RESPONSE and status is not _S.PENDING
    ):
        clock.stop(hours, at)
