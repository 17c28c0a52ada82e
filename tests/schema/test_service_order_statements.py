"""What service orders cost to show: statements depend on what is asked for, never on the rows."""

from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from domain.sales_invoices import SalesInvoice
from persistence.storage import SqlStorage
from tests import make
from tests.conftest import World, keep, new_world
from tests.domain.calendars import calendar
from tests.make import NOON
from tests.schema.conftest import Ask
from tests.server.statements import sent_by
from tests.service_orders import assigned, clock, coupon, order, redemption, served

MOST = 50
PAGE = """query ($first: Int) { serviceOrders(first: $first) { totalCount nodes {
  number status priority overdue total { formatted } price { net { amount } vat { amount } }
  transitions { name allowed blockers { message } }
  customer { name ... on Company { registrationNumber } } worker { name } serviceDefinition { name }
  assignee { name } createdBy { name }
  coupon { code amount { amount } coupon { name } } priceLines { label amount { amount } }
  steps { key status assignee { name } transitions { name allowed } }
  clocks { measures state dueAt time { remainingSeconds } step { key } }
  invoices { number total { amount } }
  legacyIds { id } } pageInfo { endCursor } } }"""
# The page and its count; customers, workers, services, users, redemptions and their coupons, price
# lines, steps, clocks, their steps, the calendars that their times are reckoned by, invoices.
OF_A_PAGE = 14


@pytest.fixture(scope="module")
async def busy_world(storage: SqlStorage) -> World:
    """Fifty orders of five services, for as many companies and workers, with all there can be."""
    world = await new_world(storage)
    by = world.caller()
    services = [await served(world, storage) for _ in range(5)]
    users = [make.user(f"User {n}", role_ids=[world.role.id]) for n in range(3)]
    coupons = [coupon() for _ in range(5)]
    hours = calendar()
    await keep(storage, by, hours, *users, *coupons)
    placed = []
    for n in range(MOST):
        made = assigned(order(world, services[n % 5], clocks=[]), users[n % 3])
        made.redemptions = [redemption(coupons[n * 3 % 5], made)]
        for step in (None, *(step.id for step in made.steps)):
            made.clocks.append(clock(step_id=step, calendar_id=hours.id))
        placed.append(made)
    await keep(storage, by, *placed)
    invoices = [SalesInvoice.of_order(each, NOON) for each in placed]
    for n, invoice in enumerate(invoices):
        invoice.number, invoice.issued_on, invoice.due_on = f"SINV-{n}", NOON.date(), NOON.date()
    await keep(storage, by, *invoices)
    return world


@pytest.mark.parametrize("first", [1, 20, MOST])
async def test_a_page_of_orders_takes_the_same_statements_whatever_its_size(
    ask: Ask, busy_world: World, statements: list[str], engine: AsyncEngine, first: int
) -> None:
    with sent_by(engine) as sent:
        data = await ask(PAGE, as_=busy_world.caller(), first=first)

    nodes = data["serviceOrders"]["nodes"]
    assert data["serviceOrders"]["totalCount"] == MOST
    assert len(nodes) == first
    assert all(_whole(node) for node in nodes)
    assert len(statements) == OF_A_PAGE
    assert sent == []  # nothing goes around the snapshot


def _whole(node: dict[str, Any]) -> bool:
    counted = {name: len(node[name]) for name in ("steps", "clocks", "priceLines", "invoices")}
    named = (
        node["customer"],
        node["worker"],
        node["serviceDefinition"],
        node["assignee"],
        node["coupon"],
    )
    return counted == {"steps": 3, "clocks": 4, "priceLines": 2, "invoices": 1} and all(named)


@pytest.mark.parametrize("first", [1, 5])
async def test_orders_of_customers_take_one_statement_for_all_of_them(
    ask: Ask, busy_world: World, statements: list[str], first: int
) -> None:
    """Companies; their orders, counted, with steps; workers and services, with theirs."""
    data = await ask(
        """query ($first: Int) {
          companies(first: $first) { nodes { orders(first: 5) { totalCount nodes {
            steps { key } worker { orders(first: 2) { nodes { number } } }
            serviceDefinition { orders(first: 2, filter: {status: [PENDING]}) { nodes { number } } }
          } } } } }""",
        as_=busy_world.caller(),
        first=first,
    )

    companies = data["companies"]["nodes"]
    assert [company["orders"]["totalCount"] for company in companies] == [10] * first
    assert {len(company["orders"]["nodes"]) for company in companies} == {5}
    assert len(statements) == 8
