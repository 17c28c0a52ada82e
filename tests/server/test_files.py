"""Signed links: printed invoices for whoever has the link, for ten minutes, and nothing else."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from io import BytesIO

import asyncpg
import httpx
import pytest
from pypdf import PdfReader
from starlette.applications import Starlette

from persistence.storage import SqlStorage
from server.files import file_routes
from server.gate import CredentialGate
from tests.conftest import World
from tests.usecases.orders import done
from tests.usecases.selling import buyer, invoiced
from usecases.reads.kit import Whole
from usecases.reads.sales_invoices import InvoiceLanguage, SalesInvoiceRow
from usecases.sales_invoices import VoidSalesInvoice
from usecases.sales_invoices.links import LASTS, InvoiceLink

EN, AR = InvoiceLanguage.EN, InvoiceLanguage.AR


class Clock:
    """What time it is for whoever serves."""

    def __init__(self) -> None:
        self.now = datetime.now(UTC)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def browser(
    storage: SqlStorage, engine: object, database_url: str, clock: Clock
) -> AsyncIterator[httpx.AsyncClient]:
    """Somebody without a credential."""
    gate = CredentialGate(engine, database_url)  # type: ignore[arg-type]
    app = Starlette(routes=file_routes(storage, gate, now=clock))
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app), base_url="http://files.test"
    ) as client:
        yield client


@pytest.fixture
async def invoice(world: World, storage: SqlStorage) -> SalesInvoiceRow:
    customer = await buyer(world, storage, name_ar="شركة نجد للتجارة", tax_id="300222")
    return await invoiced(world, storage, customer, options=["express"])


async def link(
    world: World, storage: SqlStorage, invoice: SalesInvoiceRow, language: InvoiceLanguage = EN
) -> str:
    reads = storage.reads(world.caller())
    links = await reads.sales_invoice_links.by_ids([invoice.id], language=language)
    await reads.close()
    return links[invoice.id]


def words(answer: httpx.Response) -> str:
    """Everything on every page, with single spaces."""
    pages = PdfReader(BytesIO(answer.content)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


async def test_a_link_shows_the_invoice_without_a_credential(
    browser: httpx.AsyncClient, world: World, storage: SqlStorage, invoice: SalesInvoiceRow
) -> None:
    answer = await browser.get(await link(world, storage, invoice))

    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/pdf")
    assert answer.headers["content-disposition"] == f'inline; filename="{invoice.number}.pdf"'
    assert answer.headers["cache-control"] == "private, no-store"
    text = words(answer)
    for said in [
        f"Invoice {invoice.number} Issued",
        "Test Trading",
        "Customer Najd Trading VAT number 300222",
        "1 Visa renewal 1 100.00 15% 15.00 115.00",
        "2 Express 1 50.00 15% 7.50 57.50",
        "Subtotal 150.00 VAT 22.50 Total SAR 172.50",
        "Page 1 of 1",
    ]:
        assert said in text


async def test_in_arabic_names_and_lines_are_arabic(
    browser: httpx.AsyncClient, world: World, storage: SqlStorage, invoice: SalesInvoiceRow
) -> None:
    text = words(await browser.get(await link(world, storage, invoice, AR)))

    # The font draws a letter and its dots apart, so extraction has the letters, not the words.
    assert set("شركة نجد للتجارة تجديد التأشيرة عاجل") <= set(text)
    assert all(said in text for said in [invoice.number, "300222", "172.50", "15%"])
    assert "Najd Trading" not in text


async def test_a_void_invoice_says_so(
    browser: httpx.AsyncClient, world: World, storage: SqlStorage, invoice: SalesInvoiceRow
) -> None:
    await done(VoidSalesInvoice(id=invoice.id, reason="mistake"), world, storage)

    text = words(await browser.get(await link(world, storage, invoice)))

    assert "VOID This invoice is void: nothing is owed." in text


async def test_a_link_ends_after_ten_minutes(
    browser: httpx.AsyncClient,
    world: World,
    storage: SqlStorage,
    invoice: SalesInvoiceRow,
    clock: Clock,
) -> None:
    path = await link(world, storage, invoice)
    assert timedelta(minutes=10) == LASTS

    clock.now += timedelta(minutes=9, seconds=55)
    assert (await browser.get(path)).status_code == 200
    clock.now += timedelta(seconds=10)
    assert (await browser.get(path)).status_code == 404


@pytest.mark.parametrize(
    ("part", "other"),
    [
        ("language=en", "language=ar"),
        ("language=en", "language=pt"),
        ("ends=1", "ends=2"),
        ("signature=", "signature=x"),
        ("signature=", "signed="),
        ("organization=", "organization=0"),
    ],
)
async def test_a_link_that_was_changed_leads_nowhere(
    browser: httpx.AsyncClient,
    world: World,
    storage: SqlStorage,
    invoice: SalesInvoiceRow,
    part: str,
    other: str,
) -> None:
    path = await link(world, storage, invoice)
    assert part in path

    answer = await browser.get(path.replace(part, other))

    assert (answer.status_code, answer.json()) == (404, {"message": "there is no such file"})


async def test_no_organization_signs_for_another(
    browser: httpx.AsyncClient,
    world: World,
    other_world: World,
    storage: SqlStorage,
    invoice: SalesInvoiceRow,
) -> None:
    """Neither with its own key for the other's organization, nor for an invoice that is theirs."""
    reads = storage.reads(other_world.caller())
    key = (await reads.signing_keys.own([Whole.ORGANIZATION]))[Whole.ORGANIZATION].signing_key
    await reads.close()
    ends = int(datetime.now(UTC).timestamp()) + 60
    for organization in (world.organization.id, other_world.organization.id):
        forged = InvoiceLink(
            organization_id=organization, invoice_id=invoice.id, language=EN, ends=ends
        )
        answer = await browser.get(forged.path(key))
        assert (answer.status_code, answer.json()) == (404, {"message": "there is no such file"})


async def test_every_organization_has_a_key_of_its_own(
    owner: asyncpg.Connection, world: World, other_world: World
) -> None:
    keys = await owner.fetch("SELECT signing_key FROM organizations")

    assert {len(row[0]) for row in keys} == {32}
    assert len({row[0] for row in keys}) == len(keys) >= len((world, other_world))


async def test_strangers_are_counted(browser: httpx.AsyncClient) -> None:
    codes = [(await browser.get("/files/sales-invoices/1.pdf")).status_code for _ in range(61)]

    assert codes == [404] * 60 + [429]
