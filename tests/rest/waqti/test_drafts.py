"""Drafts through Waqti: reading, changing, deleting them (W-35 to W-44)."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import httpx
import pytest

from persistence.storage import SqlStorage
from tests import make
from tests.conftest import World, keep
from tests.rest.waqti.samples import INK, created, data, error, invalid, submitted

YEAR = datetime.now(UTC).year
AMOUNTS = '"subtotal":5500.00,"vat_amount":825.00,"total_amount":6325.00'
PAPER_OUT = (
    '"line_number":1,"description":"Printer Paper A4","quantity":100,"unit":"ream",'
    '"unit_price":25.00,"vat_rate":15,"vat_amount":375.00,"total":2875.00'
)


async def test_w35_to_w39_get(buyer: httpx.AsyncClient, world: World) -> None:
    drafted = await created(buyer, world)

    response = await buyer.get(f"/purchase-orders/{drafted['id']}")

    shown = data(response)
    assert AMOUNTS in response.text
    assert PAPER_OUT in response.text
    assert list(shown) == [
        *["id", "po_number", "status", "vendor", "department", "project", "created_by"],
        *["currency", "subtotal", "vat_amount", "total_amount", "notes", "delivery_address"],
        *["expected_delivery_date", "items", "approvals", "attachments", "audit_trail"],
        *["created_at", "updated_at"],
    ]
    vendor, department, project = world.supplier, world.department, world.project
    assert shown["vendor"] == {"id": vendor.waqti_id, "name": vendor.name, "email": None}
    assert shown["department"] == {
        "id": department.waqti_id,
        "name": department.name,
        "code": department.code,
    }
    assert shown["project"] == {"id": project.waqti_id, "name": project.name, "code": project.code}
    assert shown["created_by"] == {"id": world.buyer.waqti_id, "name": "Bea Buyer"}
    assert (shown["approvals"], shown["attachments"]) == ([], drafted["attachments"])
    assert shown["items"] == drafted["items"]
    assert shown["audit_trail"] == [
        {"action": "created", "user": "Bea Buyer", "timestamp": drafted["created_at"]}
    ]


@pytest.mark.parametrize("id", ["999", "0", "-1", "x", "1.0", f"{2**63}", "٤٢", "1" * 99])
async def test_w40_an_unknown_id_is_404(buyer: httpx.AsyncClient, world: World, id: str) -> None:
    await created(buyer, world)

    for method, path in [("GET", ""), ("PUT", ""), ("DELETE", ""), ("POST", "/submit")]:
        error(await buyer.request(method, f"/purchase-orders/{id}{path}"), 404, "NOT_FOUND")


async def test_w42_w43_an_update_merges(buyer: httpx.AsyncClient, world: World) -> None:
    drafted = await created(buyer, world)
    path = f"/purchase-orders/{drafted['id']}"
    before = data(await buyer.get(path))
    paper = drafted["items"][0]["id"]

    response = await buyer.put(
        path,
        json={
            "notes": "Updated notes",
            "expected_delivery_date": "2025-02-15",
            "items": [
                {"id": paper, "quantity": 150},
                {"description": "New Item", "quantity": 10, "unit_price": 100.00},
            ],
        },
    )

    updated = data(response)
    assert '"subtotal":7750.00,"vat_amount":1162.50,"total_amount":8912.50' in response.text
    assert (updated["notes"], updated["expected_delivery_date"]) == ("Updated notes", "2025-02-15")
    kept = ["vendor", "department", "project", "delivery_address", "currency", "attachments"]
    assert {name: updated[name] for name in kept} == {name: before[name] for name in kept}
    first, second, third = updated["items"]
    assert first == before["items"][0] | {
        "quantity": 150,
        "vat_amount": Decimal("562.50"),
        "total": Decimal("4312.50"),
    }
    assert second == before["items"][1]
    assert (third["line_number"], third["unit"], third["vat_rate"]) == (3, None, 15)
    assert [entry["action"] for entry in updated["audit_trail"]] == ["created", "updated"]


async def test_w42_null_empties_what_can_be_empty(buyer: httpx.AsyncClient, world: World) -> None:
    path = f"/purchase-orders/{(await created(buyer, world))['id']}"

    updated = data(await buyer.put(path, json={"notes": None, "project_id": None}))
    refused = await buyer.put(path, json={"vendor_id": None, "currency": None, "items": [None]})

    assert (updated["notes"], updated["project"]) == (None, None)
    assert invalid(refused) == {
        "vendor_id": ["The vendor id field is required."],
        "currency": ["The currency field is required."],
        "items.0": ["The items.0 field is required."],
    }


async def test_w42_other_parties_can_be_named(
    buyer: httpx.AsyncClient, world: World, storage: SqlStorage
) -> None:
    vendor, department = make.supplier(name="Other Co."), make.department(name="Finance")
    await keep(storage, world.caller(), vendor, department)
    path = f"/purchase-orders/{(await created(buyer, world))['id']}"

    body = {"vendor_id": vendor.waqti_id, "department_id": department.waqti_id}
    updated = data(await buyer.put(path, json=body))

    assert updated["vendor"]["name"] == "Other Co."
    assert updated["department"]["name"] == "Finance"
    assert updated["project"]["id"] == world.project.waqti_id


@pytest.mark.parametrize(
    ("items", "details"),
    [
        (
            [INK, {"id": 999, "quantity": 1}],
            {"items.1.id": ["The selected items.1.id is invalid."]},
        ),
        (
            [{"quantity": 1}],
            {
                "items.0.description": ["The items.0.description field is required."],
                "items.0.unit_price": ["The items.0.unit_price field is required."],
            },
        ),
        (
            [{"id": 1, "quantity": None}],
            {"items.0.quantity": ["The items.0.quantity field is required."]},
        ),
        (
            [{"id": 1, "quantity": -1}],
            {"items.0.quantity": ["The items.0.quantity field must be greater than 0."]},
        ),
    ],
)
async def test_w42_items_that_cannot_be_merged_change_nothing(
    buyer: httpx.AsyncClient, world: World, items: list[Any], details: dict[str, list[str]]
) -> None:
    path = f"/purchase-orders/{(await created(buyer, world))['id']}"
    before = data(await buyer.get(path))

    response = await buyer.put(path, json={"notes": "x", "items": items})

    assert invalid(response) == details
    assert data(await buyer.get(path)) == before


async def test_w42_an_item_of_another_order_is_invalid(
    buyer: httpx.AsyncClient, world: World
) -> None:
    foreign = (await created(buyer, world))["items"][0]["id"]
    path = f"/purchase-orders/{(await created(buyer, world))['id']}"

    response = await buyer.put(path, json={"items": [{"id": foreign, "quantity": 1}]})

    assert invalid(response) == {"items.0.id": ["The selected items.0.id is invalid."]}


async def test_w44_a_draft_is_deleted(buyer: httpx.AsyncClient, world: World) -> None:
    path = f"/purchase-orders/{(await created(buyer, world))['id']}"

    response = await buyer.delete(path)

    assert (response.status_code, response.content) == (204, b"")
    assert "content-type" not in response.headers
    error(await buyer.get(path), 404, "NOT_FOUND")
    error(await buyer.delete(path), 404, "NOT_FOUND")


async def test_w41_w44_w69_only_drafts_are_changed_or_deleted(
    buyer: httpx.AsyncClient, world: World
) -> None:
    drafted = await submitted(buyer, world)
    path = f"/purchase-orders/{drafted['id']}"
    before = data(await buyer.get(path))

    changed = await buyer.put(path, json={"notes": "x"})
    deleted = await buyer.delete(path)

    assert error(changed, 422, "INVALID_STATUS") == {
        "code": "INVALID_STATUS",
        "message": "Only draft purchase orders can be updated."
        " Submitted or approved purchase orders require amendments.",
        "details": {},
    }
    assert error(deleted, 422, "INVALID_STATUS")["message"] == (
        "Only draft purchase orders can be deleted. Other statuses should be cancelled instead."
    )
    assert data(await buyer.get(path)) == before
