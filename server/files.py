"""Files that are fetched with a signed link instead of a credential: printed invoices.

Whatever is wrong with a link, the answer is the same. The signature is in the query, which is
never logged.
"""

from asyncio import to_thread
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from uuid import UUID

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from domain.callers import Caller
from rest.documents.sales_invoices import render, sales_invoice
from server.operators import operator
from usecases.gate import Gate, TooManyRequests
from usecases.ports import Storage
from usecases.reads.kit import Whole
from usecases.reads.sales_invoices import InvoiceLanguage
from usecases.sales_invoices.links import BASE, InvoiceLink

HEADERS = {"Cache-Control": "private, no-store", "X-Content-Type-Options": "nosniff"}


def utc_now() -> datetime:
    return datetime.now(UTC)


def file_routes(
    storage: Storage, gate: Gate, *, now: Callable[[], datetime] = utc_now
) -> list[Route]:
    """`GET /files/sales-invoices/….pdf`, as links say it; counted by address."""

    async def invoice(request: Request) -> Response:
        address = request.client.host if request.client else "unknown"
        try:
            await gate.admit_stranger(address)
        except TooManyRequests as refused:
            headers = {"Retry-After": str(refused.allowance.retry_after)}
            return JSONResponse({"message": refused.message}, 429, headers=HEADERS | headers)
        link = _read(request.path_params["id"], request.query_params)
        signature = request.query_params.get("signature", "")
        found = await _printed(storage, link, signature, now()) if link else None
        if found is None:
            return JSONResponse({"message": "there is no such file"}, 404, headers=HEADERS)
        number, content = found
        shown = {"Content-Disposition": f'inline; filename="{number}.pdf"'}
        return Response(content, 200, HEADERS | shown, "application/pdf")

    return [Route(f"{BASE}/{{id}}.pdf", invoice)]


def _read(id: str, query: Mapping[str, str]) -> InvoiceLink | None:
    """What a link says; None when it is none."""
    try:
        return InvoiceLink(
            organization_id=UUID(hex=query["organization"]),
            invoice_id=UUID(hex=id),
            language=InvoiceLanguage(query["language"]),
            ends=int(query["ends"][:12]),
        )
    except (KeyError, ValueError):
        return None


async def _printed(
    storage: Storage, link: InvoiceLink, signature: str, now: datetime
) -> tuple[str, bytes] | None:
    """The invoice's number, and its PDF."""
    whole, read = Whole.ORGANIZATION, storage.reads(_anybody(link))
    try:
        key = (await read.signing_keys.own([whole])).get(whole)
        if key is None or not link.holds(signature, key.signing_key, now):
            return None
        document = await sales_invoice(read, link.invoice_id, link.language)
    finally:
        await read.close()  # nobody else waits for a connection while this is being typeset
    if document is None:
        return None
    return document.invoice.number, await to_thread(render, document)


def _anybody(link: InvoiceLink) -> Caller:
    """Whoever has the link; they read nothing but what it names."""
    return operator(link.organization_id, request_id="file")
