"""Lists of service orders: filtered, searched, sorted and paged."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

import pytest

from domain.service_orders import Priority, ServiceOrder, ServiceOrderStatus
from persistence.storage import SqlStorage
from tests import make
from tests.conftest import World, keep, new_world
from tests.make import NOON
from tests.schema.conftest import Ask, public
from tests.service_orders import Served, assigned, clock, order, served

LIST = """query ($filter: ServiceOrderFilter, $orderBy: ServiceOrderOrder, $first: Int,
  $after: String) { serviceOrders(filter: $filter, orderBy: $orderBy, first: $first,
  after: $after) { totalCount nodes { number overdue } pageInfo { hasNextPage endCursor } } }"""
DAY = timedelta(days=1)


class Three(NamedTuple):
    """Orders A, B and C of two services, each for somebody else and placed a day later."""

    world: World
    one: Served
    two: Served
    placed: dict[str, ServiceOrder]


@pytest.fixture(scope="module")
async def three(storage: SqlStorage) -> Three:
    world = await new_world(storage)
    one = await served(world, storage, name="Licence renewal", code="LIC-9")
    two = await served(world, storage, name="Visa", name_ar="تأشيرة")
    two.company.name, two.worker.name = "Oasis Foods", "Rana Runner"
    company = make.company(name="Oasis Foods")
    worker = make.worker(company.id, name="Rana Runner")
    await keep(storage, world.caller(), company)
    await keep(storage, world.caller(), worker)
    two = Served(two.service, company, worker)
    soon, ago = datetime.now(UTC) + DAY, NOON - DAY
    orders = {
        "A": order(world, one, number="SO-2026-9999", at=NOON, clocks=[clock(soon)]),
        "B": order(
            world,
            two,
            number="SO-2026-10000",
            at=NOON + DAY,
            priority=Priority.URGENT,
            total=Decimal(5),
            clocks=[clock(ago), clock(soon)],
        ),
        "C": order(
            world,
            one,
            number="SO-2026-10001",
            at=NOON + 2 * DAY,
            priority=Priority.LOW,
            total=Decimal(5000),
            status=ServiceOrderStatus.ON_HOLD,
            clocks=[clock(ago, stopped_at=NOON)],
        ),
    }
    assigned(orders["C"], world.approver)
    await keep(storage, world.caller(), *orders.values())
    return Three(world, one, two, orders)


async def found(ask: Ask, three: Three, filter: Any = None, **order: Any) -> str:
    """The letters of the orders, as they are listed."""
    data = await ask(LIST, as_=three.world.caller(), filter=filter, orderBy=order or None)
    numbers = {placed.number: letter for letter, placed in three.placed.items()}
    page = data["serviceOrders"]
    assert page["totalCount"] == len(page["nodes"])
    return "".join(numbers[node["number"]] for node in page["nodes"])


async def test_a_list_is_filtered(ask: Ask, three: Three) -> None:
    one, two, world = three.one, three.two, three.world
    cases: list[tuple[dict[str, Any], str]] = [
        ({}, "CBA"),
        ({"status": ["PENDING"]}, "BA"),
        ({"status": ["PENDING", "ON_HOLD"]}, "CBA"),
        ({"status": []}, ""),
        ({"customerId": public(two.company)}, "B"),
        ({"workerId": public(one.worker)}, "CA"),
        ({"serviceDefinitionId": public(one.service)}, "CA"),
        ({"priority": ["LOW", "URGENT"]}, "CB"),
        ({"assigneeId": public(world.approver)}, "C"),
        ({"overdue": True}, "B"),
        ({"overdue": False}, "CA"),
        ({"createdFrom": "2026-01-03T12:00:00Z"}, "CB"),
        ({"createdBefore": "2026-01-03T12:00:00Z"}, "A"),
        ({"priority": ["LOW"], "status": ["PENDING"]}, ""),
    ]

    assert [(asked, await found(ask, three, asked)) for asked, _ in cases] == cases


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("so-2026-1000", "CB"),
        ("9999", "A"),
        ("LICENCE", "CA"),
        ("lic-9", "CA"),
        ("تأشيرة", "B"),
        ("oasis", "B"),
        ("rana", "B"),
        ("palm", "CA"),
        ("%", ""),
        ("", "CBA"),
        ("nothing", ""),
    ],
)
async def test_a_search_looks_at_numbers_services_and_those_they_are_for(
    ask: Ask, three: Three, text: str, expected: str
) -> None:
    assert await found(ask, three, {"search": text}) == expected


@pytest.mark.parametrize(
    ("field", "ascending"),
    [
        ("CREATED_AT", "ABC"),
        ("UPDATED_AT", "ABC"),
        ("NUMBER", "ABC"),
        ("PRIORITY", "CAB"),
        ("TOTAL", "BAC"),
    ],
)
async def test_a_list_is_sorted_and_goes_on_where_a_page_ends(
    ask: Ask, three: Three, field: str, ascending: str
) -> None:
    assert await found(ask, three, field=field, direction="ASC") == ascending
    assert await found(ask, three, field=field, direction="DESC") == ascending[::-1]
    seen, after = [], None
    for _ in range(3):
        order = {"field": field, "direction": "ASC"}
        asked = {"orderBy": order, "first": 1, "after": after}
        page = (await ask(LIST, as_=three.world.caller(), **asked))["serviceOrders"]
        seen += [node["number"] for node in page["nodes"]]
        after = page["pageInfo"]["endCursor"]
    assert seen == [three.placed[letter].number for letter in ascending]
    assert page["pageInfo"]["hasNextPage"] is False


async def test_an_order_says_whether_time_has_run_out(ask: Ask, three: Three) -> None:
    data = await ask(LIST, as_=three.world.caller())

    assert [node["overdue"] for node in data["serviceOrders"]["nodes"]] == [False, True, False]


async def test_customers_workers_and_services_show_what_was_ordered(ask: Ask, three: Three) -> None:
    document = """query ($company: ID!, $worker: ID!, $service: ID!) {
      customer(id: $company) { orders { totalCount nodes { number } } }
      worker(id: $worker) { orders(filter: {status: [ON_HOLD]}) { nodes { number } } }
      serviceDefinition(id: $service) { orders(first: 1) { nodes { number } } } }"""

    data = await ask(
        document,
        as_=three.world.caller(),
        company=public(three.one.company),
        worker=public(three.one.worker),
        service=public(three.two.service),
    )

    number = {letter: {"number": placed.number} for letter, placed in three.placed.items()}
    assert data == {
        "customer": {"orders": {"totalCount": 2, "nodes": [number["C"], number["A"]]}},
        "worker": {"orders": {"nodes": [number["C"]]}},
        "serviceDefinition": {"orders": {"nodes": [number["B"]]}},
    }
