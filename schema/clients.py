"""Clients: the customers that are people, or whoever else owns companies."""

from datetime import date
from typing import TYPE_CHECKING, Annotated

import strawberry

from domain import customers as domain
from domain.callers import Permission
from schema.customers import Customer
from schema.kit.connections import Connection
from schema.kit.errors import Payload
from schema.kit.mutations import creates, mutations, updates
from schema.kit.nodes import found_by_id
from schema.kit.relations import related
from schema.kit.views import node_of, plain, view_of
from usecases.reads.customers import ClientRow
from usecases.reads.kit import Page, Whole

if TYPE_CHECKING:
    from schema.companies import CompanyConnection
    from schema.connection_requests import ConnectionRequest, ConnectionRequestConnection

READ = Permission.CLIENTS_READ


@node_of(ClientRow, "cli", lambda read: read.clients.by_ids, needs=READ)
@strawberry.type(description="A person, or whoever else asks for services and owns companies.")
class Client(Customer):
    birthday: date | None = plain("Date of birth.")
    connected: bool = plain("Whether a connection of theirs is active.")
    connection: (
        Annotated["ConnectionRequest", strawberry.lazy("schema.connection_requests")] | None
    ) = related(
        "id",
        lambda read: read.connection_requests.latest_by_client_ids,
        "Their last request to be connected: the one that is pending or active, if there is one.",
        needs=Permission.CONNECTIONS_READ,
    )
    connections: Annotated[
        "ConnectionRequestConnection", strawberry.lazy("schema.connection_requests")
    ] = related(
        "id",
        lambda read: read.connection_requests.by_client_ids,
        "All their requests to be connected, newest first unless ordered otherwise.",
        needs=Permission.CONNECTIONS_READ,
    )
    companies: Annotated["CompanyConnection", strawberry.lazy("schema.companies")] = related(
        "id",
        lambda read: read.companies.by_client_ids,
        "The client's companies.",
        needs=Permission.COMPANIES_READ,
    )


@view_of(Page[ClientRow])
@strawberry.type(description="A page of clients.")
class ClientConnection(Connection[Client]):
    total_count: int = related("listing", lambda read: read.clients.counts, "In the whole list.")


@strawberry.type
class ClientQueries:
    client: Client | None = found_by_id("cli", "A client.")
    clients: ClientConnection = related(
        Whole.ORGANIZATION,
        lambda read: read.clients.all,
        "The clients, by name unless ordered otherwise.",
        needs=READ,
    )


@strawberry.type(description="A client after the mutation.")
class ClientPayload(Payload):
    client: Client | None = related(
        "id", lambda read: read.clients.by_ids, "The client as it is now."
    )


@mutations(ClientPayload)
class ClientMutations:
    client_create = creates(
        domain.Client, "Create a client. An e-mail address is one client's alone."
    )
    client_update = updates(domain.Client, "Change a client. What is left out stays.")
