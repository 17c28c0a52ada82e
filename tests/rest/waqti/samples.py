"""Orders as the documents' samples have them, and what tests read from answers."""

from datetime import datetime, timedelta
from decimal import Decimal
from json import loads
from typing import Any

import httpx

from domain.purchase_orders import PurchaseOrder
from persistence.storage import SqlStorage
from tests import make
from tests.conftest import World, keep

LIMITS = ("x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset")

PAPER = {
    "description": "Printer Paper A4",
    "quantity": 100,
    "unit": "ream",
    "unit_price": 25.00,
    "vat_rate": 15,
}
INK = {
    "description": "Ink Cartridges",
    "quantity": 20,
    "unit": "piece",
    "unit_price": 150.00,
    "vat_rate": 15,
}


def order(world: World, **values: Any) -> dict[str, Any]:
    """The documents' order, for this organization's vendor, department and project."""
    return {
        "vendor_id": world.supplier.waqti_id,
        "department_id": world.department.waqti_id,
        "project_id": world.project.waqti_id,
        "currency": "SAR",
        "notes": "Quarterly office supplies",
        "delivery_address": "Riyadh, Main Office",
        "expected_delivery_date": "2025-02-01",
        "items": [PAPER, INK],
        "attachments": [{"name": "Quote.pdf", "url": "https://files.example.com/quote.pdf"}],
    } | values


def data(response: httpx.Response, status: int = 200) -> Any:
    """The data of a success, its decimals exact."""
    assert response.status_code == status, response.text
    return loads(response.text, parse_float=Decimal)["data"]


async def created(client: httpx.AsyncClient, world: World, **values: Any) -> Any:
    return data(await client.post("/purchase-orders", json=order(world, **values)), 201)


async def submitted(client: httpx.AsyncClient, world: World, **values: Any) -> Any:
    drafted = await created(client, world, **values)
    data(await client.post(f"/purchase-orders/{drafted['id']}/submit"))
    return drafted


def error(response: httpx.Response, status: int, code: str) -> Any:
    """The error of a refusal in its envelope (facts W-15 and W-17)."""
    assert response.status_code == status, response.text
    body = response.json()
    assert list(body) == ["error", "meta"]
    assert list(body["error"]) == ["code", "message", "details"]
    assert list(body["meta"]) == ["timestamp", "request_id"]
    assert body["meta"]["request_id"].startswith("req_")
    assert body["error"]["code"] == code
    return body["error"]


def invalid(response: httpx.Response) -> Any:
    """What is wrong with each field (fact W-16)."""
    found = error(response, 422, "VALIDATION_ERROR")
    assert found["message"] == "The given data was invalid."
    return found["details"]


async def drafts(
    storage: SqlStorage, world: World, number: int, *, at: datetime = make.NOON
) -> list[PurchaseOrder]:
    """So many drafts, each created a minute after the one before; the nth is worth 10 n."""
    orders = []
    for n in range(1, number + 1):
        order = PurchaseOrder.create(
            at + timedelta(minutes=n),
            vat_rate=Decimal(15),
            supplier_id=world.supplier.id,
            department_id=world.department.id,
            created_by_id=world.buyer.id,
            currency="SAR",
            base_currency="SAR",
            lines=[make.line(quantity=Decimal(n), vat_rate=Decimal(0))],
        )
        order.created(f"PO-{at.year}-{n:04}", at + timedelta(minutes=n))
        orders.append(order)
    await keep(storage, world.caller(), *orders)
    return orders


def numbers(response: httpx.Response) -> list[int]:
    return [int(order["po_number"][-4:]) for order in data(response)]


async def shown(client: httpx.AsyncClient, id: int) -> Any:
    return data(await client.get(f"/purchase-orders/{id}"))


def actions(order: Any) -> list[tuple[str, str]]:
    return [(entry["action"], entry["user"]) for entry in order["audit_trail"]]
