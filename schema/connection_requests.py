"""Connections of clients. Relay's connections are something else: pages of lists."""

from datetime import datetime

import strawberry

from domain import connection_requests as domain
from domain.callers import Caller, Permission
from domain.kit import lifecycle
from schema.audit import AuditEntry
from schema.clients import Client
from schema.kit.connections import Connection
from schema.kit.enums import shown
from schema.kit.errors import Payload
from schema.kit.mutations import does, mutations
from schema.kit.nodes import LegacyId, Node, found_by_id, legacy_ids
from schema.kit.relations import computed, related, related_many
from schema.kit.views import node_of, plain, view_of
from schema.lifecycles import Transition
from schema.users import User
from usecases import connection_requests as usecases
from usecases.reads.connection_requests import ConnectionRequestRow
from usecases.reads.kit import Page, Whole

shown(domain.ConnectionStatus)

READ = Permission.CONNECTIONS_READ


def transitions_of(request: ConnectionRequestRow, caller: Caller) -> list[lifecycle.Transition]:
    return domain.LIFECYCLE.transitions(request, caller)


@node_of(ConnectionRequestRow, "con", lambda read: read.connection_requests.by_ids, needs=READ)
@strawberry.type(description="A client who asks to be connected; Shrkity's connection.")
class ConnectionRequest(Node):
    version: int = plain("Goes up with every change; give it back as `expectedVersion`.")
    client: Client | None = related(
        "client_id",
        lambda read: read.clients.by_ids,
        "Who is to be connected.",
        needs=Permission.CLIENTS_READ,
    )
    status: domain.ConnectionStatus = plain("Whether they are connected.")
    transitions: list[Transition] = computed(
        transitions_of, "What can be done next, and what stands in the way, for you."
    )
    message: str | None = plain("What the client wrote with it.")
    reason: str | None = plain("Why it was rejected or revoked.")
    decided_at: datetime | None = plain("When it was approved or rejected.")
    decided_by: User | None = related(
        "decided_by_id",
        lambda read: read.users.by_ids,
        "Who approved or rejected it.",
        needs=Permission.USERS_READ,
    )
    revoked_at: datetime | None = plain("When it was revoked.")
    revoked_by: User | None = related(
        "revoked_by_id",
        lambda read: read.users.by_ids,
        "Who revoked it.",
        needs=Permission.USERS_READ,
    )
    audit_trail: list[AuditEntry] = related_many(
        "id", lambda read: read.audit_entries.by_subject_ids, "Everything that happened to it."
    )
    legacy_ids: list[LegacyId] = legacy_ids()
    created_at: datetime = plain("When it was asked for.")
    updated_at: datetime = plain("When it was last changed.")


@view_of(Page[ConnectionRequestRow])
@strawberry.type(description="A page of connection requests.")
class ConnectionRequestConnection(Connection[ConnectionRequest]):
    total_count: int = related(
        "listing", lambda read: read.connection_requests.counts, "In the whole list."
    )


@strawberry.type
class ConnectionRequestQueries:
    connection_request: ConnectionRequest | None = found_by_id("con", "A connection request.")
    connection_requests: ConnectionRequestConnection = related(
        Whole.ORGANIZATION,
        lambda read: read.connection_requests.all,
        "The connection requests, newest first unless ordered otherwise.",
        needs=READ,
    )


@strawberry.type(description="A connection request after the mutation.")
class ConnectionRequestPayload(Payload):
    connection_request: ConnectionRequest | None = related(
        "id",
        lambda read: read.connection_requests.by_ids,
        "The request as it is now; after VERSION_CONFLICT, as somebody else left it.",
    )


@mutations(ConnectionRequestPayload)
class ConnectionRequestMutations:
    connection_request_create = does(usecases.CreateConnectionRequest, prefix="con")
    connection_request_approve = does(usecases.ApproveConnectionRequest)
    connection_request_reject = does(usecases.RejectConnectionRequest)
    connection_request_revoke = does(usecases.RevokeConnectionRequest)
