"""Revisions in the graph: amending, and reading an order as of any revision or moment."""

from typing import Any

from domain.purchase_orders import PurchaseOrder
from persistence.storage import SqlStorage
from tests.conftest import World
from tests.schema.conftest import Ask, public
from tests.usecases.orders import approved, drafted

READ = """query ($id: ID!, $revision: Int, $at: DateTime) { purchaseOrder(id: $id) {
  revision approvedRevision
  asOf(revision: $revision, at: $at) { number total { amount } lines { id quantity } }
  revisions { number reason by { name } changes { field before after } total { amount } } } }"""


async def amend(do: Ask, order: PurchaseOrder, quantity: str) -> Any:
    line = {"id": public(order.lines[0]), "quantity": quantity}
    given = {"id": public(order), "reason": f"now {quantity}", "lines": [line]}
    return await do("purchaseOrderAmend", given, "{ status revision total { amount } }")


async def test_an_order_is_read_as_of_any_revision(
    ask: Ask, do: Ask, world: World, storage: SqlStorage
) -> None:
    order = await approved(world, storage)
    assert await amend(do, order, "3") == {
        "errors": [],
        "purchaseOrder": {"status": "APPROVED", "revision": 2, "total": {"amount": "34.50"}},
    }
    await amend(do, order, "4")

    told = (await ask(READ, id=public(order), revision=2))["purchaseOrder"]

    assert told["asOf"] == {
        "number": 2,
        "total": {"amount": "34.50"},
        "lines": [{"id": public(order.lines[0]), "quantity": "3"}],
    }
    assert told["revisions"] == [
        {
            "number": 1,
            "reason": None,
            "by": {"name": "Bea Buyer"},
            "changes": [],
            "total": {"amount": "23.00"},
        },
        {
            "number": 2,
            "reason": "now 3",
            "by": {"name": "Bea Buyer"},
            "changes": [
                {"field": "total", "before": "23", "after": "34.5"},
                {"field": "lines.1.quantity", "before": "2", "after": "3"},
            ],
            "total": {"amount": "34.50"},
        },
        {
            "number": 3,
            "reason": "now 4",
            "by": {"name": "Bea Buyer"},
            "changes": [
                {"field": "total", "before": "34.5", "after": "46"},
                {"field": "lines.1.quantity", "before": "3", "after": "4"},
            ],
            "total": {"amount": "46.00"},
        },
    ]


async def test_an_order_is_read_as_of_a_moment(
    ask: Ask, do: Ask, world: World, storage: SqlStorage
) -> None:
    order = await approved(world, storage)
    await amend(do, order, "3")
    reads = storage.reads(world.caller())
    rows = (await reads.purchase_order_revisions.by_order_ids([order.id]))[order.id]
    await reads.close()

    async def number_at(moment: str) -> int | None:
        told = (await ask(READ, id=public(order), at=moment))["purchaseOrder"]["asOf"]
        return told["number"] if told else None

    assert await number_at(rows[0].at.isoformat()) == 1
    assert await number_at(rows[1].at.isoformat()) == 2
    assert await number_at("2999-01-01T00:00:00Z") == 2
    assert await number_at("2000-01-01T00:00:00Z") is None


async def test_before_approval_there_is_no_revision(
    ask: Ask, world: World, storage: SqlStorage
) -> None:
    order = await drafted(world, storage)

    told = (await ask(READ, id=public(order)))["purchaseOrder"]

    assert told == {"revision": 1, "approvedRevision": None, "asOf": None, "revisions": []}


async def test_a_page_of_orders_asks_for_its_revisions_at_once(
    ask: Ask, do: Ask, world: World, storage: SqlStorage, statements: list[str]
) -> None:
    for _ in range(3):
        await amend(do, await approved(world, storage), "3")
    statements.clear()

    await ask(
        "{ purchaseOrders { nodes { revisions { lines { id } } asOf(revision: 1) { at } } } }"
    )

    assert len(statements) == 3
