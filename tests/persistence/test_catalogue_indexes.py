"""Every filter and ordering of services, packages, coupons and their uses has an index."""

from collections.abc import AsyncIterator
from decimal import Decimal
from typing import Any

import pytest

from domain.coupons import CouponStatus
from domain.service_definitions import ServiceStatus
from persistence.reads.coupons import (
    APPLIED,
    BY_CODES,
    COUPONS,
    MOST_USES,
    REDEMPTIONS,
    USES,
)
from persistence.reads.packages import PACKAGES
from persistence.reads.service_definitions import SERVICES
from tests.persistence.plans import (
    ANY,
    MANY,
    MOMENT,
    NEW,
    SOME,
    Ordered,
    Plans,
    among_many,
    tried,
)
from tests.persistence.samples_catalogue import catalogue
from usecases.reads.coupons import CouponFilter, CouponRedemptionFilter, CouponSort
from usecases.reads.kit import Direction
from usecases.reads.packages import PackageFilter, PackageSort
from usecases.reads.service_definitions import ServiceDefinitionFilter, ServiceDefinitionSort

NAMED = NEW | {
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
    "coupon_redemptions": NEW
    | {
        "order_id": "gen_random_uuid()",
        "coupon_id": ANY,
        "customer_id": ANY,
        "reserved_at": "reserved_at + n * interval '1 minute'",
    },
}


@pytest.fixture(scope="module")
async def plans(database_url: str) -> AsyncIterator[Plans]:
    async with among_many(database_url, VARIED, catalogue) as plans:
        yield plans


ORDERINGS: list[Ordered] = [
    Ordered(SERVICES, ServiceDefinitionFilter(), ServiceDefinitionSort.NAME, ("Visa", SOME)),
    Ordered(SERVICES, ServiceDefinitionFilter(), ServiceDefinitionSort.PRICE, (Decimal(7), SOME)),
    Ordered(SERVICES, ServiceDefinitionFilter(), ServiceDefinitionSort.CREATED_AT, (MOMENT, SOME)),
    Ordered(PACKAGES, PackageFilter(), PackageSort.NAME, ("Starter", SOME)),
    Ordered(PACKAGES, PackageFilter(), PackageSort.PRICE, (Decimal(7), SOME)),
    Ordered(PACKAGES, PackageFilter(), PackageSort.CREATED_AT, (MOMENT, SOME)),
    Ordered(COUPONS, CouponFilter(), CouponSort.CREATED_AT, (MOMENT, SOME)),
    Ordered(COUPONS, CouponFilter(), CouponSort.CODE, ("C-7",)),
]


@pytest.mark.parametrize("way", Direction)
@pytest.mark.parametrize("ordered", ORDERINGS)
async def test_an_ordering_is_read_from_its_index_and_goes_on_at_a_cursor(
    plans: Plans, ordered: Ordered, way: Direction
) -> None:
    await plans.check_ordering(ordered, way)


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


TRIED: list[tuple[list[Any], Any]] = [
    (SERVICE_FILTERS, ServiceDefinitionFilter),
    (PACKAGE_FILTERS, PackageFilter),
    (COUPON_FILTERS, CouponFilter),
]


def test_every_filter_is_tried() -> None:
    for filters, kind in TRIED:
        assert tried(filters) == {*kind.__dataclass_fields__}


OF_COUPON = "coupon_id_reserved_at_id"
BATCHES: list[tuple[Any, dict[str, Any], str]] = [
    (BY_CODES, {"codes": ["C-7"]}, "ix_coupons_code"),
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
    by_parents = await plans.of_parents(REDEMPTIONS, "coupon_id", None)

    for plan in (listed, by_parents):
        assert '"Seq Scan"' not in plan
        assert f'"ix_coupon_redemptions_{OF_COUPON}"' in plan
