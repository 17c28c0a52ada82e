"""Settling sales invoices: paid, voided, issued again."""

from abc import abstractmethod
from dataclasses import dataclass
from datetime import date
from typing import Annotated, ClassVar
from uuid import UUID

from domain.sales_invoices import LIFECYCLE, SalesInvoice
from usecases.kit import ExpectedVersion, UseCase
from usecases.organizations import today
from usecases.ports import UnitOfWork
from usecases.sales_invoices.issuing import issue


@dataclass(frozen=True, kw_only=True)
class OfSalesInvoice(UseCase[SalesInvoice]):
    """A move of one invoice."""

    id: Annotated[UUID, SalesInvoice, "The sales invoice."]
    expected_version: ExpectedVersion = None

    async def execute(self, uow: UnitOfWork) -> SalesInvoice:
        invoice = await uow.records(SalesInvoice).get(self.id, expected=self.expected_version)
        return await self.move(invoice, uow)

    @abstractmethod
    async def move(self, invoice: SalesInvoice, uow: UnitOfWork) -> SalesInvoice:
        """The transition itself, of a locked invoice; the one to show afterwards."""


@dataclass(frozen=True, kw_only=True)
class PaySalesInvoice(OfSalesInvoice):
    """Note that the customer has paid it, as a whole."""

    requires: ClassVar = LIFECYCLE.needs("pay")

    paid_on: Annotated[date | None, "The day it was paid; today when left out."] = None
    reference: Annotated[str | None, "What the bank or the cheque calls it."] = None

    async def move(self, invoice: SalesInvoice, uow: UnitOfWork) -> SalesInvoice:
        day = today(await uow.organization(), uow)
        invoice.pay(self.paid_on or day, uow.caller, uow.now, today=day, reference=self.reference)
        return invoice


@dataclass(frozen=True, kw_only=True)
class VoidSalesInvoice(OfSalesInvoice):
    """Declare that it was never owed. Its number stays taken; what is paid cannot be voided."""

    requires: ClassVar = LIFECYCLE.needs("void")

    reason: Annotated[str, "Why."]

    async def move(self, invoice: SalesInvoice, uow: UnitOfWork) -> SalesInvoice:
        invoice.void(uow.caller, uow.now, self.reason)
        return invoice


@dataclass(frozen=True, kw_only=True)
class ReissueSalesInvoice(OfSalesInvoice):
    """Issue a new invoice for what a voided one billed, dated today; the payload shows it."""

    requires: ClassVar = LIFECYCLE.needs("reissue")

    async def move(self, invoice: SalesInvoice, uow: UnitOfWork) -> SalesInvoice:
        rows = await uow.reads.sales_invoices.by_ids([invoice.id])
        draft = invoice.reissue(uow.caller, uow.now, replaced=rows[invoice.id].replaced)
        return await issue(draft, uow)
