"""Companies: the customers that are in the commercial register."""

from typing import TYPE_CHECKING, Annotated

import strawberry

from domain import customers as domain
from domain.callers import Permission
from schema.clients import Client
from schema.customers import Customer
from schema.kit.connections import Connection
from schema.kit.enums import shown
from schema.kit.errors import Payload
from schema.kit.mutations import creates, mutations, updates
from schema.kit.nodes import found_by_id
from schema.kit.relations import related
from schema.kit.views import node_of, plain, view_of
from usecases.reads.customers import CompanyRow
from usecases.reads.kit import Page, Whole

if TYPE_CHECKING:
    from schema.workers import WorkerConnection

shown(domain.CompanyType)

READ = Permission.COMPANIES_READ


@node_of(CompanyRow, "com", lambda read: read.companies.by_ids, needs=READ)
@strawberry.type(description="A company that you serve or sell to.")
class Company(Customer):
    type: domain.CompanyType | None = plain("Legal form.")
    registration_number: str | None = plain("Commercial registration, ten digits.")
    unified_number: str | None = plain("Unified national number, ten digits.")
    client: Client | None = related(
        "client_id",
        lambda read: read.clients.by_ids,
        "The client whose company it is.",
        needs=Permission.CLIENTS_READ,
    )
    workers: Annotated["WorkerConnection", strawberry.lazy("schema.workers")] = related(
        "id",
        lambda read: read.workers.by_company_ids,
        "Its workers; not those who were removed, unless they are asked for.",
        needs=READ,
    )


@view_of(Page[CompanyRow])
@strawberry.type(description="A page of companies.")
class CompanyConnection(Connection[Company]):
    total_count: int = related("listing", lambda read: read.companies.counts, "In the whole list.")


@strawberry.type
class CompanyQueries:
    company: Company | None = found_by_id("com", "A company.")
    companies: CompanyConnection = related(
        Whole.ORGANIZATION,
        lambda read: read.companies.all,
        "The companies, by name unless ordered otherwise.",
        needs=READ,
    )


@strawberry.type(description="A company after the mutation.")
class CompanyPayload(Payload):
    company: Company | None = related(
        "id", lambda read: read.companies.by_ids, "The company as it is now."
    )


@mutations(CompanyPayload)
class CompanyMutations:
    company_create = creates(domain.Company, "Create a company.")
    company_update = updates(domain.Company, "Change a company. What is left out stays.")
