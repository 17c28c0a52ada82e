"""The delta feed, asked in the graph: pages, tombstones, rights, statements."""

import random
from typing import Any

import pytest

from domain.callers import Permission
from domain.suppliers import Supplier
from persistence.storage import SqlStorage
from tests import make
from tests.conftest import World, keep
from tests.schema.conftest import Ask, public
from tests.usecases.services import placed, worked_on
from usecases.kit import run
from usecases.purchase_orders import CreatePurchaseOrder, DeletePurchaseOrder
from usecases.reads.events import Position
from usecases.records import UpdateRecord

CHANGES = """query ($after: String, $first: Int, $kinds: [RecordKind!]) {
  changes(after: $after, first: $first, kinds: $kinds) {
    edges { cursor kind id change type at version
      node { __typename id ... on Supplier { name } ... on PurchaseOrder { notes version } } }
    endCursor hasNextPage latestCursor } }"""


async def test_the_feed_tells_of_an_order_and_of_what_billed_it(
    ask: Ask, storage: SqlStorage, world: World
) -> None:
    cursor = await latest(ask)
    order = await placed(world, storage)
    await worked_on(world, storage, order, "collect", "submit")

    kinds = ["SERVICE_ORDER", "SALES_INVOICE"]
    document = """query ($after: String, $kinds: [RecordKind!]) {
      changes(after: $after, kinds: $kinds) { edges { kind change node {
        ... on ServiceOrder { status } ... on SalesInvoice { total { amount } } } } } }"""
    edges = (await ask(document, after=cursor, kinds=kinds))["changes"]["edges"]

    assert [(each["kind"], each["change"], each["node"]) for each in edges] == [
        ("SERVICE_ORDER", "CREATED", {"status": "COMPLETED"}),
        ("SALES_INVOICE", "CREATED", {"total": {"amount": "115.00"}}),
    ]


async def latest(ask: Ask) -> str:
    data = await ask("{ changes(first: 1) { latestCursor } }")
    cursor: str = data["changes"]["latestCursor"]
    return cursor


async def rename(storage: SqlStorage, world: World, supplier: Supplier, name: str) -> None:
    await run(
        UpdateRecord(kind=Supplier, id=supplier.id, given={"name": name}), world.caller(), storage
    )


async def test_the_pages_of_the_feed_add_up_to_what_is_there(
    ask: Ask, storage: SqlStorage, world: World
) -> None:
    """A copy that is kept by the feed while everything goes on changing."""
    chance = random.Random(11)  # noqa: S311 - any course will do
    suppliers = [make.supplier() for _ in range(4)]
    await keep(storage, world.caller(), *suppliers)
    orders: list[Any] = []
    copy: dict[str, Any] = {}
    tombstones: set[str] = set()
    cursor: str | None = None

    for _ in range(40):
        for _ in range(chance.randrange(4)):
            await happen(chance, storage, world, suppliers, orders)
        data = (await ask(CHANGES, after=cursor, first=chance.randint(1, 6)))["changes"]
        for edge in data["edges"]:
            if edge["change"] == "DELETED":
                assert edge["node"] is None
                tombstones.add(edge["id"])
                copy.pop(edge["id"], None)
            else:
                assert (edge["change"] == "CREATED") == (edge["id"] not in copy)
                copy[edge["id"]] = edge["node"]
        cursor = data["endCursor"]
    while True:
        data = (await ask(CHANGES, after=cursor))["changes"]
        for edge in data["edges"]:
            copy[edge["id"]] = edge["node"]
        cursor = data["endCursor"]
        if not data["hasNextPage"]:
            break

    there = await ask(
        "query ($ids: [ID!]!) { nodes(ids: $ids) { __typename id"
        " ... on Supplier { name } ... on PurchaseOrder { notes version } } }",
        ids=[*copy],
    )
    assert {id: node for id, node in copy.items() if node is not None} == {
        node["id"]: node for node in there["nodes"] if node is not None
    }
    assert {*map(public, suppliers)} <= copy.keys()
    assert {f"po_{id.hex}" for id in orders} <= copy.keys()
    assert tombstones
    assert cursor == data["latestCursor"]


async def happen(
    chance: random.Random,
    storage: SqlStorage,
    world: World,
    suppliers: list[Supplier],
    orders: list[Any],
) -> None:
    """One thing out of many."""
    what = chance.randrange(3)
    if what == 0:
        await rename(storage, world, chance.choice(suppliers), f"Name {chance.random()}")
    elif what == 1 or not orders:
        created = await run(CreatePurchaseOrder(**world.draft()), world.caller(), storage)
        orders.append(created.id)
    else:
        id = orders.pop(chance.randrange(len(orders)))
        await run(DeletePurchaseOrder(id=id), world.caller(), storage)


async def test_a_record_is_on_a_page_once_by_its_last_change(
    ask: Ask, storage: SqlStorage, world: World
) -> None:
    start = await latest(ask)
    supplier, other = make.supplier(), make.supplier()
    await keep(storage, world.caller(), supplier, other)
    await rename(storage, world, supplier, "Once")
    await rename(storage, world, supplier, "Twice")

    data = (await ask(CHANGES, after=start))["changes"]

    assert [(e["id"], e["change"], e["type"]) for e in data["edges"]] == [
        (public(other), "CREATED", "supplier.created"),
        (public(supplier), "CREATED", "supplier.updated"),
    ]
    assert data["edges"][1]["node"] == {
        "__typename": "Supplier",
        "id": public(supplier),
        "name": "Twice",
    }
    assert data["edges"][1]["version"] == 3
    assert data["edges"][1]["cursor"] == data["endCursor"] == data["latestCursor"]
    assert not data["hasNextPage"]


async def test_at_the_end_there_is_an_empty_page_that_ends_where_it_began(ask: Ask) -> None:
    newest = await latest(ask)

    assert (await ask(CHANGES, after=newest))["changes"] == {
        "edges": [],
        "endCursor": newest,
        "hasNextPage": False,
        "latestCursor": newest,
    }


async def test_what_may_not_be_read_is_left_out_and_the_cursor_goes_past_it(
    ask: Ask, storage: SqlStorage, world: World
) -> None:
    start = await latest(ask)
    await run(CreatePurchaseOrder(**world.draft()), world.caller(), storage)
    await rename(storage, world, world.supplier, "Seen")
    created = await run(CreatePurchaseOrder(**world.draft()), world.caller(), storage)
    await run(DeletePurchaseOrder(id=created.id), world.caller(), storage)
    reader = world.caller(permissions=frozenset({Permission.SUPPLIERS_READ}))

    data = (await ask(CHANGES, as_=reader, after=start))["changes"]

    assert [(e["kind"], e["change"]) for e in data["edges"]] == [("SUPPLIER", "UPDATED")]
    assert data["endCursor"] == data["latestCursor"] == await latest(ask)
    assert not data["hasNextPage"]


async def test_only_kinds_that_are_asked_for_come(
    ask: Ask, storage: SqlStorage, world: World
) -> None:
    start = await latest(ask)
    await run(CreatePurchaseOrder(**world.draft()), world.caller(), storage)
    await rename(storage, world, world.supplier, "Seen")

    some = (await ask(CHANGES, after=start, kinds=["PURCHASE_ORDER"]))["changes"]
    none = (await ask(CHANGES, after=start, kinds=[]))["changes"]

    assert [edge["kind"] for edge in some["edges"]] == ["PURCHASE_ORDER"]
    assert none["edges"] == []
    assert some["endCursor"] == none["endCursor"] == await latest(ask)


async def test_another_organizations_changes_never_show(
    ask: Ask, storage: SqlStorage, world: World, other_world: World
) -> None:
    start = await latest(ask)
    await rename(storage, other_world, other_world.supplier, "Theirs")

    assert (await ask(CHANGES, after=start))["changes"]["edges"] == []
    assert await latest(ask) == start
    assert world.organization.id != other_world.organization.id


@pytest.mark.parametrize("records", [1, 20])
async def test_a_page_takes_a_statement_for_each_kind_of_record_on_it(
    ask: Ask, storage: SqlStorage, world: World, statements: list[str], records: int
) -> None:
    start = await latest(ask)
    await keep(storage, world.caller(), *(make.supplier() for _ in range(records)))
    for _ in range(records):
        await run(CreatePurchaseOrder(**world.draft()), world.caller(), storage)
    statements.clear()

    data = await ask(CHANGES, after=start, first=100)

    assert len(data["changes"]["edges"]) == 2 * records
    assert len(statements) == 4  # the newest position, the events, suppliers, orders


@pytest.mark.parametrize(
    ("arguments", "message", "argument"),
    [
        ({"after": "nope"}, "no cursor of this list", ["after"]),
        ({"after": "WyJjcmVhdGVkX2F0Il0="}, "no cursor of this list", ["after"]),
        (
            {"after": Position(10**9).cursor},
            "no cursor of this organization's events",
            ["after"],
        ),
        ({"first": 0}, "first is between 1 and 100", ["first"]),
        ({"first": 101}, "first is between 1 and 100", ["first"]),
    ],
)
async def test_what_cannot_be_asked_is_refused(
    refused: Ask, arguments: dict[str, Any], message: str, argument: list[str]
) -> None:
    [error] = await refused(CHANGES, **arguments)

    assert (error["message"], error["extensions"]["argument"]) == (message, argument)


async def test_whoever_names_a_kind_must_be_allowed_to_read_it(refused: Ask, world: World) -> None:
    reader = world.caller(permissions=frozenset({Permission.SUPPLIERS_READ}))

    [error] = await refused(CHANGES, as_=reader, kinds=["PURCHASE_ORDER"])

    assert error["extensions"]["code"] == "FORBIDDEN"


async def test_a_cursor_before_the_beginning_is_the_beginning(ask: Ask) -> None:
    before = "WyJwb3NpdGlvbiIsICItOTAwMDAwMDAwMDAwMDAwMDAwMCJd"

    assert (await ask(CHANGES, after=before)) == (await ask(CHANGES, after=None))
