"""Services: facts S-20 to S-23."""

from collections.abc import Sequence
from typing import Any

from domain.callers import Locale, Permission
from domain.kit.errors import NotFound
from domain.service_definitions import ServiceDefinition, ServiceStatus
from rest.kit import Call, Endpoint, NumberedPage, page_of
from rest.kit.calls import the
from rest.kit.inputs import Nothing
from rest.shrkity.wire import services as wire
from usecases.reads.service_definitions import (
    ServiceDefinitionFilter,
    ServiceDefinitionOrder,
    ServiceDefinitionRow,
)

READ = Permission.SERVICES_READ


async def index(call: Call[wire.Services]) -> NumberedPage[wire.ListedService]:
    filter = ServiceDefinitionFilter(status=(ServiceStatus.PUBLISHED,), search=call.given.search)

    async def shaped(rows: Sequence[ServiceDefinitionRow]) -> list[wire.ListedService]:
        return [*map(wire.ListedService.listed, rows)]

    questions = call.read.service_definitions
    return await page_of(questions, filter, ServiceDefinitionOrder(), call.given, shaped)


async def show(call: Call[Nothing]) -> wire.Service:
    return wire.Service.of(await _published(call), call.asked.locale)


async def required_documents(call: Call[Nothing]) -> wire.RequiredDocuments:
    asked = (await _published(call)).required_documents
    ids = [each.type_id for each in asked]
    types = await call.read.compliance_document_types.by_ids(ids) if ids else {}
    arabic = call.asked.locale is Locale.AR
    return wire.RequiredDocuments(
        [
            wire.RequiredDocument(
                step_key=each.step_key,
                document_type_id=types[each.type_id].shrkity_id,
                name=(types[each.type_id].name_ar if arabic else None) or types[each.type_id].name,
                required=each.required,
            )
            for each in asked
        ]
    )


async def _published(call: Call[Nothing]) -> ServiceDefinitionRow:
    """What is not published is not there."""
    id = await call.id(ServiceDefinition.kind)
    row = the(await call.read.service_definitions.by_ids([id]), id)
    if row.status is not ServiceStatus.PUBLISHED:
        raise NotFound("no such record: {id}", id=row.shrkity_id)
    return row


ENDPOINTS: list[Endpoint[Any]] = [
    Endpoint("GET", "/services", index, wire.Services, needs=READ),
    Endpoint("GET", "/services/{id}", show, Nothing, needs=READ),
    Endpoint("GET", "/services/{id}/required-documents", required_documents, Nothing, needs=READ),
]
