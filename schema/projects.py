"""Projects."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import strawberry

from domain import projects as domain
from domain.callers import Permission
from schema.kit.connections import Connection
from schema.kit.errors import Payload
from schema.kit.mutations import creates, mutations, updates
from schema.kit.nodes import LegacyId, Node, found_by_id, legacy_ids
from schema.kit.relations import related
from schema.kit.views import node_of, plain, view_of
from schema.users import User
from usecases.reads.kit import Page, Whole
from usecases.reads.projects import ProjectRow

if TYPE_CHECKING:
    from schema.purchase_orders import PurchaseOrderConnection

READ = Permission.PROJECTS_READ


@node_of(ProjectRow, "prj", lambda read: read.projects.by_ids, needs=READ)
@strawberry.type(description="What is ordered for.")
class Project(Node):
    version: int = plain("Goes up with every change.")
    code: str = plain("Short code, unique in the organization.")
    name: str = plain("Name in English.")
    name_ar: str | None = plain("Name in Arabic.")
    owner: User | None = related(
        "owner_id",
        lambda read: read.users.by_ids,
        "The user who approves for the project.",
        needs=Permission.USERS_READ,
    )
    archived: bool = plain("Archived projects take no new orders.")
    purchase_orders: Annotated[
        "PurchaseOrderConnection", strawberry.lazy("schema.purchase_orders")
    ] = related(
        "id",
        lambda read: read.purchase_orders.by_project_ids,
        "What was ordered for the project.",
        needs=Permission.PURCHASE_ORDERS_READ,
    )
    legacy_ids: list[LegacyId] = legacy_ids()
    created_at: datetime = plain("When it was created.")


@view_of(Page[ProjectRow])
@strawberry.type(description="A page of projects.")
class ProjectConnection(Connection[Project]):
    total_count: int = related("listing", lambda read: read.projects.counts, "In the whole list.")


@strawberry.type
class ProjectQueries:
    project: Project | None = found_by_id("prj", "A project.")
    projects: ProjectConnection = related(
        Whole.ORGANIZATION,
        lambda read: read.projects.all,
        "The projects, oldest first.",
        needs=READ,
    )


@strawberry.type(description="A project after the mutation.")
class ProjectPayload(Payload):
    project: Project | None = related(
        "id", lambda read: read.projects.by_ids, "The project as it is now."
    )


@mutations(ProjectPayload)
class ProjectMutations:
    project_create = creates(domain.Project, "Create a project.")
    project_update = updates(domain.Project, "Change a project. What is left out stays.")
