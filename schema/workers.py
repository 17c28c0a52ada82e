"""Workers of companies."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated

import strawberry
from strawberry.scalars import JSON

from domain import workers as domain
from domain.callers import Permission
from schema.audit import AuditEntry
from schema.companies import Company
from schema.kit.connections import Connection
from schema.kit.errors import Payload
from schema.kit.mutations import creates, does, mutations, updates
from schema.kit.nodes import LegacyId, Node, found_by_id, legacy_ids
from schema.kit.relations import related, related_many
from schema.kit.views import node_of, plain, view_of
from usecases.reads.kit import Page, Whole
from usecases.reads.workers import WorkerRow
from usecases.workers import RemoveWorker

if TYPE_CHECKING:
    from schema.compliance_documents import ComplianceDocumentConnection
    from schema.service_orders import ServiceOrderConnection

READ = Permission.COMPANIES_READ


@node_of(WorkerRow, "wkr", lambda read: read.workers.by_ids, needs=READ)
@strawberry.type(description="Somebody who works for a company, and for whom services are ordered.")
class Worker(Node):
    version: int = plain("Goes up with every change; give it back as `expectedVersion`.")
    company: Company | None = related(
        "company_id", lambda read: read.companies.by_ids, "Whom they work for.", needs=READ
    )
    name: str = plain("Full name.")
    name_ar: str | None = plain("Full name in Arabic.")
    iqama_number: str | None = plain("Residence permit, ten digits.")
    passport_number: str | None = plain("Passport number.")
    nationality: str | None = plain("ISO 3166-1, two letters.")
    job_title: str | None = plain("What they do.")
    birth_date: date | None = plain("Date of birth.")
    email: str | None = plain("E-mail address.")
    phone: str | None = plain("Phone number, as dialled.")
    removed_at: datetime | None = plain("Since when they are not to be ordered for any more.")
    orders: Annotated["ServiceOrderConnection", strawberry.lazy("schema.service_orders")] = related(
        "id",
        lambda read: read.service_orders.by_worker_ids,
        "What was ordered for them, newest first unless ordered otherwise.",
        needs=Permission.ORDERS_READ,
    )
    documents: Annotated[
        "ComplianceDocumentConnection", strawberry.lazy("schema.compliance_documents")
    ] = related(
        "id",
        lambda read: read.compliance_documents.by_worker_ids,
        "Their documents.",
        needs=Permission.DOCUMENTS_READ,
    )
    metadata: JSON = plain("What older systems' clients sent beyond the fields that there are.")
    audit_trail: list[AuditEntry] = related_many(
        "id", lambda read: read.audit_entries.by_subject_ids, "Everything that happened to them."
    )
    legacy_ids: list[LegacyId] = legacy_ids()
    created_at: datetime = plain("When the record was created.")
    updated_at: datetime = plain("When it was last changed.")


@view_of(Page[WorkerRow])
@strawberry.type(description="A page of workers.")
class WorkerConnection(Connection[Worker]):
    total_count: int = related("listing", lambda read: read.workers.counts, "In the whole list.")


@strawberry.type
class WorkerQueries:
    worker: Worker | None = found_by_id("wkr", "A worker, even one who was removed.")
    workers: WorkerConnection = related(
        Whole.ORGANIZATION,
        lambda read: read.workers.all,
        "The workers of all companies, oldest first unless ordered otherwise.",
        needs=READ,
    )


@strawberry.type(description="A worker after the mutation.")
class WorkerPayload(Payload):
    worker: Worker | None = related(
        "id", lambda read: read.workers.by_ids, "The worker as they are now."
    )


@mutations(WorkerPayload)
class WorkerMutations:
    worker_create = creates(domain.Worker, "Add a worker to a company.")
    worker_update = updates(
        domain.Worker, "Change a worker. What is left out stays; so does the company."
    )
    worker_remove = does(RemoveWorker)
