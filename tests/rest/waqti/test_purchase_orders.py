"""Creating purchase orders through Waqti (W-29 to W-34)."""

import re
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import asyncpg
import httpx
import pytest

from domain.suppliers import SupplierStatus
from tests import make
from tests.conftest import Save, World
from tests.rest.waqti.samples import PAPER, created, data, invalid, order

YEAR = datetime.now(UTC).year
AMOUNTS = '"subtotal":5500.00,"vat_amount":825.00,"total_amount":6325.00'
PAPER_OUT = (
    '"line_number":1,"description":"Printer Paper A4","quantity":100,"unit":"ream",'
    '"unit_price":25.00,"vat_rate":15,"vat_amount":375.00,"total":2875.00'
)


async def nothing_stored(owner: asyncpg.Connection, world: World) -> bool:
    count = "SELECT count(*) FROM purchase_orders WHERE organization_id = $1"
    found: int = await owner.fetchval(count, world.organization.id)
    return found == 0


async def test_w29_to_w34_create(buyer: httpx.AsyncClient, world: World) -> None:
    response = await buyer.post("/purchase-orders", json=order(world))

    drafted = data(response, 201)
    assert AMOUNTS in response.text
    assert PAPER_OUT in response.text
    assert drafted | {"items": [], "created_at": "", "updated_at": ""} == {
        "id": 1,
        "po_number": f"PO-{YEAR}-0001",
        "status": "draft",
        "vendor_id": world.supplier.waqti_id,
        "department_id": world.department.waqti_id,
        "project_id": world.project.waqti_id,
        "currency": "SAR",
        "subtotal": Decimal("5500.00"),
        "vat_amount": Decimal("825.00"),
        "total_amount": Decimal("6325.00"),
        "notes": "Quarterly office supplies",
        "delivery_address": "Riyadh, Main Office",
        "expected_delivery_date": "2025-02-01",
        "items": [],
        "attachments": [
            {
                "id": 1,
                "name": "Quote.pdf",
                "size": None,
                "url": "https://files.example.com/quote.pdf",
            }
        ],
        "created_at": "",
        "updated_at": "",
    }
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", drafted["created_at"])
    assert response.json()["meta"].keys() == {"timestamp"}


async def test_w30_what_may_be_left_out_has_a_default(
    buyer: httpx.AsyncClient, world: World
) -> None:
    least = {
        "vendor_id": str(world.supplier.waqti_id),
        "department_id": world.department.waqti_id,
        "items": [{"description": "Paper", "quantity": "2", "unit_price": 10}],
        "notes": "",
        "attachments": None,
    }

    drafted = data(await buyer.post("/purchase-orders", json=least), 201)

    assert (drafted["currency"], drafted["project_id"]) == ("SAR", None)
    assert (drafted["attachments"], drafted["notes"]) == ([], None)
    [item] = drafted["items"]
    assert (item["unit"], item["vat_rate"], item["total"]) == (None, 15, Decimal("23.00"))


async def test_w30_everything_that_is_missing_is_said_at_once(
    buyer: httpx.AsyncClient, world: World, owner: asyncpg.Connection
) -> None:
    assert invalid(await buyer.post("/purchase-orders", json={})) == {
        "vendor_id": ["The vendor id field is required."],
        "department_id": ["The department id field is required."],
        "items": ["The items field is required."],
    }
    items = [PAPER, {"quantity": 0, "unit_price": -1, "vat_rate": 101}, {}, "x"]
    assert invalid(await buyer.post("/purchase-orders", json=order(world, items=items))) == {
        "items.1.description": ["The items.1.description field is required."],
        "items.1.quantity": ["The items.1.quantity field must be greater than 0."],
        "items.1.unit_price": ["The items.1.unit_price field must be at least 0."],
        "items.1.vat_rate": ["The items.1.vat_rate field must not be greater than 100."],
        "items.2.description": ["The items.2.description field is required."],
        "items.2.quantity": ["The items.2.quantity field is required."],
        "items.2.unit_price": ["The items.2.unit_price field is required."],
        "items.3": ["The items.3 field must be an object."],
    }
    assert await nothing_stored(owner, world)


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("vendor_id", True, "The vendor id field must be an integer."),
        ("vendor_id", 1.5, "The vendor id field must be an integer."),
        ("vendor_id", [1], "The vendor id field must be an integer."),
        ("vendor_id", 0, "The vendor id field must be at least 1."),
        ("vendor_id", 999, "The selected vendor id is invalid."),
        ("department_id", 999, "The selected department id is invalid."),
        ("project_id", 999, "The selected project id is invalid."),
        ("currency", "XXX", "The selected currency is invalid."),
        ("currency", 5, "The selected currency is invalid."),
        ("notes", {"a": 1}, "The notes field must be a string."),
        ("notes", "a\x00b", "The notes field holds characters that cannot be stored."),
        (
            "delivery_address",
            "x" * 501,
            "The delivery address field must not be greater than 500 characters.",
        ),
        (
            "expected_delivery_date",
            "2025-02-30",
            "The expected delivery date field must be a valid date.",
        ),
        ("expected_delivery_date", 5, "The expected delivery date field must be a valid date."),
        ("items", [], "The items field is required."),
        ("items", {"a": 1}, "The items field must be an array."),
        ("items", [PAPER] * 1001, "The items field must not have more than 1000 items."),
        ("attachments", "x", "The attachments field must be an array."),
    ],
)
async def test_w31_bad_values_are_422_on_their_field(
    buyer: httpx.AsyncClient,
    world: World,
    owner: asyncpg.Connection,
    field: str,
    value: Any,
    message: str,
) -> None:
    response = await buyer.post("/purchase-orders", json=order(world, **{field: value}))

    assert invalid(response) == {field: [message]}
    assert await nothing_stored(owner, world)


@pytest.mark.parametrize(
    ("field", "literal"),
    [
        ("vendor_id", "9223372036854775808"),
        ("vendor_id", "1e400"),
        ("vendor_id", "1" * 5000),
        ("quantity", "1e400"),
        ("quantity", "1e-400"),
        ("quantity", "1e99999999999999999999"),
        ("quantity", "-1"),
        ("quantity", "0.0000001"),
        ("quantity", '"NaN"'),
        ("quantity", '"1_000"'),
        ("quantity", "true"),
        ("unit_price", "1000000000001"),
        ("unit_price", '"Infinity"'),
        ("vat_rate", "-0.01"),
        ("description", '"\\ud800"'),
        ("description", '"a\\u0000b"'),
        ("description", '"   "'),
        ("unit", "5"),
    ],
    ids=lambda value: value[:24],
)
async def test_numbers_and_texts_that_nothing_can_hold_are_422(
    buyer: httpx.AsyncClient, world: World, owner: asyncpg.Connection, field: str, literal: str
) -> None:
    known = {
        "vendor_id": str(world.supplier.waqti_id),
        "quantity": "1",
        "unit_price": "1",
        "vat_rate": "15",
        "description": '"Paper"',
        "unit": "null",
    }
    given = known | {field: literal}
    item = ",".join(f'"{name}":{given[name]}' for name in known if name != "vendor_id")
    body = (
        f'{{"vendor_id":{given["vendor_id"]},"department_id":{world.department.waqti_id},'
        f'"items":[{{{item}}}]}}'
    )

    response = await buyer.post("/purchase-orders", content=body)

    assert list(invalid(response)) == [field if field == "vendor_id" else f"items.0.{field}"]
    assert await nothing_stored(owner, world)


@pytest.mark.parametrize("status", [SupplierStatus.INACTIVE, SupplierStatus.BLOCKED])
async def test_w31_a_vendor_that_is_not_active_cannot_be_ordered_from(
    buyer: httpx.AsyncClient, world: World, save: Save, status: SupplierStatus
) -> None:
    closed = make.supplier(status=status)
    await save(closed)

    response = await buyer.post("/purchase-orders", json=order(world, vendor_id=closed.waqti_id))

    assert invalid(response) == {"vendor_id": ["The selected vendor id is not active."]}


async def test_w32_numbers_follow_each_other_without_gaps(
    buyer: httpx.AsyncClient, world: World
) -> None:
    first = await created(buyer, world)
    await buyer.post("/purchase-orders", json=order(world, currency="XXX"))
    second = await created(buyer, world)

    assert [first["po_number"], second["po_number"]] == [f"PO-{YEAR}-0001", f"PO-{YEAR}-0002"]


async def test_w19_amounts_have_the_digits_of_their_currency(
    buyer: httpx.AsyncClient, world: World
) -> None:
    items = [{"description": "Screw", "quantity": 2.5, "unit_price": 0.0125, "vat_rate": 5.5}]
    for currency, amounts in [
        ("KWD", '"subtotal":0.031,"vat_amount":0.002,"total_amount":0.033'),
        ("JPY", '"subtotal":0,"vat_amount":0,"total_amount":0'),
        ("SAR", '"subtotal":0.03,"vat_amount":0.00,"total_amount":0.03'),
    ]:
        foreign = {} if currency == "SAR" else {"exchange_rate": 12}
        body = order(world, items=items, currency=currency, **foreign)
        response = await buyer.post("/purchase-orders", json=body)

        assert response.status_code == 201
        assert amounts in response.text
        assert '"quantity":2.5,"unit":null,"unit_price":0.0125,"vat_rate":5.5' in response.text


async def test_large_numbers_come_back_as_they_were_sent(
    buyer: httpx.AsyncClient, world: World
) -> None:
    body = (
        f'{{"vendor_id":{world.supplier.waqti_id},"department_id":{world.department.waqti_id},'
        '"items":[{"description":"x","quantity":0.000001,"unit_price":999999999999.123456}]}'
    )

    response = await buyer.post("/purchase-orders", content=body)

    assert response.status_code == 201
    assert '"quantity":0.000001,"unit":null,"unit_price":999999999999.123456' in response.text


async def test_a_foreign_currency_needs_its_rate(buyer: httpx.AsyncClient, world: World) -> None:
    response = await buyer.post("/purchase-orders", json=order(world, currency="usd"))

    message = "The exchange rate field is required when the currency is not the base currency."
    assert invalid(response) == {"exchange_rate": [message]}
