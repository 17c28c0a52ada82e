"""Comparing invoices with their order: everything that is compared is locked, the order first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated
from uuid import UUID

from domain.kit.errors import Path, RuleBroken, raise_first
from domain.purchase_invoices import (
    UNDECIDED,
    Match,
    PurchaseInvoice,
    Tolerances,
    tolerances_of,
)
from domain.purchase_orders import PurchaseOrder
from usecases.ports import Parts, UnitOfWork

# The parts that deciding about invoices looks at, of their order and of themselves.
ORDERED = ("lines",)
MATCHED = ("lines", "approval_requests")
COMPARED = ("lines",)
InvoiceId = Annotated[UUID, PurchaseInvoice, "The invoice."]


@dataclass(frozen=True)
class Dossier:
    """An order and its invoices that are not decided yet, in the order in which they came in.

    An invoice without an order stands alone.
    """

    order: PurchaseOrder | None
    invoices: list[PurchaseInvoice]
    tolerances: Tolerances

    def rematch(self, at: datetime, *, new: PurchaseInvoice | None = None) -> None:
        """Compare them all; of a new one it is no news."""
        match = Match(self.order.lines if self.order else (), self.tolerances)
        for invoice in self.invoices:
            if invoice is new:
                invoice.match(match)
            elif invoice.status in UNDECIDED:
                invoice.rematch(match, at)


async def rematch(order: PurchaseOrder, uow: UnitOfWork) -> None:
    """Compare the invoices of a locked order again, after its lines have changed."""
    if order.open_invoices:
        (await dossier_of(order, uow)).rematch(uow.now)


async def rematch_all(tolerances: Tolerances, uow: UnitOfWork) -> None:
    """Compare everything that is not decided yet, after the tolerances have changed.

    The orders are locked first, as everywhere; that takes as many statements as it does for one.
    """
    found = await uow.reads.purchase_invoices.by_statuses([*UNDECIDED])
    rows = [row for ours in found.values() for row in ours]
    if not rows:
        return
    order_ids = {id for row in rows if (id := row.purchase_order_id) is not None}
    ordered = await uow.records(PurchaseOrder).get_many(order_ids, parts=ORDERED)
    orders = {order.id: order for order in ordered}
    dossiers: dict[UUID | None, Dossier] = {}
    for invoice in await uow.records(PurchaseInvoice).get_many(
        [row.id for row in rows], parts=COMPARED
    ):
        id = invoice.purchase_order_id
        order = orders.get(id) if id is not None else None
        dossiers.setdefault(id, Dossier(order, [], tolerances)).invoices.append(invoice)
    for dossier in dossiers.values():
        dossier.rematch(uow.now)


async def check_unbilled(
    order: PurchaseOrder, line_ids: Sequence[UUID], path: Path, uow: UnitOfWork
) -> None:
    """Raise RuleBroken for lines of a locked order that are on an invoice, whatever became of it.

    `path` says where in the input they are named, one after the other.
    """
    if not line_ids:
        return
    read = uow.reads
    invoices = (await read.purchase_invoices.by_order_ids([order.id])).get(order.id, ())
    parts = await read.purchase_invoice_lines.by_invoice_ids([row.id for row in invoices])
    billed = {line.order_line_id for lines in parts.values() for line in lines}
    raise_first(
        [
            RuleBroken("this line is on an invoice", path=(*path, n))
            for n, id in enumerate(line_ids)
            if id in billed
        ]
    )


async def dossier_of(
    order: PurchaseOrder | None,
    uow: UnitOfWork,
    also: UUID | None = None,
    parts: Parts = MATCHED,
) -> Dossier:
    """Of a locked order, or of none; with an invoice that may be decided already."""
    tolerances = tolerances_of(await uow.organization())
    ids = {also} if also else set()
    if order is not None and order.open_invoices:
        rows = await uow.reads.purchase_invoices.by_order_ids([order.id])
        ids |= {row.id for row in rows.get(order.id, ()) if row.status in UNDECIDED}
    invoices = await uow.records(PurchaseInvoice).get_many(ids, parts=parts) if ids else []
    for invoice in invoices:
        invoice.order_status = order.status if order else None
    return Dossier(order, invoices, tolerances)


async def locked(
    id: UUID,
    uow: UnitOfWork,
    *,
    expected: int | None = None,
    parts: Parts = MATCHED,
) -> tuple[PurchaseInvoice, Dossier]:
    """An invoice with everything that it is compared with; `parts` is as in `Repository.get`.

    Raises NotFound, and VersionConflict when it is not at version `expected`.
    """
    row = (await uow.reads.purchase_invoices.by_ids([id])).get(id)
    order = None
    if row is not None and row.purchase_order_id is not None:
        order = await uow.records(PurchaseOrder).get(row.purchase_order_id, parts=ORDERED)
    dossier = await dossier_of(order, uow, also=id, parts=parts)
    invoice = next((each for each in dossier.invoices if each.id == id), None)
    if invoice is None:
        raise PurchaseInvoice.missing(id)
    invoice.expect(expected)
    return invoice, dossier
