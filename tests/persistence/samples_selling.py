"""What is offered and billed to customers, in organizations with something in every table."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from domain.quotations import Quotation
from domain.sales_invoices import SalesInvoice
from persistence.reads import SqlReads
from persistence.storage import SqlStorage
from tests.conftest import World, keep
from tests.domain.selling import issued, priced_order
from tests.usecases.selling import buyer, invoiced, line, sent
from usecases.reads.kit import Listing, Whole
from usecases.reads.quotations import QuotationFilter, QuotationOrder
from usecases.reads.sales_invoices import SalesInvoiceFilter, SalesInvoiceOrder


@dataclass(frozen=True)
class Selling:
    """`invoice` bills the quotation and, as it happens, the subscription; the order has its own."""

    quotation: Quotation
    invoice: SalesInvoice
    subscription_id: UUID
    order_id: UUID


async def selling(world: World, storage: SqlStorage, subscription_id: UUID) -> Selling:
    customer = await buyer(world, storage)
    today = datetime.now(UTC).date()
    quotation = await sent(world, storage, customer, line(), valid_until=today)
    invoice = issued(priced_order("100"))
    invoice.number = "SINV-2025-0001"
    invoice.customer_id, invoice.order_id = customer.id, None
    invoice.quotation_id, invoice.subscription_id = quotation.id, subscription_id
    await keep(storage, world.caller(), invoice)
    billed = await invoiced(world, storage, customer)
    assert billed.order_id is not None
    return Selling(quotation, invoice, subscription_id, billed.order_id)


Ask = Callable[[SqlReads, Selling], Awaitable[Any]]
W = Whole.ORGANIZATION
_LISTED: Mapping[str, Callable[[Selling], tuple[Any, Any]]] = {
    "quotations": lambda s: (
        QuotationFilter(customer_id=s.quotation.customer_id),
        QuotationOrder(),
    ),
    "sales_invoices": lambda s: (
        SalesInvoiceFilter(customer_id=s.invoice.customer_id),
        SalesInvoiceOrder(),
    ),
}


def _numbered(noun: str) -> Ask:
    return lambda reads, s: getattr(reads, noun).numbered(*_LISTED[noun](s), offset=0, limit=9)


def _counts(noun: str) -> Ask:
    return lambda reads, s: getattr(reads, noun).counts([Listing(W, _LISTED[noun](s)[0])])


# Asked for the ids of an organization, what comes back when it is another's; as in test_isolation.
OF_THEIRS: dict[str, tuple[Ask, Any]] = {
    **{f"{noun}.numbered": (_numbered(noun), []) for noun in _LISTED},
    **{f"{noun}.counts": (_counts(noun), None) for noun in _LISTED},
    "quotations.by_ids": (lambda r, s: r.quotations.by_ids([s.quotation.id]), {}),
    "quotations.by_customer_ids": (
        lambda r, s: r.quotations.by_customer_ids([s.quotation.customer_id]),
        None,
    ),
    "quotation_lines.by_ids": (
        lambda r, s: r.quotation_lines.by_ids([s.quotation.lines[0].id]),
        {},
    ),
    "quotation_lines.by_quotation_ids": (
        lambda r, s: r.quotation_lines.by_quotation_ids([s.quotation.id]),
        {},
    ),
    "sales_invoices.by_ids": (lambda r, s: r.sales_invoices.by_ids([s.invoice.id]), {}),
    "sales_invoices.by_order_ids": (
        lambda r, s: r.sales_invoices.by_order_ids([s.order_id]),
        {},
    ),
    "sales_invoices.by_subscription_ids": (
        lambda r, s: r.sales_invoices.by_subscription_ids([s.subscription_id]),
        {},
    ),
    "sales_invoices.by_quotation_ids": (
        lambda r, s: r.sales_invoices.by_quotation_ids([s.quotation.id]),
        {},
    ),
    "sales_invoices.by_customer_ids": (
        lambda r, s: r.sales_invoices.by_customer_ids([s.quotation.customer_id]),
        None,
    ),
    "sales_invoice_lines.by_invoice_ids": (
        lambda r, s: r.sales_invoice_lines.by_invoice_ids([s.invoice.id]),
        {},
    ),
    "sales_invoice_links.by_ids": (lambda r, s: r.sales_invoice_links.by_ids([s.invoice.id]), {}),
    "service_orders.by_quotation_ids": (
        lambda r, s: r.service_orders.by_quotation_ids([s.quotation.id]),
        {},
    ),
}
# These take no ids: they list what the organization has.
OF_OURS: dict[str, Ask] = {
    "quotations.all": lambda r, _: r.quotations.all([W]),
    "sales_invoices.all": lambda r, _: r.sales_invoices.all([W]),
    "quotations.lapsed": lambda r, _: r.quotations.lapsed(
        [W], datetime.now(UTC) + timedelta(days=9), 9
    ),
    "signing_keys.own": lambda r, _: r.signing_keys.own([W]),
}
