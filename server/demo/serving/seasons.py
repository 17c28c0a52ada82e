"""Which stories of serving customers the demo organization tells, how often, and when."""

from datetime import datetime, timedelta
from random import Random
from uuid import UUID

from domain.package_subscriptions import PackageSubscription
from server.demo.casts import Cast
from server.demo.serving.counters import MANAGER, Counter, open_counter
from server.demo.serving.enrolments import enrol
from server.demo.serving.proposals import quote
from server.demo.serving.stories import OFFICE_HOURS, Errand, Tale
from server.demo.stages import Stage
from usecases.package_subscriptions import (
    AdvancePackageSubscription,
    AssignPackageSubscription,
    CancelPackageSubscription,
    PausePackageSubscription,
    RenewPackageSubscription,
)

DAYS = 330  # over which the orders are spread
SETTLED_DAYS = 14  # before the end: every step that follows finds room

SETTLED: dict[Tale, int] = {
    Errand.completed: 10,
    Errand.completed_after_a_hold: 3,
    Errand.completed_and_paid: 14,
    Errand.discounted_and_paid: 3,
    Errand.cancelled: 5,
}
# Still going on, so they are of late.
OPEN: dict[Tale, int] = {
    Errand.placed: 4,
    Errand.begun: 5,
    Errand.waiting_for_the_client: 3,
    Errand.waiting_for_an_authority: 3,
    Errand.urgent: 2,
    Errand.held: 3,
    Errand.discounted: 2,
}


async def serve(stage: Stage, cast: Cast, today: datetime, random: Random) -> None:
    """A year of serving customers."""
    counter = await open_counter(stage, cast, today)
    await enrol(stage, cast, counter, today, random)
    await _subscribe(stage, cast, counter, today)
    await quote(stage, cast, counter, today)
    settled, still_open = _told(SETTLED, random), _told(OPEN, random)
    for number, tale in enumerate(settled):
        days = SETTLED_DAYS + (len(settled) - number) * (DAYS - SETTLED_DAYS) // len(settled)
        await tale(_errand(stage, cast, counter, today - timedelta(days=days), random))
    for number, tale in enumerate(still_open):
        days = 2 + (len(still_open) - number) * (SETTLED_DAYS - 2) // len(still_open)
        await tale(_errand(stage, cast, counter, today - timedelta(days=days), random))


def _told(tales: dict[Tale, int], random: Random) -> list[Tale]:
    """Each as often as it is to be told, in any order."""
    stories = [tale for tale, times in tales.items() for _ in range(times)]
    random.shuffle(stories)
    return stories


def _errand(stage: Stage, cast: Cast, counter: Counter, day: datetime, random: Random) -> Errand:
    hours = random.randint(OFFICE_HOURS[0], OFFICE_HOURS[1] - 3)
    return Errand(stage, cast, counter, day + timedelta(hours=hours), random)


async def _subscribe(stage: Stage, cast: Cast, counter: Counter, today: datetime) -> None:
    """Somebody for every status, and one whose first period is over."""
    by = cast.users[MANAGER]
    companies, clients, packages = counter.companies, counter.clients, counter.packages

    async def sold(code: str, customer_id: UUID, days: int) -> PackageSubscription:
        assign = AssignPackageSubscription(package_id=packages[code].id, customer_id=customer_id)
        return await stage.do(assign, by, today - timedelta(days=days))

    await sold("GROWTH", companies[0].id, 320)
    await sold("GROWTH", companies[2].id, 150)
    await sold("ESSENTIALS", companies[7].id, 60)
    await sold("ESSENTIALS", clients[3].id, 40)
    over = await sold("START", companies[4].id, 120)
    await stage.do(AdvancePackageSubscription(id=over.id), by, today - timedelta(days=89))
    renewed = await sold("ESSENTIALS", companies[1].id, 130)
    await stage.do(AdvancePackageSubscription(id=renewed.id), by, today - timedelta(days=39))
    await stage.do(RenewPackageSubscription(id=renewed.id), by, today - timedelta(days=38))
    paused = await sold("GROWTH", companies[5].id, 100)
    await stage.do(PausePackageSubscription(id=paused.id), by, today - timedelta(days=30))
    ended = await sold("ESSENTIALS", clients[6].id, 70)
    cancel = CancelPackageSubscription(id=ended.id, reason="Moved abroad.")
    await stage.do(cancel, by, today - timedelta(days=20))
    begins = today + timedelta(days=10)
    later = AssignPackageSubscription(
        package_id=packages["ESSENTIALS"].id, customer_id=companies[9].id, starts_at=begins
    )
    await stage.do(later, by, today - timedelta(days=3))
