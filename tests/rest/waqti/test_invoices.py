"""Suppliers' invoices over HTTP: facts W-61 to W-64."""

from asyncio import gather
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import asyncpg
import httpx
import pytest

from domain.goods_receipts import NewGoodsReceiptLine
from persistence.storage import SqlStorage
from tests.conftest import World
from tests.persistence.contents import unchanged
from tests.rest.conftest import Login
from tests.rest.waqti.samples import data, error, invalid, submitted
from tests.usecases.orders import done
from usecases.goods_receipts import CreateGoodsReceipt
from usecases.purchase_invoices import (
    ApprovePurchaseInvoice,
    PayPurchaseInvoice,
    SubmitPurchaseInvoice,
)
from usecases.reads.legacy_ids import LegacyId

LIST = "/invoices"
LISTED = [
    *("id", "invoice_number", "vendor_invoice_number", "status", "payment_status"),
    *("match_status", "currency", "subtotal", "vat_amount", "total", "invoice_date", "due_date"),
    *("vendor", "purchase_order", "created_at"),
]


def invoice(world: World, order: Mapping[str, Any] | None = None, **values: Any) -> dict[str, Any]:
    """Of the documents' order, or of nothing that was ordered."""
    items = [
        {"description": "Printer Paper A4", "quantity": 100, "unit_price": 25, "vat_rate": 15},
        {"description": "Ink Cartridges", "quantity": 20, "unit_price": 150, "vat_rate": 15},
    ]
    for item, ordered in zip(items, order["items"] if order else (), strict=False):
        item["po_item_id"] = ordered["id"]
    return {
        "vendor_id": world.supplier.waqti_id,
        "purchase_order_id": order["id"] if order else None,
        "vendor_invoice_number": "ABC-77",
        "invoice_date": "2026-01-31",
        "items": items,
    } | values


@pytest.fixture
async def buyer(login: Login, world: World) -> httpx.AsyncClient:
    """Without a limit, so that requests leave no trace of themselves."""
    return await login(world, limit=0)


async def posted(client: httpx.AsyncClient, body: dict[str, Any]) -> Any:
    return data(await client.post(LIST, json=body), 201)


async def known(world: World, storage: SqlStorage, kind: str, id: int) -> UUID:
    """Our id of what the client knows by its own."""
    reads = storage.reads(world.caller())
    ids = await reads.legacy_ids.to_ids([LegacyId(kind, "waqti", id)])
    await reads.close()
    return ids[LegacyId(kind, "waqti", id)]


async def delivered(
    world: World, storage: SqlStorage, order: Mapping[str, Any], *quantities: int
) -> None:
    """So much of each item was accepted."""
    line_ids = [
        await known(world, storage, "purchase_order_line", item["id"]) for item in order["items"]
    ]
    lines = [
        NewGoodsReceiptLine(order_line_id=id, accepted=Decimal(quantity))
        for id, quantity in zip(line_ids, quantities, strict=True)
        if quantity
    ]
    order_id = await known(world, storage, "purchase_order", order["id"])
    await done(
        CreateGoodsReceipt(purchase_order_id=order_id, lines=lines, post=True), world, storage
    )


async def test_w62_list_items_have_exactly_the_documented_fields(
    buyer: httpx.AsyncClient, world: World
) -> None:
    order = await submitted(buyer, world)
    entered = await posted(buyer, invoice(world, order))

    response = await buyer.get(LIST)

    assert '"subtotal":5500.00,"vat_amount":825.00,"total":6325.00' in response.text
    [listed] = data(response)
    assert list(listed) == LISTED
    assert listed == {
        "id": 1,
        "invoice_number": "INV-000001",
        "vendor_invoice_number": "ABC-77",
        "status": "draft",
        "payment_status": "overdue",
        "match_status": "pending_grn",
        "currency": "SAR",
        "subtotal": Decimal("5500.00"),
        "vat_amount": Decimal("825.00"),
        "total": Decimal("6325.00"),
        "invoice_date": "2026-01-31",
        "due_date": "2026-01-31",
        "vendor": {"id": world.supplier.waqti_id, "name": world.supplier.name},
        "purchase_order": {"id": order["id"], "po_number": order["po_number"]},
        "created_at": entered["created_at"],
    }


async def test_w63_an_invoice_is_entered_and_matched_at_once(
    buyer: httpx.AsyncClient, world: World, storage: SqlStorage
) -> None:
    order = await submitted(buyer, world)
    await delivered(world, storage, order, 100, 20)

    entered = await posted(
        buyer,
        invoice(
            world,
            order,
            due_date="2999-03-01",
            notes="By post.",
            attachments=[{"name": "scan.pdf", "url": "https://files.example.com/scan.pdf"}],
        ),
    )

    assert [*entered][: len(LISTED)] == LISTED
    assert (entered["status"], entered["match_status"]) == ("draft", "full_match")
    assert (entered["payment_status"], entered["due_date"]) == ("unpaid", "2999-03-01")
    assert (entered["notes"], entered["paid_amount"]) == ("By post.", Decimal("0.00"))
    assert entered["attachments"] == [
        {"id": 1, "name": "scan.pdf", "url": "https://files.example.com/scan.pdf"}
    ]
    assert entered == data(await buyer.get(f"{LIST}/{entered['id']}"))


async def test_w64_an_invoice_says_of_each_item_what_differs(
    buyer: httpx.AsyncClient, world: World, storage: SqlStorage
) -> None:
    order = await submitted(buyer, world)
    await delivered(world, storage, order, 60, 20)
    body = invoice(world, order)
    body["items"][1] |= {"unit_price": 151.5, "vat_rate": 5}
    body["items"].append({"description": "Freight", "quantity": 1, "unit_price": 9.5})

    entered = await posted(buyer, body)

    assert entered["match_status"] == "partial_match"
    paper, ink, freight = entered["items"]
    assert list(paper) == [
        *("id", "line_number", "description", "quantity", "unit_price", "vat_rate"),
        *("vat_amount", "total", "po_item_id", "match_status", "match_details"),
    ]
    assert (paper["match_status"], paper["po_item_id"]) == ("pending_grn", order["items"][0]["id"])
    assert paper["match_details"][0] == {
        "field": "quantity",
        "result": "pending_grn",
        "expected": 60,
        "actual": 100,
        "message": "100 are invoiced in all, only 60 were accepted so far.",
    }
    assert [d["result"] for d in ink["match_details"]] == ["match", "mismatch", "mismatch"]
    assert ink["match_details"][1] == {
        "field": "unit_price",
        "result": "mismatch",
        "expected": 150,
        "actual": Decimal("151.5"),
        "message": "The price is 151.5, but 150 was ordered.",
    }
    assert (freight["vat_rate"], freight["po_item_id"]) == (15, None)
    assert freight["match_details"] == [
        {
            "field": "po_item_id",
            "result": "mismatch",
            "expected": None,
            "actual": None,
            "message": "This line belongs to no line of an order.",
        }
    ]


async def test_w63_a_duplicate_is_refused(
    buyer: httpx.AsyncClient, world: World, owner: asyncpg.Connection
) -> None:
    await posted(buyer, invoice(world))

    async with unchanged(owner, world):
        response = await buyer.post(LIST, json=invoice(world, vendor_invoice_number=" ABC-77 "))

    assert invalid(response) == {
        "vendor_invoice_number": ["The vendor invoice number has already been taken."]
    }


async def test_w63_of_twenty_duplicates_at_once_one_is_entered(
    buyer: httpx.AsyncClient, world: World, owner: asyncpg.Connection
) -> None:
    responses = await gather(*(buyer.post(LIST, json=invoice(world)) for _ in range(20)))

    assert sorted(response.status_code for response in responses) == [201, *[422] * 19]
    kept = "SELECT array_agg(number) FROM purchase_invoices WHERE organization_id = $1"
    assert await owner.fetchval(kept, world.organization.id) == ["INV-000001"]
    again = await posted(buyer, invoice(world, vendor_invoice_number="ABC-78"))
    assert again["invoice_number"] == "INV-000002"


async def test_w63_what_is_wrong_is_said_of_each_field(
    buyer: httpx.AsyncClient, world: World, owner: asyncpg.Connection
) -> None:
    order = await submitted(buyer, world)
    async with unchanged(owner, world):
        empty = await buyer.post(LIST, json={"items": [{"quantity": 0}]})
        unknown = await buyer.post(LIST, json=invoice(world, vendor_id=99, purchase_order_id=98))
        other = invoice(world, order)
        other["items"][0]["po_item_id"] = 97
        elsewhere = await buyer.post(LIST, json=other)
        early = await buyer.post(LIST, json=invoice(world, due_date="2026-01-30"))
        riyals = await buyer.post(LIST, json=invoice(world, order, currency="USD"))

    assert invalid(empty) == {
        "vendor_id": ["The vendor id field is required."],
        "vendor_invoice_number": ["The vendor invoice number field is required."],
        "invoice_date": ["The invoice date field is required."],
        "items.0.description": ["The items.0.description field is required."],
        "items.0.quantity": ["The items.0.quantity field must be greater than 0."],
        "items.0.unit_price": ["The items.0.unit_price field is required."],
    }
    assert invalid(unknown) == {
        "vendor_id": ["The selected vendor id is invalid."],
        "purchase_order_id": ["The selected purchase order id is invalid."],
    }
    assert invalid(elsewhere) == {
        "items.0.po_item_id": ["The selected items.0.po_item_id is invalid."]
    }
    assert invalid(early) == {"due_date": ["This is before the date of the invoice."]}
    assert invalid(riyals) == {"currency": ["The order is in SAR."]}


async def test_w63_only_approved_orders_are_invoiced(
    buyer: httpx.AsyncClient, world: World, one_step: None, owner: asyncpg.Connection
) -> None:
    order = await submitted(buyer, world)

    async with unchanged(owner, world):
        response = await buyer.post(LIST, json=invoice(world, order))

    assert one_step is None
    assert invalid(response) == {
        "purchase_order_id": ["Only approved orders are invoiced: this one is pending approval."]
    }


async def test_w61_filters_and_both_ways_to_sort(
    buyer: httpx.AsyncClient, world: World, storage: SqlStorage
) -> None:
    order = await submitted(buyer, world)
    await delivered(world, storage, order, 100, 20)
    await posted(buyer, invoice(world, order, vendor_invoice_number="A", due_date="2999-01-01"))
    await posted(buyer, invoice(world, vendor_invoice_number="B", invoice_date="2026-01-01"))
    third = invoice(world, vendor_invoice_number="C", invoice_date="2026-02-01")
    third["items"] = third["items"][:1]
    await posted(buyer, third)
    id = await known(world, storage, "purchase_invoice", 1)
    await done(SubmitPurchaseInvoice(id=id), world, storage)

    async def numbers(**asked: object) -> list[str]:
        rows = data(await buyer.get(LIST, params={k: str(v) for k, v in asked.items()}))
        return [row["vendor_invoice_number"] for row in rows]

    assert await numbers() == ["C", "B", "A"]
    assert await numbers(status="draft") == ["C", "B"]
    assert await numbers(status="submitted") == ["A"]
    assert await numbers(match_status="full_match") == ["A"]
    assert await numbers(match_status="mismatch") == ["C", "B"]
    assert await numbers(vendor_id=world.supplier.waqti_id) == ["C", "B", "A"]
    assert await numbers(vendor_id=99) == []
    assert await numbers(purchase_order_id=order["id"]) == ["A"]
    assert await numbers(from_date="2026-01-31") == ["C", "A"]
    assert await numbers(to_date="2026-01-31") == ["B", "A"]
    assert await numbers(from_date="2026-01-02", to_date="2026-01-31") == ["A"]
    assert await numbers(search="inv-000002") == ["B"]
    assert await numbers(sort="invoice_date", order="asc") == ["B", "A", "C"]
    assert await numbers(sort_by="invoice_date", sort_order="asc") == ["B", "A", "C"]
    assert await numbers(sort_by="total", sort_order="desc") == ["B", "A", "C"]
    assert await numbers(sort_by="due_date") == ["A", "C", "B"]
    assert await numbers(per_page=1, page=2) == ["B"]
    bad = await buyer.get(LIST, params={"status": "x", "from_date": "x", "sort_by": "x"})
    assert invalid(bad).keys() == {"status", "from_date", "sort_by"}


async def test_w62_payment_status_follows_what_is_paid_and_when_it_is_due(
    buyer: httpx.AsyncClient, world: World, storage: SqlStorage
) -> None:
    order = await submitted(buyer, world)
    await delivered(world, storage, order, 100, 20)
    tomorrow = (datetime.now(UTC) + timedelta(days=2)).date().isoformat()
    entered = await posted(buyer, invoice(world, order, due_date=tomorrow))
    id = await known(world, storage, "purchase_invoice", entered["id"])
    await done(SubmitPurchaseInvoice(id=id), world, storage)
    await done(ApprovePurchaseInvoice(id=id), world, storage, world.approver)
    seen = []

    for amount in ("325", "6000"):
        seen.append(data(await buyer.get(f"{LIST}/1"))["payment_status"])
        await done(PayPurchaseInvoice(id=id, amount=Decimal(amount)), world, storage)

    paid = data(await buyer.get(f"{LIST}/1"))
    assert seen == ["unpaid", "partial"]
    assert (paid["status"], paid["payment_status"]) == ("paid", "paid")
    assert paid["paid_amount"] == Decimal("6325.00")
    assert data(await buyer.get(f"/purchase-orders/{order['id']}"))["status"] == "completed"


async def test_other_organizations_invoices_do_not_exist(
    buyer: httpx.AsyncClient, login: Login, world: World, other_world: World
) -> None:
    await posted(buyer, invoice(world))
    stranger = await login(other_world)

    assert data(await stranger.get(LIST)) == []
    assert error(await stranger.get(f"{LIST}/1"), 404, "NOT_FOUND")


@pytest.mark.parametrize("size", [1, 20])
async def test_a_list_costs_as_many_statements_however_long_it_is(
    buyer: httpx.AsyncClient, world: World, statements: list[str], size: int
) -> None:
    order = await submitted(buyer, world)
    for n in range(size):
        body = invoice(world, order if n % 2 else None, vendor_invoice_number=f"A-{n}")
        await posted(buyer, body)
    statements.clear()

    assert len(data(await buyer.get(LIST, params={"per_page": 100}))) == size

    assert len(statements) == 4  # how many, invoices, suppliers, orders


@pytest.mark.parametrize("items", [1, 50])
async def test_an_invoice_costs_as_many_statements_however_long_it_is(
    buyer: httpx.AsyncClient, world: World, statements: list[str], items: int
) -> None:
    order = await submitted(buyer, world)
    body = invoice(world, order)
    body["items"] = body["items"][:1] * items
    entered = await posted(buyer, body)
    statements.clear()

    assert len(data(await buyer.get(f"{LIST}/{entered['id']}"))["items"]) == items

    # id, invoice, lines, order's lines, attachments, supplier, order
    assert len(statements) == 7
