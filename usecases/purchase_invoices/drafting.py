"""Entering suppliers' invoices: what they say, before anybody has to agree to it."""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from domain.kit import checks
from domain.kit.errors import Path, RuleBroken, raise_first
from domain.kit.given import UNSET, Maybe, given
from domain.kit.money import check_currency
from domain.purchase_invoices import (
    LIFECYCLE,
    NewPurchaseInvoiceAttachment,
    NewPurchaseInvoiceLine,
    PurchaseInvoice,
)
from domain.purchase_orders import PurchaseOrder, PurchaseOrderStatus
from domain.suppliers import Supplier
from usecases.kit import ExpectedVersion, UseCase
from usecases.ports import UnitOfWork
from usecases.purchase_invoices.matching import ORDERED, InvoiceId, dossier_of, locked
from usecases.reads.organizations import OrganizationRow
from usecases.reads.suppliers import SupplierRow

SERIES = "INV"
_INVOICED = {PurchaseOrderStatus.APPROVED, PurchaseOrderStatus.COMPLETED}


@dataclass(frozen=True, kw_only=True)
class CreatePurchaseInvoice(UseCase[PurchaseInvoice]):
    """Enter a supplier's invoice as a draft. It gets a number of yours, and is matched at once.

    The same number of the same supplier is refused, unless what had it was cancelled.
    """

    requires = LIFECYCLE.needs("update")

    vendor_invoice_number: Annotated[str, "The supplier's own number of it."]
    purchase_order_id: Annotated[UUID | None, PurchaseOrder, "The approved order it bills."] = None
    supplier_id: Annotated[
        UUID | None, Supplier, "Who sent it; the order's supplier when left out."
    ] = None
    invoice_date: Annotated[date, "The date it bears."]
    due_date: Annotated[
        date | None, "When it is due; by the supplier's payment terms when left out."
    ] = None
    currency: Annotated[str | None, "ISO 4217; the order's or the base currency when left out."] = (
        None
    )
    exchange_rate: Annotated[
        Decimal | None, "Base currency for one unit of the currency; the order's when left out."
    ] = None
    notes: Annotated[str | None, "For whoever approves it."] = None
    lines: Annotated[Sequence[NewPurchaseInvoiceLine], "What is invoiced; at least one line."]
    attachments: Annotated[Sequence[NewPurchaseInvoiceAttachment], "Links to files."] = ()

    async def execute(self, uow: UnitOfWork) -> PurchaseInvoice:
        organization = await uow.organization()
        order = await self._order(uow)
        supplier = await self._supplier(order, uow)
        currency = self.currency or (order.currency if order else organization.base_currency)
        rate = self._rate(currency, order, organization)
        due = self.due_date or _due(self.invoice_date, supplier.payment_terms or 0)
        invoice = PurchaseInvoice.create(
            uow.now,
            vendor_invoice_number=self.vendor_invoice_number.strip(),
            supplier_id=supplier.id,
            purchase_order_id=order.id if order else None,
            department_id=order.department_id if order else None,
            project_id=order.project_id if order else None,
            created_by_id=uow.caller.user_id,
            invoice_date=self.invoice_date,
            due_date=due,
            currency=currency,
            base_currency=organization.base_currency,
            exchange_rate=rate,
            notes=self.notes,
            lines=rated(self.lines, order, organization),
            attachments=self.attachments,
        )
        dossier = await dossier_of(order, uow)
        dossier.invoices.append(invoice)
        dossier.rematch(uow.now, new=invoice)
        if order is not None:
            order.count_invoices(1)
        invoice.created(await uow.next_number(SERIES), uow.now)
        uow.records(PurchaseInvoice).add(invoice)
        return invoice

    async def _order(self, uow: UnitOfWork) -> PurchaseOrder | None:
        """Locked, and fit to be invoiced."""
        id, path = self.purchase_order_id, ("purchase_order_id",)
        if id is None:
            return None
        found = await uow.records(PurchaseOrder).get_many([id], parts=ORDERED)
        if not found:
            raise RuleBroken("no such purchase order", path=path)
        [order] = found
        check_invoiced(order, path)
        if self.currency not in {None, order.currency}:
            raise RuleBroken(
                "the order is in {currency}", path=("currency",), currency=order.currency
            )
        return order

    async def _supplier(self, order: PurchaseOrder | None, uow: UnitOfWork) -> SupplierRow:
        id = self.supplier_id or (order.supplier_id if order else None)
        path = ("supplier_id",)
        if id is None:
            raise RuleBroken("this must not be empty", path=path)
        supplier = (await uow.reads.suppliers.by_ids([id])).get(id)
        if supplier is None:
            raise RuleBroken("no such supplier", path=path)
        if order is not None and order.supplier_id != id:
            raise RuleBroken("the order was placed with another supplier", path=path)
        return supplier

    def _rate(
        self, currency: str, order: PurchaseOrder | None, organization: OrganizationRow
    ) -> Decimal:
        if self.exchange_rate is not None:
            return self.exchange_rate
        if currency == organization.base_currency:
            return Decimal(1)
        if order is None:
            raise check_currency(currency) or RuleBroken(
                "a foreign currency needs an exchange rate", path=("exchange_rate",)
            )
        return order.exchange_rate


def check_invoiced(order: PurchaseOrder, path: Path) -> None:
    """Raise RuleBroken for an order without lines that hold, because nobody agreed to them yet."""
    if order.status not in _INVOICED:
        raise RuleBroken(
            "only approved orders are invoiced: this one is {status}",
            path=path,
            status=order.status,
        )


def _due(day: date, terms: int) -> date:
    """So many days later; at the end of time, the last day there is."""
    return day + timedelta(days=min(terms, (date.max - day).days))


def rated(
    lines: Sequence[NewPurchaseInvoiceLine],
    order: PurchaseOrder | None,
    organization: OrganizationRow,
) -> list[NewPurchaseInvoiceLine]:
    """The lines, each with a tax rate: as ordered, or the usual one.

    Raises RuleBroken for lines that the order does not have.
    """
    ordered = {line.id: line for line in order.lines} if order else {}
    raise_first(
        [
            RuleBroken("this order has no such line", path=("lines", n, "order_line_id"))
            for n, line in enumerate(lines)
            if line.order_line_id is not None and line.order_line_id not in ordered
        ]
    )

    def rate(line: NewPurchaseInvoiceLine) -> Decimal:
        if line.vat_rate is not None:
            return line.vat_rate
        id = line.order_line_id
        return organization.vat_rate if id is None else ordered[id].vat_rate

    return [replace(line, vat_rate=rate(line)) for line in lines]


@dataclass(frozen=True, kw_only=True)
class UpdatePurchaseInvoice(UseCase[PurchaseInvoice]):
    """Change a draft; it is matched again. What is left out stays.

    Lines and attachments replace those there are. An override of its match has to be given again.
    """

    requires = LIFECYCLE.needs("update")

    id: InvoiceId
    expected_version: ExpectedVersion = None
    vendor_invoice_number: Annotated[Maybe[str], "The supplier's own number of it."] = UNSET
    invoice_date: Annotated[Maybe[date], "The date it bears."] = UNSET
    due_date: Annotated[Maybe[date], "When it is due."] = UNSET
    exchange_rate: Annotated[Maybe[Decimal], "Base currency for one unit of the currency."] = UNSET
    notes: Annotated[Maybe[str | None], "For whoever approves it."] = UNSET
    lines: Annotated[Maybe[Sequence[NewPurchaseInvoiceLine]], "What is invoiced."] = UNSET
    attachments: Annotated[
        Maybe[Sequence[NewPurchaseInvoiceAttachment]], "Links to files; replace those there are."
    ] = UNSET

    async def execute(self, uow: UnitOfWork) -> PurchaseInvoice:
        invoice, dossier = await locked(self.id, uow, expected=self.expected_version, parts=None)
        content = given({f.name: getattr(self, f.name) for f in fields(self)})
        needed = ("vendor_invoice_number", "invoice_date", "due_date", "exchange_rate")
        raise_first(checks.emptied(content, (*needed, "lines", "attachments")))
        values = {
            name: value
            for name, value in content.items()
            if name not in {"id", "expected_version", "lines", "attachments"}
        }
        if "vendor_invoice_number" in values:
            values["vendor_invoice_number"] = values["vendor_invoice_number"].strip()
        lines = None
        if self.lines is not UNSET:
            if dossier.order is not None:
                check_invoiced(dossier.order, ("lines",))
            lines = rated(self.lines, dossier.order, await uow.organization())
        invoice.update(
            values,
            uow.caller,
            uow.now,
            lines=lines,
            attachments=None if self.attachments is UNSET else self.attachments,
        )
        dossier.rematch(uow.now)
        return invoice


@dataclass(frozen=True, kw_only=True)
class DeletePurchaseInvoice(UseCase[PurchaseInvoice]):
    """Delete a draft for good; only its audit trail stays. Anything else is cancelled instead."""

    requires = LIFECYCLE.needs("delete")

    id: InvoiceId
    expected_version: ExpectedVersion = None

    async def execute(self, uow: UnitOfWork) -> PurchaseInvoice:
        invoice, dossier = await locked(self.id, uow, expected=self.expected_version, parts=None)
        invoice.delete(uow.caller, uow.now)
        dossier.invoices.remove(invoice)
        dossier.rematch(uow.now)
        if dossier.order is not None:
            dossier.order.count_invoices(-1)
        await uow.records(PurchaseInvoice).remove(invoice)
        return invoice
