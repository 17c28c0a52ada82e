"""Suppliers' invoices through the graph: entered, matched, approved, paid, listed."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import asyncpg
import pytest

from domain.callers import Locale
from domain.purchase_orders import PurchaseOrder
from persistence.storage import SqlStorage
from tests import make
from tests.conftest import World
from tests.persistence.contents import unchanged
from tests.schema.conftest import Ask, public, reading
from tests.usecases.invoices import approve, delivered, entered, received_order, submitted
from tests.usecases.orders import approved as approved_order

LATER = (datetime.now(UTC) + timedelta(days=30)).date().isoformat()
WHOLE = """{ number vendorInvoiceNumber status paymentStatus matchStatus needsAttention version
  invoiceDate dueDate exchangeRate notes
  subtotal { amount } vat { amount } total { amount currency } baseTotal { amount currency }
  paid { amount } owed { amount }
  supplier { name } purchaseOrder { number } department { name } project { name }
  createdBy { name } overriddenBy { name } overriddenAt overrideReason
  lines { position description quantity unitPrice { amount } vatRate net { amount }
    vat { amount } total { amount } orderLine { position } matchStatus
    findings { aspect verdict expected found message } legacyIds { channel id } }
  attachments { name url } payments { amount { amount } } approvals { status }
  legacyIds { channel id } submittedAt approvedAt auditTrail { action } }"""


def entry(world: World, order: PurchaseOrder | None = None, **values: object) -> dict[str, object]:
    line: dict[str, object] = {"description": "Paper", "quantity": "2", "unitPrice": "10"}
    if order is not None:
        line["orderLineId"] = public(order.lines[0])
    return {
        "vendorInvoiceNumber": "A-1",
        "supplierId": public(world.supplier),
        "purchaseOrderId": public(order) if order else None,
        "invoiceDate": "2026-01-31",
        "dueDate": LATER,
        "lines": [line],
    } | values


async def test_an_invoice_is_entered_with_everything(
    do: Ask, world: World, storage: SqlStorage
) -> None:
    order = await received_order(world, storage)

    payload = await do(
        "purchaseInvoiceCreate",
        entry(
            world,
            order,
            notes="By post.",
            attachments=[{"name": "scan.pdf", "url": "https://files.example.com/scan.pdf"}],
        ),
        WHOLE,
    )

    assert payload["errors"] == []
    assert payload["purchaseInvoice"] == {
        "number": "INV-000001",
        "vendorInvoiceNumber": "A-1",
        "status": "DRAFT",
        "paymentStatus": "UNPAID",
        "matchStatus": "FULL_MATCH",
        "needsAttention": False,
        "version": 1,
        "invoiceDate": "2026-01-31",
        "dueDate": LATER,
        "exchangeRate": "1",
        "notes": "By post.",
        "subtotal": {"amount": "20.00"},
        "vat": {"amount": "3.00"},
        "total": {"amount": "23.00", "currency": "SAR"},
        "baseTotal": {"amount": "23.00", "currency": "SAR"},
        "paid": {"amount": "0.00"},
        "owed": {"amount": "23.00"},
        "supplier": {"name": "Office Supplies Co."},
        "purchaseOrder": {"number": order.number},
        "department": {"name": "Operations"},
        "project": {"name": "Refurbishment"},
        "createdBy": {"name": "Bea Buyer"},
        "overriddenBy": None,
        "overriddenAt": None,
        "overrideReason": None,
        "lines": [
            {
                "position": 1,
                "description": "Paper",
                "quantity": "2",
                "unitPrice": {"amount": "10.00"},
                "vatRate": "15",
                "net": {"amount": "20.00"},
                "vat": {"amount": "3.00"},
                "total": {"amount": "23.00"},
                "orderLine": {"position": 1},
                "matchStatus": "FULL_MATCH",
                "findings": [
                    {
                        "aspect": "QUANTITY",
                        "verdict": "AGREES",
                        "expected": "2",
                        "found": "2",
                        "message": "2 are invoiced in all, 2 were accepted.",
                    },
                    {
                        "aspect": "UNIT_PRICE",
                        "verdict": "AGREES",
                        "expected": "10",
                        "found": "10",
                        "message": "The price is 10, 10 was ordered.",
                    },
                    {
                        "aspect": "VAT_RATE",
                        "verdict": "AGREES",
                        "expected": "15",
                        "found": "15",
                        "message": "The tax rate is 15%, 15% was ordered.",
                    },
                ],
                "legacyIds": [{"channel": "WAQTI", "id": "1"}],
            }
        ],
        "attachments": [{"name": "scan.pdf", "url": "https://files.example.com/scan.pdf"}],
        "payments": [],
        "approvals": [],
        "legacyIds": [{"channel": "WAQTI", "id": "1"}],
        "submittedAt": None,
        "approvedAt": None,
        "auditTrail": [{"action": "purchase_invoice.created"}],
    }


async def test_an_invoice_goes_from_draft_to_paid(
    do: Ask, world: World, storage: SqlStorage
) -> None:
    order = await approved_order(world, storage)
    invoice = await entered(world, storage, order)
    id, approver = {"id": public(invoice)}, world.caller(world.approver)
    state = "{ status paymentStatus matchStatus needsAttention }"

    async def step(verb: str, **given: Any) -> tuple[Any, ...]:
        by = None if verb == "Submit" else approver
        payload = await do(f"purchaseInvoice{verb}", id | given, state, as_=by)
        assert payload["errors"] == []
        return tuple(payload["purchaseInvoice"].values())

    seen = [
        await step("Submit"),
        await step("OverrideMatch", reason="Agreed by phone."),
        await step("Approve", comment="Fine."),
        await step("Pay", amount="3.00", reference="TT-1", paidOn="2026-02-01"),
        await step("Pay", amount="20.00"),
    ]

    assert seen == [
        ("SUBMITTED", "OVERDUE", "PENDING_GRN", True),
        ("SUBMITTED", "OVERDUE", "PENDING_GRN", False),
        ("APPROVED", "OVERDUE", "PENDING_GRN", False),
        ("APPROVED", "OVERDUE", "PENDING_GRN", False),
        ("PAID", "PAID", "PENDING_GRN", False),
    ]


async def test_an_update_replaces_lines_and_matches_again(
    do: Ask, world: World, storage: SqlStorage
) -> None:
    order = await received_order(world, storage)
    invoice = await entered(world, storage, order)
    line = {"description": "Paper", "quantity": "3", "unitPrice": "11", "vatRate": "5"}
    line["orderLineId"] = public(order.lines[0])

    payload = await do(
        "purchaseInvoiceUpdate",
        {"id": public(invoice), "lines": [line], "vendorInvoiceNumber": " A-2 "},
        """{ version vendorInvoiceNumber matchStatus total { amount }
          lines { findings { message } } }""",
    )

    assert payload["purchaseInvoice"] == {
        "version": 2,
        "vendorInvoiceNumber": "A-2",
        "matchStatus": "MISMATCH",
        "total": {"amount": "34.65"},
        "lines": [
            {
                "findings": [
                    {"message": "3 are invoiced in all, only 2 were ordered."},
                    {"message": "The price is 11, but 10 was ordered."},
                    {"message": "The tax rate is 5%, but 15% was ordered."},
                ]
            }
        ],
    }


@pytest.mark.parametrize(
    ("values", "path", "message"),
    [
        ({"supplierId": None}, ["supplierId"], "this must not be empty"),
        ({"vendorInvoiceNumber": "  "}, ["vendorInvoiceNumber"], "this must not be empty"),
        ({"lines": []}, ["lines"], "an invoice needs at least one line"),
        ({"dueDate": "2026-01-01"}, ["dueDate"], "this is before the date of the invoice"),
        ({"currency": "USD"}, ["exchangeRate"], "a foreign currency needs an exchange rate"),
    ],
)
async def test_what_makes_no_sense_is_refused(
    do: Ask, world: World, owner: asyncpg.Connection, values: Any, path: Any, message: str
) -> None:
    async with unchanged(owner, world):
        payload = await do("purchaseInvoiceCreate", entry(world, **values))

    assert payload["errors"] == [{"code": "VALIDATION", "message": message, "path": path}]


async def test_supplier_and_currency_are_the_orders(
    do: Ask, world: World, storage: SqlStorage, owner: asyncpg.Connection
) -> None:
    order = await approved_order(world, storage)
    other = (await do("supplierCreate", {"name": "Other Co."}, "{ id }"))["supplier"]["id"]

    async with unchanged(owner, world):
        foreign = await do("purchaseInvoiceCreate", entry(world, order, currency="USD"))
        strange = await do("purchaseInvoiceCreate", entry(world, order, supplierId=other))
    taken = await do("purchaseInvoiceCreate", entry(world, order, supplierId=None), "{ id }")

    assert foreign["errors"][0]["message"] == "the order is in SAR"
    assert strange["errors"][0]["message"] == "the order was placed with another supplier"
    assert taken["errors"] == []


async def test_a_deleted_draft_is_gone_and_its_number_is_free(
    do: Ask, world: World, storage: SqlStorage
) -> None:
    invoice = await entered(world, storage)

    gone = await do("purchaseInvoiceDelete", {"id": public(invoice)})
    again = await do("purchaseInvoiceCreate", entry(world), "{ number }")

    assert gone == {"errors": [], "purchaseInvoice": None}
    assert again["purchaseInvoice"] == {"number": "INV-000002"}


async def test_transitions_say_why_an_invoice_cannot_be_approved(
    ask: Ask, world: World, storage: SqlStorage
) -> None:
    order = await approved_order(world, storage)
    invoice = await submitted(world, storage, order)
    query = """query ($id: ID!) { purchaseInvoice(id: $id) {
      transitions { name allowed blockers { code message } } } }"""

    data = await ask(query, as_=world.caller(world.approver), id=public(invoice))

    transitions = {t["name"]: t for t in data["purchaseInvoice"]["transitions"]}
    assert [n for n, t in transitions.items() if t["allowed"]] == [
        *("reject", "requestChanges", "overrideMatch", "cancel")
    ]
    assert transitions["approve"]["blockers"] == [
        {
            "code": "VALIDATION",
            "message": "not all goods on this invoice were received yet",
        }
    ]


async def test_the_exception_queue_and_other_filters(
    ask: Ask, world: World, storage: SqlStorage
) -> None:
    order = await received_order(world, storage)
    matched = await submitted(world, storage, order)
    await submitted(world, storage, order, vendor_invoice_number="A-2")
    await entered(world, storage, vendor_invoice_number="A-3")
    await approve(world, storage, matched.id)
    query = """query ($filter: PurchaseInvoiceFilter, $by: PurchaseInvoiceOrder) {
      purchaseInvoices(filter: $filter, orderBy: $by) {
        totalCount nodes { vendorInvoiceNumber } } }"""

    async def found(by: object = None, **filter: object) -> list[str]:
        page = (await ask(query, filter=filter, by=by))["purchaseInvoices"]
        numbers = [node["vendorInvoiceNumber"] for node in page["nodes"]]
        assert page["totalCount"] == len(numbers)
        return numbers

    assert await found() == ["A-3", "A-2", "A-1"]
    assert await found(needsAttention=True) == ["A-2"]
    assert await found(needsAttention=False) == ["A-3", "A-1"]
    assert await found(status=["APPROVED", "DRAFT"]) == ["A-3", "A-1"]
    assert await found(matchStatus=["MISMATCH"]) == ["A-3", "A-2"]
    assert await found(paymentStatus=["OVERDUE"]) == ["A-3", "A-2", "A-1"]
    assert await found(paymentStatus=["UNPAID", "PARTIAL", "PAID"]) == []
    assert await found(supplierId=public(world.supplier), search="a-2") == ["A-2"]
    assert await found(purchaseOrderId=public(order)) == ["A-2", "A-1"]
    assert await found(invoicedFrom="2026-02-01") == []
    assert await found(invoicedTo="2026-01-31") == ["A-3", "A-2", "A-1"]
    assert await found(by={"field": "NUMBER", "direction": "ASC"}) == ["A-1", "A-2", "A-3"]


async def test_pages_follow_each_other_by_date(ask: Ask, world: World, storage: SqlStorage) -> None:
    for n in range(1, 6):
        day = make.NOON.date() + timedelta(days=n)
        await entered(world, storage, vendor_invoice_number=f"A-{n}", invoice_date=day)
    query = """query ($after: String) { purchaseInvoices(first: 2, after: $after,
      orderBy: {field: INVOICE_DATE, direction: ASC}) {
        nodes { vendorInvoiceNumber } pageInfo { hasNextPage endCursor } } }"""
    seen: list[str] = []
    after, more = None, True

    while more:
        page = (await ask(query, after=after))["purchaseInvoices"]
        seen += [node["vendorInvoiceNumber"] for node in page["nodes"]]
        after, more = page["pageInfo"]["endCursor"], page["pageInfo"]["hasNextPage"]

    assert seen == ["A-1", "A-2", "A-3", "A-4", "A-5"]


async def test_orders_and_suppliers_list_their_invoices(
    ask: Ask, world: World, storage: SqlStorage
) -> None:
    order = await received_order(world, storage)
    await entered(world, storage, order)
    await entered(world, storage, vendor_invoice_number="A-2")
    query = """query ($order: ID!, $supplier: ID!) {
      purchaseOrder(id: $order) { invoices { vendorInvoiceNumber } }
      supplier(id: $supplier) { invoices { totalCount nodes { vendorInvoiceNumber } } }
      nodeByLegacyId(channel: WAQTI, resource: "invoices", id: "1") { __typename }
      line: nodeByLegacyId(channel: WAQTI, resource: "invoice-items", id: "2") { __typename } }"""

    data = await ask(query, order=public(order), supplier=public(world.supplier))

    assert data == {
        "purchaseOrder": {"invoices": [{"vendorInvoiceNumber": "A-1"}]},
        "supplier": {
            "invoices": {
                "totalCount": 2,
                "nodes": [{"vendorInvoiceNumber": "A-2"}, {"vendorInvoiceNumber": "A-1"}],
            }
        },
        "nodeByLegacyId": {"__typename": "PurchaseInvoice"},
        "line": {"__typename": "PurchaseInvoiceLine"},
    }


async def test_another_organizations_invoices_do_not_exist(
    ask: Ask, do: Ask, world: World, other_world: World, storage: SqlStorage
) -> None:
    invoice = await entered(world, storage)
    stranger = other_world.caller()
    id = public(invoice)

    query = "query ($id: ID!) { purchaseInvoice(id: $id) { id } purchaseInvoices { totalCount } }"
    data = await ask(query, as_=stranger, id=id)
    payload = await do("purchaseInvoiceSubmit", {"id": id}, as_=stranger)

    assert data == {"purchaseInvoice": None, "purchaseInvoices": {"totalCount": 0}}
    assert [error["code"] for error in payload["errors"]] == ["NOT_FOUND"]


async def test_statements_do_not_depend_on_how_many_there_are(
    ask: Ask, world: World, storage: SqlStorage, statements: list[str]
) -> None:
    query = "{ purchaseInvoices { nodes " + WHOLE + " } }"
    costs = []

    for n in range(1, 9):
        order = await approved_order(world, storage)
        await delivered(world, storage, order)
        await submitted(world, storage, order, vendor_invoice_number=f"A-{n}")
        if n in {1, 8}:
            statements.clear()
            assert len((await ask(query))["purchaseInvoices"]["nodes"]) == n
            costs.append(len(statements))

    # invoices, suppliers, orders, departments, projects, users, lines, order lines, attachments,
    # payments, approvals, audit trail
    assert costs == [12, 12]


async def test_findings_are_said_in_the_readers_language(
    ask: Ask, world: World, storage: SqlStorage
) -> None:
    invoice = await entered(world, storage)
    query = "query ($id: ID!) { purchaseInvoice(id: $id) { lines { findings { message } } } }"

    data = await ask(query, as_=reading(world.caller(), Locale.EN), id=public(invoice))

    [line] = data["purchaseInvoice"]["lines"]
    assert line["findings"] == [{"message": "This line belongs to no line of an order."}]
    assert invoice.total == Decimal("23.00")


async def test_transitions_say_that_what_completed_its_order_stays(
    ask: Ask, world: World, storage: SqlStorage
) -> None:
    order = await received_order(world, storage)
    invoice = await submitted(world, storage, order)
    await approve(world, storage, invoice.id)
    query = """query ($id: ID!) { purchaseInvoice(id: $id) {
      purchaseOrder { status } transitions { name blockers { message } } } }"""

    found = (await ask(query, id=public(invoice)))["purchaseInvoice"]

    assert found["purchaseOrder"] == {"status": "COMPLETED"}
    blockers = {t["name"]: t["blockers"] for t in found["transitions"]}
    assert blockers["pay"] == []
    assert blockers["cancel"] == [{"message": "the order of this invoice is completed"}]


async def test_a_payment_of_tomorrow_is_no_payment(
    do: Ask, world: World, storage: SqlStorage, owner: asyncpg.Connection
) -> None:
    order = await received_order(world, storage)
    invoice = await submitted(world, storage, order)
    await approve(world, storage, invoice.id)
    given = {"id": public(invoice), "amount": "1", "paidOn": LATER}

    async with unchanged(owner, world):
        payload = await do("purchaseInvoicePay", given)

    assert payload["errors"] == [
        {"code": "VALIDATION", "message": "this day is still to come", "path": ["paidOn"]}
    ]
