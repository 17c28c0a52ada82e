"""Signed links and the processes that serve them: any of them, and none writes one down."""

import logging
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
import structlog
from starlette.types import ASGIApp

from persistence.storage import SqlStorage
from schema.kit.ids import to_public
from server.logs import configure
from server.settings import Settings
from tests.conftest import World
from tests.server.conftest import caller_of, started
from tests.usecases.selling import buyer, invoiced
from usecases.reads.sales_invoices import SalesInvoiceRow

LINK = "query ($id: ID!) { salesInvoice(id: $id) { pdfUrl } }"


@pytest.fixture
async def invoice(world: World, storage: SqlStorage) -> SalesInvoiceRow:
    return await invoiced(world, storage, await buyer(world, storage))


@pytest.fixture
async def another_app(database_url: str, tmp_path: Path) -> AsyncIterator[ASGIApp]:
    """A second process, as it were: nothing is shared with the first but the database."""
    async with started(database_url, tmp_path) as app:
        yield app


async def link(client: httpx.AsyncClient, invoice: SalesInvoiceRow) -> str:
    asked = {"query": LINK, "variables": {"id": to_public("sin", invoice.id)}}
    answer = (await client.post("/graphql", json=asked)).json()
    url: str = answer["data"]["salesInvoice"]["pdfUrl"]
    return url


async def test_a_link_of_one_process_is_good_at_another(
    client: httpx.AsyncClient, another_app: ASGIApp, invoice: SalesInvoiceRow
) -> None:
    path = await link(client, invoice)

    async with caller_of(another_app) as browser:
        answer = await browser.get(path)
        forged = await browser.get(f"{path[:-4]}AAAA")

    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/pdf")
    assert answer.content.startswith(b"%PDF-")
    assert forged.status_code == 404


async def test_no_line_of_the_log_carries_a_signature(
    client: httpx.AsyncClient,
    stranger: httpx.AsyncClient,
    invoice: SalesInvoiceRow,
    capsys: pytest.CaptureFixture[str],
) -> None:
    root = logging.getLogger()
    before, level = list(root.handlers), root.level
    configure(Settings(log_format="json", log_level="DEBUG"))
    try:
        path = await link(client, invoice)
        served = await stranger.get(path)
        refused = await stranger.get(path.replace("language=en", "language=ar"))
    finally:
        root.handlers, root.level = before, level
        structlog.reset_defaults()

    assert (served.status_code, refused.status_code) == (200, 404)
    where = urlsplit(path)
    [signature] = parse_qs(where.query)["signature"]
    written = capsys.readouterr().err
    assert written.count(f'"path":"{where.path}"') == 2  # served, and refused
    assert signature not in written
    assert "signature=" not in written
