"""Fact S-59: invoices that the system issues, and where they are printed."""

from urllib.parse import parse_qs, urlsplit

import asyncpg
import httpx
import pytest

from domain.callers import Permission
from domain.customers import Company
from persistence.storage import SqlStorage
from tests.conftest import World
from tests.rest.shrkity.conftest import Login
from tests.usecases.orders import done
from tests.usecases.selling import accepted, buyer, invoiced, line
from usecases.quotations import ConvertQuotation
from usecases.reads.sales_invoices import SalesInvoiceRow
from usecases.sales_invoices import PaySalesInvoice


@pytest.fixture
async def company(world: World, storage: SqlStorage) -> Company:
    return await buyer(world, storage)


@pytest.fixture
async def invoice(world: World, storage: SqlStorage, company: Company) -> SalesInvoiceRow:
    return await invoiced(world, storage, company)


async def test_s_59_an_invoice_is_shown(
    office: httpx.AsyncClient, invoice: SalesInvoiceRow, company: Company
) -> None:
    shown = (await office.get(f"/invoices/{invoice.shrkity_id}")).json()

    assert shown == {
        "id": invoice.shrkity_id,
        "number": invoice.number,
        "status": "issued",
        "company_id": company.shrkity_id,
        "client_id": None,
        "order_id": shown["order_id"],
        "subscription_id": None,
        "quotation_id": None,
        "items": [
            {
                "description": "Visa renewal",
                "description_ar": "تجديد التأشيرة",
                "quantity": 1,
                "unit_price": 100.0,
                "vat_rate": 15,
                "net": 100.0,
                "vat": 15.0,
                "total": 115.0,
            }
        ],
        "net": 100.0,
        "vat": 15.0,
        "total": 115.0,
        "currency": "SAR",
        "issued_on": invoice.issued_on.isoformat(),
        "due_on": invoice.due_on.isoformat(),
        "paid_on": None,
        "created_at": shown["created_at"],
        "updated_at": shown["updated_at"],
    }
    order = (await office.get(f"/orders/{shown['order_id']}")).json()
    assert order["status"] == "completed"


async def test_s_59_invoices_are_listed_with_what_they_are_for(
    office: httpx.AsyncClient,
    world: World,
    storage: SqlStorage,
    company: Company,
    invoice: SalesInvoiceRow,
) -> None:
    await done(PaySalesInvoice(id=invoice.id), world, storage)
    quotation = await accepted(world, storage, company, line())
    await done(ConvertQuotation(id=quotation.id), world, storage)

    page = (await office.get("/invoices")).json()

    assert [(each["status"], each["quotation_id"]) for each in page["data"]] == [
        ("issued", quotation.shrkity_id),
        ("paid", None),
    ]
    assert page["meta"]["total"] == 2


async def test_s_59_what_was_due_before_today_is_overdue(
    office: httpx.AsyncClient, invoice: SalesInvoiceRow, owner: asyncpg.Connection
) -> None:
    late = "UPDATE sales_invoices SET due_on = current_date - 2 WHERE id = $1"
    await owner.execute(late, invoice.id)

    shown = (await office.get(f"/invoices/{invoice.shrkity_id}")).json()

    assert shown["status"] == "overdue"


@pytest.mark.parametrize(("wanted", "language"), [("en", "en"), ("ar-SA", "ar"), ("pt", "en")])
async def test_s_59_the_pdf_is_somewhere_else_on_the_same_host(
    office: httpx.AsyncClient, invoice: SalesInvoiceRow, wanted: str, language: str
) -> None:
    headers = {"Accept-Language": wanted}

    answer = await office.get(f"/invoices/{invoice.shrkity_id}/pdf", headers=headers)

    assert (answer.status_code, answer.content) == (302, b"")
    where = urlsplit(answer.headers["Location"])
    assert (where.scheme, where.netloc) == ("http", "shrkity.test")
    assert where.path == f"/files/sales-invoices/{invoice.id.hex}.pdf"
    assert parse_qs(where.query)["language"] == [language]


@pytest.mark.parametrize("path", ["", "/pdf"])
async def test_s_59_another_workspaces_invoice_is_not_found(
    login: Login, other_world: World, invoice: SalesInvoiceRow, path: str
) -> None:
    stranger = await login(other_world)

    answer = await stranger.get(f"/invoices/{invoice.shrkity_id}{path}")

    assert answer.status_code == 404


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
async def test_s_59_invoices_are_only_read(office: httpx.AsyncClient, method: str) -> None:
    answer = await office.request(method, "/invoices/1")

    assert answer.status_code == 404


@pytest.mark.parametrize("path", ["", "/1", "/1/pdf"])
async def test_s_19_invoices_take_their_scope(login: Login, world: World, path: str) -> None:
    scope = Permission.INVOICES_READ
    limited = await login(world, permissions=frozenset(Permission) - {scope})

    answer = await limited.get(f"/invoices{path}")

    assert (answer.status_code, answer.json()["required_scope"]) == (403, scope.value)
