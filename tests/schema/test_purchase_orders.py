"""Purchase orders through the graph: drafted, changed, taken through approval."""

from typing import Any

import asyncpg
import pytest

from persistence.storage import SqlStorage
from tests import make
from tests.conftest import Save, World
from tests.persistence.contents import unchanged
from tests.schema.conftest import Ask, draft, public
from tests.usecases.orders import approved, drafted, pending

WHOLE = """{ number status version notes deliveryAddress expectedDeliveryDate exchangeRate
  subtotal { amount } vat { amount } total { amount currency } baseTotal { amount currency }
  supplier { name } department { name } project { name } createdBy { name }
  lines { position description quantity unit unitPrice { amount } vatRate net { amount }
    vat { amount } total { amount } }
  attachments { name url size } approvals { status } clonedFrom { number }
  submittedAt approvedAt auditTrail { action } }"""


async def test_an_order_is_drafted_with_everything(do: Ask, world: World) -> None:
    payload = await do(
        "purchaseOrderCreate",
        draft(
            world,
            projectId=public(world.project),
            currency="USD",
            exchangeRate="3.75",
            notes="Before noon.",
            deliveryAddress="Gate 2",
            expectedDeliveryDate="2026-03-01",
            attachments=[{"name": "offer.pdf", "url": "https://files.example.com/offer.pdf"}],
        ),
        WHOLE,
    )

    order = payload["purchaseOrder"]
    assert payload["errors"] == []
    assert order.pop("number").startswith("PO-")
    assert order == {
        "status": "DRAFT",
        "version": 1,
        "notes": "Before noon.",
        "deliveryAddress": "Gate 2",
        "expectedDeliveryDate": "2026-03-01",
        "exchangeRate": "3.75",
        "subtotal": {"amount": "2500.00"},
        "vat": {"amount": "375.00"},
        "total": {"amount": "2875.00", "currency": "USD"},
        "baseTotal": {"amount": "10781.25", "currency": "SAR"},
        "supplier": {"name": "Office Supplies Co."},
        "department": {"name": "Operations"},
        "project": {"name": "Refurbishment"},
        "createdBy": {"name": "Bea Buyer"},
        "lines": [
            {
                "position": 1,
                "description": "Paper",
                "quantity": "100",
                "unit": None,
                "unitPrice": {"amount": "25.00"},
                "vatRate": "15",
                "net": {"amount": "2500.00"},
                "vat": {"amount": "375.00"},
                "total": {"amount": "2875.00"},
            }
        ],
        "attachments": [
            {"name": "offer.pdf", "url": "https://files.example.com/offer.pdf", "size": None}
        ],
        "approvals": [],
        "clonedFrom": None,
        "submittedAt": None,
        "approvedAt": None,
        "auditTrail": [{"action": "purchase_order.created"}],
    }


async def test_an_update_changes_what_is_given_and_empties_what_is_null(
    do: Ask, world: World, storage: SqlStorage
) -> None:
    order = await drafted(world, storage, notes="Before noon.", delivery_address="Gate 2")

    payload = await do(
        "purchaseOrderUpdate",
        {"id": public(order), "projectId": None, "notes": None},
        "{ version notes deliveryAddress project { name } supplier { name } lines { position } }",
    )

    assert payload["errors"] == []
    assert payload["purchaseOrder"] == {
        "version": 2,
        "notes": None,
        "deliveryAddress": "Gate 2",
        "project": None,
        "supplier": {"name": "Office Supplies Co."},
        "lines": [{"position": 1}],
    }


@pytest.mark.parametrize("name", ["supplierId", "departmentId", "currency", "exchangeRate"])
async def test_what_an_order_needs_cannot_be_emptied(
    do: Ask, world: World, storage: SqlStorage, owner: asyncpg.Connection, name: str
) -> None:
    order = await drafted(world, storage)

    async with unchanged(owner, world):
        payload = await do("purchaseOrderUpdate", {"id": public(order), name: None})

    assert payload["errors"] == [
        {"code": "VALIDATION", "message": "this must not be empty", "path": [name]}
    ]
    assert payload["purchaseOrder"] is None


async def test_lines_are_added_changed_and_deleted(
    do: Ask, world: World, storage: SqlStorage
) -> None:
    order = await drafted(world, storage)
    lines = "{ total { amount } lines { id position description quantity unit } }"
    new = {"description": "Ink", "quantity": 1, "unitPrice": "5", "unit": "box", "vatRate": 0}

    added = await do("purchaseOrderLineAdd", {"orderId": public(order), "line": new}, lines)
    [first, second] = added["purchaseOrder"]["lines"]
    both = {"orderId": public(order), "lineId": second["id"]}
    changed = await do("purchaseOrderLineUpdate", both | {"quantity": "3", "unit": None}, lines)
    both["lineId"] = first["id"]
    gone = await do("purchaseOrderLineDelete", both, lines)

    assert [added["errors"], changed["errors"], gone["errors"]] == [[], [], []]
    assert added["purchaseOrder"]["total"] == {"amount": "28.00"}
    assert changed["purchaseOrder"]["total"] == {"amount": "38.00"}
    assert gone["purchaseOrder"] == {
        "total": {"amount": "15.00"},
        "lines": [
            {
                "id": second["id"],
                "position": 1,
                "description": "Ink",
                "quantity": "3",
                "unit": None,
            }
        ],
    }


async def test_a_deleted_draft_is_gone(
    do: Ask, ask: Ask, world: World, storage: SqlStorage
) -> None:
    order = await drafted(world, storage)

    payload = await do("purchaseOrderDelete", {"id": public(order)})
    left = await ask("query ($id: ID!) { purchaseOrder(id: $id) { id } }", id=public(order))

    assert payload == {"errors": [], "purchaseOrder": None}
    assert left == {"purchaseOrder": None}


async def test_without_a_workflow_submitting_approves(
    do: Ask, world: World, storage: SqlStorage
) -> None:
    order = await drafted(world, storage)

    payload = await do(
        "purchaseOrderSubmit", {"id": public(order)}, "{ status approvals { step } }"
    )

    assert payload["purchaseOrder"] == {"status": "APPROVED", "approvals": []}


async def test_an_order_goes_from_approver_to_approver(
    do: Ask, world: World, save: Save, storage: SqlStorage
) -> None:
    second = make.user("Cleo Chief")
    await save(second)
    order = await pending(world, storage, world.approver.id, second.id)
    route = "{ status approvals { round step name status comment approver { name } } }"
    id = {"id": public(order)}

    await do("purchaseOrderApprove", id | {"comment": "Fine."}, as_=world.caller(world.approver))
    payload = await do("purchaseOrderApprove", id, route, as_=world.caller(second))

    step = {"round": 1, "name": "Decision", "status": "APPROVED"}
    assert payload["purchaseOrder"] == {
        "status": "APPROVED",
        "approvals": [
            step | {"step": 1, "comment": "Fine.", "approver": {"name": "Abe Approver"}},
            step | {"step": 2, "comment": None, "approver": {"name": "Cleo Chief"}},
        ],
    }


@pytest.mark.parametrize(
    ("mutation", "given", "status"),
    [
        ("purchaseOrderReject", {"reason": "Too dear."}, "REJECTED"),
        ("purchaseOrderRequestChanges", {"comment": "Which colour?"}, "DRAFT"),
        ("purchaseOrderApprove", {}, "APPROVED"),
    ],
)
async def test_an_approver_decides(
    do: Ask, world: World, storage: SqlStorage, mutation: str, given: Any, status: str
) -> None:
    order = await pending(world, storage)
    approver = world.caller(world.approver)

    payload = await do(mutation, {"id": public(order), **given}, "{ status }", as_=approver)

    assert payload == {"errors": [], "purchaseOrder": {"status": status}}


async def test_the_creator_recalls_and_cancels_and_somebody_clones(
    do: Ask, world: World, storage: SqlStorage
) -> None:
    order = await pending(world, storage)
    id = {"id": public(order)}

    recalled = await do("purchaseOrderRecall", id, "{ status }")
    cancelled = await do("purchaseOrderCancel", id | {"reason": "Not needed."}, "{ status }")
    approver = world.caller(world.approver)
    clone = "{ status number createdBy { name } clonedFrom { id status } total { amount } }"
    cloned = await do("purchaseOrderClone", id, clone, as_=approver)

    assert recalled["purchaseOrder"] == {"status": "DRAFT"}
    assert cancelled["purchaseOrder"] == {"status": "CANCELLED"}
    assert cloned["purchaseOrder"].pop("number") != order.number
    assert cloned["purchaseOrder"] == {
        "status": "DRAFT",
        "createdBy": {"name": "Abe Approver"},
        "clonedFrom": {"id": public(order), "status": "CANCELLED"},
        "total": {"amount": "23.00"},
    }


async def test_an_approved_order_is_closed_short(
    do: Ask, world: World, storage: SqlStorage
) -> None:
    order = await approved(world, storage)

    payload = await do(
        "purchaseOrderCloseShort", {"id": public(order), "reason": "Sold out."}, "{ status }"
    )

    assert payload == {"errors": [], "purchaseOrder": {"status": "COMPLETED"}}
