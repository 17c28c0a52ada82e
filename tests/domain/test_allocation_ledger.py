"""Whatever happens to a subscription, in whatever sequence: the ledger of its units adds up."""

from datetime import timedelta
from uuid import UUID

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from domain.kit.errors import IllegalMove
from domain.kit.ids import new_id
from domain.package_subscriptions import (
    Allocation,
    AllocationEntry,
    AllocationEntryKind,
    SubscriptionStatus,
)
from tests.domain.subscriptions import SELLER, item, package, subscription, terms
from tests.make import NOON

_K, _S = AllocationEntryKind, SubscriptionStatus
SERVICES = [new_id() for _ in range(3)]
QUANTITIES = st.lists(st.none() | st.integers(1, 3), min_size=1, max_size=3)
SIGN = {_K.GRANT: 1, _K.RELEASE: 1, _K.CONSUME: -1, _K.EXPIRE: -1}


class Subscribing(RuleBasedStateMachine):
    """One subscription, orders that take and give back its units, and time that passes."""

    @initialize(quantities=QUANTITIES, delay=st.integers(0, 5))
    def assign(self, quantities: list[int | None], delay: int) -> None:
        self.now = NOON
        self.package = package(
            *(item(service, n) for service, n in zip(SERVICES, quantities, strict=False)),
            duration_days=10,
        )
        starts_at = NOON + timedelta(days=delay)
        self.made = subscription(self.package, starts_at=starts_at)
        self.held: list[tuple[UUID, UUID]] = []
        self.entries: list[AllocationEntry] = []

    @rule(service=st.sampled_from(SERVICES))
    def consume(self, service: UUID) -> None:
        order_id, before = new_id(), self._left(service)
        found = self.made.consume(service, order_id, self.now)
        covers = self.made.status is _S.ACTIVE
        if covers:
            assert self.made.starts_at <= self.now < self.made.ends_at
        if found is None:
            assert not covers or before == 0
        else:
            assert covers
            assert before != 0
            self.held.append((found, order_id))

    @rule(which=st.integers(0, 20))
    def release(self, which: int) -> None:
        if self.held:
            allocation_id, order_id = self.held.pop(which % len(self.held))
            self.made.release(allocation_id, order_id, self.now)

    @rule(hours=st.integers(1, 24 * 8))
    def wait(self, hours: int) -> None:
        self.now += timedelta(hours=hours)

    @rule(action=st.sampled_from(["pause", "resume", "cancel", "renew"]))
    def move(self, action: str) -> None:
        before = self.made.ends_at, self.made.paused_at, len(self.made.periods)
        try:
            if action == "renew":
                self.made.renew(terms(self.package), SELLER, self.now, customer_active=True)
            else:
                getattr(self.made, action)(SELLER, self.now)
        except IllegalMove:
            assert self.made.ends_at == before[0]
            assert len(self.made.periods) == before[2]
        else:
            if action == "resume":
                assert before[1] is not None
                assert self.made.ends_at - before[0] == self.now - before[1]

    @rule()
    def catch_up(self) -> None:
        self.made.catch_up(self.now)

    @invariant()
    def it_adds_up(self) -> None:
        if not hasattr(self, "made"):
            return
        self.entries += self.made.pull_entries()
        self.made.pull_events()
        for period in self.made.periods:
            for allocation in period.allocations:
                self._check(allocation)
                over = period is not self.made.period or self.made.status in {
                    *(_S.CANCELLED, _S.EXPIRED)
                }
                assert not over or not allocation.remaining
        used = sum(a.used for period in self.made.periods for a in period.allocations)
        assert used == len(self.held)
        assert self.made.ends_at == self.made.period.ends_at

    def _check(self, allocation: Allocation) -> None:
        ours = [entry for entry in self.entries if entry.allocation_id == allocation.id]
        assert [entry.kind for entry in ours].count(_K.GRANT) == 1
        taken = [SIGN[e.kind] for e in ours if e.kind in {_K.CONSUME, _K.RELEASE}]
        assert allocation.used == -sum(taken)
        if allocation.total is None:
            assert ours[0].quantity is None
            assert allocation.expired == 0
            return
        assert sum(SIGN[e.kind] * (e.quantity or 0) for e in ours) == allocation.remaining
        assert 0 <= allocation.used <= allocation.total
        assert allocation.used + allocation.expired <= allocation.total

    def _left(self, service: UUID) -> int | None:
        for allocation in self.made.period.allocations:
            if allocation.service_definition_id == service:
                return allocation.remaining
        return 0


TestSubscribing = Subscribing.TestCase
TestSubscribing.settings = settings(
    max_examples=1000,
    stateful_step_count=20,
    deadline=None,
    database=None,
    derandomize=True,
    suppress_health_check=[*HealthCheck],
)
