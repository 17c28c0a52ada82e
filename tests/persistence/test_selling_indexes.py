"""Every filter and ordering of quotations and sales invoices has an index."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from domain.kit.ids import new_id
from domain.quotations import QuotationStatus
from domain.sales_invoices import SalesInvoiceStatus
from persistence.reads.quotations import LAPSED, QUOTATIONS
from persistence.reads.sales_invoices import BY_ORDER, BY_QUOTATION, BY_SUBSCRIPTION, INVOICES
from persistence.storage import SqlStorage
from tests.conftest import World, keep
from tests.domain.selling import issued
from tests.persistence.plans import (
    ANY,
    DATED,
    DAY,
    MANY,
    MOMENT,
    NEW,
    SOME,
    Ordered,
    Plans,
    among_many,
    tried,
)
from tests.usecases.selling import buyer, quoted
from usecases.reads.kit import Direction
from usecases.reads.quotations import QuotationFilter, QuotationSort
from usecases.reads.sales_invoices import SalesInvoiceFilter, SalesInvoiceSort

SHARED = (
    NEW
    | DATED
    | {
        "number": "'X-2025-' || n",
        "customer_id": ANY,
        "total": "n",
    }
)
VARIED = {
    "quotations": SHARED
    | {
        "status": "(ARRAY['DRAFT', 'SENT'])[1 + (n % 100 = 0)::int]",
        "valid_until": "DATE '2025-01-01' + n::int",
    },
    "sales_invoices": SHARED
    | {
        "status": "(ARRAY['PAID', 'ISSUED'])[1 + (n % 100 = 0)::int]",
        "issued_on": "DATE '2025-01-01' + n::int",
        "due_on": "DATE '2025-01-31' + n::int",
        "order_id": "md5(n::text)::uuid",
        "subscription_id": ANY,
        "quotation_id": "md5((n + 1)::text)::uuid",
    },
}


async def sold(world: World, storage: SqlStorage) -> None:
    customer = await buyer(world, storage)
    await quoted(world, storage, customer)
    invoice = issued()
    invoice.customer_id, invoice.order_id = customer.id, None
    await keep(storage, world.caller(), invoice)


@pytest.fixture(scope="module")
async def plans(database_url: str) -> AsyncIterator[Plans]:
    async with among_many(database_url, VARIED, sold) as plans:
        yield plans


ORDERINGS: list[Ordered] = [
    Ordered(QUOTATIONS, QuotationFilter(), QuotationSort.CREATED_AT, (MOMENT, SOME)),
    Ordered(QUOTATIONS, QuotationFilter(), QuotationSort.UPDATED_AT, (MOMENT, SOME)),
    Ordered(QUOTATIONS, QuotationFilter(), QuotationSort.TOTAL, (Decimal(7), SOME)),
    Ordered(INVOICES, SalesInvoiceFilter(), SalesInvoiceSort.CREATED_AT, (MOMENT, SOME)),
    Ordered(INVOICES, SalesInvoiceFilter(), SalesInvoiceSort.ISSUED_ON, (DAY, SOME)),
    Ordered(INVOICES, SalesInvoiceFilter(), SalesInvoiceSort.DUE_ON, (DAY, SOME)),
    Ordered(INVOICES, SalesInvoiceFilter(), SalesInvoiceSort.TOTAL, (Decimal(7), SOME)),
]


@pytest.mark.parametrize("way", Direction)
@pytest.mark.parametrize("ordered", ORDERINGS)
async def test_an_ordering_is_read_from_its_index_and_goes_on_at_a_cursor(
    plans: Plans, ordered: Ordered, way: Direction
) -> None:
    await plans.check_ordering(ordered, way)


QUOTATION_FILTERS: list[tuple[QuotationFilter, str]] = [
    (QuotationFilter(status=(QuotationStatus.ACCEPTED,)), "status_created_at_id"),
    (QuotationFilter(customer_id=SOME), "customer_id_created_at_id"),
    (QuotationFilter(valid_until_from=date(2090, 1, 1)), "valid_until_id"),
    (QuotationFilter(valid_until_to=date(2000, 1, 1)), "valid_until_id"),
    (QuotationFilter(search="x-2025-1777"), "searched"),
]
INVOICE_FILTERS: list[tuple[SalesInvoiceFilter, str]] = [
    (SalesInvoiceFilter(status=(SalesInvoiceStatus.VOID,)), "status_created_at_id"),
    (SalesInvoiceFilter(overdue=True), "owed"),
    (SalesInvoiceFilter(customer_id=SOME), "customer_id_created_at_id"),
    (SalesInvoiceFilter(issued_from=date(2090, 1, 1)), "issued_on_id"),
    (SalesInvoiceFilter(issued_to=date(2000, 1, 1)), "issued_on_id"),
    (SalesInvoiceFilter(search="x-2025-1777"), "searched"),
]


@pytest.mark.parametrize(("filter", "index"), QUOTATION_FILTERS)
async def test_a_filter_of_quotations_has_its_index(
    plans: Plans, filter: QuotationFilter, index: str
) -> None:
    plan = await plans.of(QUOTATIONS, filter, QuotationSort.CREATED_AT, n=MANY)

    assert f'"ix_quotations_{index}"' in plan


@pytest.mark.parametrize(("filter", "index"), INVOICE_FILTERS)
async def test_a_filter_of_invoices_has_its_index(
    plans: Plans, filter: SalesInvoiceFilter, index: str
) -> None:
    plan = await plans.of(INVOICES, filter, SalesInvoiceSort.CREATED_AT, n=MANY)

    assert f'"ix_sales_invoices_{index}"' in plan


TRIED: list[tuple[list[Any], Any]] = [
    (QUOTATION_FILTERS, QuotationFilter),
    (INVOICE_FILTERS, SalesInvoiceFilter),
]


def test_every_filter_is_tried() -> None:
    for filters, kind in TRIED:
        assert tried(filters) == {*kind.__dataclass_fields__}


@pytest.mark.parametrize(
    ("statement", "index"),
    [
        (BY_ORDER, "order_id_created_at_id"),
        (BY_SUBSCRIPTION, "subscription_id_created_at_id"),
        (BY_QUOTATION, "quotation_id"),
    ],
)
async def test_invoices_are_found_by_what_they_bill(
    plans: Plans, statement: Any, index: str
) -> None:
    plan = await plans.explained(statement, {"ids": [SOME, new_id()]})

    assert f'"ix_sales_invoices_{index}"' in plan


async def test_what_lapsed_is_found_among_what_was_sent(plans: Plans) -> None:
    plan = await plans.explained(LAPSED, {"at": datetime(2025, 2, 1, tzinfo=UTC), "n": 500})

    assert '"ix_quotations_valid_until"' in plan
