"""Subscriptions: every move from every status, and what time does to them."""

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from domain.callers import Permission
from domain.kit.errors import Forbidden, IllegalMove, RuleBroken
from domain.kit.ids import new_id
from domain.package_subscriptions import (
    LIFECYCLE,
    PackageSubscription,
    Standing,
    SubscriptionStatus,
    status_at,
)
from domain.packages import Package
from tests import make
from tests.domain.subscriptions import MONTH, SELLER, item, package, subscription, terms
from tests.make import NOON

_S = SubscriptionStatus
DAY = timedelta(days=1)
CARE = package(item())

LEADS_TO: dict[tuple[SubscriptionStatus, str], SubscriptionStatus] = {
    (_S.ACTIVE, "pause"): _S.PAUSED,
    (_S.PAUSED, "resume"): _S.ACTIVE,
    (_S.PENDING, "cancel"): _S.CANCELLED,
    (_S.ACTIVE, "cancel"): _S.CANCELLED,
    (_S.PAUSED, "cancel"): _S.CANCELLED,
    (_S.EXPIRED, "renew"): _S.ACTIVE,
}
DO: dict[str, Callable[[PackageSubscription, datetime], object]] = {
    "pause": lambda s, at: s.pause(SELLER, at),
    "resume": lambda s, at: s.resume(SELLER, at),
    "cancel": lambda s, at: s.cancel(SELLER, at),
    "renew": lambda s, at: s.renew(terms(CARE), SELLER, at, customer_active=True),
}
EVERY = [(status, action) for status in _S for action in DO]


def standing(status: SubscriptionStatus) -> tuple[PackageSubscription, datetime]:
    """One with this status, a day after noon; two days later if it had to end."""
    if status is _S.PENDING:
        made = subscription(CARE, starts_at=NOON + 2 * DAY)
    else:
        made = subscription(CARE)
    at = NOON + DAY
    if status is _S.PAUSED:
        made.pause(SELLER, at)
    if status is _S.CANCELLED:
        made.cancel(SELLER, at)
    if status is _S.EXPIRED:
        at = NOON + MONTH
        made.catch_up(at)
    assert made.status is status
    made.pull_events()
    made.pull_entries()
    return made, at


def test_there_is_a_command_for_every_move() -> None:
    assert DO.keys() == {a for a, move in LIFECYCLE.moves.items() if move.needs is not None}


@pytest.mark.parametrize(("status", "action"), EVERY)
def test_a_subscription_moves_as_the_table_says(status: SubscriptionStatus, action: str) -> None:
    made, at = standing(status)

    if (status, action) in LEADS_TO:
        DO[action](made, at)
        assert made.status is LEADS_TO[status, action]
        assert len(made.pull_events()) == 1
    else:
        with pytest.raises(IllegalMove) as caught:
            DO[action](made, at)
        assert caught.value.message == f"cannot {action} while {status}"
        assert made.status is status
        assert made.pull_events() == []
        assert made.pull_entries() == []


@pytest.mark.parametrize(("status", "action"), EVERY)
def test_transitions_show_what_commands_would_do(status: SubscriptionStatus, action: str) -> None:
    [transition] = [t for t in LIFECYCLE.transitions(Standing(status), SELLER) if t.name == action]

    assert transition.allowed == ((status, action) in LEADS_TO)


def test_nobody_is_told_that_they_could_do_what_time_does() -> None:
    names = [t.name for t in LIFECYCLE.transitions(Standing(_S.PENDING), SELLER)]

    assert names == ["pause", "resume", "cancel", "renew"]


@pytest.mark.parametrize(("status", "action"), LEADS_TO)
def test_every_move_takes_its_permission(status: SubscriptionStatus, action: str) -> None:
    powerless = make.caller(permissions=frozenset(Permission) - {Permission.SUBSCRIPTIONS_WRITE})

    [blocker] = LIFECYCLE.blockers(Standing(status), action, powerless)

    assert isinstance(blocker, Forbidden)


def test_every_status_can_be_reached() -> None:
    assert LIFECYCLE.reachable() == {*_S}


def test_what_is_assigned_begins_at_once_or_when_it_starts() -> None:
    now, later = subscription(CARE), subscription(CARE, starts_at=NOON + DAY)

    assert (now.status, now.starts_at, now.ends_at) == (_S.ACTIVE, NOON, NOON + MONTH)
    assert (later.status, later.ends_at) == (_S.PENDING, NOON + DAY + MONTH)
    [period] = now.periods
    assert (period.position, period.price, period.vat_rate) == (1, Decimal(500), Decimal(15))
    assert [(a.position, a.total, a.used, a.remaining) for a in period.allocations] == [
        (1, 2, 0, 2)
    ]
    [event] = now.pull_events()
    assert event.action == "package_subscription.assigned"
    assert event.details["ends_at"] == NOON + MONTH


def test_a_start_in_the_past_counts_from_then() -> None:
    made = subscription(CARE, starts_at=NOON - MONTH + DAY)

    assert (made.status, made.ends_at) == (_S.ACTIVE, NOON + DAY)


@pytest.mark.parametrize(
    ("sold", "starts_at", "path"),
    [
        (package(item(), active=False), NOON, ("package_id",)),
        (CARE, NOON - MONTH, ("starts_at",)),
        (CARE, NOON + timedelta(days=3651), ("starts_at",)),
    ],
)
def test_what_cannot_be_sold_is_not(
    sold: Package, starts_at: datetime, path: tuple[str, ...]
) -> None:
    with pytest.raises(RuleBroken) as caught:
        subscription(sold, starts_at=starts_at)

    assert caught.value.path == path


def test_everything_that_is_wrong_with_a_sale_is_said_at_once() -> None:
    with pytest.raises(RuleBroken) as caught:
        subscription(package(active=False), starts_at=NOON - MONTH, customer_active=False)

    assert [problem.path for problem in caught.value.problems] == [
        *(("package_id",), ("starts_at",), ("customer_id",))
    ]


def test_s_51_a_pause_stops_the_time_to_the_microsecond() -> None:
    made = subscription(CARE)
    paused_at = NOON + timedelta(days=3, microseconds=1)
    made.pause(SELLER, paused_at)
    made.catch_up(NOON + 2 * MONTH)
    assert (made.status, made.paused_at) == (_S.PAUSED, paused_at)

    away = timedelta(days=40, seconds=5, microseconds=7)
    made.resume(SELLER, paused_at + away)

    assert (made.status, made.paused_at) == (_S.ACTIVE, None)
    assert made.ends_at == made.period.ends_at == NOON + MONTH + away
    assert made.starts_at == NOON


def test_what_has_ended_cannot_be_paused_although_nobody_has_put_it_down_yet() -> None:
    made = subscription(CARE)

    with pytest.raises(IllegalMove, match="cannot pause while EXPIRED"):
        made.pause(SELLER, NOON + MONTH)


def test_what_begins_and_ends_unseen_does_both() -> None:
    made = subscription(CARE, starts_at=NOON + DAY)
    made.pull_events()

    made.catch_up(NOON + DAY + MONTH)

    assert made.status is _S.EXPIRED
    past = [event.action.partition(".")[2] for event in made.pull_events()]
    assert past == ["begun", "expired"]


@pytest.mark.parametrize(
    ("status", "at", "then"),
    [
        (_S.PENDING, NOON - DAY, _S.PENDING),
        (_S.PENDING, NOON, _S.ACTIVE),
        (_S.PENDING, NOON + DAY, _S.EXPIRED),
        (_S.ACTIVE, NOON + DAY - timedelta.resolution, _S.ACTIVE),
        (_S.ACTIVE, NOON + DAY, _S.EXPIRED),
        (_S.PAUSED, NOON + DAY, _S.PAUSED),
        (_S.CANCELLED, NOON + DAY, _S.CANCELLED),
    ],
)
def test_time_moves_what_is_not_paused(
    status: SubscriptionStatus, at: datetime, then: SubscriptionStatus
) -> None:
    assert status_at(status, NOON, NOON + DAY, at) is then


def test_s_51_a_renewal_is_at_the_terms_of_now_and_keeps_what_was() -> None:
    made = subscription(CARE)
    service = new_id()
    dearer = package(item(service, 5), price=Decimal(900), vat_rate=Decimal(5), duration_days=10)

    at = NOON + MONTH + DAY
    made.renew(terms(dearer), SELLER, at, customer_active=True)

    assert (made.status, made.starts_at, made.ends_at) == (_S.ACTIVE, at, at + 10 * DAY)
    first, second = made.periods
    assert (first.price, first.ends_at) == (Decimal(500), NOON + MONTH)
    assert first.allocations[0].expired == 2
    assert (second.position, second.price, second.vat_rate) == (2, Decimal(900), Decimal(5))
    [allocation] = second.allocations
    assert (allocation.service_definition_id, allocation.remaining) == (service, 5)


@pytest.mark.parametrize(
    ("sold", "customer_active", "said"),
    [
        (package(renewable=False), True, "this package cannot be renewed"),
        (package(), False, "this customer is not active"),
    ],
)
def test_s_50_what_cannot_be_renewed_says_why(
    sold: Package, *, customer_active: bool, said: str
) -> None:
    made, at = standing(_S.EXPIRED)

    with pytest.raises(IllegalMove, match=said):
        made.renew(terms(sold), SELLER, at, customer_active=customer_active)

    facts = Standing(_S.EXPIRED, sold.renewable, customer_active)
    [blocker] = LIFECYCLE.blockers(facts, "renew", SELLER)
    assert blocker.message == said
    assert len(made.periods) == 1


def test_a_package_that_is_not_sold_any_more_can_still_be_renewed() -> None:
    made, at = standing(_S.EXPIRED)

    made.renew(terms(package(active=False)), SELLER, at, customer_active=True)

    assert made.status is _S.ACTIVE


def test_a_cancellation_says_why_and_forgets_the_pause() -> None:
    made, at = standing(_S.PAUSED)

    made.cancel(SELLER, at, "moved away")

    assert (made.paused_at, made.cancelled_at) == (None, at)
    assert made.cancellation_reason == "moved away"
    [event] = made.pull_events()
    assert event.details == {"reason": "moved away"}
    with pytest.raises(RuleBroken, match="longer than"):
        standing(_S.ACTIVE)[0].cancel(SELLER, at, "x" * 2001)
