"""Whom an organization serves, in organizations with something in every table."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from persistence.reads import SqlReads
from tests.usecases.customers import Customers
from usecases.reads.compliance_documents import ComplianceDocumentFilter, ComplianceDocumentOrder
from usecases.reads.connection_requests import ConnectionRequestFilter, ConnectionRequestOrder
from usecases.reads.customers import CompanyFilter, CustomerFilter, CustomerOrder
from usecases.reads.kit import Listing, Search, Whole
from usecases.reads.workers import WorkerFilter, WorkerOrder

Ask = Callable[[SqlReads, Customers], Awaitable[Any]]
W = Whole.ORGANIZATION
_IDS: Mapping[str, Callable[[Customers], Any]] = {
    "customers": lambda c: c.client.id,
    "clients": lambda c: c.client.id,
    "companies": lambda c: c.company.id,
    "workers": lambda c: c.worker.id,
    "connection_requests": lambda c: c.connection.id,
    "compliance_document_types": lambda c: c.document_type.id,
    "compliance_documents": lambda c: c.document.id,
}
# By what only the other organization's record has; a filter and an ordering.
_LISTED: Mapping[str, Callable[[Customers], tuple[Any, Any]]] = {
    "clients": lambda c: (CustomerFilter(search=c.client.email), CustomerOrder()),
    "companies": lambda c: (CompanyFilter(client_id=c.client.id), CustomerOrder()),
    "workers": lambda c: (WorkerFilter(company_id=c.company.id), WorkerOrder()),
    "connection_requests": lambda c: (
        ConnectionRequestFilter(client_id=c.client.id),
        ConnectionRequestOrder(),
    ),
    "compliance_documents": lambda c: (
        ComplianceDocumentFilter(company_id=c.company.id),
        ComplianceDocumentOrder(),
    ),
}
_COUNTED: Mapping[str, Callable[[Customers], Any]] = {
    "customers": lambda c: CustomerFilter(search=c.client.email),
    "compliance_document_types": lambda c: Search(c.document_type.code),
    **{noun: lambda c, of=of: of(c)[0] for noun, of in _LISTED.items()},  # type: ignore[misc]
}


def _by_ids(noun: str) -> Ask:
    return lambda reads, c: getattr(reads, noun).by_ids([_IDS[noun](c)])


def _all(noun: str) -> Ask:
    return lambda reads, _: getattr(reads, noun).all([W])


def _numbered(noun: str) -> Ask:
    return lambda reads, c: getattr(reads, noun).numbered(*_LISTED[noun](c), offset=0, limit=9)


def _counts(noun: str) -> Ask:
    return lambda reads, c: getattr(reads, noun).counts([Listing(W, _COUNTED[noun](c))])


# Asked for the ids of an organization, what comes back when it is another's; as in test_isolation.
OF_THEIRS: dict[str, tuple[Ask, Any]] = {
    **{f"{noun}.by_ids": (_by_ids(noun), {}) for noun in _IDS},
    **{f"{noun}.numbered": (_numbered(noun), []) for noun in _LISTED},
    **{f"{noun}.counts": (_counts(noun), None) for noun in _COUNTED},
    "customers.duplicates_by_ids": (
        lambda r, c: r.customers.duplicates_by_ids([c.company.id, c.client.id]),
        {},
    ),
    "companies.by_client_ids": (lambda r, c: r.companies.by_client_ids([c.client.id]), None),
    "workers.by_company_ids": (lambda r, c: r.workers.by_company_ids([c.company.id]), None),
    "connection_requests.latest_by_client_ids": (
        lambda r, c: r.connection_requests.latest_by_client_ids([c.client.id]),
        {},
    ),
    "connection_requests.by_client_ids": (
        lambda r, c: r.connection_requests.by_client_ids([c.client.id]),
        None,
    ),
    "compliance_documents.by_company_ids": (
        lambda r, c: r.compliance_documents.by_company_ids([c.company.id]),
        None,
    ),
    "compliance_documents.by_worker_ids": (
        lambda r, c: r.compliance_documents.by_worker_ids([c.worker.id]),
        None,
    ),
    "compliance_documents.going_by_type_ids": (
        lambda r, c: r.compliance_documents.going_by_type_ids([c.document_type.id]),
        {},
    ),
}
# These take no ids: they list what the organization has.
OF_OURS: dict[str, Ask] = {f"{noun}.all": _all(noun) for noun in _IDS}
