"""Every filter and ordering of quotations and sales invoices has an index."""

import re
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import asyncpg
import pytest

from domain.kit.ids import new_id
from domain.quotations import QuotationStatus
from domain.sales_invoices import SalesInvoiceStatus
from persistence.engines import application_engine
from persistence.reads.lists import Listed
from persistence.reads.quotations import LAPSED, QUOTATIONS
from persistence.reads.sales_invoices import BY_ORDER, BY_QUOTATION, BY_SUBSCRIPTION, INVOICES
from persistence.storage import SqlStorage
from tests.conftest import keep, new_world
from tests.domain.selling import issued
from tests.persistence.test_indexes import COPY, MANY, Plans
from tests.usecases.selling import buyer, quoted
from usecases.reads.kit import Direction
from usecases.reads.quotations import QuotationFilter, QuotationSort
from usecases.reads.sales_invoices import SalesInvoiceFilter, SalesInvoiceSort

SOME, MOMENT, DAY = new_id(), datetime(2026, 1, 1, tzinfo=UTC), date(2026, 1, 1)
SHARED = {
    "id": "gen_random_uuid()",
    "shrkity_id": "shrkity_id + n",
    "number": "'X-2025-' || n",
    "created_at": "created_at + n * interval '1 minute'",
    "updated_at": "updated_at + n * interval '1 minute'",
    "customer_id": "md5((n % 300)::text)::uuid",
    "total": "n",
}
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
        "subscription_id": "md5((n % 300)::text)::uuid",
        "quotation_id": "md5((n + 1)::text)::uuid",
    },
}


@pytest.fixture(scope="module")
async def plans(database_url: str) -> AsyncIterator[Plans]:
    engine = application_engine(database_url, pool_size=1)
    storage = SqlStorage(engine)
    world = await new_world(storage)
    customer = await buyer(world, storage)
    await quoted(world, storage, customer)
    invoice = issued()
    invoice.customer_id, invoice.order_id = customer.id, None
    await keep(storage, world.caller(), invoice)
    await engine.dispose()
    connection = await asyncpg.connect(database_url)
    transaction = connection.transaction()
    await transaction.start()  # rolled back: other tests find their tables as they were
    await connection.execute("SET LOCAL session_replication_role = replica")  # anybody will do
    for table, varied in VARIED.items():
        columns = await connection.fetch(
            "SELECT column_name FROM information_schema.columns"
            " WHERE table_name = $1 AND is_generated = 'NEVER'",
            table,
        )
        names = [row[0] for row in columns]
        values = ", ".join(varied.get(name, name) for name in names)
        copy = COPY.format(table=table, columns=", ".join(names), values=values)
        where = f" WHERE organization_id = '{world.organization.id}'"
        await connection.execute(copy.rstrip() + where, MANY)
        await connection.execute(f"ANALYZE {table}")
    await connection.execute(
        "SELECT gin_clean_pending_list(indexrelid) FROM pg_index JOIN pg_class ON oid = indexrelid"
        " WHERE relam = (SELECT oid FROM pg_am WHERE amname = 'gin')"
    )
    await connection.execute("SET LOCAL ROLE backoffice_app; SET LOCAL enable_seqscan = off")
    enter = "SELECT set_config('app.organization', $1, true)"
    await connection.execute(enter, str(world.organization.id))
    yield Plans(connection, world)
    await transaction.rollback()
    await connection.close()


ORDERINGS: list[tuple[Listed[Any], Any, Any, tuple[Any, ...]]] = [
    (QUOTATIONS, QuotationFilter(), QuotationSort.CREATED_AT, (MOMENT, SOME)),
    (QUOTATIONS, QuotationFilter(), QuotationSort.UPDATED_AT, (MOMENT, SOME)),
    (QUOTATIONS, QuotationFilter(), QuotationSort.TOTAL, (Decimal(7), SOME)),
    (INVOICES, SalesInvoiceFilter(), SalesInvoiceSort.CREATED_AT, (MOMENT, SOME)),
    (INVOICES, SalesInvoiceFilter(), SalesInvoiceSort.ISSUED_ON, (DAY, SOME)),
    (INVOICES, SalesInvoiceFilter(), SalesInvoiceSort.DUE_ON, (DAY, SOME)),
    (INVOICES, SalesInvoiceFilter(), SalesInvoiceSort.TOTAL, (Decimal(7), SOME)),
]


@pytest.mark.parametrize("way", Direction)
@pytest.mark.parametrize(("listed", "everything", "sort", "key"), ORDERINGS)
async def test_an_ordering_is_read_from_its_index_and_goes_on_at_a_cursor(
    plans: Plans,
    listed: Listed[Any],
    everything: Any,
    sort: Any,
    key: tuple[Any, ...],
    way: Direction,
) -> None:
    first = await plans.of(listed, everything, sort, way=way)
    following = await plans.of(listed, everything, sort, way=way, after=True, key=key)

    for plan in (first, following):
        assert '"Seq Scan"' not in plan
        assert '"Sort"' not in plan
    conditions = re.findall(r'"Index Cond": "(.*?)"[,}]', following)
    column = listed.orderings[sort].columns[0].name
    assert len([each for each in conditions if f"ROW({column}" in each]) == 1


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


def test_every_filter_is_tried() -> None:
    tried: list[tuple[list[Any], Any]] = [
        (QUOTATION_FILTERS, QuotationFilter),
        (INVOICE_FILTERS, SalesInvoiceFilter),
    ]
    for filters, kind in tried:
        given = {n for f, _ in filters for n, v in vars(f).items() if v is not None}
        assert given == {*kind.__dataclass_fields__}


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
