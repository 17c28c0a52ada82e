"""Budgets, their ledger, and what orders mean for them."""

from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated

import strawberry

from domain import budgets as domain
from domain.callers import Caller, Permission
from domain.kit import lifecycle
from schema.audit import AuditEntry
from schema.departments import Department
from schema.kit.connections import Connection
from schema.kit.enums import shown
from schema.kit.errors import Payload
from schema.kit.mutations import does, mutations, updates
from schema.kit.nodes import LegacyId, Node, found_by_id, legacy_ids
from schema.kit.relations import computed, related, related_many
from schema.kit.views import node_of, plain, to_id, view_of
from schema.lifecycles import Transition
from schema.moneys import Money
from schema.projects import Project
from usecases import budgets as usecases
from usecases.messages import translate
from usecases.reads.budget_entries import BudgetEntryRow, BudgetImpactRow
from usecases.reads.budgets import BudgetRow
from usecases.reads.kit import Page, Whole

if TYPE_CHECKING:
    from schema.purchase_orders import PurchaseOrder, PurchaseOrderConnection, PurchaseOrderLine

shown(domain.BudgetPolicy)
shown(domain.BudgetStatus)
shown(domain.EntryKind)

READ = Permission.BUDGETS_READ


def transitions_of(budget: BudgetRow, caller: Caller) -> list[lifecycle.Transition]:
    return domain.LIFECYCLE.transitions(budget, caller)


def message_of(impact: BudgetImpactRow, caller: Caller) -> str | None:
    concern = impact.concern
    return translate(concern.template, caller.locale, concern.params) if concern else None


@view_of(BudgetEntryRow, "bue")
@strawberry.type(
    description="A booking in the ledger of a budget, in base currency. Never changed or deleted."
)
class BudgetEntry:
    id: strawberry.ID = computed(to_id, "Its id.")
    kind: domain.EntryKind = plain("What it is about.")
    purchase_order: Annotated["PurchaseOrder", strawberry.lazy("schema.purchase_orders")] | None = (
        related(
            "order_id",
            lambda read: read.purchase_orders.by_ids,
            "Whose booking it is; null once the order was deleted.",
            needs=Permission.PURCHASE_ORDERS_READ,
        )
    )
    purchase_order_line: (
        Annotated["PurchaseOrderLine", strawberry.lazy("schema.purchase_orders")] | None
    ) = related(
        "line_id",
        lambda read: read.purchase_order_lines.by_ids,
        "Which line of it; null once the line was deleted.",
        needs=Permission.PURCHASE_ORDERS_READ,
    )
    revision: int = plain("The order's revision at that time.")
    reserved: Money = plain("How much more is reserved; less when negative.")
    committed: Money = plain("How much more is committed; less when negative.")
    spent: Money = plain("How much more is spent; less when negative.")
    at: datetime = plain("When.")


@view_of(Page[BudgetEntryRow])
@strawberry.type(description="A page of a ledger.")
class BudgetEntryConnection(Connection[BudgetEntry]):
    total_count: int = related(
        "listing", lambda read: read.budget_entries.counts, "In the whole list."
    )


@node_of(BudgetRow, "bud", lambda read: read.budgets.by_ids, needs=READ)
@strawberry.type(description="What a department may spend in a year, in base currency.")
class Budget(Node):
    version: int = plain("Goes up with every change, bookings included.")
    name: str = plain("What it is called.")
    department: Department | None = related(
        "department_id",
        lambda read: read.departments.by_ids,
        "Whose orders draw on it.",
        needs=Permission.DEPARTMENTS_READ,
    )
    project: Project | None = related(
        "project_id",
        lambda read: read.projects.by_ids,
        "Only orders for this project draw on it; null for all of the department's.",
        needs=Permission.PROJECTS_READ,
    )
    category: str | None = plain("What it is meant for.")
    fiscal_year: int = plain("The year in which orders are submitted that draw on it.")
    policy: domain.BudgetPolicy = plain("What an order meets that needs more than is left.")
    status: domain.BudgetStatus = plain("Where it stands.")
    transitions: list[Transition] = computed(
        transitions_of, "What can be done next, and what stands in the way, for you."
    )
    allocated: Money = plain("How much there is.")
    reserved: Money = plain("What orders hold that wait for approval.")
    committed: Money = plain("What approved orders hold that is not spent yet.")
    spent: Money = plain("What approved invoices bill.")
    available: Money = plain("Allocated, without what is committed or spent.")
    headroom: Money = plain("Available, without what is reserved: what new orders can take.")
    utilization: Decimal = plain("Percent of the allocation that is committed or spent.")
    entries: BudgetEntryConnection = related(
        "id",
        lambda read: read.budget_entries.by_budget_ids,
        "Its ledger, the newest first.",
        needs=READ,
    )
    purchase_orders: Annotated[
        "PurchaseOrderConnection", strawberry.lazy("schema.purchase_orders")
    ] = related(
        "id",
        lambda read: read.purchase_orders.by_budget_ids,
        "What draws on it.",
        needs=Permission.PURCHASE_ORDERS_READ,
    )
    audit_trail: list[AuditEntry] = related_many(
        "id", lambda read: read.audit_entries.by_subject_ids, "Everything that happened to it."
    )
    legacy_ids: list[LegacyId] = legacy_ids()
    created_at: datetime = plain("When it was drafted.")
    updated_at: datetime = plain("When it was last changed, bookings included.")


@view_of(BudgetImpactRow)
@strawberry.type(
    description="What an order means for its budget, in base currency. A draft is shown as if it"
    " were submitted now; any other order with what it holds."
)
class BudgetImpact:
    budget: Budget | None = related(
        "budget_id", lambda read: read.budgets.by_ids, "Which budget.", needs=READ
    )
    policy: domain.BudgetPolicy = plain("What an order meets that needs more than is left.")
    amount: Money = plain("What a draft would reserve, or what the order holds in all.")
    reserved: Money = plain("What the order has reserved.")
    committed: Money = plain("What it has committed.")
    spent: Money = plain("What of it is spent.")
    available_before: Money = plain("What is available without this order.")
    available_after: Money = plain("What is available once this order is approved.")
    headroom_before: Money = plain("What could be reserved without this order.")
    headroom_after: Money = plain("What can be reserved with this order; negative if exceeded.")
    exceeded: bool = plain("Whether the order takes more than there is.")
    blocked: bool = plain("Whether the draft would be refused for it.")
    message: str | None = computed(
        message_of, "What to be warned of, in the language of Accept-Language; null if nothing."
    )


@view_of(Page[BudgetRow])
@strawberry.type(description="A page of budgets.")
class BudgetConnection(Connection[Budget]):
    total_count: int = related("listing", lambda read: read.budgets.counts, "In the whole list.")


@strawberry.type
class BudgetQueries:
    budget: Budget | None = found_by_id("bud", "A budget.")
    budgets: BudgetConnection = related(
        Whole.ORGANIZATION,
        lambda read: read.budgets.all,
        "The budgets, newest first unless ordered otherwise.",
        needs=READ,
    )


@strawberry.type(description="A budget after the mutation.")
class BudgetPayload(Payload):
    budget: Budget | None = related(
        "id",
        lambda read: read.budgets.by_ids,
        "The budget as it is now; after VERSION_CONFLICT, as somebody else left it.",
    )


@mutations(BudgetPayload)
class BudgetMutations:
    budget_create = does(usecases.CreateBudget, prefix="bud")
    budget_update = updates(
        domain.Budget,
        "Change a budget, its allocation included. What is left out stays; whom it is for can be"
        " changed as long as it is a draft.",
    )
    budget_activate = does(usecases.ActivateBudget)
    budget_freeze = does(usecases.FreezeBudget)
    budget_unfreeze = does(usecases.UnfreezeBudget)
    budget_close = does(usecases.CloseBudget)
