"""Lists of services, packages and coupons: what filters find, and in what order."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from domain.coupons import Coupon, CouponStatus
from domain.service_definitions import ServiceDefinition, ServiceStatus
from persistence.storage import SqlStorage
from tests.conftest import Save, World
from tests.domain.catalogue import asking, coupon, package, service, step
from usecases.reads.coupons import CouponFilter, CouponOrder, CouponSort
from usecases.reads.kit import Direction, Listing, Whole
from usecases.reads.packages import PackageFilter, PackageOrder, PackageSort
from usecases.reads.service_definitions import (
    ServiceDefinitionFilter,
    ServiceDefinitionOrder,
    ServiceDefinitionSort,
)

W = Whole.ORGANIZATION
HOUR = timedelta(hours=1)
NOW = datetime.now(UTC)


async def found(storage: SqlStorage, world: World, noun: str, filter: Any, order: Any) -> list[str]:
    """The codes of what is listed; it is counted and numbered just so."""
    reads = storage.reads(world.caller())
    questions = getattr(reads, noun)
    page = (await questions.all([W], filter=filter, order_by=order))[W]
    numbered = await questions.numbered(filter, order, offset=0, limit=100)
    listing = Listing(W, filter)
    counts = await questions.counts([listing])
    await reads.close()
    codes = [row.code for row in page.nodes]
    assert [row.code for row in numbered] == codes
    assert counts == {listing: len(codes)}
    return codes


SERVICES: list[tuple[dict[str, Any], list[str]]] = [
    ({}, ["LIC", "TAX", "VISA"]),
    ({"status": (ServiceStatus.PUBLISHED,)}, ["VISA"]),
    ({"status": (ServiceStatus.DRAFT, ServiceStatus.ARCHIVED)}, ["LIC", "TAX"]),
    ({"category": "Government"}, ["LIC", "VISA"]),
    ({"category": "government"}, []),
    ({"requires_company": True}, ["LIC"]),
    ({"requires_company": False}, ["TAX", "VISA"]),
    ({"search": "renewal"}, ["LIC", "VISA"]),
    ({"search": "تأشيرة"}, ["VISA"]),
    ({"search": "tax"}, ["TAX"]),
    ({"search": "renewal", "requires_company": True}, ["LIC"]),
    ({"search": ""}, ["LIC", "TAX", "VISA"]),
]


@pytest.fixture
async def services(save: Save) -> list[ServiceDefinition]:
    made = [
        service(code="VISA", category="Government", status=ServiceStatus.PUBLISHED),
        service(
            code="LIC",
            name="Licence renewal",
            name_ar="رخصة",
            category="Government",
            requires_company=True,
            price=Decimal(300),
        ),
        service(
            code="TAX",
            name="Returns",
            name_ar="إقرار",
            price=Decimal(200),
            status=ServiceStatus.ARCHIVED,
        ),
    ]
    await save(*made)
    return made


@pytest.mark.parametrize(("filter", "codes"), SERVICES)
@pytest.mark.usefixtures("services")
async def test_services_are_found(
    storage: SqlStorage, world: World, filter: dict[str, Any], codes: list[str]
) -> None:
    asked = ServiceDefinitionFilter(**filter)

    listed = await found(storage, world, "service_definitions", asked, ServiceDefinitionOrder())

    assert listed == codes


@pytest.mark.usefixtures("services")
async def test_services_are_sorted(storage: SqlStorage, world: World) -> None:
    by_price = ServiceDefinitionOrder(field=ServiceDefinitionSort.PRICE, direction=Direction.DESC)

    listed = await found(storage, world, "service_definitions", ServiceDefinitionFilter(), by_price)

    assert listed == ["LIC", "TAX", "VISA"]


async def test_a_service_is_read_as_it_was_kept(
    storage: SqlStorage, world: World, save: Save
) -> None:
    passport = UUID(int=7)
    made = service(
        price=Decimal("12.5"),
        vat_rate=Decimal("7.5"),
        steps=[asking("papers", passport=(passport, False)), step("rest", "papers", optional=True)],
    )
    await save(made)

    reads = storage.reads(world.caller())
    row = (await reads.service_definitions.by_ids([made.id]))[made.id]
    await reads.close()

    assert (row.steps, row.targets, row.eligibility) == (made.steps, [], [])
    assert (str(row.price.amount), row.currency, row.vat_rate) == ("12.50", "SAR", Decimal("7.5"))
    assert [tuple(each) for each in row.required_documents] == [("papers", passport, False)]
    assert (row.starts_at_price, row.options, row.shrkity_id) == (False, [], 1)


async def test_packages_are_found_and_sorted(storage: SqlStorage, world: World, save: Save) -> None:
    gold = package(code="GOLD", name="Gold", price=Decimal(900), active=False)
    await save(gold, package(code="BASIC", name="Basic", name_ar="أساسي"))

    async def codes(order: PackageOrder = PackageOrder(), **values: Any) -> list[str]:
        return await found(storage, world, "packages", PackageFilter(**values), order)

    dearest = PackageOrder(field=PackageSort.PRICE, direction=Direction.DESC)
    assert await codes() == ["BASIC", "GOLD"]
    assert await codes(dearest) == ["GOLD", "BASIC"]
    assert await codes(active=True) == ["BASIC"]
    assert await codes(active=False) == ["GOLD"]
    assert await codes(search="أساس") == ["BASIC"]


COUPONS: dict[str, dict[str, Any]] = {
    "ACTIVE": {"valid_from": NOW - HOUR, "valid_until": NOW + HOUR},
    "ALSO": {"name": "Summer", "usage_limit_total": 2, "used": 1},
    "SOON": {"valid_from": NOW + HOUR},
    "LATE": {"valid_until": NOW - HOUR, "usage_limit_total": 1, "used": 1},
    "FULL": {"usage_limit_total": 1, "used": 1, "valid_from": NOW + HOUR},
    "OFF": {"active": False, "valid_until": NOW - HOUR},
}


def deleted() -> Coupon:
    made = coupon(code="DELETED")
    made.delete(NOW, applied=True)
    return made


async def test_the_status_of_a_coupon_is_the_same_in_lists_and_in_the_domain(
    storage: SqlStorage, world: World, save: Save
) -> None:
    made = {code: coupon(code=code, **values) for code, values in COUPONS.items()}
    await save(*made.values())
    by_code = CouponOrder(field=CouponSort.CODE, direction=Direction.ASC)

    reads = storage.reads(world.caller())
    rows = await reads.coupons.by_ids([each.id for each in made.values()])
    await reads.close()
    for each in made.values():
        assert rows[each.id].status is each.status_at(NOW), each.code
    for status in CouponStatus:
        codes = sorted(code for code, each in made.items() if each.status_at(NOW) is status)
        assert codes
        asked = CouponFilter(status=(status,))
        assert await found(storage, world, "coupons", asked, by_code) == codes
    several = CouponFilter(status=(CouponStatus.DISABLED, CouponStatus.SCHEDULED))
    assert await found(storage, world, "coupons", several, by_code) == ["OFF", "SOON"]


async def test_a_deleted_coupon_is_found_by_its_id_alone(
    storage: SqlStorage, world: World, save: Save
) -> None:
    gone, there = deleted(), coupon(code="THERE", name="Summer sale")
    await save(gone, there)

    reads = storage.reads(world.caller())
    rows = await reads.coupons.by_ids([gone.id])
    codes = await reads.coupons.ids_by_codes(["DELETED", "THERE", "there"])
    await reads.close()

    assert (rows[gone.id].status, rows[gone.id].deleted_at) == (CouponStatus.DISABLED, NOW)
    assert codes == {"THERE": there.id}
    disabled = CouponFilter(status=(CouponStatus.DISABLED,))
    assert await found(storage, world, "coupons", disabled, CouponOrder()) == []
    assert await found(storage, world, "coupons", CouponFilter(search="summer"), CouponOrder()) == [
        "THERE"
    ]


async def test_what_is_left_of_a_coupon(storage: SqlStorage, world: World, save: Save) -> None:
    limited, unlimited = coupon(usage_limit_total=3, used=1), coupon(used=9)
    await save(limited, unlimited)

    reads = storage.reads(world.caller())
    rows = await reads.coupons.by_ids([limited.id, unlimited.id])
    await reads.close()

    assert (rows[limited.id].remaining, rows[unlimited.id].remaining) == (2, None)
