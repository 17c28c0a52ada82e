"""Users and roles."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import strawberry

from domain import users as domain
from domain.callers import Permission
from schema.kit.connections import Connection
from schema.kit.enums import shown
from schema.kit.errors import Payload
from schema.kit.mutations import creates, mutations, updates
from schema.kit.nodes import LegacyId, Node, found_by_id, legacy_ids
from schema.kit.relations import related, related_many
from schema.kit.views import node_of, plain, view_of
from usecases.reads.kit import Page, Whole
from usecases.reads.users import RoleRow, UserRow

if TYPE_CHECKING:
    from schema.service_orders import ServiceOrderConnection

shown(Permission)

READ = Permission.USERS_READ


@node_of(RoleRow, "rol", lambda read: read.roles.by_ids, needs=READ)
@strawberry.type(description="What a group of users may do.")
class Role(Node):
    version: int = plain("Goes up with every change.")
    code: str = plain("Short code, unique in the organization.")
    name: str = plain("What people call the role.")
    permissions: list[Permission] = plain("What users with this role may do.")
    created_at: datetime = plain("When it was created.")


@node_of(UserRow, "usr", lambda read: read.users.by_ids, needs=READ)
@strawberry.type(description="A person, or a program that acts like one.")
class User(Node):
    version: int = plain("Goes up with every change.")
    name: str = plain("Full name, as it appears on documents.")
    name_ar: str | None = plain("Full name in Arabic.")
    email: str = plain("Where to reach the user.")
    active: bool = plain("Inactive users cannot sign in and approve nothing new.")
    roles: list[Role] = related_many(
        "id", lambda read: read.roles.by_user_ids, "What gives them their permissions.", needs=READ
    )
    assigned_orders: Annotated[
        "ServiceOrderConnection", strawberry.lazy("schema.service_orders")
    ] = related(
        "id",
        lambda read: read.service_orders.by_assignee_ids,
        "The service orders that they look after.",
        needs=Permission.ORDERS_READ,
    )
    legacy_ids: list[LegacyId] = legacy_ids()
    created_at: datetime = plain("When the user was created.")


@view_of(Page[RoleRow])
@strawberry.type(description="A page of roles.")
class RoleConnection(Connection[Role]):
    total_count: int = related("listing", lambda read: read.roles.counts, "In the whole list.")


@view_of(Page[UserRow])
@strawberry.type(description="A page of users.")
class UserConnection(Connection[User]):
    total_count: int = related("listing", lambda read: read.users.counts, "In the whole list.")


@strawberry.type
class UserQueries:
    user: User | None = found_by_id("usr", "A user.")
    users: UserConnection = related(
        Whole.ORGANIZATION, lambda read: read.users.all, "The users, oldest first.", needs=READ
    )
    role: Role | None = found_by_id("rol", "A role.")
    roles: RoleConnection = related(
        Whole.ORGANIZATION, lambda read: read.roles.all, "The roles, oldest first.", needs=READ
    )


@strawberry.type(description="A user after the mutation.")
class UserPayload(Payload):
    user: User | None = related("id", lambda read: read.users.by_ids, "The user as it is now.")


@strawberry.type(description="A role after the mutation.")
class RolePayload(Payload):
    role: Role | None = related("id", lambda read: read.roles.by_ids, "The role as it is now.")


@mutations(UserPayload)
class UserMutations:
    user_create = creates(domain.User, "Let a user in. Credentials are issued separately.")
    user_update = updates(domain.User, "Change a user. What is left out stays.")


@mutations(RolePayload)
class RoleMutations:
    role_create = creates(domain.Role, "Create a role.")
    role_update = updates(domain.Role, "Change a role. Its users feel it within a minute.")
