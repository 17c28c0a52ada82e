"""Every filter and ordering of customers and what they have has an index."""

from collections.abc import AsyncIterator
from datetime import date
from typing import Any

import pytest

from domain.compliance_documents import DocumentStatus
from domain.connection_requests import ConnectionStatus
from persistence.reads.compliance_documents import DOCUMENTS, GOING_BY_TYPE
from persistence.reads.connection_requests import LATEST, REQUESTS
from persistence.reads.customers import CLIENTS, COMPANIES, CUSTOMERS, DUPLICATES
from persistence.reads.lists import Listed
from persistence.reads.workers import WORKERS
from tests.persistence.plans import (
    ANY,
    DATED,
    DAY,
    MANY,
    MOMENT,
    NEW,
    SOME,
    Ordered,
    Plans,
    among_many,
    tried,
)
from tests.usecases.customers import customers
from usecases.reads.compliance_documents import ComplianceDocumentFilter, ComplianceDocumentSort
from usecases.reads.connection_requests import ConnectionRequestFilter, ConnectionRequestSort
from usecases.reads.customers import CompanyFilter, CustomerFilter, CustomerSort
from usecases.reads.kit import Direction
from usecases.reads.workers import WorkerFilter, WorkerSort

VARIED: dict[str, dict[str, str]] = {
    "customers": NEW
    | DATED
    | {
        "customer_kind": "(ARRAY['COMPANY', 'CLIENT'])[1 + n % 2]",
        "name": "'customer ' || n",
        "code": "'C-' || n",
        "email": "n || '@example.com'",
        "tax_id": "n::text",
        "active": "n % 100 > 0",
        "country": "chr(65 + n::int % 26) || chr(65 + n::int / 26 % 26)",
        "client_id": ANY,
    },
    "workers": NEW
    | DATED
    | {
        "name": "'worker ' || n",
        "company_id": ANY,
        "removed_at": "CASE WHEN n % 100 = 0 THEN created_at END",
    },
    "connection_requests": NEW
    | DATED
    | {"client_id": "md5(n::text)::uuid", "status": "(ARRAY['ACTIVE', 'REVOKED'])[1 + n % 2]"},
    "compliance_document_types": NEW | DATED | {"code": "'T-' || n"},
    "compliance_documents": NEW
    | DATED
    | {
        "number": "CASE WHEN n % 100 > 0 THEN 'no-' || n END",
        "type_id": ANY,
        "company_id": ANY,
        "worker_id": ANY,
        "expires_on": "current_date + n::int - 20",
        "renews_on": "current_date + n::int - 50",
    },
}


@pytest.fixture(scope="module")
async def plans(database_url: str) -> AsyncIterator[Plans]:
    async with among_many(database_url, VARIED, customers) as plans:
        yield plans


BY_NAME, NEWEST = CustomerSort.NAME, CustomerSort.CREATED_AT
ORDERINGS: list[Ordered] = [
    Ordered(CUSTOMERS, CustomerFilter(), BY_NAME, ("customer 5", SOME)),
    Ordered(CUSTOMERS, CustomerFilter(), NEWEST, (MOMENT, SOME)),
    Ordered(CLIENTS, CustomerFilter(), BY_NAME, ("customer 5", SOME), "customer_kind_name_id"),
    Ordered(CLIENTS, CustomerFilter(), NEWEST, (MOMENT, SOME), "customer_kind_created_at_id"),
    Ordered(COMPANIES, CompanyFilter(), BY_NAME, ("customer 5", SOME), "customer_kind_name_id"),
    Ordered(COMPANIES, CompanyFilter(), NEWEST, (MOMENT, SOME), "customer_kind_created_at_id"),
    Ordered(WORKERS, WorkerFilter(), WorkerSort.NAME, ("worker 5", SOME)),
    Ordered(WORKERS, WorkerFilter(), WorkerSort.CREATED_AT, (MOMENT, SOME)),
    Ordered(REQUESTS, ConnectionRequestFilter(), ConnectionRequestSort.CREATED_AT, (MOMENT, SOME)),
    Ordered(
        DOCUMENTS, ComplianceDocumentFilter(), ComplianceDocumentSort.CREATED_AT, (MOMENT, SOME)
    ),
    Ordered(DOCUMENTS, ComplianceDocumentFilter(), ComplianceDocumentSort.EXPIRES_ON, (DAY, SOME)),
]


@pytest.mark.parametrize("way", Direction)
@pytest.mark.parametrize("ordered", ORDERINGS)
async def test_an_ordering_is_read_from_its_index_and_goes_on_at_a_cursor(
    plans: Plans, ordered: Ordered, way: Direction
) -> None:
    await plans.check_ordering(ordered, way)


CUSTOMER_FILTERS: list[tuple[CustomerFilter, str]] = [
    (CustomerFilter(active=False), "active_name_id"),
    (CustomerFilter(country="ZZ"), "country_name_id"),
    (CustomerFilter(tax_id="1 777"), "tax_key_created_at_id"),
    (CustomerFilter(search="customer 1777"), "searched"),
]
COMPANY_FILTERS: list[tuple[CompanyFilter, str]] = [
    *((CompanyFilter(**vars(filter)), index) for filter, index in CUSTOMER_FILTERS),
    (CompanyFilter(client_id=SOME), "client_id_name_id"),
]
WORKER_FILTERS: list[tuple[WorkerFilter, str]] = [
    (WorkerFilter(company_id=SOME, include_removed=True), "company_id_name_id"),
    (WorkerFilter(search="worker 1777"), "searched"),
]
REQUEST_FILTERS: list[tuple[ConnectionRequestFilter, str]] = [
    (ConnectionRequestFilter(status=(ConnectionStatus.REJECTED,)), "status_created_at_id"),
    (ConnectionRequestFilter(client_id=SOME), "client_id_created_at_id"),
]
DOCUMENT_FILTERS: list[tuple[ComplianceDocumentFilter, str]] = [
    (ComplianceDocumentFilter(company_id=SOME), "company_id_created_at_id"),
    (ComplianceDocumentFilter(worker_id=SOME), "worker_id_created_at_id"),
    (ComplianceDocumentFilter(type_id=SOME), "type_id_created_at_id"),
    (ComplianceDocumentFilter(status=(DocumentStatus.REVOKED,)), "revoked"),
    (ComplianceDocumentFilter(expiring_soon=True), "renews_on_id"),
    (ComplianceDocumentFilter(expires_from=date(2900, 1, 1)), "expires_on_id"),
    (ComplianceDocumentFilter(expires_to=date(2000, 1, 1)), "expires_on_id"),
    (ComplianceDocumentFilter(search="no-1777"), "searched"),
]
TRIED: list[tuple[Listed[Any], Any, list[Any]]] = [
    (CUSTOMERS, BY_NAME, CUSTOMER_FILTERS),
    (CLIENTS, BY_NAME, CUSTOMER_FILTERS),
    (COMPANIES, BY_NAME, COMPANY_FILTERS),
    (WORKERS, WorkerSort.NAME, WORKER_FILTERS),
    (REQUESTS, ConnectionRequestSort.CREATED_AT, REQUEST_FILTERS),
    (DOCUMENTS, ComplianceDocumentSort.CREATED_AT, DOCUMENT_FILTERS),
]


@pytest.mark.parametrize(
    ("listed", "sort", "filter", "index"),
    [(listed, sort, *each) for listed, sort, filters in TRIED for each in filters],
)
async def test_a_filter_has_its_index(
    plans: Plans, listed: Listed[Any], sort: Any, filter: Any, index: str
) -> None:
    plan = await plans.of(listed, filter, sort, n=MANY)

    assert f'"ix_{listed.table.name}_{index}"' in plan
    assert '"Seq Scan"' not in plan


def test_every_filter_is_tried() -> None:
    for _, _, filters in TRIED:
        [kind] = {type(filter) for filter, _ in filters}
        assert tried(filters) == {*kind.__dataclass_fields__}


PARENTS: list[tuple[Listed[Any], str, Any]] = [
    (COMPANIES, "client_id", BY_NAME),
    (WORKERS, "company_id", WorkerSort.CREATED_AT),
    (REQUESTS, "client_id", ConnectionRequestSort.CREATED_AT),
    (DOCUMENTS, "company_id", ComplianceDocumentSort.CREATED_AT),
    (DOCUMENTS, "worker_id", ComplianceDocumentSort.CREATED_AT),
]


@pytest.mark.parametrize(("listed", "parent", "sort"), PARENTS)
async def test_a_page_for_each_parent_is_read_from_its_index(
    plans: Plans, listed: Listed[Any], parent: str, sort: Any
) -> None:
    plan = await plans.of_parents(listed, parent, sort)

    by = listed.orderings[sort].columns[0].name
    assert '"Seq Scan"' not in plan
    assert f'"ix_{listed.table.name}_{parent}_{by}_id"' in plan


@pytest.mark.parametrize(
    ("statement", "index"),
    [
        (DUPLICATES, "customers_tax_key_created_at_id"),
        (LATEST, "connection_requests_client_id_created_at_id"),
        (GOING_BY_TYPE, "compliance_documents_type_id_created_at_id"),
    ],
)
async def test_what_hangs_on_a_record_is_read_from_its_index(
    plans: Plans, statement: Any, index: str
) -> None:
    plan = await plans.explained(statement, {"ids": [SOME, SOME]})

    assert '"Seq Scan"' not in plan
    assert f'"ix_{index}"' in plan
