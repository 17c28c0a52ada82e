"""What is listed: P-6, P-8, P-9, and the same records in the graph (P-14)."""

from decimal import Decimal
from typing import Any

import httpx
import pytest

from domain.purchase_orders import PurchaseOrderStatus, ReceiptStatus
from persistence.storage import SqlStorage
from tests import make
from tests.conftest import Save, World, keep
from tests.rest.shoplazza.samples import (
    LIST,
    approved,
    body,
    ids,
    in_every_state,
    listed,
    procurements,
)
from tests.schema.conftest import run_operation
from usecases.kit import run
from usecases.purchase_orders import (
    CancelPurchaseOrder,
    ClosePurchaseOrderShort,
    CreatePurchaseOrder,
    SubmitPurchaseOrder,
)

FIELDS = [
    *("id", "procurement_sn", "state", "supplier_id", "location_id", "note"),
    *("transfer_quantity", "pending_quantity", "received_quantity", "rejected_quantity"),
    *("created_at", "updated_at"),
]


async def only(client: httpx.AsyncClient) -> Any:
    [found] = body(await client.get(LIST))["procurements"]
    return found


async def test_p8_a_procurement_has_these_fields(
    store: httpx.AsyncClient, storage: SqlStorage, world: World
) -> None:
    order = approved(world, quantity=Decimal("2.5"), notes="Procurement of electronics")
    await keep(storage, world.caller(), order)

    response = await store.get(LIST)

    assert [*body(response)] == ["count", "procurements"]
    [found] = body(response)["procurements"]
    assert [*found] == FIELDS
    assert found == {
        "id": "100000000000000001",
        "procurement_sn": "00000001",
        "state": 1,
        "supplier_id": "200000000000000001",
        "location_id": "",
        "note": "Procurement of electronics",
        "transfer_quantity": Decimal("2.5"),
        "pending_quantity": Decimal("2.5"),
        "received_quantity": 0,
        "rejected_quantity": 0,
        "created_at": "2026-01-02T12:01:00Z",
        "updated_at": "2026-01-02T12:01:00Z",
    }


async def test_p8_without_notes_the_note_is_an_empty_text(
    store: httpx.AsyncClient, storage: SqlStorage, world: World
) -> None:
    await procurements(storage, world, 1)

    assert (await only(store))["note"] == ""


async def test_p8_every_supplier_has_an_id_of_18_digits_for_good(
    store: httpx.AsyncClient, save: Save, world: World
) -> None:
    others = [make.supplier() for _ in range(2)]
    await save(*others)
    suppliers = [world.supplier, *others]
    orders = [approved(world, n, supplier_id=s.id) for n, s in enumerate(suppliers)]
    await save(*orders)

    found = [each["supplier_id"] for each in body(await store.get(LIST))["procurements"]]

    assert found == [str(s.shoplazza_id) for s in reversed(suppliers)]
    assert found == [f"20000000000000000{n}" for n in (3, 2, 1)]


async def test_p8_count_is_of_all_that_match(
    store: httpx.AsyncClient, storage: SqlStorage, world: World
) -> None:
    await procurements(storage, world, 15)

    response = await store.get(LIST, params={"limit": 2, "created_at_max": "2026-01-02T12:13:00Z"})

    assert (body(response)["count"], len(listed(response))) == (13, 2)


@pytest.mark.parametrize(
    ("ordered", "accepted", "rejected", "pending"),
    [
        ("10", "0", "0", "10"),
        ("10", "4", "1", "5"),
        ("10", "7", "3", "0"),
        ("10", "12", "0", "0"),
        ("0.000001", "0", "0", "0.000001"),
        ("1000000", "0.5", "0.25", "999999.25"),
    ],
)
async def test_p9_quantities_say_what_has_come(
    store: httpx.AsyncClient,
    save: Save,
    world: World,
    ordered: str,
    accepted: str,
    rejected: str,
    pending: str,
) -> None:
    came: dict[str, Any] = {"accepted": Decimal(accepted), "rejected": Decimal(rejected)}
    await save(approved(world, quantity=Decimal(ordered), **came))

    found = await only(store)

    shown = [found[f"{name}_quantity"] for name in ("transfer", "received", "rejected", "pending")]
    assert shown == [*map(Decimal, (ordered, accepted, rejected, pending))]


async def test_p9_quantities_are_of_all_lines_together(
    store: httpx.AsyncClient, storage: SqlStorage, world: World
) -> None:
    lines = [make.line(quantity=Decimal(n)) for n in (1, 20, 300)]
    create = CreatePurchaseOrder(**world.draft(lines=lines))
    id = (await run(create, world.caller(), storage)).id
    assert listed(await store.get(LIST)) == []
    await run(SubmitPurchaseOrder(id=id), world.caller(), storage)

    found = await only(store)

    assert (found["transfer_quantity"], found["pending_quantity"]) == (321, 321)
    assert found["procurement_sn"] == "00000001"


@pytest.mark.parametrize(
    ("values", "state"),
    [
        ({"status": PurchaseOrderStatus.APPROVED}, 1),
        ({"receipt_status": ReceiptStatus.PARTIAL}, 2),
        ({"receipt_status": ReceiptStatus.COMPLETE}, 3),
        ({"status": PurchaseOrderStatus.COMPLETED, "receipt_status": ReceiptStatus.COMPLETE}, 3),
        ({"status": PurchaseOrderStatus.COMPLETED, "receipt_status": ReceiptStatus.PARTIAL}, 2),
        ({"status": PurchaseOrderStatus.COMPLETED}, 1),
        ({"status": PurchaseOrderStatus.PENDING_APPROVAL}, 1),  # amended since it was approved
        ({"status": PurchaseOrderStatus.CANCELLED}, 4),
        ({"status": PurchaseOrderStatus.CANCELLED, "receipt_status": ReceiptStatus.PARTIAL}, 4),
    ],
)
async def test_p6_the_state_is_what_became_of_an_approved_order(
    store: httpx.AsyncClient, save: Save, world: World, values: dict[str, Any], state: int
) -> None:
    await save(approved(world, **values))

    assert (await only(store))["state"] == state


@pytest.mark.parametrize("status", PurchaseOrderStatus)
async def test_p6_what_was_never_approved_is_no_procurement(
    store: httpx.AsyncClient, save: Save, world: World, status: PurchaseOrderStatus
) -> None:
    await save(approved(world, status=status, approved_at=None))

    assert body(await store.get(LIST)) == {"count": 0, "procurements": []}


async def test_p6_commands_move_the_state(
    store: httpx.AsyncClient, storage: SqlStorage, world: World
) -> None:
    caller = world.caller()
    reason = "Gone out of business"
    for command in (CancelPurchaseOrder, ClosePurchaseOrderShort):
        created = await run(CreatePurchaseOrder(**world.draft()), caller, storage)
        await run(SubmitPurchaseOrder(id=created.id), caller, storage)
        await run(command(id=created.id, reason=reason), caller, storage)

    found = body(await store.get(LIST))["procurements"]

    assert [each["state"] for each in found] == [1, 4]


GRAPH = """query ($filter: ProcurementFilter) {
  procurements(first: 100, filter: $filter) { totalCount nodes {
    serialNumber state notes createdAt updatedAt
    quantities { transfer pending received rejected }
    legacyIds { channel id } supplier { legacyIds { channel id } }
    purchaseOrder { number status receiptStatus }
    items { position description quantities { transfer pending received rejected } } } } }"""


async def in_the_graph(storage: SqlStorage, world: World, **filter: Any) -> Any:
    result = await run_operation(storage, world.caller(), GRAPH, {"filter": filter})
    assert not result.errors
    return result.data["procurements"]


def shoplazza_id(node: Any) -> str:
    [found] = [each["id"] for each in node["legacyIds"] if each["channel"] == "SHOPLAZZA"]
    return str(found)


async def test_p14_the_graph_has_the_same_records_and_numbers(
    store: httpx.AsyncClient, storage: SqlStorage, world: World
) -> None:
    await in_every_state(storage, world)

    shown = body(await store.get(LIST, params={"limit": 99}))
    graph = await in_the_graph(storage, world)

    assert graph["totalCount"] == shown["count"] == 4
    states = ["WAITING_FOR_STOCK", "PARTIAL_RECEIPT", "COMPLETE_RECEIPT", "CANCELLED"]
    for node, procurement in zip(graph["nodes"], shown["procurements"], strict=True):
        assert shoplazza_id(node) == procurement["id"]
        assert shoplazza_id(node["supplier"]) == procurement["supplier_id"]
        assert node["serialNumber"] == procurement["procurement_sn"]
        assert node["state"] == states[procurement["state"] - 1]
        assert node["notes"] or procurement["note"] == ""
        for name, quantity in node["quantities"].items():
            assert Decimal(quantity) == procurement[f"{name}_quantity"]
        assert node["createdAt"] == procurement["created_at"]
        assert node["updatedAt"] == procurement["updated_at"]


async def test_p14_items_say_what_has_come_of_each(
    storage: SqlStorage, save: Save, world: World
) -> None:
    await save(approved(world, accepted=Decimal(4), rejected=Decimal(1)))

    [node] = (await in_the_graph(storage, world))["nodes"]

    quantities = {"transfer": "10", "pending": "5", "received": "4", "rejected": "1"}
    assert node["items"] == [
        {"position": 1, "description": "Printer paper", "quantities": quantities}
    ]


async def test_p14_the_graph_filters_as_the_old_api_does(
    store: httpx.AsyncClient, storage: SqlStorage, world: World
) -> None:
    orders = await in_every_state(storage, world)
    wanted = ids(orders)

    async def found(**filter: Any) -> list[str]:
        nodes = (await in_the_graph(storage, world, **filter))["nodes"]
        return [shoplazza_id(node) for node in nodes]

    assert await found(state=["PARTIAL_RECEIPT", "CANCELLED"]) == [wanted[3], wanted[1]]
    given = [wanted[2], "x", "9" * 40, "\x00"]
    assert await found(legacyIds=given) == [wanted[2]]
    assert await found(legacyIds=[]) == []
    assert await found(createdFrom="2026-01-02T12:03:00Z") == [wanted[3], wanted[2]]
    assert await found(updatedBefore="2026-01-02T12:03:00Z") == [wanted[1], wanted[0]]
    assert listed(await store.get(LIST, params={"ids": ",".join(wanted)})) == wanted[::-1]


async def test_p8_a_page_costs_four_statements(
    store: httpx.AsyncClient, storage: SqlStorage, world: World, statements: list[str]
) -> None:
    for n in (0, 20):
        orders = [approved(world, n + m) for m in range(20)]
        await keep(storage, world.caller(), *orders)
        statements.clear()

        body(await store.get(LIST, params={"limit": 99}))

        assert len(statements) == 4  # how many, the page, its suppliers, its quantities
