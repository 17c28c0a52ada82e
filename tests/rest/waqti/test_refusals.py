"""Rejecting and cancelling through Waqti, and what cannot be done (W-16, W-48, W-49)."""

import asyncio

import httpx
import pytest

from tests.conftest import World
from tests.rest.waqti.samples import (
    PAPER,
    actions,
    created,
    data,
    error,
    invalid,
    order,
    shown,
    submitted,
)

LIST = "/purchase-orders"
PENDING = "Only purchase orders that are pending approval can be "


async def test_w16_what_is_invalid_is_said_of_each_field(
    buyer: httpx.AsyncClient, world: World
) -> None:
    items = [PAPER | {"quantity": 0, "unit_price": "dear"}, PAPER | {"description": None}]

    response = await buyer.post(LIST, json=order(world, vendor_id=None, items=items))

    assert error(response, 422, "VALIDATION_ERROR") == {
        "code": "VALIDATION_ERROR",
        "message": "The given data was invalid.",
        "details": {
            "vendor_id": ["The vendor id field is required."],
            "items.0.quantity": ["The items.0.quantity field must be greater than 0."],
            "items.0.unit_price": ["The items.0.unit_price field must be a number."],
            "items.1.description": ["The items.1.description field is required."],
        },
    }
    assert data(await buyer.get(LIST)) == []


@pytest.mark.usefixtures("one_step")
async def test_w48_reject(
    buyer: httpx.AsyncClient, approver: httpx.AsyncClient, world: World
) -> None:
    id = (await submitted(buyer, world))["id"]

    for body in [{}, {"reason": None}, {"reason": ""}, {"reason": "  "}, {"reason": 5}]:
        refused = await approver.post(f"{LIST}/{id}/reject", json=body)
        assert list(invalid(refused)) == ["reason"]
    response = await approver.post(f"{LIST}/{id}/reject", json={"reason": "Budget exceeded"})

    assert data(response)["status"] == "rejected"
    order = await shown(buyer, id)
    assert order["approvals"] == [
        {
            "step": 1,
            "approver": "Abe Approver",
            "status": "rejected",
            "approved_at": None,
            "comments": "Budget exceeded",
        }
    ]
    assert actions(order)[-1] == ("rejected", "Abe Approver")
    again = await approver.post(f"{LIST}/{id}/reject", json={"reason": "x"})
    assert error(again, 422, "INVALID_STATUS")["message"] == f"{PENDING}rejected."


@pytest.mark.usefixtures("one_step")
async def test_w49_cancel_from_every_open_status(
    buyer: httpx.AsyncClient, approver: httpx.AsyncClient, world: World
) -> None:
    draft = (await created(buyer, world))["id"]
    pending = (await submitted(buyer, world))["id"]
    approved = (await submitted(buyer, world))["id"]
    data(await approver.post(f"{LIST}/{approved}/approve"))
    rejected = (await submitted(buyer, world))["id"]
    data(await approver.post(f"{LIST}/{rejected}/reject", json={"reason": "no"}))

    for id, body in [
        (draft, None),
        (pending, {"reason": "Vendor no longer available"}),
        (approved, {"reason": None}),
        (rejected, {}),
    ]:
        assert data(await buyer.post(f"{LIST}/{id}/cancel", json=body)) == {
            "id": id,
            "status": "cancelled",
            "current_approval_step": None,
            "pending_approvers": [],
        }
        assert actions(await shown(buyer, id))[-1] == ("cancelled", "Bea Buyer")
        again = error(await buyer.post(f"{LIST}/{id}/cancel"), 422, "INVALID_STATUS")
        assert again["message"] == "Completed or cancelled purchase orders cannot be cancelled."
    assert (await shown(buyer, pending))["approvals"] == []


@pytest.mark.usefixtures("one_step")
async def test_two_decisions_at_once_only_one_counts(
    buyer: httpx.AsyncClient, approver: httpx.AsyncClient, world: World
) -> None:
    id = (await submitted(buyer, world))["id"]

    answers = await asyncio.gather(
        approver.post(f"{LIST}/{id}/approve"),
        approver.post(f"{LIST}/{id}/reject", json={"reason": "no"}),
    )

    assert sorted(answer.status_code for answer in answers) == [200, 422]
    assert len(actions(await shown(buyer, id))) == 3


async def test_messages_of_transitions_are_arabic_too(
    buyer: httpx.AsyncClient, world: World
) -> None:
    id = (await submitted(buyer, world))["id"]

    response = await buyer.post(f"{LIST}/{id}/submit", headers={"Accept-Language": "ar"})

    message = "لا يمكن إرسال أوامر الشراء للاعتماد إلا وهي مسودات."
    assert error(response, 422, "INVALID_STATUS")["message"] == message
