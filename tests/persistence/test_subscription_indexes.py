"""Every filter and ordering of subscriptions has an index, and so has what covers and is due."""

import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import asyncpg
import pytest

from domain.kit.ids import new_id
from domain.package_subscriptions import SubscriptionStatus
from persistence.engines import application_engine
from persistence.reads.allocations import (
    ALLOCATIONS_BY_ID,
    ALLOCATIONS_BY_PERIOD,
    ALLOCATIONS_BY_SUBSCRIPTION,
    ENTRIES,
    LAST_BY_SUBSCRIPTION,
    NEWEST_FIRST,
    PERIODS_BY_ID,
    PERIODS_BY_SUBSCRIPTION,
)
from persistence.reads.package_subscriptions import BY_ALLOCATION, COVERING, DUE, SUBSCRIPTIONS
from persistence.storage import SqlStorage
from tests.conftest import keep, new_world
from tests.domain import subscriptions as make
from tests.persistence.samples_subscriptions import subscribed
from tests.persistence.test_indexes import COPY, MANY, MOMENT, SOME, Plans
from usecases.reads.kit import Direction
from usecases.reads.package_subscriptions import (
    PackageSubscriptionFilter,
    PackageSubscriptionSort,
)

EARLY, LATE = datetime(2000, 1, 1, tzinfo=UTC), datetime(2150, 1, 1, tzinfo=UTC)
SHARED = {"id": "gen_random_uuid()", "shrkity_id": "shrkity_id + n"}
VARIED: dict[str, dict[str, str]] = {
    "customers": SHARED | {"wisedat_id": "wisedat_id + n", "name": "name || ' ' || n"},
    "packages": SHARED | {"code": "'P-' || n"},
    "package_subscriptions": SHARED
    | {
        "created_at": "created_at + n * interval '1 minute'",
        "starts_at": "starts_at + n * interval '1 minute'",
        "ends_at": "ends_at + n * interval '1 minute'",
        "status": "(ARRAY['ACTIVE', 'PENDING', 'EXPIRED'])[1 + n % 3]",
        "customer_id": "md5(n::text)::uuid",
        "package_id": "md5(n::text)::uuid",
    },
    "subscription_periods": SHARED | {"subscription_id": "gen_random_uuid()"},
    "allocations": SHARED | {"period_id": "gen_random_uuid()"},
    "allocation_entries": SHARED
    | {"subscription_id": "gen_random_uuid()", "allocation_id": "gen_random_uuid()"},
}


@pytest.fixture(scope="module")
async def plans(database_url: str) -> AsyncIterator[Plans]:
    engine = application_engine(database_url, pool_size=1)
    storage = SqlStorage(engine)
    world = await new_world(storage)
    service = make.service()
    await keep(storage, world.caller(), service)
    await subscribed(world, storage, service)
    await engine.dispose()
    connection = await asyncpg.connect(database_url)
    transaction = connection.transaction()
    await transaction.start()  # rolled back: other tests find their tables as they were
    await connection.execute("SET LOCAL session_replication_role = replica")  # anybody will do
    for table, varied in VARIED.items():
        columns = await connection.fetch(
            "SELECT column_name FROM information_schema.columns"
            " WHERE table_name = $1 AND is_generated = 'NEVER'",
            table,
        )
        names = [row[0] for row in columns]
        values = ", ".join(varied.get(name, name) for name in names)
        copy = COPY.format(table=table, columns=", ".join(names), values=values)
        where = f" WHERE organization_id = '{world.organization.id}'"
        await connection.execute(copy.rstrip() + where, MANY)
        await connection.execute(f"ANALYZE {table}")
    await connection.execute("SET LOCAL ROLE backoffice_app; SET LOCAL enable_seqscan = off")
    enter = "SELECT set_config('app.organization', $1, true)"
    await connection.execute(enter, str(world.organization.id))
    yield Plans(connection, world)
    await transaction.rollback()
    await connection.close()


@pytest.mark.parametrize("way", Direction)
@pytest.mark.parametrize("sort", PackageSubscriptionSort)
async def test_an_ordering_is_read_from_its_index_and_goes_on_at_a_cursor(
    plans: Plans, sort: PackageSubscriptionSort, way: Direction
) -> None:
    everything, key = PackageSubscriptionFilter(), (MOMENT, SOME)
    first = await plans.of(SUBSCRIPTIONS, everything, sort, way=way)
    following = await plans.of(SUBSCRIPTIONS, everything, sort, way=way, after=True, key=key)

    name = SUBSCRIPTIONS.orderings[sort].columns[0].name
    for plan in (first, following):
        assert '"Seq Scan"' not in plan
        assert '"Sort"' not in plan
        assert f'"ix_package_subscriptions_{name}_id"' in plan
    conditions = re.findall(r'"Index Cond": "(.*?)"[,}]', following)
    assert any(name in condition for condition in conditions)


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
    given = {n for f, _ in FILTERS for n, v in vars(f).items() if v is not None}

    assert given == {*PackageSubscriptionFilter.__dataclass_fields__}


@pytest.mark.parametrize("parent", ["customer_id", "package_id"])
async def test_a_page_for_each_parent_is_read_from_its_index(plans: Plans, parent: str) -> None:
    newest = PackageSubscriptionSort.CREATED_AT
    statement = SUBSCRIPTIONS._listed_by(parent, (), newest, Direction.DESC, after=False)

    plan = await plans.explained(statement, {"n": 21, "ids": [SOME, new_id()]})

    assert '"Seq Scan"' not in plan
    assert f'"ix_package_subscriptions_{parent}_created_at_id"' in plan


@pytest.mark.parametrize("parent", ["subscription_id", "allocation_id"])
async def test_a_ledger_is_read_from_its_index(plans: Plans, parent: str) -> None:
    statement = ENTRIES._listed_by(parent, (), None, NEWEST_FIRST.direction, after=False)

    plan = await plans.explained(statement, {"n": 21, "ids": [SOME, new_id()]})

    assert '"Seq Scan"' not in plan
    assert f'"ix_allocation_entries_{parent}_at_id"' in plan


@pytest.mark.parametrize(
    "statement",
    [
        *(SUBSCRIPTIONS.by_ids, PERIODS_BY_ID, PERIODS_BY_SUBSCRIPTION, LAST_BY_SUBSCRIPTION),
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
