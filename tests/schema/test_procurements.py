"""Procurements in the graph: pages, permissions, statements."""

from typing import Any

import pytest

from domain.callers import Permission
from persistence.storage import SqlStorage
from schema.kit.ids import to_public
from tests.conftest import World, keep
from tests.rest.shoplazza.samples import approved, ids, in_every_state, procurements
from tests.schema.conftest import Ask

PAGE = """query ($first: Int!, $after: String, $orderBy: ProcurementOrder) {
  procurements(first: $first, after: $after, orderBy: $orderBy) {
    totalCount pageInfo { hasNextPage endCursor } nodes { legacyIds { channel id } } } }"""
WHOLE = """{ procurements { totalCount nodes {
  id state quantities { transfer pending received rejected } items { id quantities { pending } }
  supplier { name } purchaseOrder { number lines { id } } } } }"""


def old_ids(page: Any) -> list[str]:
    return [
        each["id"]
        for node in page["nodes"]
        for each in node["legacyIds"]
        if each["channel"] == "SHOPLAZZA"
    ]


@pytest.mark.parametrize("field", ["CREATED_AT", "UPDATED_AT"])
@pytest.mark.parametrize("direction", ["ASC", "DESC"])
async def test_pages_follow_each_other_without_gaps(
    ask: Ask, storage: SqlStorage, world: World, field: str, direction: str
) -> None:
    """Also where several were created at the same moment."""
    orders = [approved(world) for _ in range(7)]
    for n, order in enumerate(orders):
        order.number = f"PO-2026-{n:04}"
    await keep(storage, world.caller(), *orders)
    order_by = {"field": field, "direction": direction}
    found: list[str] = []
    after = None

    while True:
        page = (await ask(PAGE, first=3, after=after, orderBy=order_by))["procurements"]
        assert page["totalCount"] == 7
        found += old_ids(page)
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break

    assert found == sorted(ids(orders), reverse=direction == "DESC")


async def test_a_page_costs_the_same_statements_however_many_there_are(
    ask: Ask, storage: SqlStorage, world: World, statements: list[str]
) -> None:
    counted = []
    for n in (0, 10):
        await keep(storage, world.caller(), *(approved(world, n + m) for m in range(10)))
        statements.clear()
        data = await ask(WHOLE)
        assert data["procurements"]["totalCount"] == n + 10
        counted.append(len(statements))

    # The list, its count, quantities, items, suppliers and orders; the lines are the items' rows.
    assert counted == [6, 6]


async def test_a_procurement_is_found_by_its_id_once_its_order_was_approved(
    ask: Ask, storage: SqlStorage, world: World
) -> None:
    [order] = await procurements(storage, world, 1)
    draft = approved(world, 2, approved_at=None)
    await keep(storage, world.caller(), draft)
    document = "query ($id: ID!) { procurement(id: $id) { number purchaseOrder { id } } }"

    found = await ask(document, id=to_public("prc", order.id))
    unknown = await ask(document, id=to_public("prc", draft.id))

    assert found["procurement"] == {
        "number": "PO-2026-0001",
        "purchaseOrder": {"id": to_public("po", order.id)},
    }
    assert unknown == {"procurement": None}


async def test_who_may_not_read_orders_reads_no_procurements(
    refused: Ask, ask: Ask, storage: SqlStorage, world: World
) -> None:
    await in_every_state(storage, world)
    without = world.caller(permissions=frozenset(Permission) - {Permission.PURCHASE_ORDERS_READ})
    no_suppliers = world.caller(permissions=frozenset({Permission.PURCHASE_ORDERS_READ}))

    [error] = await refused("{ procurements { totalCount } }", as_=without)
    [*hidden] = await refused("{ procurements { nodes { supplier { id } } } }", as_=no_suppliers)

    assert error["extensions"] == {"code": "FORBIDDEN"}
    assert {each["extensions"]["code"] for each in hidden} == {"FORBIDDEN"}
    data = await ask("{ procurements { totalCount } }", as_=no_suppliers)
    assert data == {"procurements": {"totalCount": 4}}
