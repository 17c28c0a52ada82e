"""Every filter and every ordering has an index: what PostgreSQL plans to do, among many rows."""

from collections.abc import AsyncIterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from domain.budgets import BudgetStatus
from domain.purchase_invoices import MatchStatus, PaymentStatus, PurchaseInvoiceStatus
from domain.purchase_orders import ProcurementState, PurchaseOrderStatus
from domain.suppliers import SupplierStatus
from persistence.reads.budgets import BUDGETS
from persistence.reads.procurements import PROCUREMENTS
from persistence.reads.purchase_invoices import INVOICES
from persistence.reads.purchase_orders import ORDERS
from persistence.reads.suppliers import LISTED as SUPPLIERS
from persistence.storage import SqlStorage
from tests import make
from tests.conftest import World, keep
from tests.persistence.plans import (
    ANY,
    DATED,
    DAY,
    EARLY,
    LATE,
    MANY,
    MOMENT,
    NEW,
    SOME,
    Ordered,
    Plans,
    among_many,
    tried,
)
from tests.usecases.invoices import entry
from usecases.kit import run
from usecases.purchase_orders import CreatePurchaseOrder
from usecases.reads.budgets import BudgetFilter, BudgetSort
from usecases.reads.kit import Direction
from usecases.reads.procurements import ProcurementFilter, ProcurementSort
from usecases.reads.purchase_invoices import PurchaseInvoiceFilter, PurchaseInvoiceSort
from usecases.reads.purchase_orders import PurchaseOrderFilter, PurchaseOrderSort
from usecases.reads.suppliers import SupplierFilter, SupplierSort

SHARED = (
    NEW
    | DATED
    | {
        "number": "'PO-2025-' || n",
        "name": "name || n",
        "searched": "searched || ' ' || md5(n::text)",
        "total": "n",
        "supplier_id": ANY,
        "department_id": ANY,
        "project_id": ANY,
        "created_by_id": ANY,
        "budget_id": ANY,
        "pending_approver_ids": "ARRAY[md5((n % 300)::text)::uuid]",
        "status": "(ARRAY['DRAFT', 'APPROVED'])[1 + n % 2]",
        "approved_at": "CASE WHEN n % 2 = 1 THEN created_at END",
    }
)
SUPPLIER_VARIED = SHARED | {
    "status": "(ARRAY['ACTIVE', 'BLOCKED'])[1 + n % 2]",
    "category": "'category ' || n % 100",
    "performance_score": "n % 100",
}
BUDGET_VARIED = SHARED | {
    "status": "(ARRAY['ACTIVE', 'DRAFT'])[1 + n % 2]",
    "fiscal_year": "1900 + n % 300",
    "allocated_amount": "n",
}
INVOICE_VARIED = SHARED | {
    "vendor_invoice_number": "n::text",
    "purchase_order_id": ANY,
    "invoice_date": "DATE '2020-01-01' + n::int",
    "due_date": "DATE '2020-01-31' + n::int",
    "payment_status": "(ARRAY['PAID', 'UNPAID'])[1 + (n % 100 = 0)::int]",
    "match_status": "(ARRAY['FULL_MATCH', 'MISMATCH'])[1 + n % 2]",
}
VARIED = {
    "suppliers": SUPPLIER_VARIED,
    "purchase_orders": SHARED,
    "budgets": BUDGET_VARIED,
    "purchase_invoices": INVOICE_VARIED,
}


async def bought(world: World, storage: SqlStorage) -> None:
    await run(CreatePurchaseOrder(**world.draft()), world.caller(), storage)
    await keep(storage, world.caller(), make.budget(world.department.id))
    await run(entry(world), world.caller(), storage)


@pytest.fixture(scope="module")
async def plans(database_url: str) -> AsyncIterator[Plans]:
    async with among_many(database_url, VARIED, bought) as plans:
        yield plans


ORDERINGS: list[Ordered] = [
    Ordered(ORDERS, PurchaseOrderFilter(), PurchaseOrderSort.CREATED_AT, (MOMENT, SOME)),
    Ordered(ORDERS, PurchaseOrderFilter(), PurchaseOrderSort.UPDATED_AT, (MOMENT, SOME)),
    Ordered(ORDERS, PurchaseOrderFilter(), PurchaseOrderSort.NUMBER, ("PO-2025-7",)),
    Ordered(ORDERS, PurchaseOrderFilter(), PurchaseOrderSort.TOTAL, (Decimal(7), SOME)),
    Ordered(PROCUREMENTS, ProcurementFilter(), ProcurementSort.CREATED_AT, (MOMENT, 7)),
    Ordered(PROCUREMENTS, ProcurementFilter(), ProcurementSort.UPDATED_AT, (MOMENT, 7)),
    Ordered(SUPPLIERS, SupplierFilter(), SupplierSort.NAME, ("Office", SOME)),
    Ordered(SUPPLIERS, SupplierFilter(), SupplierSort.CREATED_AT, (MOMENT, SOME)),
    Ordered(BUDGETS, BudgetFilter(), BudgetSort.CREATED_AT, (MOMENT, SOME)),
    Ordered(BUDGETS, BudgetFilter(), BudgetSort.NAME, ("Supplies", SOME)),
    Ordered(BUDGETS, BudgetFilter(), BudgetSort.ALLOCATED, (Decimal(7), SOME)),
    Ordered(INVOICES, PurchaseInvoiceFilter(), PurchaseInvoiceSort.CREATED_AT, (MOMENT, SOME)),
    Ordered(INVOICES, PurchaseInvoiceFilter(), PurchaseInvoiceSort.UPDATED_AT, (MOMENT, SOME)),
    Ordered(INVOICES, PurchaseInvoiceFilter(), PurchaseInvoiceSort.NUMBER, ("INV-7",)),
    Ordered(INVOICES, PurchaseInvoiceFilter(), PurchaseInvoiceSort.INVOICE_DATE, (DAY, SOME)),
    Ordered(INVOICES, PurchaseInvoiceFilter(), PurchaseInvoiceSort.DUE_DATE, (DAY, SOME)),
    Ordered(INVOICES, PurchaseInvoiceFilter(), PurchaseInvoiceSort.TOTAL, (Decimal(7), SOME)),
]


@pytest.mark.parametrize("way", Direction)
@pytest.mark.parametrize("ordered", ORDERINGS)
async def test_an_ordering_is_read_from_its_index_and_goes_on_at_a_cursor(
    plans: Plans, ordered: Ordered, way: Direction
) -> None:
    await plans.check_ordering(ordered, way)


NEWEST = PurchaseOrderSort.CREATED_AT
ORDER_FILTERS: list[tuple[PurchaseOrderFilter, str]] = [
    (PurchaseOrderFilter(status=(PurchaseOrderStatus.REJECTED,)), "status_created_at_id"),
    (PurchaseOrderFilter(supplier_id=SOME), "supplier_id_created_at_id"),
    (PurchaseOrderFilter(department_id=SOME), "department_id_created_at_id"),
    (PurchaseOrderFilter(project_id=SOME), "project_id_created_at_id"),
    (PurchaseOrderFilter(budget_id=SOME), "budget_id_created_at_id"),
    (PurchaseOrderFilter(created_by_id=SOME), "created_by_id_created_at_id"),
    (PurchaseOrderFilter(created_from=LATE), "created_at_id"),
    (PurchaseOrderFilter(created_before=EARLY), "created_at_id"),
    (PurchaseOrderFilter(min_total=Decimal(MANY - 1)), "total_id"),
    (PurchaseOrderFilter(max_total=Decimal(1)), "total_id"),
    (PurchaseOrderFilter(awaiting_user_id=SOME), "pending_approver_ids"),
    (PurchaseOrderFilter(search="c4ca4238a0b923820dcc509a6f75849b"), "search"),
]
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
    for filters, kind in TRIED:
        assert tried(filters) == {*kind.__dataclass_fields__}


@pytest.mark.parametrize("parent", ["supplier_id", "department_id", "project_id", "budget_id"])
async def test_a_page_for_each_parent_is_read_from_its_index(plans: Plans, parent: str) -> None:
    plan = await plans.of_parents(ORDERS, parent, NEWEST)

    assert '"Seq Scan"' not in plan
    assert f'"ix_purchase_orders_{parent}_created_at_id"' in plan
