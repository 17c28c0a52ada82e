"""Converting quotations: what was agreed on is ordered, and the rest of it invoiced."""

from dataclasses import dataclass
from typing import Annotated, ClassVar
from uuid import UUID

from domain.kit import checks
from domain.kit.errors import RuleBroken, raise_first
from domain.quotations import LIFECYCLE, Quotation, QuotationLine
from domain.service_orders import Quoted, Wish
from domain.workers import Worker
from usecases.ports import UnitOfWork
from usecases.quotations.moving import OfQuotation
from usecases.reads.customers import CompanyRow
from usecases.sales_invoices import invoice_quotation
from usecases.service_orders.placing import Whom, place_order


@dataclass(frozen=True, kw_only=True)
class ConvertQuotation(OfQuotation):
    """Make orders of what was accepted: one for each unit of each line with a service, as quoted.

    Lines without a service are invoiced at once. All of it happens, or nothing: what an order is
    refused for, and a month's orders that are used up, are told as errors.
    """

    requires: ClassVar = LIFECYCLE.needs("convert")

    worker_id: Annotated[
        UUID | None, Worker, "Whom of the company the orders are about, where a service says so."
    ] = None

    async def move(self, quotation: Quotation, uow: UnitOfWork) -> None:
        quotation.convert(uow.caller, uow.now)
        whom = await self._whom(quotation, uow)
        for n, line in enumerate(quotation.lines):
            try:
                await _order(line, quotation.currency, whom, uow)
            except RuleBroken as refused:
                broken = [each for each in refused.problems if isinstance(each, RuleBroken)]
                raise_first(checks.below(("lines", n), broken))
        await invoice_quotation(quotation, uow)

    async def _whom(self, quotation: Quotation, uow: UnitOfWork) -> Whom:
        id = quotation.customer_id
        customer = (await uow.reads.customers.by_ids([id]))[id]
        if isinstance(customer, CompanyRow):
            return Whom(company_id=id, worker_id=self.worker_id)
        return Whom(client_id=id, worker_id=self.worker_id)


async def _order(line: QuotationLine, currency: str, whom: Whom, uow: UnitOfWork) -> None:
    """As many orders as the line becomes, at its price."""
    if line.service_definition_id is None:
        return
    quoted = Quoted(line.id, line.description, line.unit_price, line.vat_rate, currency)
    for _ in range(line.orders):
        await place_order(line.service_definition_id, whom, Wish(quoted=quoted), uow)
