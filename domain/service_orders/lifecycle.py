"""The lifecycles of service orders and of their steps (DOMAIN: ServiceOrder, OrderStep; S-34)."""

from typing import NamedTuple, Protocol
from uuid import UUID

from domain.callers import Caller, Permission
from domain.kit.errors import DomainError, IllegalMove, NotFound, RuleBroken
from domain.kit.lifecycle import Lifecycle, Move
from domain.service_orders.statuses import OrderStepStatus, ServiceOrderStatus


class Facts(Protocol):
    """What the guards look at. The aggregate has it, and so has a row of a list.

    `coupon_applied`: a coupon is reserved for it, or redeemed with it.
    """

    @property
    def status(self) -> ServiceOrderStatus: ...
    @property
    def quotation_line_id(self) -> UUID | None: ...
    @property
    def coupon_applied(self) -> bool: ...


class StepFacts(Protocol):
    """The same of a step: what it is, where its order stands, and what was built upon it.

    `followed`: a step that depends on it has begun, or is done already.
    """

    @property
    def status(self) -> OrderStepStatus: ...
    @property
    def optional(self) -> bool: ...
    @property
    def order_status(self) -> ServiceOrderStatus: ...
    @property
    def followed(self) -> bool: ...


class StepStanding(NamedTuple):
    """The same of a step and an order that were loaded."""

    status: OrderStepStatus
    optional: bool
    order_status: ServiceOrderStatus
    followed: bool


def not_quoted(order: Facts, _by: Caller) -> DomainError | None:
    if order.quotation_line_id is None:
        return None
    return IllegalMove("this order was quoted: its price is what was agreed on")


def without_coupon(order: Facts, _by: Caller) -> DomainError | None:
    """Fact S-32: a coupon is removed before another one is applied."""
    if not order.coupon_applied:
        return None
    return RuleBroken("this order has a coupon already: remove it first", path=("code",))


def with_coupon(order: Facts, _by: Caller) -> DomainError | None:
    """Fact S-33."""
    return None if order.coupon_applied else NotFound("this order has no coupon")


def order_in_progress(step: StepFacts, _by: Caller) -> DomainError | None:
    if step.order_status is ServiceOrderStatus.IN_PROGRESS:
        return None
    return _order_is(step.order_status)


def order_can_begin(step: StepFacts, _by: Caller) -> DomainError | None:
    """The first step that is started starts its order."""
    if step.order_status in {ServiceOrderStatus.PENDING, ServiceOrderStatus.IN_PROGRESS}:
        return None
    return _order_is(step.order_status)


def order_open(step: StepFacts, _by: Caller) -> DomainError | None:
    if step.order_status in OPEN:
        return None
    return _order_is(step.order_status)


def may_be_skipped(step: StepFacts, _by: Caller) -> DomainError | None:
    return None if step.optional else IllegalMove("this step cannot be skipped: it is required")


def not_followed(step: StepFacts, _by: Caller) -> DomainError | None:
    """What was done upon its result would have to be undone, too."""
    if not step.followed:
        return None
    return IllegalMove("a step that depends on this one has begun already")


def _order_is(status: ServiceOrderStatus) -> IllegalMove:
    return IllegalMove("the order of this step is {status}", status=status)


_S, _T, _WRITE = ServiceOrderStatus, OrderStepStatus, Permission.ORDERS_WRITE
OPEN = frozenset({_S.PENDING, _S.IN_PROGRESS, _S.ON_HOLD})
OPEN_STEP = frozenset({_T.BLOCKED, _T.READY, _T.ACTIVE, _T.WAITING})

# It completes by itself, with the last step that it needs.
LIFECYCLE = Lifecycle(
    initial=_S.PENDING,
    moves=[
        Move("start", {_S.PENDING}, _S.IN_PROGRESS, needs=_WRITE),
        Move("hold", {_S.IN_PROGRESS}, _S.ON_HOLD, needs=_WRITE, input=["reason"]),
        Move("resume", {_S.ON_HOLD}, _S.IN_PROGRESS, needs=_WRITE),
        Move("complete", {_S.IN_PROGRESS}, _S.COMPLETED, needs=None),
        Move("cancel", OPEN, _S.CANCELLED, needs=_WRITE),
        Move("assign", OPEN, needs=_WRITE),
        Move("set_priority", OPEN, needs=_WRITE, input=["priority"]),
        Move("choose_options", OPEN, needs=_WRITE, guards=[not_quoted], input=["options"]),
        Move("apply_coupon", OPEN, needs=_WRITE, guards=[without_coupon], input=["code"]),
        Move("remove_coupon", OPEN, needs=_WRITE, guards=[with_coupon]),
    ],
)

# A step is made ready, and blocked again, by what happens to those that it depends on.
STEP_LIFECYCLE = Lifecycle(
    initial=_T.BLOCKED,
    moves=[
        Move("ready", {_T.BLOCKED}, _T.READY, needs=None),
        Move("block", {_T.READY}, _T.BLOCKED, needs=None),
        Move("start", {_T.READY}, _T.ACTIVE, needs=_WRITE, guards=[order_can_begin]),
        Move(
            "wait",
            {_T.ACTIVE},
            _T.WAITING,
            needs=_WRITE,
            guards=[order_in_progress],
            input=["waiting_for"],
        ),
        Move("continue", {_T.WAITING}, _T.ACTIVE, needs=_WRITE, guards=[order_in_progress]),
        Move("complete", {_T.ACTIVE}, _T.COMPLETED, needs=_WRITE, guards=[order_in_progress]),
        Move(
            "skip",
            {_T.READY, _T.BLOCKED},
            _T.SKIPPED,
            needs=_WRITE,
            guards=[order_in_progress, may_be_skipped],
        ),
        Move(
            "reopen",
            {_T.COMPLETED},
            _T.ACTIVE,
            needs=_WRITE,
            guards=[order_in_progress, not_followed],
        ),
        Move("assign", OPEN_STEP, needs=_WRITE, guards=[order_open]),
        Move("cancel", OPEN_STEP, _T.CANCELLED, needs=None),
    ],
)
