"""Service definitions: what customers can order, how it is done, and what it takes."""

from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated

import strawberry

from domain import service_definitions as domain
from domain.callers import Caller, Permission
from domain.kit import lifecycle
from schema.audit import AuditEntry
from schema.business_calendars import BusinessCalendar
from schema.compliance_documents import ComplianceDocumentType
from schema.kit.connections import Connection
from schema.kit.enums import shown
from schema.kit.errors import Payload
from schema.kit.mutations import creates, does, mutations, updates
from schema.kit.nodes import LegacyId, Node, found_by_id, legacy_ids
from schema.kit.relations import computed, related, related_many
from schema.kit.views import node_of, plain, view_of
from schema.lifecycles import Transition
from schema.moneys import Money
from usecases import service_definitions as usecases
from usecases.reads.kit import Page, Whole
from usecases.reads.service_definitions import PricedOption, ServiceDefinitionRow

if TYPE_CHECKING:
    from schema.service_orders import ServiceOrderConnection

shown(domain.ServiceStatus)
shown(domain.StepType)
shown(domain.SlaKind)
shown(domain.EligibilityKind)

READ = Permission.SERVICES_READ
NAME_AR = "The same in Arabic."


def transitions_of(service: ServiceDefinitionRow, caller: Caller) -> list[lifecycle.Transition]:
    return domain.LIFECYCLE.transitions(service, caller)


@view_of(domain.SlaTarget)
@strawberry.type(description="How long something may take, in business time.")
class SlaTarget:
    kind: domain.SlaKind = plain("What is meant by done.")
    minutes: int = plain("Business minutes, with priority NORMAL.")


@view_of(domain.RequiredDocument)
@strawberry.type(description="A document that a step asks for.")
class RequiredDocument:
    type: ComplianceDocumentType | None = related(
        "type_id",
        lambda read: read.compliance_document_types.by_ids,
        "What it is.",
        needs=Permission.DOCUMENTS_READ,
    )
    required: bool = plain("Whether the step cannot be completed without it.")


@view_of(domain.ServiceDocument)
@strawberry.type(description="A document that a service asks for, on the whole.")
class ServiceDocument:
    type: ComplianceDocumentType | None = related(
        "type_id",
        lambda read: read.compliance_document_types.by_ids,
        "What it is.",
        needs=Permission.DOCUMENTS_READ,
    )
    step_key: str = plain("The first step that asks for it.")
    required: bool = plain("Whether any step cannot be completed without it.")


@view_of(domain.ServiceStep)
@strawberry.type(description="A step of the workflow that every new order gets a copy of.")
class ServiceStep:
    key: str = plain("Short name for programs, unique in the workflow: `collect-documents`.")
    name: str = plain("What it is called.")
    name_ar: str | None = plain(NAME_AR)
    type: domain.StepType = plain("What it is about.")
    depends_on: list[str] = plain("Keys of the steps that have to be done, or skipped, before.")
    optional: bool = plain("Whether it can be skipped.")
    targets: list[SlaTarget] = plain("How long it may take, from when it is ready.")
    documents: list[RequiredDocument] = plain("What it asks for; empty unless it is a DOCUMENT.")


@view_of(domain.EligibilityCheck)
@strawberry.type(description="Something that must be so before the service can be ordered.")
class EligibilityCheck:
    key: str = plain("Short name for programs, unique in the service.")
    label: str = plain("What it is called.")
    label_ar: str | None = plain(NAME_AR)
    kind: domain.EligibilityKind = plain("What is looked at.")
    document_type: ComplianceDocumentType | None = related(
        "type_id",
        lambda read: read.compliance_document_types.by_ids,
        "The document that has to be in force, for kind VALID_DOCUMENT.",
        needs=Permission.DOCUMENTS_READ,
    )


@view_of(PricedOption)
@strawberry.type(description="Something that may be chosen with an order, for a price of its own.")
class PriceOption:
    key: str = plain("Short name for programs, unique in the service: `express`.")
    name: str = plain("What it is called.")
    name_ar: str | None = plain(NAME_AR)
    price: Money = plain("What it adds to the price, without tax.")


@node_of(ServiceDefinitionRow, "svc", lambda read: read.service_definitions.by_ids, needs=READ)
@strawberry.type(
    description="A service that can be ordered. Orders keep the steps and prices that it had when"
    " they were placed."
)
class ServiceDefinition(Node):
    version: int = plain("Goes up with every change; give it back as `expectedVersion`.")
    code: str = plain("Your own short code for it.")
    name: str = plain("What it is called.")
    name_ar: str | None = plain("The same in Arabic; a published service has it.")
    description: str | None = plain("What it is, for customers to read.")
    description_ar: str | None = plain(NAME_AR)
    category: str | None = plain("A label of yours, to group services by.")
    status: domain.ServiceStatus = plain("Only a PUBLISHED service can be ordered.")
    transitions: list[Transition] = computed(
        transitions_of, "What can be done next, and what stands in the way, for you."
    )
    price: Money = plain("What it costs without options and tax.")
    starts_at_price: bool = plain(
        "True when there are options: show the price as “from …”, it depends on what is chosen."
    )
    options: list[PriceOption] = plain("What may be chosen with an order, each for a price.")
    vat_rate: Decimal | None = plain("Percent; null is the organization's usual rate.")
    requires_company: bool = plain("Whether an order has to name a company.")
    requires_worker: bool = plain("Whether an order has to name one of the company's workers.")
    eligibility: list[EligibilityCheck] = plain(
        "What must be so before it can be ordered; the server checks it when an order is placed."
    )
    steps: list[ServiceStep] = plain("The workflow, in the order in which it is shown.")
    required_documents: list[ServiceDocument] = plain(
        "What all the steps ask for together, each document once, in the order in which the steps"
        " are done: show it before somebody orders."
    )
    targets: list[SlaTarget] = plain("How long a whole order may take.")
    orders: Annotated["ServiceOrderConnection", strawberry.lazy("schema.service_orders")] = related(
        "id",
        lambda read: read.service_orders.by_service_definition_ids,
        "The orders of it, newest first unless ordered otherwise.",
        needs=Permission.ORDERS_READ,
    )
    calendar: BusinessCalendar | None = related(
        "calendar_id",
        lambda read: read.business_calendars.by_ids,
        "When work on it is done; null is whenever the organization is at work.",
        needs=Permission.CALENDARS_READ,
    )
    audit_trail: list[AuditEntry] = related_many(
        "id", lambda read: read.audit_entries.by_subject_ids, "Everything that happened to it."
    )
    legacy_ids: list[LegacyId] = legacy_ids()
    created_at: datetime = plain("When it was drafted.")
    updated_at: datetime = plain("When it was last changed.")


@view_of(Page[ServiceDefinitionRow])
@strawberry.type(description="A page of services.")
class ServiceDefinitionConnection(Connection[ServiceDefinition]):
    total_count: int = related(
        "listing", lambda read: read.service_definitions.counts, "In the whole list."
    )


@strawberry.type
class ServiceDefinitionQueries:
    service_definition: ServiceDefinition | None = found_by_id("svc", "A service.")
    service_definitions: ServiceDefinitionConnection = related(
        Whole.ORGANIZATION,
        lambda read: read.service_definitions.all,
        "The services, drafts and archived ones included unless filtered, by name unless ordered"
        " otherwise.",
        needs=READ,
    )


@strawberry.type(description="A service after the mutation.")
class ServiceDefinitionPayload(Payload):
    service_definition: ServiceDefinition | None = related(
        "id",
        lambda read: read.service_definitions.by_ids,
        "The service as it is now; after VERSION_CONFLICT, as somebody else left it.",
    )


@mutations(ServiceDefinitionPayload)
class ServiceDefinitionMutations:
    service_definition_create = creates(
        domain.ServiceDefinition,
        "Draft a service, in the organization's base currency; it can be ordered once it is"
        " published.",
    )
    service_definition_update = updates(
        domain.ServiceDefinition,
        "Change a service, published or not. What is left out stays; orders that were placed are"
        " not touched.",
    )
    service_definition_publish = does(usecases.PublishServiceDefinition)
    service_definition_unpublish = does(usecases.UnpublishServiceDefinition)
    service_definition_archive = does(usecases.ArchiveServiceDefinition)
    service_definition_restore = does(usecases.RestoreServiceDefinition)
