"""Sales invoices through the graph: issued by the system, then paid, voided, issued again."""

from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit
from zoneinfo import ZoneInfo

import asyncpg
import pytest

from domain.callers import Permission
from domain.customers import Company
from domain.kit.ids import new_id
from persistence.storage import SqlStorage
from schema.kit.ids import to_public
from tests.conftest import World
from tests.persistence.contents import unchanged
from tests.schema.conftest import Ask, public
from tests.usecases.orders import done
from tests.usecases.selling import accepted, buyer, invoiced, line
from usecases.quotations import ConvertQuotation
from usecases.reads.sales_invoices import SalesInvoiceRow
from usecases.sales_invoices import VoidSalesInvoice

WHOLE = """{ version number status overdue customer { name __typename } quotation { number }
  issuedOn dueOn subtotal { amount } vat { amount } total { amount currency }
  lines { position description descriptionAr quantity unitPrice { amount } vatRate
    net { amount } vat { amount } total { amount } }
  serviceOrder { status } paidOn paymentReference voidedAt voidReason
  transitions { name allowed requiredInput } auditTrail { action } legacyIds { channel } }"""
ONE = f"query ($id: ID!) {{ salesInvoice(id: $id) {WHOLE} }}"
TODAY = datetime.now(ZoneInfo("Asia/Riyadh")).date()


@pytest.fixture
async def company(world: World, storage: SqlStorage) -> Company:
    return await buyer(world, storage)


@pytest.fixture
async def invoice(world: World, storage: SqlStorage, company: Company) -> SalesInvoiceRow:
    return await invoiced(world, storage, company)


def id_of(invoice: SalesInvoiceRow) -> str:
    return to_public("sin", invoice.id)


async def test_an_invoice_shows_everything_about_itself(ask: Ask, invoice: SalesInvoiceRow) -> None:
    shown = (await ask(ONE, id=id_of(invoice)))["salesInvoice"]

    net, vat = {"amount": "100.00"}, {"amount": "15.00"}
    assert shown == {
        "version": 1,
        "number": f"SINV-{TODAY.year}-0001",
        "status": "ISSUED",
        "overdue": False,
        "customer": {"name": "Najd Trading", "__typename": "Company"},
        "quotation": None,
        "issuedOn": TODAY.isoformat(),
        "dueOn": (TODAY + timedelta(days=30)).isoformat(),
        "subtotal": net,
        "vat": vat,
        "total": {"amount": "115.00", "currency": "SAR"},
        "lines": [
            {
                "position": 1,
                "description": "Visa renewal",
                "descriptionAr": "تجديد التأشيرة",
                "quantity": "1",
                "unitPrice": {"amount": "100.00"},
                "vatRate": "15",
                "net": net,
                "vat": vat,
                "total": {"amount": "115.00"},
            }
        ],
        "serviceOrder": {"status": "COMPLETED"},
        **dict.fromkeys(("paidOn", "paymentReference", "voidedAt", "voidReason")),
        "transitions": [
            {"name": "pay", "allowed": True, "requiredInput": []},
            {"name": "void", "allowed": True, "requiredInput": ["reason"]},
            {"name": "reissue", "allowed": False, "requiredInput": []},
        ],
        "auditTrail": [{"action": "sales_invoice.issued"}],
        "legacyIds": [{"channel": "SHRKITY"}],
    }


async def test_a_quotations_invoice_shows_the_quotation(
    ask: Ask, world: World, storage: SqlStorage, company: Company
) -> None:
    quotation = await accepted(world, storage, company, line(description="Translation"))
    await done(ConvertQuotation(id=quotation.id), world, storage)

    data = await ask("{ salesInvoices { nodes { quotation { id } serviceOrder { id } } } }")

    assert data["salesInvoices"]["nodes"] == [
        {"quotation": {"id": public(quotation)}, "serviceOrder": None}
    ]


async def test_an_invoice_is_paid(do: Ask, invoice: SalesInvoiceRow) -> None:
    given = {"id": id_of(invoice), "reference": "TT-7", "expectedVersion": 1}

    payload = await do("salesInvoicePay", given, WHOLE)

    assert payload["errors"] == []
    paid = payload["salesInvoice"]
    assert (paid["status"], paid["version"]) == ("PAID", 2)
    assert (paid["paidOn"], paid["paymentReference"]) == (TODAY.isoformat(), "TT-7")
    assert [each for each in paid["transitions"] if each["allowed"]] == []
    told = [{"action": f"sales_invoice.{each}"} for each in ("issued", "paid")]
    assert paid["auditTrail"] == told


async def test_an_invoice_is_voided_and_issued_again(
    do: Ask, ask: Ask, invoice: SalesInvoiceRow
) -> None:
    id = {"id": id_of(invoice)}

    void = await do("salesInvoiceVoid", id | {"reason": "Wrong name."}, WHOLE)
    again = await do("salesInvoiceReissue", id, WHOLE)

    assert (void["errors"], again["errors"]) == ([], [])
    assert (void["salesInvoice"]["status"], void["salesInvoice"]["voidReason"]) == (
        "VOID",
        "Wrong name.",
    )
    assert [each["name"] for each in void["salesInvoice"]["transitions"] if each["allowed"]] == [
        "reissue"
    ]
    another, before = again["salesInvoice"], void["salesInvoice"]
    assert (another["number"], another["status"]) == (f"SINV-{TODAY.year}-0002", "ISSUED")
    for name in ("lines", "total", "customer", "serviceOrder"):
        assert another[name] == before[name]
    document = """query ($id: ID!) { salesInvoice(id: $id) { serviceOrder { invoices { number } }
      transitions { name blockers { code message } } auditTrail { action } } }"""
    old = (await ask(document, **id))["salesInvoice"]
    numbers = [f"SINV-{TODAY.year}-000{n}" for n in (1, 2)]
    assert [each["number"] for each in old["serviceOrder"]["invoices"]] == numbers
    assert old["transitions"][2]["blockers"] == [
        {
            "code": "INVALID_TRANSITION",
            "message": "another invoice bills this already: void that one first",
        }
    ]
    assert old["auditTrail"][-1] == {"action": "sales_invoice.reissued"}


async def test_what_is_wrong_is_said_at_its_field_and_nothing_happens(
    do: Ask, world: World, storage: SqlStorage, company: Company, owner: asyncpg.Connection
) -> None:
    open_one, void = [await invoiced(world, storage, company) for _ in range(2)]
    await done(VoidSalesInvoice(id=void.id, reason="mistake"), world, storage)
    id, voided = {"id": id_of(open_one)}, {"id": id_of(void)}
    tomorrow = (TODAY + timedelta(days=1)).isoformat()

    async with unchanged(owner, world):
        tried = [
            await do("salesInvoicePay", id | {"paidOn": tomorrow}),
            await do("salesInvoicePay", id | {"reference": "7" * 201}),
            await do("salesInvoicePay", voided),
            await do("salesInvoiceVoid", id | {"reason": " "}),
            await do("salesInvoiceVoid", voided | {"reason": "again"}),
            await do("salesInvoiceReissue", id),
            await do("salesInvoicePay", {"id": to_public("sin", new_id())}),
        ]

    assert [[(e["code"], e["path"]) for e in payload["errors"]] for payload in tried] == [
        [("VALIDATION", ["paidOn"])],
        [("VALIDATION", ["reference"])],
        [("INVALID_TRANSITION", None)],
        [("VALIDATION", ["reason"])],
        [("INVALID_TRANSITION", None)],
        [("INVALID_TRANSITION", None)],
        [("NOT_FOUND", ["id"])],
    ]
    assert [payload["salesInvoice"] for payload in tried] == [None] * 7


async def test_a_link_to_the_pdf_is_good_for_ten_minutes(
    ask: Ask, invoice: SalesInvoiceRow
) -> None:
    document = """query ($id: ID!) { salesInvoice(id: $id) {
      pdfUrl arabic: pdfUrl(language: AR) } }"""

    links = (await ask(document, id=id_of(invoice)))["salesInvoice"]

    for link, language in ((links["pdfUrl"], "en"), (links["arabic"], "ar")):
        where = urlsplit(link)
        assert where.path == f"/files/sales-invoices/{invoice.id.hex}.pdf"
        query = parse_qs(where.query)
        assert query["language"] == [language]
        assert 590 < int(query["ends"][0]) - datetime.now(UTC).timestamp() <= 600


async def test_old_ids_lead_to_invoices(ask: Ask, invoice: SalesInvoiceRow) -> None:
    query = """query ($id: String!) {
      nodeByLegacyId(channel: SHRKITY, resource: "invoices", id: $id) { id } }"""

    found = await ask(query, id=str(invoice.shrkity_id))

    assert found["nodeByLegacyId"] == {"id": id_of(invoice)}


async def test_what_is_shown_and_done_takes_its_own_permission(
    ask: Ask,
    do: Ask,
    refused: Ask,
    world: World,
    invoice: SalesInvoiceRow,
    owner: asyncpg.Connection,
) -> None:
    asking = "query ($id: ID!) {{ salesInvoice(id: $id) {{ {} }} }}"
    reader = world.caller(permissions=frozenset({Permission.INVOICES_READ}))
    nobody = world.caller(permissions=frozenset(Permission) - {Permission.INVOICES_READ})
    id = id_of(invoice)

    data = await ask(asking.format("pdfUrl lines { position }"), as_=reader, id=id)
    assert data["salesInvoice"]["lines"] == [{"position": 1}]
    for name in ("customer", "serviceOrder"):
        [error] = await refused(asking.format(name + " { id }"), as_=reader, id=id)
        assert (error["extensions"]["code"], error["path"]) == ("FORBIDDEN", ["salesInvoice", name])
    for document in ("{ salesInvoices { nodes { id } } }", asking.format("id")):
        [error] = await refused(document, as_=nobody, id=id)
        assert error["extensions"]["code"] == "FORBIDDEN"
    moves: dict[str, dict[str, Any]] = {"Pay": {}, "Void": {"reason": "mistake"}, "Reissue": {}}
    async with unchanged(owner, world):
        for verb, given in moves.items():
            payload = await do(f"salesInvoice{verb}", {"id": id} | given, as_=reader)
            assert [error["code"] for error in payload["errors"]] == ["FORBIDDEN"]


async def test_another_organizations_invoices_are_not_there(
    ask: Ask,
    do: Ask,
    world: World,
    other_world: World,
    invoice: SalesInvoiceRow,
    owner: asyncpg.Connection,
) -> None:
    id, stranger = {"id": id_of(invoice)}, other_world.caller()
    document = """query ($id: ID!) { salesInvoice(id: $id) { id pdfUrl } node(id: $id) { id }
      salesInvoices { totalCount } }"""

    async with unchanged(owner, world), unchanged(owner, other_world):
        data = await ask(document, as_=stranger, **id)
        tried = [
            await do("salesInvoicePay", id, as_=stranger),
            await do("salesInvoiceVoid", id | {"reason": "mistake"}, as_=stranger),
            await do("salesInvoiceReissue", id, as_=stranger),
        ]

    assert data == {"salesInvoice": None, "node": None, "salesInvoices": {"totalCount": 0}}
    assert [[e["code"] for e in payload["errors"]] for payload in tried] == [["NOT_FOUND"]] * 3
