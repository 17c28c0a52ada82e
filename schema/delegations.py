"""Standing delegations: who decides in whose place."""

from datetime import datetime

import strawberry

from domain.approvals import delegations as domain
from domain.approvals.conditions import DocumentType
from domain.callers import Permission
from schema.kit.connections import Connection
from schema.kit.enums import shown
from schema.kit.errors import Payload
from schema.kit.mutations import creates, mutations, updates
from schema.kit.nodes import Node, found_by_id
from schema.kit.relations import related
from schema.kit.views import node_of, plain, view_of
from schema.users import User
from usecases.reads.delegations import DelegationRow
from usecases.reads.kit import Page, Whole

shown(DocumentType)

READ = Permission.DELEGATIONS_READ


@node_of(DelegationRow, "dlg", lambda read: read.delegations.by_ids, needs=READ)
@strawberry.type(description="That somebody decides in somebody else's place for a while.")
class Delegation(Node):
    version: int = plain("Goes up with every change.")
    from_user: User | None = related(
        "from_user_id", lambda read: read.users.by_ids, "Who is away.", needs=Permission.USERS_READ
    )
    to_user: User | None = related(
        "to_user_id",
        lambda read: read.users.by_ids,
        "Who decides instead.",
        needs=Permission.USERS_READ,
    )
    starts_at: datetime = plain("From this moment on.")
    ends_at: datetime = plain("Until this moment; what was handed on by then stays so.")
    document_types: list[DocumentType] = plain("On which documents; on all, without any.")
    reason: str | None = plain("Why.")
    active: bool = plain("False when it was taken back before it ended.")
    created_at: datetime = plain("When it was created.")


@view_of(Page[DelegationRow])
@strawberry.type(description="A page of delegations.")
class DelegationConnection(Connection[Delegation]):
    total_count: int = related(
        "listing", lambda read: read.delegations.counts, "In the whole list."
    )


@strawberry.type
class DelegationQueries:
    delegation: Delegation | None = found_by_id("dlg", "A delegation.")
    delegations: DelegationConnection = related(
        Whole.ORGANIZATION,
        lambda read: read.delegations.all,
        "The delegations, oldest first.",
        needs=READ,
    )


@strawberry.type(description="A delegation after the mutation.")
class DelegationPayload(Payload):
    delegation: Delegation | None = related(
        "id", lambda read: read.delegations.by_ids, "The delegation as it is now."
    )


@mutations(DelegationPayload)
class DelegationMutations:
    delegation_create = creates(
        domain.Delegation,
        "Let somebody decide in your place for a while. It takes the permission `users:write` to "
        "do so for others.",
    )
    delegation_update = updates(
        domain.Delegation, "Change or take back a delegation. What was handed on stays so."
    )
