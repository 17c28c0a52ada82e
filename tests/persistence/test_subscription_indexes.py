"""Every filter and ordering of subscriptions has an index, and so has what covers and is due."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import pytest

from domain.kit.ids import new_id
from domain.package_subscriptions import SubscriptionStatus
from persistence.reads.allocations import (
    ALLOCATIONS_BY_ID,
    ALLOCATIONS_BY_PERIOD,
    ALLOCATIONS_BY_SUBSCRIPTION,
    ENTRIES,
    LAST_BY_SUBSCRIPTION,
    PERIODS_BY_SUBSCRIPTION,
)
from persistence.reads.package_subscriptions import BY_ALLOCATION, COVERING, DUE, SUBSCRIPTIONS
from persistence.storage import SqlStorage
from tests.conftest import World, keep
from tests.domain import subscriptions as make
from tests.persistence.plans import (
    EARLY,
    LATE,
    MANY,
    MOMENT,
    NEW,
    SOME,
    Ordered,
    Plans,
    among_many,
    tried,
)
from tests.persistence.samples_subscriptions import subscribed
from usecases.reads.kit import Direction
from usecases.reads.package_subscriptions import (
    PackageSubscriptionFilter,
    PackageSubscriptionSort,
)

VARIED: dict[str, dict[str, str]] = {
    "customers": NEW | {"name": "name || ' ' || n"},
    "packages": NEW | {"code": "'P-' || n"},
    "package_subscriptions": NEW
    | {
        "created_at": "created_at + n * interval '1 minute'",
        "starts_at": "starts_at + n * interval '1 minute'",
        "ends_at": "ends_at + n * interval '1 minute'",
        "status": "(ARRAY['ACTIVE', 'PENDING', 'EXPIRED'])[1 + n % 3]",
        "customer_id": "md5(n::text)::uuid",
        "package_id": "md5(n::text)::uuid",
    },
    "subscription_periods": NEW | {"subscription_id": "gen_random_uuid()"},
    "allocations": NEW | {"period_id": "gen_random_uuid()"},
    "allocation_entries": NEW
    | {"subscription_id": "gen_random_uuid()", "allocation_id": "gen_random_uuid()"},
}


async def held(world: World, storage: SqlStorage) -> None:
    service = make.service()
    await keep(storage, world.caller(), service)
    await subscribed(world, storage, service)


@pytest.fixture(scope="module")
async def plans(database_url: str) -> AsyncIterator[Plans]:
    async with among_many(database_url, VARIED, held) as plans:
        yield plans


ORDERINGS: list[Ordered] = [
    Ordered(SUBSCRIPTIONS, PackageSubscriptionFilter(), sort, (MOMENT, SOME))
    for sort in PackageSubscriptionSort
]


@pytest.mark.parametrize("way", Direction)
@pytest.mark.parametrize("ordered", ORDERINGS)
async def test_an_ordering_is_read_from_its_index_and_goes_on_at_a_cursor(
    plans: Plans, ordered: Ordered, way: Direction
) -> None:
    await plans.check_ordering(ordered, way)


FILTERS: list[tuple[PackageSubscriptionFilter, str]] = [
    (
        PackageSubscriptionFilter(status=(SubscriptionStatus.PAUSED,)),
        "status_created_at_id",
    ),
    (PackageSubscriptionFilter(customer_id=SOME), "customer_id_created_at_id"),
    (PackageSubscriptionFilter(package_id=SOME), "package_id_created_at_id"),
    (PackageSubscriptionFilter(ends_from=LATE), "ends_at_id"),
    (PackageSubscriptionFilter(ends_to=EARLY), "ends_at_id"),
]


@pytest.mark.parametrize(("filter", "index"), FILTERS)
async def test_a_filter_has_its_index(
    plans: Plans, filter: PackageSubscriptionFilter, index: str
) -> None:
    plan = await plans.of(SUBSCRIPTIONS, filter, PackageSubscriptionSort.CREATED_AT, n=MANY)

    assert f'"ix_package_subscriptions_{index}"' in plan


def test_every_filter_is_tried() -> None:
    assert tried(FILTERS) == {*PackageSubscriptionFilter.__dataclass_fields__}


@pytest.mark.parametrize("parent", ["customer_id", "package_id"])
async def test_a_page_for_each_parent_is_read_from_its_index(plans: Plans, parent: str) -> None:
    plan = await plans.of_parents(SUBSCRIPTIONS, parent, PackageSubscriptionSort.CREATED_AT)

    assert '"Seq Scan"' not in plan
    assert f'"ix_package_subscriptions_{parent}_created_at_id"' in plan


@pytest.mark.parametrize("parent", ["subscription_id", "allocation_id"])
async def test_a_ledger_is_read_from_its_index(plans: Plans, parent: str) -> None:
    plan = await plans.of_parents(ENTRIES, parent, None)

    assert '"Seq Scan"' not in plan
    assert f'"ix_allocation_entries_{parent}_at_id"' in plan


@pytest.mark.parametrize(
    "statement",
    [
        *(SUBSCRIPTIONS.by_ids, PERIODS_BY_SUBSCRIPTION, LAST_BY_SUBSCRIPTION),
        *(BY_ALLOCATION, ALLOCATIONS_BY_ID, ALLOCATIONS_BY_PERIOD, ALLOCATIONS_BY_SUBSCRIPTION),
    ],
)
async def test_what_belongs_to_a_record_is_read_from_an_index(plans: Plans, statement: Any) -> None:
    assert '"Seq Scan"' not in await plans.explained(statement, {"ids": [SOME, new_id()]})


async def test_what_covers_a_customer_is_found_from_indexes(plans: Plans) -> None:
    plan = await plans.explained(COVERING, {"ids": [SOME], "at": datetime.now(UTC)})

    assert '"Seq Scan"' not in plan
    assert '"ix_package_subscriptions_customer_id_created_at_id"' in plan
    assert '"ix_allocations_period_id_position"' in plan


async def test_what_is_due_is_read_from_indexes(plans: Plans) -> None:
    plan = await plans.explained(DUE, {"at": EARLY, "most": 5})

    assert '"Seq Scan"' not in plan
    assert '"ix_package_subscriptions_starts_at"' in plan
    assert '"ix_package_subscriptions_ends_at"' in plan
