"""Every filter and ordering of services, packages, coupons and their uses has an index."""

import re
from collections.abc import AsyncIterator
from decimal import Decimal
from typing import Any

import asyncpg
import pytest

from domain.coupons import CouponStatus
from domain.service_definitions import ServiceStatus
from persistence.engines import application_engine
from persistence.reads.coupons import (
    APPLIED,
    BY_CODES,
    BY_ORDER,
    COUPONS,
    MOST_USES,
    REDEMPTIONS,
    USES,
)
from persistence.reads.lists import Listed
from persistence.reads.packages import PACKAGES
from persistence.reads.service_definitions import SERVICES
from persistence.storage import SqlStorage
from tests.conftest import new_world
from tests.persistence.samples_catalogue import catalogue
from tests.persistence.test_indexes import COPY, MANY, MOMENT, SOME, Plans
from usecases.reads.coupons import CouponFilter, CouponRedemptionFilter, CouponSort
from usecases.reads.kit import Direction
from usecases.reads.packages import PackageFilter, PackageSort
from usecases.reads.service_definitions import ServiceDefinitionFilter, ServiceDefinitionSort

NAMED = {
    "id": "gen_random_uuid()",
    "shrkity_id": "shrkity_id + n",
    "name": "name || ' ' || n",
    "code": "'C-' || n",
    "created_at": "created_at + n * interval '1 minute'",
    "price": "n",
}
VARIED = {
    "service_definitions": NAMED
    | {
        "category": "'category ' || n % 100",
        "status": "(ARRAY['PUBLISHED', 'DRAFT'])[1 + n % 2]",
        "requires_company": "n % 100 > 0",
    },
    "packages": NAMED | {"active": "n % 100 > 0"},
    "coupons": NAMED | {"active": "n % 100 > 0"},
    "coupon_redemptions": {
        "id": "gen_random_uuid()",
        "shrkity_id": "shrkity_id + n",
        "order_id": "gen_random_uuid()",
        "coupon_id": "md5((n % 300)::text)::uuid",
        "customer_id": "md5((n % 300)::text)::uuid",
        "reserved_at": "reserved_at + n * interval '1 minute'",
    },
}


@pytest.fixture(scope="module")
async def plans(database_url: str) -> AsyncIterator[Plans]:
    engine = application_engine(database_url, pool_size=1)
    storage = SqlStorage(engine)
    world = await new_world(storage)
    await catalogue(world, storage)
    await engine.dispose()
    connection = await asyncpg.connect(database_url)
    transaction = connection.transaction()
    await transaction.start()  # rolled back: other tests find their tables as they were
    await connection.execute("SET LOCAL session_replication_role = replica")  # any order will do
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
    await connection.execute(
        "SELECT gin_clean_pending_list(indexrelid) FROM pg_index JOIN pg_class ON oid = indexrelid"
        " WHERE relam = (SELECT oid FROM pg_am WHERE amname = 'gin')"
    )
    await connection.execute("SET LOCAL ROLE backoffice_app; SET LOCAL enable_seqscan = off")
    enter = "SELECT set_config('app.organization', $1, true)"
    await connection.execute(enter, str(world.organization.id))
    yield Plans(connection, world)
    await transaction.rollback()
    await connection.close()


ORDERINGS: list[tuple[Listed[Any], Any, Any, tuple[Any, ...]]] = [
    (SERVICES, ServiceDefinitionFilter(), ServiceDefinitionSort.NAME, ("Visa", SOME)),
    (SERVICES, ServiceDefinitionFilter(), ServiceDefinitionSort.PRICE, (Decimal(7), SOME)),
    (SERVICES, ServiceDefinitionFilter(), ServiceDefinitionSort.CREATED_AT, (MOMENT, SOME)),
    (PACKAGES, PackageFilter(), PackageSort.NAME, ("Starter", SOME)),
    (PACKAGES, PackageFilter(), PackageSort.PRICE, (Decimal(7), SOME)),
    (PACKAGES, PackageFilter(), PackageSort.CREATED_AT, (MOMENT, SOME)),
    (COUPONS, CouponFilter(), CouponSort.CREATED_AT, (MOMENT, SOME)),
    (COUPONS, CouponFilter(), CouponSort.CODE, ("C-7",)),
]


@pytest.mark.parametrize("way", Direction)
@pytest.mark.parametrize(("listed", "everything", "sort", "key"), ORDERINGS)
async def test_an_ordering_is_read_from_its_index_and_goes_on_at_a_cursor(
    plans: Plans,
    listed: Listed[Any],
    everything: Any,
    sort: Any,
    key: tuple[Any, ...],
    way: Direction,
) -> None:
    first = await plans.of(listed, everything, sort, way=way)
    following = await plans.of(listed, everything, sort, way=way, after=True, key=key)

    for plan in (first, following):
        assert '"Seq Scan"' not in plan
        assert '"Sort"' not in plan
    conditions = re.findall(r'"Index Cond": "(.*?)"[,}]', following)
    column = listed.orderings[sort].columns[0].name
    assert len([each for each in conditions if column in each]) == 1


SERVICE_FILTERS: list[tuple[ServiceDefinitionFilter, str]] = [
    (ServiceDefinitionFilter(status=(ServiceStatus.ARCHIVED,)), "status_name_id"),
    (ServiceDefinitionFilter(category="category 7"), "category_name_id"),
    (ServiceDefinitionFilter(requires_company=False), "requires_company_name_id"),
    (ServiceDefinitionFilter(search="renewal 1777"), "searched"),
]
PACKAGE_FILTERS: list[tuple[PackageFilter, str]] = [
    (PackageFilter(active=False), "active_name_id"),
    (PackageFilter(search="starter 1777"), "searched"),
]
COUPON_FILTERS: list[tuple[CouponFilter, str]] = [
    (CouponFilter(status=(CouponStatus.DISABLED,)), "active_created_at_id"),
    (CouponFilter(search="welcome 1777"), "searched"),
]


@pytest.mark.parametrize(("filter", "index"), SERVICE_FILTERS)
async def test_a_filter_of_services_has_its_index(
    plans: Plans, filter: ServiceDefinitionFilter, index: str
) -> None:
    plan = await plans.of(SERVICES, filter, ServiceDefinitionSort.CREATED_AT, n=MANY)

    assert f'"ix_service_definitions_{index}"' in plan


@pytest.mark.parametrize(("filter", "index"), PACKAGE_FILTERS)
async def test_a_filter_of_packages_has_its_index(
    plans: Plans, filter: PackageFilter, index: str
) -> None:
    plan = await plans.of(PACKAGES, filter, PackageSort.CREATED_AT, n=MANY)

    assert f'"ix_packages_{index}"' in plan


@pytest.mark.parametrize(("filter", "index"), COUPON_FILTERS)
async def test_a_filter_of_coupons_has_its_index(
    plans: Plans, filter: CouponFilter, index: str
) -> None:
    assert f'"ix_coupons_{index}"' in await plans.of(COUPONS, filter, CouponSort.CODE, n=MANY)


def test_every_filter_is_tried() -> None:
    tried: list[tuple[list[Any], Any]] = [
        (SERVICE_FILTERS, ServiceDefinitionFilter),
        (PACKAGE_FILTERS, PackageFilter),
        (COUPON_FILTERS, CouponFilter),
    ]
    for filters, kind in tried:
        given = {n for f, _ in filters for n, v in vars(f).items() if v is not None}
        assert given == {*kind.__dataclass_fields__}


OF_COUPON = "coupon_id_reserved_at_id"
BATCHES: list[tuple[Any, dict[str, Any], str]] = [
    (BY_CODES, {"codes": ["C-7"]}, "ix_coupons_code"),
    (BY_ORDER, {"ids": [SOME]}, "ix_coupon_redemptions_order_id_reserved_at"),
    (APPLIED, {"ids": [SOME]}, "ix_coupon_redemptions_coupon_id"),
    (MOST_USES, {"ids": [SOME]}, "ix_coupon_redemptions_coupon_id"),
    (
        USES,
        {"coupon_ids": [SOME], "customer_ids": [SOME]},
        "ix_coupon_redemptions_coupon_id_customer_id",
    ),
]


@pytest.mark.parametrize(("statement", "values", "index"), BATCHES)
async def test_what_hangs_on_a_coupon_or_an_order_is_found_by_an_index(
    plans: Plans, statement: Any, values: dict[str, Any], index: str
) -> None:
    plan = await plans.explained(statement, values)

    assert '"Seq Scan"' not in plan
    assert f'"{index}' in plan


async def test_the_uses_of_a_coupon_are_read_from_their_index(plans: Plans) -> None:
    of_one = CouponRedemptionFilter(coupon_id=SOME)
    listed = await plans.of(REDEMPTIONS, of_one, None)
    statement = REDEMPTIONS._listed_by("coupon_id", (), None, Direction.DESC, after=False)
    by_parents = await plans.explained(statement, {"n": 21, "ids": [SOME]})

    for plan in (listed, by_parents):
        assert '"Seq Scan"' not in plan
        assert f'"ix_coupon_redemptions_{OF_COUPON}"' in plan
