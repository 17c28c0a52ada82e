"""Every filter and every ordering has an index: what PostgreSQL plans to do, among many rows."""

import json
import re
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import asyncpg
import pytest

from domain.budgets import BudgetStatus
from domain.kit.ids import new_id
from domain.purchase_invoices import MatchStatus, PaymentStatus, PurchaseInvoiceStatus
from domain.purchase_orders import ProcurementState, PurchaseOrderStatus
from domain.suppliers import SupplierStatus
from persistence.engines import application_engine
from persistence.reads.budgets import BUDGETS
from persistence.reads.kit import _compiled
from persistence.reads.lists import Listed
from persistence.reads.procurements import PROCUREMENTS
from persistence.reads.purchase_invoices import INVOICES
from persistence.reads.purchase_orders import ORDERS
from persistence.reads.suppliers import LISTED as SUPPLIERS
from persistence.storage import SqlStorage
from tests import make
from tests.conftest import World, keep, new_world
from tests.usecases.invoices import entry
from usecases.kit import run
from usecases.purchase_orders import CreatePurchaseOrder
from usecases.reads.budgets import BudgetFilter, BudgetSort
from usecases.reads.kit import Direction
from usecases.reads.procurements import ProcurementFilter, ProcurementSort
from usecases.reads.purchase_invoices import PurchaseInvoiceFilter, PurchaseInvoiceSort
from usecases.reads.purchase_orders import PurchaseOrderFilter, PurchaseOrderSort
from usecases.reads.suppliers import SupplierFilter, SupplierSort

MANY = 3000
COPY = """
    INSERT INTO {table} ({columns})
    SELECT {values} FROM {table}, generate_series(1, $1) AS n
"""
VARIED = {
    "id": "gen_random_uuid()",
    "number": "'PO-2025-' || n",
    "waqti_id": "waqti_id + n",
    "shoplazza_id": "shoplazza_id + n",
    "wisedat_id": "wisedat_id + n",
    "name": "name || n",
    "searched": "searched || ' ' || md5(n::text)",
    "created_at": "created_at + n * interval '1 minute'",
    "updated_at": "updated_at + n * interval '1 minute'",
    "total": "n",
    "supplier_id": "md5((n % 300)::text)::uuid",
    "department_id": "md5((n % 300)::text)::uuid",
    "project_id": "md5((n % 300)::text)::uuid",
    "created_by_id": "md5((n % 300)::text)::uuid",
    "budget_id": "md5((n % 300)::text)::uuid",
    "pending_approver_ids": "ARRAY[md5((n % 300)::text)::uuid]",
    "status": "(ARRAY['DRAFT', 'APPROVED'])[1 + n % 2]",
    "approved_at": "CASE WHEN n % 2 = 1 THEN created_at END",
}
SUPPLIER_VARIED = VARIED | {
    "status": "(ARRAY['ACTIVE', 'BLOCKED'])[1 + n % 2]",
    "category": "'category ' || n % 100",
    "performance_score": "n % 100",
}
BUDGET_VARIED = VARIED | {
    "status": "(ARRAY['ACTIVE', 'DRAFT'])[1 + n % 2]",
    "fiscal_year": "1900 + n % 300",
    "allocated_amount": "n",
}
INVOICE_VARIED = VARIED | {
    "vendor_invoice_number": "n::text",
    "purchase_order_id": "md5((n % 300)::text)::uuid",
    "invoice_date": "DATE '2020-01-01' + n::int",
    "due_date": "DATE '2020-01-31' + n::int",
    "payment_status": "(ARRAY['PAID', 'UNPAID'])[1 + (n % 100 = 0)::int]",
    "match_status": "(ARRAY['FULL_MATCH', 'MISMATCH'])[1 + n % 2]",
}
SOME = new_id()
MOMENT = datetime(2026, 1, 1, tzinfo=UTC)


class Plans:
    """What the application's role would do in an organization with many records."""

    def __init__(self, connection: asyncpg.Connection, world: World) -> None:
        self._connection, self.world = connection, world

    async def of(self, listed: Listed[Any], filter: Any, sort: Any, **how: Any) -> str:
        names = listed._names(filter)
        after = how.get("after", False)
        statement = listed._listed(names, sort, how.get("way", Direction.DESC), after=after)
        key = {f"after_{n}": value for n, value in enumerate(how.get("key", ()))}
        return await self.explained(
            statement, listed._values(filter) | key | {"n": how.get("n", 21)}
        )

    async def explained(self, statement: Any, values: dict[str, Any]) -> str:
        sql, names, constants = _compiled(statement)
        given = constants | values | {"organization_id": self.world.organization.id}
        plan = await self._connection.fetchval(
            f"EXPLAIN (FORMAT JSON, COSTS off) {sql}", *[given[name] for name in names]
        )
        return json.dumps(json.loads(plan))


@pytest.fixture(scope="module")
async def plans(database_url: str) -> AsyncIterator[Plans]:
    engine = application_engine(database_url, pool_size=1)
    storage = SqlStorage(engine)
    world = await new_world(storage)
    await run(CreatePurchaseOrder(**world.draft()), world.caller(), storage)
    await keep(storage, world.caller(), make.budget(world.department.id))
    await run(entry(world), world.caller(), storage)
    await engine.dispose()
    connection = await asyncpg.connect(database_url)
    transaction = connection.transaction()
    await transaction.start()  # rolled back: other tests find their tables as they were
    await connection.execute("SET LOCAL session_replication_role = replica")  # any supplier will do
    tables = {"suppliers": SUPPLIER_VARIED, "purchase_orders": VARIED, "budgets": BUDGET_VARIED}
    tables["purchase_invoices"] = INVOICE_VARIED
    for table, varied in tables.items():
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
    (ORDERS, PurchaseOrderFilter(), PurchaseOrderSort.CREATED_AT, (MOMENT, SOME)),
    (ORDERS, PurchaseOrderFilter(), PurchaseOrderSort.UPDATED_AT, (MOMENT, SOME)),
    (ORDERS, PurchaseOrderFilter(), PurchaseOrderSort.NUMBER, ("PO-2025-7",)),
    (ORDERS, PurchaseOrderFilter(), PurchaseOrderSort.TOTAL, (Decimal(7), SOME)),
    (PROCUREMENTS, ProcurementFilter(), ProcurementSort.CREATED_AT, (MOMENT, 7)),
    (PROCUREMENTS, ProcurementFilter(), ProcurementSort.UPDATED_AT, (MOMENT, 7)),
    (SUPPLIERS, SupplierFilter(), SupplierSort.NAME, ("Office", SOME)),
    (SUPPLIERS, SupplierFilter(), SupplierSort.CREATED_AT, (MOMENT, SOME)),
    (BUDGETS, BudgetFilter(), BudgetSort.CREATED_AT, (MOMENT, SOME)),
    (BUDGETS, BudgetFilter(), BudgetSort.NAME, ("Supplies", SOME)),
    (BUDGETS, BudgetFilter(), BudgetSort.ALLOCATED, (Decimal(7), SOME)),
    (INVOICES, PurchaseInvoiceFilter(), PurchaseInvoiceSort.CREATED_AT, (MOMENT, SOME)),
    (INVOICES, PurchaseInvoiceFilter(), PurchaseInvoiceSort.UPDATED_AT, (MOMENT, SOME)),
    (INVOICES, PurchaseInvoiceFilter(), PurchaseInvoiceSort.NUMBER, ("INV-7",)),
    (INVOICES, PurchaseInvoiceFilter(), PurchaseInvoiceSort.INVOICE_DATE, (MOMENT.date(), SOME)),
    (INVOICES, PurchaseInvoiceFilter(), PurchaseInvoiceSort.DUE_DATE, (MOMENT.date(), SOME)),
    (INVOICES, PurchaseInvoiceFilter(), PurchaseInvoiceSort.TOTAL, (Decimal(7), SOME)),
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
    assert len([each for each in conditions if column in each]) == 1


NEWEST = PurchaseOrderSort.CREATED_AT
ORDER_FILTERS: list[tuple[PurchaseOrderFilter, str]] = [
    (PurchaseOrderFilter(status=(PurchaseOrderStatus.REJECTED,)), "status_created_at_id"),
    (PurchaseOrderFilter(supplier_id=SOME), "supplier_id_created_at_id"),
    (PurchaseOrderFilter(department_id=SOME), "department_id_created_at_id"),
    (PurchaseOrderFilter(project_id=SOME), "project_id_created_at_id"),
    (PurchaseOrderFilter(budget_id=SOME), "budget_id_created_at_id"),
    (PurchaseOrderFilter(created_by_id=SOME), "created_by_id_created_at_id"),
    (PurchaseOrderFilter(created_from=datetime(2050, 1, 1, tzinfo=UTC)), "created_at_id"),
    (PurchaseOrderFilter(created_before=datetime(2000, 1, 1, tzinfo=UTC)), "created_at_id"),
    (PurchaseOrderFilter(min_total=Decimal(MANY - 1)), "total_id"),
    (PurchaseOrderFilter(max_total=Decimal(1)), "total_id"),
    (PurchaseOrderFilter(awaiting_user_id=SOME), "pending_approver_ids"),
    (PurchaseOrderFilter(search="c4ca4238a0b923820dcc509a6f75849b"), "search"),
]
EARLY, LATE = datetime(2000, 1, 1, tzinfo=UTC), datetime(2050, 1, 1, tzinfo=UTC)
PROCUREMENT_FILTERS: list[tuple[ProcurementFilter, str]] = [
    (
        ProcurementFilter(state=(ProcurementState.PARTIAL_RECEIPT,)),
        "procurement_state_created_at_shoplazza_id",
    ),
    (ProcurementFilter(legacy_ids=("100000000000000007",)), "shoplazza_id"),
    (ProcurementFilter(supplier_id=SOME), "supplier_id_created_at_id"),
    (ProcurementFilter(created_from=LATE), "created_at_shoplazza_id"),
    (ProcurementFilter(created_before=EARLY), "created_at_shoplazza_id"),
    (ProcurementFilter(updated_from=LATE), "updated_at_shoplazza_id"),
    (ProcurementFilter(updated_before=EARLY), "updated_at_shoplazza_id"),
]
SUPPLIER_FILTERS: list[tuple[SupplierFilter, str]] = [
    (SupplierFilter(status=(SupplierStatus.INACTIVE,)), "status_name_id"),
    (SupplierFilter(category="category 7"), "category_name_id"),
    (SupplierFilter(search="co.1777"), "searched"),
    (SupplierFilter(min_score=Decimal(99)), "performance_score"),
]
BUDGET_FILTERS: list[tuple[BudgetFilter, str]] = [
    (BudgetFilter(status=(BudgetStatus.CLOSED,)), "status_created_at_id"),
    (BudgetFilter(department_id=SOME), "department_id_fiscal_year_created_at_id"),
    (BudgetFilter(project_id=SOME), "project_id_created_at_id"),
    (BudgetFilter(fiscal_year=2007), "fiscal_year_created_at_id"),
    (BudgetFilter(search="supplies1777"), "searched"),
]

INVOICE_FILTERS: list[tuple[PurchaseInvoiceFilter, str]] = [
    (PurchaseInvoiceFilter(status=(PurchaseInvoiceStatus.PAID,)), "status_created_at_id"),
    (PurchaseInvoiceFilter(payment_status=(PaymentStatus.PARTIAL,)), "payment_status_due_date"),
    (PurchaseInvoiceFilter(payment_status=(PaymentStatus.OVERDUE,)), "payment_status_due_date"),
    (PurchaseInvoiceFilter(match_status=(MatchStatus.PENDING_GRN,)), "match_status_created_at_id"),
    (PurchaseInvoiceFilter(needs_attention=True), "needs_attention_created_at_id"),
    (PurchaseInvoiceFilter(supplier_id=SOME), "supplier_id_created_at_id"),
    (PurchaseInvoiceFilter(purchase_order_id=SOME), "purchase_order_id_created_at_id"),
    (PurchaseInvoiceFilter(invoiced_from=date(2050, 1, 1)), "invoice_date_id"),
    (PurchaseInvoiceFilter(invoiced_to=date(2000, 1, 1)), "invoice_date_id"),
    (PurchaseInvoiceFilter(awaiting_user_id=SOME), "pending_approver_ids"),
    (PurchaseInvoiceFilter(search="po-2025-1777"), "searched"),
]


@pytest.mark.parametrize(("filter", "index"), INVOICE_FILTERS)
async def test_a_filter_of_invoices_has_its_index(
    plans: Plans, filter: PurchaseInvoiceFilter, index: str
) -> None:
    plan = await plans.of(INVOICES, filter, PurchaseInvoiceSort.CREATED_AT, n=MANY)

    assert f'"ix_purchase_invoices_{index}"' in plan


@pytest.mark.parametrize(("filter", "index"), BUDGET_FILTERS)
async def test_a_filter_of_budgets_has_its_index(
    plans: Plans, filter: BudgetFilter, index: str
) -> None:
    assert f'"ix_budgets_{index}"' in await plans.of(BUDGETS, filter, BudgetSort.CREATED_AT, n=MANY)


@pytest.mark.parametrize(("filter", "index"), ORDER_FILTERS)
async def test_a_filter_of_orders_has_its_index(
    plans: Plans, filter: PurchaseOrderFilter, index: str
) -> None:
    assert f'"ix_purchase_orders_{index}"' in await plans.of(ORDERS, filter, NEWEST, n=MANY)


@pytest.mark.parametrize(("filter", "index"), PROCUREMENT_FILTERS)
async def test_a_filter_of_procurements_has_its_index(
    plans: Plans, filter: ProcurementFilter, index: str
) -> None:
    plan = await plans.of(PROCUREMENTS, filter, ProcurementSort.CREATED_AT, n=MANY)

    assert f'"ix_purchase_orders_{index}"' in plan


@pytest.mark.parametrize(("filter", "index"), SUPPLIER_FILTERS)
async def test_a_filter_of_suppliers_has_its_index(
    plans: Plans, filter: SupplierFilter, index: str
) -> None:
    assert f'"ix_suppliers_{index}"' in await plans.of(SUPPLIERS, filter, SupplierSort.NAME, n=MANY)


TRIED: list[tuple[list[tuple[Any, str]], Any]] = [
    (ORDER_FILTERS, PurchaseOrderFilter),
    (PROCUREMENT_FILTERS, ProcurementFilter),
    (SUPPLIER_FILTERS, SupplierFilter),
    (BUDGET_FILTERS, BudgetFilter),
    (INVOICE_FILTERS, PurchaseInvoiceFilter),
]


def test_every_filter_is_tried() -> None:
    for tried, kind in TRIED:
        given = {n for f, _ in tried for n, v in vars(f).items() if v is not None}
        assert given == {*kind.__dataclass_fields__}


@pytest.mark.parametrize("parent", ["supplier_id", "department_id", "project_id", "budget_id"])
async def test_a_page_for_each_parent_is_read_from_its_index(plans: Plans, parent: str) -> None:
    statement = ORDERS._listed_by(parent, (), NEWEST, Direction.DESC, after=False)

    plan = await plans.explained(statement, {"n": 21, "ids": [SOME, new_id()]})

    assert '"Seq Scan"' not in plan
    assert f'"ix_purchase_orders_{parent}_created_at_id"' in plan
