"""Nothing crosses between organizations: in SQL, with row level security as the only guard."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg
import pytest
from sqlalchemy import ForeignKeyConstraint, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from domain.approvals.conditions import DocumentType
from domain.purchase_invoices import PurchaseInvoiceStatus
from persistence.reads import SqlReads
from persistence.reads.approval_tasks import Inbox
from persistence.storage import SqlStorage
from persistence.tables import metadata
from tests.persistence import (
    samples_catalogue,
    samples_clocks,
    samples_customers,
    samples_orders,
    samples_placing,
    samples_selling,
    samples_subscriptions,
)
from tests.persistence.conftest import Full
from tests.persistence.contents import unchanged
from tests.persistence.test_tables import APPEND_ONLY
from usecases.reads import CONTRACT
from usecases.reads.approval_tasks import DocumentKey
from usecases.reads.budgets import BudgetFilter, BudgetOrder, BudgetScope
from usecases.reads.delegations import DelegationFilter
from usecases.reads.events import EventFilter, RecordKind
from usecases.reads.goods_receipts import GoodsReceiptFilter
from usecases.reads.kit import Listing, Search, Whole
from usecases.reads.legacy_ids import LegacyId
from usecases.reads.procurements import ProcurementFilter, ProcurementOrder
from usecases.reads.purchase_invoices import PurchaseInvoiceFilter, PurchaseInvoiceOrder
from usecases.reads.purchase_orders import PurchaseOrderFilter, PurchaseOrderOrder
from usecases.reads.suppliers import SupplierFilter, SupplierOrder
from usecases.reads.webhook_endpoints import NewestFirst, WebhookDeliveryFilter

TABLES = sorted(metadata.tables)
REFERENCES = [
    (table.name, constraint.column_keys[1], constraint)
    for table in metadata.tables.values()
    for constraint in sorted(table.foreign_key_constraints, key=lambda c: str(c.name))
]

# An approval request is about one document.
INSTEAD = {("approval_requests", "purchase_invoice_id"): ", purchase_order_id = NULL"}


@asynccontextmanager
async def inside(
    engine: AsyncEngine, organization_id: UUID | None
) -> AsyncIterator[AsyncConnection]:
    """The application's role in a transaction of an organization, rolled back at the end."""
    async with engine.connect() as connection:
        if organization_id is not None:
            enter = text("SELECT set_config('app.organization', :id, true)")
            await connection.execute(enter, {"id": str(organization_id)})
        yield connection
        await connection.rollback()


async def refusal(connection: AsyncConnection, sql: str, **values: Any) -> str:
    """What PostgreSQL says to a statement that it refuses; the transaction goes on."""
    with pytest.raises(DBAPIError) as caught:
        async with connection.begin_nested():
            await connection.execute(text(sql), values)
    said: str = caught.value.orig.__cause__.sqlstate  # type: ignore[union-attr]
    return said


def written(table: str) -> str:
    """The columns that can be written."""
    columns = metadata.tables[table].columns
    return ", ".join(column.name for column in columns if column.computed is None)


@pytest.mark.parametrize("table", TABLES)
async def test_there_is_something_to_see_in_every_table(
    owner: asyncpg.Connection, ours: Full, theirs: Full, table: str
) -> None:
    query = f"SELECT count(*) FROM {table} WHERE organization_id = $1"  # noqa: S608
    for full in (ours, theirs):
        assert await owner.fetchval(query, full.world.organization.id) >= 1


@pytest.mark.parametrize("table", TABLES)
async def test_only_rows_of_the_organization_are_seen(
    engine: AsyncEngine, ours: Full, theirs: Full, table: str
) -> None:
    id, other = ours.world.organization.id, theirs.world.organization.id

    async with inside(engine, id) as connection:
        seen = await connection.execute(text(f"SELECT DISTINCT organization_id FROM {table}"))  # noqa: S608
        assert seen.scalars().all() == [id]
        query = text(f"SELECT count(*) FROM {table} WHERE organization_id = :other")  # noqa: S608
        assert await connection.scalar(query, {"other": other}) == 0


@pytest.mark.parametrize("table", TABLES)
async def test_rows_of_another_organization_are_neither_changed_nor_deleted(
    engine: AsyncEngine, owner: asyncpg.Connection, ours: Full, theirs: Full, table: str
) -> None:
    other = theirs.world.organization.id
    update = f"UPDATE {table} SET organization_id = organization_id WHERE organization_id = :id"  # noqa: S608
    delete = f"DELETE FROM {table} WHERE organization_id = :id"  # noqa: S608

    here = inside(engine, ours.world.organization.id)
    async with unchanged(owner, theirs.world), here as connection:
        for statement in (update, delete):
            if table in APPEND_ONLY:
                assert await refusal(connection, statement, id=other) == "42501"
            else:
                result = await connection.execute(text(statement), {"id": other})
                assert result.rowcount == 0
        await connection.commit()


@pytest.mark.parametrize("table", TABLES)
async def test_rows_are_not_put_into_another_organization(
    engine: AsyncEngine, owner: asyncpg.Connection, ours: Full, theirs: Full, table: str
) -> None:
    other = theirs.world.organization.id
    one = f"SELECT to_jsonb(t)::text FROM {table} t WHERE organization_id = $1 LIMIT 1"  # noqa: S608
    row = await owner.fetchval(one, other)
    columns = written(table)
    insert = (
        f"INSERT INTO {table} ({columns}) SELECT {columns}"  # noqa: S608
        f" FROM jsonb_populate_record(null::{table}, CAST(:row AS jsonb))"
    )
    move = f"UPDATE {table} SET organization_id = :other"  # noqa: S608

    async with unchanged(owner, theirs.world), unchanged(owner, ours.world):
        async with inside(engine, ours.world.organization.id) as connection:
            assert await refusal(connection, insert, row=row) == "42501"
            assert await refusal(connection, move, other=other) == "42501"
        async with inside(engine, None) as connection:
            assert await refusal(connection, insert, row=row) == "42501"


@pytest.mark.parametrize("table", TABLES)
async def test_without_an_organization_nothing_is_seen(
    engine: AsyncEngine, ours: Full, table: str
) -> None:
    assert ours.world is not None
    async with inside(engine, None) as connection:
        query = text(f"SELECT count(*) FROM {table}")  # noqa: S608
        assert await connection.scalar(query) == 0
        await connection.execute(text("SELECT set_config('app.organization', '', true)"))
        assert await connection.scalar(query) == 0


async def test_the_organization_ends_with_its_transaction(engine: AsyncEngine, ours: Full) -> None:
    async with engine.connect() as connection:
        enter = text("SELECT set_config('app.organization', :id, true)")
        await connection.execute(enter, {"id": str(ours.world.organization.id)})
        count = text("SELECT count(*) FROM suppliers")
        assert await connection.scalar(count) == 1
        await connection.commit()
        assert await connection.scalar(count) == 0


@pytest.mark.parametrize(
    ("table", "column", "constraint"), REFERENCES, ids=lambda part: getattr(part, "name", part)
)
async def test_nothing_refers_to_another_organizations_record(
    engine: AsyncEngine,
    owner: asyncpg.Connection,
    ours: Full,
    theirs: Full,
    table: str,
    column: str,
    constraint: ForeignKeyConstraint,
) -> None:
    referred = constraint.referred_table.name
    one = f"SELECT id FROM {referred} WHERE organization_id = $1 LIMIT 1"  # noqa: S608
    foreign = await owner.fetchval(one, theirs.world.organization.id)
    assert foreign is not None
    instead = INSTEAD.get((table, column), "")
    update = (
        f"UPDATE {table} SET {column} = :id{instead}"  # noqa: S608
        f" WHERE id = (SELECT id FROM {table} LIMIT 1)"
    )

    async with inside(engine, ours.world.organization.id) as connection:
        refused = "42501" if table in APPEND_ONLY else "23503"
        await connection.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))  # some wait for the end
        assert await refusal(connection, update, id=foreign) == refused


# The same through every question that can be asked

Ask = Callable[[SqlReads, Full], Awaitable[Any]]
W = Whole.ORGANIZATION
_BY_IDS: dict[str, Callable[[Full], UUID]] = {
    "organizations": lambda f: f.world.organization.id,
    "users": lambda f: f.world.buyer.id,
    "roles": lambda f: f.world.role.id,
    "api_credentials": lambda f: f.credential_id,
    "departments": lambda f: f.world.department.id,
    "projects": lambda f: f.world.project.id,
    "suppliers": lambda f: f.world.supplier.id,
    "approval_workflows": lambda f: f.workflow_id,
    "delegations": lambda f: f.delegation_id,
    "purchase_orders": lambda f: f.order.id,
    "purchase_order_lines": lambda f: f.order.lines[0].id,
    "procurements": lambda f: f.procurement_id,
    "goods_receipts": lambda f: f.receipt_id,
    "purchase_invoices": lambda f: f.invoice.id,
    "purchase_invoice_lines": lambda f: f.invoice.lines[0].id,
    "webhook_endpoints": lambda f: f.endpoint_id,
    "webhook_deliveries": lambda f: f.delivery_id,
    "budgets": lambda f: f.budget.id,
}
# Parts that nobody lists by themselves, and what there is one of.
UNLISTED = {"organizations", "purchase_order_lines", "purchase_invoice_lines"}
OF_A_RECORD = {"webhook_deliveries"}


def by_ids(noun: str) -> Ask:
    return lambda reads, full: getattr(reads, noun).by_ids([_BY_IDS[noun](full)])


def every(noun: str) -> Ask:
    return lambda reads, _: getattr(reads, noun).all([W])


def counted(noun: str) -> Ask:
    parents: dict[str, Any] = {
        "purchase_orders": lambda f: (
            ("supplier_id", f.world.supplier.id),
            PurchaseOrderFilter(),
        ),
        "delegations": lambda f: (W, DelegationFilter(from_user_id=f.world.approver.id)),
        "procurements": lambda f: (W, ProcurementFilter(supplier_id=f.world.supplier.id)),
        "goods_receipts": lambda f: (W, GoodsReceiptFilter(supplier_id=f.world.supplier.id)),
        "purchase_invoices": lambda f: (
            W,
            PurchaseInvoiceFilter(supplier_id=f.world.supplier.id),
        ),
        "webhook_deliveries": lambda f: (("endpoint_id", f.endpoint_id), WebhookDeliveryFilter()),
        "budgets": lambda f: (W, BudgetFilter(department_id=f.world.department.id)),
        "budget_entries": lambda f: (("budget_id", f.budget.id), None),
        "suppliers": lambda f: (W, SupplierFilter(search=str(f.world.supplier.id))),
    }
    listing = parents.get(noun, lambda f: (W, Search(_BY_IDS[noun](f).hex)))
    return lambda reads, full: getattr(reads, noun).counts([Listing(*listing(full))])


async def told(read: Callable[..., Awaitable[Any]], full: Full) -> Any:
    """The events of an order."""
    wanted = EventFilter(kinds=(*RecordKind,), subject_ids=(full.order.id,))
    return (await read(0, wanted, most=9)).rows


def of_selling(ask: samples_selling.Ask) -> Ask:
    return lambda reads, full: ask(reads, full.selling)


def of_catalogue(ask: samples_catalogue.Ask) -> Ask:
    return lambda reads, full: ask(reads, full.catalogue)


def of_subscribed(ask: samples_subscriptions.Ask) -> Ask:
    return lambda reads, full: ask(reads, full.subscribed)


def of_placed(ask: samples_placing.Ask) -> Ask:
    return lambda reads, full: ask(reads, full.placed)


def of_customers(ask: samples_customers.Ask) -> Ask:
    return lambda reads, full: ask(reads, full.customers)


def of_clocks(ask: samples_clocks.Ask) -> Ask:
    return lambda reads, full: ask(reads, full.clocks)


def of_ordered(ask: samples_orders.Ask) -> Ask:
    return lambda reads, full: ask(reads, full.service_order)


def scope(full: Full) -> BudgetScope:
    return BudgetScope(full.world.department.id, None, full.budget.fiscal_year)


def of_invoice(noun: str) -> Ask:
    return lambda reads, full: getattr(reads, noun).by_invoice_ids([full.invoice.id])


# Asked for the ids of an organization, what comes back when it is another's.
OF_THEIRS: dict[str, tuple[Ask, Any]] = {
    **{f"{noun}.by_ids": (by_ids(noun), {}) for noun in _BY_IDS},
    "approval_previews.by_order_ids": (
        lambda r, f: r.approval_previews.by_order_ids([f.order.id]),
        {},
    ),
    "approvables.by_keys": (
        lambda r, f: r.approvables.by_keys([DocumentKey(DocumentType.PURCHASE_ORDER, f.order.id)]),
        {},
    ),
    "users.by_groups": (lambda r, f: r.users.by_groups([(f.world.buyer.id,)]), None),
    "delegations.deputies": (
        lambda r, f: r.delegations.deputies([f.world.approver.id], datetime.now(UTC)),
        [],
    ),
    "approval_tasks.by_user_ids": (
        lambda r, f: r.approval_tasks.by_user_ids([f.world.approver.id]),
        None,
    ),
    "approval_tasks.counts": (
        lambda r, f: r.approval_tasks.counts([Listing(W, Inbox(f.world.approver.id, None))]),
        None,
    ),
    "users.by_role_ids": (lambda r, f: r.users.by_role_ids([f.world.role.id]), None),
    "roles.by_user_ids": (lambda r, f: r.roles.by_user_ids([f.world.buyer.id]), {}),
    "suppliers.totals_by_ids": (lambda r, f: r.suppliers.totals_by_ids([f.world.supplier.id]), {}),
    "suppliers.performances_by_ids": (
        lambda r, f: r.suppliers.performances_by_ids([f.world.supplier.id]),
        {},
    ),
    "goods_receipts.by_order_ids": (
        lambda r, f: r.goods_receipts.by_order_ids([f.procurement_id]),
        {},
    ),
    "goods_receipt_lines.by_receipt_ids": (
        lambda r, f: r.goods_receipt_lines.by_receipt_ids([f.receipt_id]),
        {},
    ),
    "suppliers.numbered": (
        lambda r, f: r.suppliers.numbered(
            SupplierFilter(search=f.world.supplier.id.hex), SupplierOrder(), offset=0, limit=9
        ),
        [],
    ),
    "purchase_orders.by_budget_ids": (
        lambda r, f: r.purchase_orders.by_budget_ids([f.budget.id]),
        None,
    ),
    "budgets.by_scopes": (lambda r, f: r.budgets.by_scopes([scope(f)]), {}),
    "budgets.months_by_ids": (lambda r, f: r.budgets.months_by_ids([f.budget.id]), {}),
    "budgets.holders_by_ids": (lambda r, f: r.budgets.holders_by_ids([f.budget.id]), {}),
    "budgets.numbered": (
        lambda r, f: r.budgets.numbered(
            BudgetFilter(department_id=f.world.department.id), BudgetOrder(), offset=0, limit=9
        ),
        [],
    ),
    "budget_entries.by_budget_ids": (
        lambda r, f: r.budget_entries.by_budget_ids([f.budget.id]),
        None,
    ),
    "budget_entries.by_order_ids": (lambda r, f: r.budget_entries.by_order_ids([f.order.id]), None),
    "budget_entries.counts": (counted("budget_entries"), None),
    "budget_impacts.by_order_ids": (lambda r, f: r.budget_impacts.by_order_ids([f.order.id]), {}),
    "approvals.by_order_ids": (lambda r, f: r.approvals.by_order_ids([f.order.id]), {}),
    "purchase_order_lines.by_order_ids": (
        lambda r, f: r.purchase_order_lines.by_order_ids([f.order.id]),
        {},
    ),
    "purchase_order_attachments.by_order_ids": (
        lambda r, f: r.purchase_order_attachments.by_order_ids([f.order.id]),
        {},
    ),
    "purchase_order_revisions.by_order_ids": (
        lambda r, f: r.purchase_order_revisions.by_order_ids([f.order.id]),
        {},
    ),
    "purchase_order_revisions.as_of": (
        lambda r, f: r.purchase_order_revisions.as_of([f.order.id], revision=1),
        {},
    ),
    "audit_entries.by_subject_ids": (lambda r, f: r.audit_entries.by_subject_ids([f.order.id]), {}),
    "events.after": (lambda r, f: told(r.events.after, f), []),
    "events.marks_after": (lambda r, f: told(r.events.marks_after, f), []),
    "purchase_orders.by_supplier_ids": (
        lambda r, f: r.purchase_orders.by_supplier_ids([f.world.supplier.id]),
        None,
    ),
    "purchase_orders.by_department_ids": (
        lambda r, f: r.purchase_orders.by_department_ids([f.world.department.id]),
        None,
    ),
    "purchase_orders.by_project_ids": (
        lambda r, f: r.purchase_orders.by_project_ids([f.world.project.id]),
        None,
    ),
    "purchase_orders.awaiting_user_ids": (
        lambda r, f: r.purchase_orders.awaiting_user_ids([f.world.approver.id]),
        None,
    ),
    "procurements.quantities_by_ids": (
        lambda r, f: r.procurements.quantities_by_ids([f.procurement_id]),
        {},
    ),
    "procurements.numbered": (
        lambda r, f: r.procurements.numbered(
            ProcurementFilter(supplier_id=f.world.supplier.id),
            ProcurementOrder(),
            offset=0,
            limit=9,
        ),
        [],
    ),
    "purchase_orders.numbered": (
        lambda r, f: r.purchase_orders.numbered(
            PurchaseOrderFilter(supplier_id=f.world.supplier.id),
            PurchaseOrderOrder(),
            offset=0,
            limit=9,
        ),
        [],
    ),
    **{f"{noun}.counts": (counted(noun), None) for noun in _BY_IDS if noun not in UNLISTED},
    "approvals.by_invoice_ids": (lambda r, f: r.approvals.by_invoice_ids([f.invoice.id]), {}),
    **{
        f"purchase_invoice_{noun}.by_invoice_ids": (of_invoice(f"purchase_invoice_{noun}"), {})
        for noun in ("lines", "attachments", "payments")
    },
    "purchase_invoices.by_order_ids": (
        lambda r, f: r.purchase_invoices.by_order_ids([f.procurement_id]),
        {},
    ),
    "purchase_invoices.by_supplier_ids": (
        lambda r, f: r.purchase_invoices.by_supplier_ids([f.world.supplier.id]),
        None,
    ),
    "purchase_invoices.numbered": (
        lambda r, f: r.purchase_invoices.numbered(
            PurchaseInvoiceFilter(supplier_id=f.world.supplier.id),
            PurchaseInvoiceOrder(),
            offset=0,
            limit=9,
        ),
        [],
    ),
    "webhook_deliveries.by_endpoint_ids": (
        lambda r, f: r.webhook_deliveries.by_endpoint_ids([f.endpoint_id]),
        None,
    ),
    "webhook_deliveries.attempts_by_ids": (
        lambda r, f: r.webhook_deliveries.attempts_by_ids([f.delivery_id]),
        {},
    ),
    "webhook_endpoints.last_positions": (
        lambda r, f: r.webhook_endpoints.last_positions([f.world.organization.id]),
        {},
    ),
    "webhook_endpoints.numbered": (
        lambda r, f: r.webhook_endpoints.numbered(
            Search(f.endpoint_id.hex), NewestFirst(), offset=0, limit=9
        ),
        [],
    ),
}
OF_THEIRS |= {
    name: (of_placed(ask), nothing) for name, (ask, nothing) in samples_placing.OF_THEIRS.items()
}
OF_THEIRS |= {
    name: (of_catalogue(ask), nothing)
    for name, (ask, nothing) in samples_catalogue.OF_THEIRS.items()
}
OF_THEIRS |= {
    name: (of_subscribed(ask), nothing)
    for name, (ask, nothing) in samples_subscriptions.OF_THEIRS.items()
}
OF_THEIRS |= {
    name: (of_customers(ask), nothing)
    for name, (ask, nothing) in samples_customers.OF_THEIRS.items()
}
OF_THEIRS |= {
    name: (of_clocks(ask), nothing) for name, (ask, nothing) in samples_clocks.OF_THEIRS.items()
}
OF_THEIRS |= {
    name: (of_ordered(ask), nothing) for name, (ask, nothing) in samples_orders.OF_THEIRS.items()
}
OF_THEIRS |= {
    name: (of_selling(ask), nothing) for name, (ask, nothing) in samples_selling.OF_THEIRS.items()
}
# These take no ids: they list what the organization has.
OF_OURS: dict[str, Ask] = {
    **{name: of_catalogue(ask) for name, ask in samples_catalogue.OF_OURS.items()},
    **{name: of_subscribed(ask) for name, ask in samples_subscriptions.OF_OURS.items()},
    **{name: of_customers(ask) for name, ask in samples_customers.OF_OURS.items()},
    **{name: of_clocks(ask) for name, ask in samples_clocks.OF_OURS.items()},
    **{name: of_ordered(ask) for name, ask in samples_orders.OF_OURS.items()},
    **{name: of_selling(ask) for name, ask in samples_selling.OF_OURS.items()},
    **{f"{noun}.all": every(noun) for noun in _BY_IDS if noun not in UNLISTED | OF_A_RECORD},
    "organizations.own": lambda r, _: r.organizations.own([W]),
    "approval_tasks.due": lambda r, _: r.approval_tasks.due(
        [W], datetime.now(UTC) + timedelta(hours=2), 9
    ),
    "approval_workflows.active": lambda r, _: r.approval_workflows.active([*DocumentType]),
    "purchase_invoices.by_statuses": lambda r, _: r.purchase_invoices.by_statuses(
        [*PurchaseInvoiceStatus]
    ),
    # Old ids are counted in each organization: the same number is a record of ours.
    "legacy_ids.to_ids": lambda r, _: r.legacy_ids.to_ids(
        [LegacyId("purchase_order", "waqti", 1), LegacyId("supplier", "waqti", 1)]
    ),
}


KEPT_IN = {
    "clients": ["customers"],
    "companies": ["customers"],
    "approval_tasks": ["purchase_orders"],
    "legacy_ids": ["purchase_orders", "suppliers"],
    "procurements": ["purchase_orders"],
    "sla_clocks": ["service_orders", "sla_clocks"],
    "signing_keys": ["organizations"],
}


def test_every_question_is_asked() -> None:
    questions = {
        f"{noun}.{name}"
        for noun, protocol in vars(CONTRACT).items()
        for name in vars(protocol)
        if not name.startswith("_")
    }

    assert questions == OF_THEIRS.keys() | OF_OURS.keys()


@pytest.mark.parametrize("question", OF_THEIRS)
async def test_another_organizations_ids_are_as_if_they_did_not_exist(
    storage: SqlStorage, ours: Full, theirs: Full, question: str
) -> None:
    ask, nothing = OF_THEIRS[question]
    reads = storage.reads(ours.world.caller())
    answer = await ask(reads, theirs)
    await reads.close()

    if nothing is None:  # there is an answer for every key, and it is empty
        assert [getattr(value, "nodes", value) or [] for value in answer.values()] == [[]]
    else:
        assert answer == nothing


@pytest.mark.parametrize("question", OF_OURS)
async def test_lists_hold_the_organizations_own_records(
    storage: SqlStorage, owner: asyncpg.Connection, ours: Full, theirs: Full, question: str
) -> None:
    assert theirs.world is not None
    reads = storage.reads(ours.world.caller())
    answer = await OF_OURS[question](reads, ours)
    await reads.close()

    values = [*answer.values()]
    found = [v if isinstance(v, list) else getattr(v, "nodes", [v]) for v in values]
    ids = [getattr(row, "id", row) for rows in found for row in rows]
    assert ids
    table = question.partition(".")[0]
    for id in ids:
        tables = KEPT_IN.get(table, [table])
        whose = [
            await owner.fetchval(f"SELECT organization_id FROM {name} WHERE id = $1", id)  # noqa: S608
            for name in tables
        ]
        assert ours.world.organization.id in whose


async def test_inside_a_unit_of_work_the_same_holds(
    storage: SqlStorage, ours: Full, theirs: Full
) -> None:
    async with storage.begin(ours.world.caller()) as uow:
        assert await uow.reads.purchase_orders.by_ids([theirs.order.id]) == {}
        assert [*await uow.reads.purchase_orders.by_ids([ours.order.id])] == [ours.order.id]
