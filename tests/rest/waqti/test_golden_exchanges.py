"""The life of an order and of a vendor, every exchange as in tests/rest/golden/waqti."""

from decimal import Decimal
from typing import Any

import httpx
import pytest

from domain.users import User
from persistence.storage import SqlStorage
from tests import make
from tests.conftest import World, keep
from tests.rest.conftest import Login
from tests.rest.goldens import exchange
from tests.rest.waqti.samples import order
from tests.rest.waqti.test_vendors import FULL

LIST = "/purchase-orders"
ARABIC = {"Accept-Language": "ar"}


@pytest.fixture
async def sample(storage: SqlStorage, world: World) -> User:
    """The documents' vendor, department and project, as those of this organization."""
    chief = make.user("Cleo Chief", name_ar="كليو", role_ids=[world.role.id])
    await keep(storage, world.caller(), chief)
    department = make.department(code="OPS", name="Operations", head_id=world.approver.id)
    project = make.project(code="PRJ-2025-Q1", name="Q1 Procurement")
    supplier = make.supplier(
        name="ABC Supplies Co.", name_ar="شركة التوريدات", email="sales@abcsupplies.example"
    )
    await keep(storage, world.caller(), department, project, supplier)
    object.__setattr__(world, "department", department)
    object.__setattr__(world, "project", project)
    object.__setattr__(world, "supplier", supplier)
    steps = [make.step(world.approver.id, "Department Head"), make.step(chief.id, "CFO")]
    await keep(storage, world.caller(), make.approval_workflow(*steps))
    return chief


async def test_the_life_of_an_order(
    buyer: httpx.AsyncClient,
    approver: httpx.AsyncClient,
    login: Login,
    world: World,
    sample: User,
) -> None:
    chief = await login(world, sample)

    async def golden(name: str, *asked: Any, by: httpx.AsyncClient = buyer) -> None:
        await exchange(by, f"waqti/{name}", *asked)

    await golden("order-create", "POST", LIST, order(world))
    await golden("order-list", "GET", f"{LIST}?status=draft&per_page=20")
    await golden("order-get", "GET", f"{LIST}/1")
    await golden("order-get-arabic", "GET", f"{LIST}/1", None, ARABIC)
    items = [{"id": 1, "quantity": 150}]
    items.append({"description": "New Item", "quantity": 10, "unit_price": 100.00})  # type: ignore[dict-item]
    change = {"notes": "Updated notes", "expected_delivery_date": "2025-02-15", "items": items}
    await golden("order-update", "PUT", f"{LIST}/1", change)
    item = {"description": "Tape", "quantity": 2.5, "unit": "m", "unit_price": 0.125}
    await golden("item-add", "POST", f"{LIST}/1/items", item)
    await golden("item-update", "PUT", f"{LIST}/1/items/4", {"quantity": 3, "vat_rate": 5})
    await golden("item-delete", "DELETE", f"{LIST}/1/items/3")
    await golden("order-submit", "POST", f"{LIST}/1/submit")
    await golden("order-update-refused", "PUT", f"{LIST}/1", {"notes": "x"})
    await golden("order-delete-refused", "DELETE", f"{LIST}/1")
    await golden("order-approve-own", "POST", f"{LIST}/1/approve")
    body = {"comments": "Approved as requested"}
    await golden("order-approve", "POST", f"{LIST}/1/approve", body, by=approver)
    await golden("order-approve-last", "POST", f"{LIST}/1/approve", {}, by=chief)
    await golden("order-get-approved", "GET", f"{LIST}/1")
    await golden("order-pdf", "GET", f"{LIST}/1/pdf")
    await golden("order-cancel", "POST", f"{LIST}/1/cancel", {"reason": "Vendor not available"})


async def test_orders_that_end_otherwise(
    buyer: httpx.AsyncClient, approver: httpx.AsyncClient, world: World, sample: User
) -> None:
    assert sample.waqti_id == 3
    for _ in range(2):
        assert (await buyer.post(LIST, json=order(world))).status_code == 201
    assert (await buyer.post(f"{LIST}/1/submit")).status_code == 200

    await exchange(approver, "waqti/order-reject-silently", "POST", f"{LIST}/1/reject", {})
    body = {"reason": "Budget exceeded for this quarter"}
    await exchange(approver, "waqti/order-reject", "POST", f"{LIST}/1/reject", body)
    await exchange(buyer, "waqti/order-get-rejected", "GET", f"{LIST}/1")
    await exchange(buyer, "waqti/order-delete", "DELETE", f"{LIST}/2")
    await exchange(buyer, "waqti/order-get-unknown", "GET", f"{LIST}/2")
    await exchange(buyer, "waqti/order-create-invalid", "POST", LIST, {"items": [{"quantity": 0}]})
    invalid = {"items": [{"quantity": 0}]}
    await exchange(buyer, "waqti/order-create-invalid-arabic", "POST", LIST, invalid, ARABIC)
    await exchange(buyer, "waqti/order-list-invalid", "GET", f"{LIST}?page=0&sort=x&status=x")


async def test_vendors(buyer: httpx.AsyncClient) -> None:
    await exchange(buyer, "waqti/vendor-create", "POST", "/vendors", FULL)
    await exchange(buyer, "waqti/vendor-create-invalid", "POST", "/vendors", {"vat_number": "1"})
    await exchange(buyer, "waqti/vendor-list", "GET", "/vendors?sort=name&order=asc")
    await exchange(buyer, "waqti/vendor-get", "GET", "/vendors/2")
    await exchange(buyer, "waqti/vendor-update", "PUT", "/vendors/2", {"status": "blocked"})


async def test_budgets(
    buyer: httpx.AsyncClient,
    approver: httpx.AsyncClient,
    login: Login,
    storage: SqlStorage,
    world: World,
    sample: User,
) -> None:
    budget = make.budget(
        world.department.id, allocated_amount=Decimal(16_000), category="Office", name="Supplies"
    )
    await keep(storage, world.caller(), budget)
    for _ in range(3):
        assert (await buyer.post(LIST, json=order(world))).status_code == 201
    for id in (1, 2):
        assert (await buyer.post(f"{LIST}/{id}/submit")).status_code == 200
    assert (await approver.post(f"{LIST}/1/approve")).status_code == 200
    chief = await login(world, sample)
    assert (await chief.post(f"{LIST}/1/approve")).json()["data"]["status"] == "approved"

    await exchange(buyer, "waqti/budget-list", "GET", "/budgets?status=active&per_page=10")
    await exchange(buyer, "waqti/budget-list-invalid", "GET", "/budgets?status=open")
    await exchange(buyer, "waqti/budget-get", "GET", "/budgets/1")
    await exchange(buyer, "waqti/budget-get-unknown", "GET", "/budgets/2")
    await exchange(buyer, "waqti/budget-utilization", "GET", "/budgets/1/utilization")
    await exchange(buyer, "waqti/budget-exceeded", "POST", f"{LIST}/3/submit")


async def test_requests_that_go_nowhere(buyer: httpx.AsyncClient) -> None:
    nobody = {"Authorization": "Bearer 3|unknown"}
    await exchange(buyer, "waqti/unauthorized", "GET", "/vendors", None, nobody)
    await exchange(buyer, "waqti/unknown-endpoint", "PATCH", "/vendors")
    await exchange(buyer, "waqti/no-object", "POST", "/vendors", [])


async def test_the_life_of_a_webhook(buyer: httpx.AsyncClient) -> None:
    async def golden(name: str, *asked: Any) -> None:
        await exchange(buyer, f"waqti/webhook-{name}", *asked)

    events = ["po.approved", "invoice.created"]
    hook = {"name": "Ledger", "url": "https://8.8.8.8/waqti/hook", "events": events}
    await golden("create", "POST", "/webhooks", hook)
    await golden("list", "GET", "/webhooks")
    await golden("get", "GET", "/webhooks/1")
    await golden("update", "PUT", "/webhooks/1", {"is_active": False, "events": ["vendor.*"]})
    await golden("create-invalid", "POST", "/webhooks", {"events": ["po.approved", "po.lost"]})
    await golden("delete", "DELETE", "/webhooks/1")


async def test_invoices(
    buyer: httpx.AsyncClient,
    approver: httpx.AsyncClient,
    login: Login,
    world: World,
    sample: User,
) -> None:
    assert (await buyer.post(LIST, json=order(world))).status_code == 201
    items = [
        {"description": "Printer Paper A4", "quantity": 100, "unit_price": 26, "po_item_id": 1},
        {"description": "Freight", "quantity": 1, "unit_price": 40.5, "vat_rate": 0},
    ]
    body = {
        "vendor_id": world.supplier.waqti_id,
        "purchase_order_id": 1,
        "vendor_invoice_number": "ABC-2025-77",
        "invoice_date": "2025-01-31",
        "due_date": "2025-03-02",
        "items": items,
        "notes": "Received by post",
        "attachments": [{"name": "scan.pdf", "url": "https://files.example.com/scan.pdf"}],
    }

    async def golden(name: str, *asked: Any) -> None:
        await exchange(buyer, f"waqti/{name}", *asked)

    await golden("invoice-create-unapproved", "POST", "/invoices", body)
    assert (await buyer.post(f"{LIST}/1/submit")).status_code == 200
    for by in (approver, await login(world, sample)):
        assert (await by.post(f"{LIST}/1/approve")).status_code == 200
    await golden("invoice-create", "POST", "/invoices", body)
    await golden("invoice-create-duplicate", "POST", "/invoices", body)
    await golden("invoice-create-invalid", "POST", "/invoices", {"items": [{}]})
    await golden("invoice-list", "GET", "/invoices?status=draft&sort_by=invoice_date&per_page=20")
    await golden("invoice-list-invalid", "GET", "/invoices?match_status=x&from_date=x&sort_by=x")
    await golden("invoice-get", "GET", "/invoices/1")
    await golden("invoice-get-unknown", "GET", "/invoices/2")
