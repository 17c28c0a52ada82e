"""The lifecycle of subscriptions (DOMAIN: Subscription; facts S-47 to S-50)."""

from datetime import datetime
from enum import StrEnum
from typing import NamedTuple, Protocol

from domain.callers import Caller, Permission
from domain.kit.errors import DomainError, IllegalMove
from domain.kit.lifecycle import Lifecycle, Move


class SubscriptionStatus(StrEnum):
    """Orders are covered while it is ACTIVE. PENDING: it begins later."""

    PENDING = "PENDING"
    ACTIVE = "ACTIVE"
    PAUSED = "PAUSED"
    CANCELLED = "CANCELLED"
    EXPIRED = "EXPIRED"


class Facts(Protocol):
    """What the guards look at: the subscription's status, its package and its customer."""

    @property
    def status(self) -> SubscriptionStatus: ...
    @property
    def renewable(self) -> bool: ...
    @property
    def customer_active(self) -> bool: ...


class Standing(NamedTuple):
    """The same, of a moment."""

    status: SubscriptionStatus
    renewable: bool = True
    customer_active: bool = True


def of_a_renewable_package(subscription: Facts, _by: Caller) -> DomainError | None:
    if subscription.renewable:
        return None
    return IllegalMove("this package cannot be renewed")


def of_an_active_customer(subscription: Facts, _by: Caller) -> DomainError | None:
    if subscription.customer_active:
        return None
    return IllegalMove("this customer is not active")


_S, _WRITE = SubscriptionStatus, Permission.SUBSCRIPTIONS_WRITE
ENDED = frozenset({_S.CANCELLED, _S.EXPIRED})

LIFECYCLE = Lifecycle(
    initial=_S.PENDING,
    moves=[
        Move("begin", {_S.PENDING}, _S.ACTIVE, needs=None),
        Move("pause", {_S.ACTIVE}, _S.PAUSED, needs=_WRITE),
        Move("resume", {_S.PAUSED}, _S.ACTIVE, needs=_WRITE),
        Move("cancel", {_S.PENDING, _S.ACTIVE, _S.PAUSED}, _S.CANCELLED, needs=_WRITE),
        Move("expire", {_S.ACTIVE}, _S.EXPIRED, needs=None),
        Move(
            "renew",
            {_S.EXPIRED},
            _S.ACTIVE,
            needs=_WRITE,
            guards=[of_a_renewable_package, of_an_active_customer],
        ),
    ],
)


def status_at(
    status: SubscriptionStatus, starts_at: datetime, ends_at: datetime, at: datetime
) -> SubscriptionStatus:
    """What a status has become by `at`, whether or not somebody has put it down yet."""
    if status is _S.PENDING and starts_at <= at:
        status = _S.ACTIVE
    if status is _S.ACTIVE and ends_at <= at:
        status = _S.EXPIRED
    return status
