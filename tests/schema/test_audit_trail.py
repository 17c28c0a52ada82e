"""The audit trail in the graph: who did what, in the graph's own words."""

import re
from typing import Any

from domain.callers import Permission
from persistence.storage import SqlStorage
from tests import make
from tests.conftest import Save, World
from tests.schema.conftest import Ask, draft, public
from tests.usecases.orders import done, drafted, pending
from usecases.purchase_orders import CancelPurchaseOrder, RequestPurchaseOrderChanges

TRAIL = """query ($id: ID!) { purchaseOrder(id: $id) { auditTrail { sequence action
  actor { name } channel requestId at hash changes { field before after } details } } }"""
UUID_TEXT = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-")


async def trail(ask: Ask, id: str) -> list[dict[str, Any]]:
    entries: list[dict[str, Any]] = (await ask(TRAIL, id=id))["purchaseOrder"]["auditTrail"]
    return entries


async def test_the_trail_says_who_did_what_when_and_through_which_door(
    ask: Ask, world: World, storage: SqlStorage
) -> None:
    order = await pending(world, storage)
    returned = RequestPurchaseOrderChanges(id=order.id, comment="Which colour?")
    await done(returned, world, storage, world.approver)

    entries = await trail(ask, public(order))

    assert [entry["sequence"] for entry in entries] == [1, 2, 3]
    assert [entry["action"] for entry in entries] == [
        "purchase_order.created",
        "purchase_order.submitted",
        "purchase_order.changes_requested",
    ]
    assert [entry["actor"]["name"] for entry in entries] == ["Bea Buyer"] * 2 + ["Abe Approver"]
    assert {(entry["channel"], entry["requestId"]) for entry in entries} == {
        ("GRAPHQL", "req_test")
    }
    assert all(re.fullmatch("[0-9a-f]{64}", entry["hash"]) for entry in entries)
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\dT[\d:.]+Z", entry["at"]) for entry in entries)
    assert entries[2]["details"] == {"step": 1, "round": 1, "comment": "Which colour?"}
    assert [entry["changes"] for entry in entries] == [
        [{"field": "status", "before": None, "after": "DRAFT"}],
        [{"field": "status", "before": "DRAFT", "after": "PENDING_APPROVAL"}],
        [{"field": "status", "before": "PENDING_APPROVAL", "after": "DRAFT"}],
    ]


async def test_changes_are_told_with_the_names_and_ids_of_the_graph(
    ask: Ask, do: Ask, world: World, storage: SqlStorage, save: Save
) -> None:
    supplier = make.supplier()
    await save(supplier)
    order = await drafted(world, storage)
    [line] = [public(line) for line in order.lines]
    lines = [{"id": line, "unitPrice": "11", "vatRate": "0"}]
    update = {
        "supplierId": public(supplier),
        "projectId": None,
        "expectedDeliveryDate": "2026-03-01",
    }

    await do("purchaseOrderUpdate", {"id": public(order), **update, "lines": lines})
    await do("purchaseOrderLineUpdate", {"orderId": public(order), "lineId": line, "quantity": "3"})

    [_, updated, changed] = await trail(ask, public(order))
    assert sorted(updated["changes"], key=lambda change: str(change["field"])) == [
        {"field": "expectedDeliveryDate", "before": None, "after": "2026-03-01"},
        {"field": "projectId", "before": public(world.project), "after": None},
        {"field": "supplierId", "before": public(world.supplier), "after": public(supplier)},
        {"field": "total", "before": "23", "after": "22"},
    ]
    assert updated["details"] == {"lines": [{"id": line, "unitPrice": "11", "vatRate": "0"}]}
    assert changed["action"] == "purchase_order.line_updated"
    assert changed["details"] == {"line": line, "position": 1, "quantity": "3"}


async def test_no_id_of_the_database_is_told(
    ask: Ask, do: Ask, world: World, storage: SqlStorage
) -> None:
    created = await do("purchaseOrderCreate", draft(world, projectId=public(world.project)))
    id = created["purchaseOrder"]["id"]
    await do("purchaseOrderUpdate", {"id": id, "departmentId": public(world.department)})
    new = {"description": "Ink", "quantity": 1, "unitPrice": 1}
    await do("purchaseOrderLineAdd", {"orderId": id, "line": new})
    order = await drafted(world, storage)
    await done(CancelPurchaseOrder(id=order.id), world, storage)
    copy = await do("purchaseOrderClone", {"id": public(order)})

    told = [await trail(ask, each) for each in (id, public(order), copy["purchaseOrder"]["id"])]

    assert UUID_TEXT.search(str(told)) is None
    assert told[1][-1]["action"] == "purchase_order.cloned"
    assert told[1][-1]["details"] == {"into": copy["purchaseOrder"]["id"]}


async def test_who_may_not_see_users_sees_no_actors(
    refused: Ask, world: World, storage: SqlStorage
) -> None:
    order = await drafted(world, storage)
    reader = world.caller(permissions=frozenset({Permission.PURCHASE_ORDERS_READ}))

    [error] = await refused(TRAIL, id=public(order), as_=reader)

    assert error["extensions"]["code"] == "FORBIDDEN"
    assert error["path"] == ["purchaseOrder", "auditTrail", 0, "actor"]
