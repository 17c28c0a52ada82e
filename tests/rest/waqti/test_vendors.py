"""Vendors through Waqti (W-54 to W-56)."""

from decimal import Decimal
from typing import Any

import asyncpg
import httpx
import pytest

from domain.suppliers import SupplierStatus
from tests import make
from tests.conftest import Save, World
from tests.rest.waqti.samples import created, data, error, invalid, submitted

FULL = {
    "name": "Gulf Paper Co.",
    "name_ar": "شركة ورق الخليج",
    "email": "sales@gulfpaper.example",
    "phone": "+966 11 000 0000",
    "address": "King Fahd Road, Riyadh",
    "vat_number": "300000000000003",
    "cr_number": "1010000000",
    "category": "Stationery",
    "payment_terms": 30,
    "currency": "SAR",
    "bank_name": "First Bank",
    "bank_account": "SA0000000000000000000000",
    "contacts": [
        {"name": "A. Clerk", "email": "clerk@gulfpaper.example", "phone": "1", "role": "sales"}
    ],
}


async def test_w55_create_with_everything(buyer: httpx.AsyncClient) -> None:
    vendor = data(await buyer.post("/vendors", json=FULL), 201)

    assert vendor | {"created_at": "", "updated_at": ""} == FULL | {
        "id": 2,
        "status": "active",
        "performance_score": None,
        "total_orders": 0,
        "total_spend": Decimal("0.00"),
        "created_at": "",
        "updated_at": "",
    }
    assert data(await buyer.get("/vendors/2")) == vendor


async def test_w55_only_the_name_is_needed(buyer: httpx.AsyncClient) -> None:
    vendor = data(await buyer.post("/vendors", json={"name": "Short Co.", "email": ""}), 201)

    assert (vendor["name"], vendor["email"], vendor["contacts"]) == ("Short Co.", None, [])
    assert invalid(await buyer.post("/vendors")) == {"name": ["The name field is required."]}


@pytest.mark.parametrize(
    ("field", "value", "path"),
    [
        ("name", "  ", "name"),
        ("name", "x" * 201, "name"),
        ("name", "a\x00b", "name"),
        ("email", "no address", "email"),
        ("vat_number", "300000000000004", "vat_number"),
        ("vat_number", "30000000000003", "vat_number"),
        ("vat_number", "300000000000003\n", "vat_number"),
        ("vat_number", "3\u06600000000000003", "vat_number"),
        ("vat_number", 300000000000003, "vat_number"),
        ("cr_number", "101000000", "cr_number"),
        ("cr_number", "10100000000", "cr_number"),
        ("payment_terms", -1, "payment_terms"),
        ("payment_terms", "soon", "payment_terms"),
        ("payment_terms", 10**30, "payment_terms"),
        ("currency", "Riyal", "currency"),
        ("status", "gone", "status"),
        ("bank_account", "x" * 65, "bank_account"),
        ("contacts", {"name": "x"}, "contacts"),
        ("contacts", [{}], "contacts.0.name"),
        ("contacts", [{"name": "x", "email": "x"}], "contacts.0.email"),
        ("contacts", [{"name": "x", "phone": "\ud800"}], "contacts.0.phone"),
    ],
)
async def test_w55_bad_values_are_422_on_their_field(
    buyer: httpx.AsyncClient,
    world: World,
    owner: asyncpg.Connection,
    field: str,
    value: Any,
    path: str,
) -> None:
    from json import dumps  # noqa: PLC0415 - httpx's own does not send lone surrogates

    body = dumps(FULL | {field: value})

    assert list(invalid(await buyer.post("/vendors", content=body))) == [path]
    assert list(invalid(await buyer.put("/vendors/1", content=dumps({field: value})))) == [path]

    count = "SELECT count(*) FROM suppliers WHERE organization_id = $1"
    assert await owner.fetchval(count, world.organization.id) == 1


async def test_w56_an_update_changes_what_is_given(buyer: httpx.AsyncClient) -> None:
    vendor = data(await buyer.post("/vendors", json=FULL), 201)
    path = f"/vendors/{vendor['id']}"

    changed = data(
        await buyer.put(path, json={"phone": None, "status": "blocked", "contacts": None})
    )

    kept = {"updated_at": ""}
    assert changed | kept == vendor | kept | {"phone": None, "status": "blocked", "contacts": []}
    assert data(await buyer.put(path, json={})) == changed
    assert invalid(await buyer.put(path, json={"name": None, "status": None})) == {
        "name": ["The name field is required."],
        "status": ["The status field is required."],
    }
    assert data(await buyer.get(path)) == changed


async def test_w56_unknown_vendors_are_404(buyer: httpx.AsyncClient) -> None:
    for id in ("999", "0", "x", f"{2**63}"):
        error(await buyer.get(f"/vendors/{id}"), 404, "NOT_FOUND")
        error(await buyer.put(f"/vendors/{id}", json={"name": "x"}), 404, "NOT_FOUND")


async def test_w54_list_items_have_the_documented_fields_and_totals(
    buyer: httpx.AsyncClient, world: World
) -> None:
    await submitted(buyer, world)
    await submitted(buyer, world)
    await created(buyer, world)  # a draft is not ordered yet
    cancelled = (await submitted(buyer, world))["id"]
    data(await buyer.post(f"/purchase-orders/{cancelled}/cancel"))

    response = await buyer.get("/vendors")

    assert '"total_orders":2,"total_spend":12650.00' in response.text
    assert data(response) == [
        {
            "id": world.supplier.waqti_id,
            "name": world.supplier.name,
            "email": None,
            "phone": None,
            "status": "active",
            "category": None,
            "performance_score": None,
            "total_orders": 2,
            "total_spend": Decimal("12650.00"),
            "created_at": "2026-01-02T12:00:00Z",
        }
    ]


@pytest.mark.parametrize(
    ("params", "expected"),
    [
        ({}, ["C", "B", "A", "Office Supplies Co."]),
        ({"sort": "name", "order": "asc"}, ["A", "B", "C", "Office Supplies Co."]),
        ({"sort": "created_at", "order": "asc"}, ["Office Supplies Co.", "A", "B", "C"]),
        ({"status": "active", "sort": "name"}, ["Office Supplies Co.", "A"]),
        ({"status": "inactive"}, ["B"]),
        ({"status": "blocked"}, ["C"]),
        ({"category": "Paper"}, ["A"]),
        ({"category": "paper"}, []),
        ({"search": "PAPER.example"}, ["A"]),
        ({"search": "100%_\\"}, []),
        ({"min_score": "80"}, ["B", "A"]),
        ({"min_score": "80.5", "status": "active"}, ["A"]),
        ({"per_page": "2", "page": "2"}, ["A", "Office Supplies Co."]),
    ],
    ids=str,
)
async def test_w54_filters_sorts_and_pages(
    buyer: httpx.AsyncClient,
    save: Save,
    owner: asyncpg.Connection,
    params: dict[str, str],
    expected: list[str],
) -> None:
    a = make.supplier(name="A", category="Paper", email="sales@paper.example")
    b = make.supplier(name="B", status=SupplierStatus.INACTIVE)
    c = make.supplier(name="C", status=SupplierStatus.BLOCKED)
    await save(a, b, c)
    for minute, (supplier, score) in enumerate([(a, Decimal("92.5")), (b, Decimal(80)), (c, None)]):
        await owner.execute(
            "UPDATE suppliers SET performance_score = $1,"
            " created_at = created_at + $2 * interval '1 minute' WHERE id = $3",
            score,
            minute + 1.0,
            supplier.id,
        )

    response = await buyer.get("/vendors", params=params)

    assert [vendor["name"] for vendor in data(response)] == expected
    scores = {vendor["name"]: vendor["performance_score"] for vendor in data(response)}
    assert scores.get("A", Decimal("92.5")) == Decimal("92.5")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("status", "draft"),
        ("sort", "total_spend"),
        ("min_score", "101"),
        ("min_score", "-1"),
        ("min_score", "NaN"),
        ("page", "0"),
        ("category", "a\x00"),
        ("search", "\x00"),
    ],
)
async def test_w54_bad_parameters_are_422(buyer: httpx.AsyncClient, name: str, value: str) -> None:
    assert list(invalid(await buyer.get("/vendors", params={name: value}))) == [name]


async def test_a_page_of_a_hundred_vendors_costs_four_statements(
    buyer: httpx.AsyncClient, save: Save, statements: list[str]
) -> None:
    await save(*(make.supplier(name=f"Vendor {n}") for n in range(100)))
    costs = {}

    for size in (20, 100):
        statements.clear()
        assert len(data(await buyer.get("/vendors", params={"per_page": size}))) == size
        costs[size] = len(statements)

    assert costs == {20: 4, 100: 4}  # how many, vendors, their totals, the base currency
