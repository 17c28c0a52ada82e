"""Packages: what they have to say."""

from decimal import Decimal
from uuid import UUID

import pytest

from domain.kit.errors import Path, RuleBroken
from domain.kit.ids import new_id
from domain.packages import PackageItem
from domain.service_definitions import ServiceDefinition
from tests.domain.catalogue import package
from tests.make import NOON

VISA, LICENCE = new_id(), new_id()


def refused(**values: object) -> list[tuple[Path, str]]:
    with pytest.raises(RuleBroken) as caught:
        package(**values)
    return [(broken.path, broken.message) for broken in caught.value.problems]


def item(service: UUID = VISA, quantity: int | None = 1) -> PackageItem:
    return PackageItem(service_definition_id=service, quantity=quantity)


def test_everything_that_is_wrong_is_said_at_once() -> None:
    assert refused(
        code="",
        name=" ",
        name_ar="ع" * 201,
        description="d" * 5001,
        price=Decimal(-1),
        vat_rate=Decimal(-1),
        duration_days=0,
        items=[item(quantity=0), item(LICENCE, 10**9 + 1), item()],
    ) == [
        (("code",), "this must not be empty"),
        (("name",), "this must not be empty"),
        (("name_ar",), "this is longer than 200 characters"),
        (("description",), "this is longer than 5000 characters"),
        (("price",), "this must be 0 or more"),
        (("vat_rate",), "this must be 0 or more"),
        (("duration_days",), "this must be 1 or more"),
        (("items", 2, "service_definition_id"), "this is there twice"),
        (("items", 0, "quantity"), "this must be 1 or more"),
        (("items", 1, "quantity"), "this must be 1000000000 or less"),
    ]


@pytest.mark.parametrize("days", [1, 3660])
def test_a_period_lasts_a_day_to_ten_years(days: int) -> None:
    assert package(duration_days=days).duration_days == days


def test_a_period_lasts_no_longer_than_that() -> None:
    assert refused(duration_days=3661) == [(("duration_days",), "this must be 3660 or less")]


def test_an_item_without_a_quantity_is_without_limit() -> None:
    assert package(items=[item(quantity=None)]).items == [
        PackageItem(service_definition_id=VISA, quantity=None)
    ]


def test_a_package_covers_something_but_not_everything() -> None:
    assert refused(items=[]) == [(("items",), "a package needs at least one service")]
    many = [item(new_id()) for _ in range(101)]
    assert refused(items=many) == [(("items",), "at most 100 are possible")]


def test_services_are_mentioned() -> None:
    assert [(m.kind, m.id, m.path) for m in package(VISA, LICENCE).mentions()] == [
        (ServiceDefinition, VISA, ("items", 0, "service_definition_id")),
        (ServiceDefinition, LICENCE, ("items", 1, "service_definition_id")),
    ]


def test_what_was_sold_is_another_matter_than_what_is_sold_now() -> None:
    made = package()
    made.pull_events()

    made.update({"active": False, "price": Decimal(99)}, NOON)

    [event] = made.pull_events()
    assert event.action == "package.updated"
    assert event.changes == {"active": (True, False), "price": (Decimal(150), Decimal(99))}
