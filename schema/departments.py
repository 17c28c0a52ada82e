"""Departments."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import strawberry

from domain import departments as domain
from domain.callers import Permission
from schema.kit.connections import Connection
from schema.kit.errors import Payload
from schema.kit.mutations import creates, mutations, updates
from schema.kit.nodes import LegacyId, Node, found_by_id, legacy_ids
from schema.kit.relations import related
from schema.kit.views import node_of, plain, view_of
from schema.users import User
from usecases.reads.departments import DepartmentRow
from usecases.reads.kit import Page, Whole

if TYPE_CHECKING:
    from schema.purchase_orders import PurchaseOrderConnection

READ = Permission.DEPARTMENTS_READ


@node_of(DepartmentRow, "dep", lambda read: read.departments.by_ids, needs=READ)
@strawberry.type(description="Who orders.")
class Department(Node):
    version: int = plain("Goes up with every change.")
    code: str = plain("Short code, unique in the organization.")
    name: str = plain("Name in English.")
    name_ar: str | None = plain("Name in Arabic.")
    head: User | None = related(
        "head_id",
        lambda read: read.users.by_ids,
        "The user who approves for the department.",
        needs=Permission.USERS_READ,
    )
    archived: bool = plain("Archived departments take no new orders.")
    purchase_orders: Annotated[
        "PurchaseOrderConnection", strawberry.lazy("schema.purchase_orders")
    ] = related(
        "id",
        lambda read: read.purchase_orders.by_department_ids,
        "What was ordered for the department.",
        needs=Permission.PURCHASE_ORDERS_READ,
    )
    legacy_ids: list[LegacyId] = legacy_ids()
    created_at: datetime = plain("When it was created.")


@view_of(Page[DepartmentRow])
@strawberry.type(description="A page of departments.")
class DepartmentConnection(Connection[Department]):
    total_count: int = related(
        "listing", lambda read: read.departments.counts, "In the whole list."
    )


@strawberry.type
class DepartmentQueries:
    department: Department | None = found_by_id("dep", "A department.")
    departments: DepartmentConnection = related(
        Whole.ORGANIZATION,
        lambda read: read.departments.all,
        "The departments, oldest first.",
        needs=READ,
    )


@strawberry.type(description="A department after the mutation.")
class DepartmentPayload(Payload):
    department: Department | None = related(
        "id", lambda read: read.departments.by_ids, "The department as it is now."
    )


@mutations(DepartmentPayload)
class DepartmentMutations:
    department_create = creates(domain.Department, "Create a department.")
    department_update = updates(domain.Department, "Change a department. What is left out stays.")
