"""Customers: one table for companies and clients, each row shown as what it is."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from operator import attrgetter
from typing import Any, NamedTuple, TypeVar
from uuid import UUID

from sqlalchemy import Boolean, Select, Text, Uuid, bindparam, column, exists, func, select, true
from sqlalchemy.dialects.postgresql import ARRAY

from domain.connection_requests import ConnectionStatus
from domain.customers import CompanyType, CustomerAddress, CustomerKind
from persistence import tables as t
from persistence.reads.kit import ORGANIZATION, Snapshot, keyed, select_row
from persistence.reads.lists import Filter, Listed, contains, ordering
from usecases.reads.customers import (
    ClientRow,
    CompanyFilter,
    CompanyRow,
    CustomerFilter,
    CustomerOrder,
    CustomerRow,
    CustomerSort,
)
from usecases.reads.kit import Listing, Page, Whole

R = TypeVar("R")
_c, _r = t.customers, t.connection_requests
_owner = t.customers.alias("owner")
MOST_DUPLICATES = 20


class EitherRow(NamedTuple):
    """A row of the table, before it is known of which kind it is."""

    customer_kind: CustomerKind
    id: UUID
    version: int
    code: str | None
    name: str
    name_ar: str | None
    tax_id: str | None
    email: str | None
    phone: str | None
    website: str | None
    country: str | None
    city: str | None
    currency: str | None
    notes: str | None
    addresses: list[CustomerAddress]
    active: bool
    birthday: date | None
    connected: bool
    type: CompanyType | None
    registration_number: str | None
    unified_number: str | None
    client_id: UUID | None
    client_shrkity_id: int | None
    metadata: dict[str, Any]
    shrkity_id: int
    wisedat_id: int
    created_at: datetime
    updated_at: datetime


def _fields_of(kind: Any) -> Callable[[Any], tuple[Any, ...]]:
    fields: Callable[[Any], tuple[Any, ...]] = attrgetter(*kind._fields)
    return fields


_FIELDS = {
    CustomerKind.COMPANY: (CompanyRow, _fields_of(CompanyRow)),
    CustomerKind.CLIENT: (ClientRow, _fields_of(ClientRow)),
}


def own(row: EitherRow) -> CustomerRow:
    """The row of its own kind."""
    kind, fields = _FIELDS[row.customer_kind]
    made: CustomerRow = kind(*fields(row))
    return made


_connected = exists().where(
    _r.c.organization_id == _c.c.organization_id,
    _r.c.client_id == _c.c.id,
    _r.c.status == ConnectionStatus.ACTIVE,
)
_client_shrkity_id = (
    select(_owner.c.shrkity_id)
    .where(_owner.c.organization_id == _c.c.organization_id, _owner.c.id == _c.c.client_id)
    .correlate(_c)
    .scalar_subquery()
)
ROWS = select_row(EitherRow, _c, connected=_connected, client_shrkity_id=_client_shrkity_id)
# As the column `tax_key` is made of `tax_id`.
_asked_tax_id = bindparam("tax_id", type_=Text)
_tax_key = func.upper(func.regexp_replace(_asked_tax_id, "[^[:alnum:]]", "", "g"))
FILTERS = {
    "active": Filter(_c.c.active == bindparam("active", type_=Boolean)),
    "country": Filter(_c.c.country == bindparam("country", type_=Text)),
    "tax_id": Filter(_c.c.tax_key == _tax_key),
    "search": contains(_c.c.searched),
}
ORDERINGS = {
    CustomerSort.NAME: ordering(_c, "name", "id"),
    CustomerSort.CREATED_AT: ordering(_c, "created_at", "id"),
}
CUSTOMERS = Listed(EitherRow, ROWS, _c, FILTERS, ORDERINGS)


def _of_kind(
    row: type[R], kind: CustomerKind, filters: Mapping[str, Filter], **derived: Any
) -> Listed[R]:
    ours = _c.c.customer_kind == kind
    rows = select_row(row, _c, **derived).where(ours)
    return Listed(row, rows, _c, {**FILTERS, **filters}, ORDERINGS, ours)


CLIENTS = _of_kind(ClientRow, CustomerKind.CLIENT, {}, connected=_connected)
COMPANIES = _of_kind(
    CompanyRow,
    CustomerKind.COMPANY,
    {"client_id": Filter(_c.c.client_id == bindparam("client_id", type_=Uuid))},
    client_shrkity_id=_client_shrkity_id,
)


def _duplicates() -> Select[*tuple[Any, ...]]:
    """The others, with the one that each is a duplicate of as the last column."""
    ids = func.unnest(bindparam("ids", type_=ARRAY(Uuid))).table_valued(column("id", Uuid))
    keys = ids.render_derived(name="keys")
    mine = t.customers.alias("mine")
    same = (
        ROWS.where(_c.c.tax_key == mine.c.tax_key, _c.c.tax_key != "", _c.c.id != mine.c.id)
        .order_by(_c.c.created_at, _c.c.id)
        .limit(MOST_DUPLICATES)
        .lateral("same")
    )
    joined = keys.join(mine, mine.c.id == keys.c.id).join(same, true())
    return (
        select(*same.c, mine.c.id.label("of"))
        .select_from(joined)
        .where(mine.c.organization_id == ORGANIZATION)
        .order_by(same.c.created_at, same.c.id)
    )


DUPLICATES = _duplicates()


def _owns(rows: Iterable[EitherRow]) -> list[CustomerRow]:
    return [own(row) for row in rows]


class SqlCustomers:
    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot

    async def by_ids(self, ids: Sequence[UUID]) -> Mapping[UUID, CustomerRow]:
        rows = await self._snapshot.rows(EitherRow, CUSTOMERS.by_ids, ids=[*ids])
        return keyed(_owns(rows))

    async def duplicates_by_ids(self, ids: Sequence[UUID]) -> Mapping[UUID, Sequence[CustomerRow]]:
        found = await self._snapshot.groups(EitherRow, DUPLICATES, ids=[*ids])
        return {id: _owns(rows) for id, rows in found.items()}

    async def all(
        self,
        whole: Sequence[Whole],
        *,
        filter: CustomerFilter = CustomerFilter(),
        order_by: CustomerOrder = CustomerOrder(),
        first: int = 50,
        after: str | None = None,
    ) -> Mapping[Whole, Page[CustomerRow]]:
        page = await CUSTOMERS.page(self._snapshot, filter, order_by, first, after)
        shown = Page(_owns(page.nodes), page.has_next_page, page.order, page.listing)
        return dict.fromkeys(whole, shown)

    async def counts(self, listings: Sequence[Listing]) -> Mapping[Listing, int]:
        return await CUSTOMERS.counts(self._snapshot, listings)


class SqlClients:
    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot

    async def by_ids(self, ids: Sequence[UUID]) -> Mapping[UUID, ClientRow]:
        return keyed(await self._snapshot.rows(ClientRow, CLIENTS.by_ids, ids=[*ids]))

    async def all(
        self,
        whole: Sequence[Whole],
        *,
        filter: CustomerFilter = CustomerFilter(),
        order_by: CustomerOrder = CustomerOrder(),
        first: int = 50,
        after: str | None = None,
    ) -> Mapping[Whole, Page[ClientRow]]:
        page = await CLIENTS.page(self._snapshot, filter, order_by, first, after)
        return dict.fromkeys(whole, page)

    async def numbered(
        self, filter: CustomerFilter, order_by: CustomerOrder, *, offset: int, limit: int
    ) -> Sequence[ClientRow]:
        return await CLIENTS.numbered(self._snapshot, filter, order_by, offset=offset, limit=limit)

    async def counts(self, listings: Sequence[Listing]) -> Mapping[Listing, int]:
        return await CLIENTS.counts(self._snapshot, listings)


class SqlCompanies:
    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot

    async def by_ids(self, ids: Sequence[UUID]) -> Mapping[UUID, CompanyRow]:
        return keyed(await self._snapshot.rows(CompanyRow, COMPANIES.by_ids, ids=[*ids]))

    async def by_client_ids(
        self,
        ids: Sequence[UUID],
        *,
        filter: CompanyFilter = CompanyFilter(),
        order_by: CustomerOrder = CustomerOrder(),
        first: int = 50,
        after: str | None = None,
    ) -> Mapping[UUID, Page[CompanyRow]]:
        return await COMPANIES.pages(
            self._snapshot, "client_id", ids, filter, order_by, first, after
        )

    async def all(
        self,
        whole: Sequence[Whole],
        *,
        filter: CompanyFilter = CompanyFilter(),
        order_by: CustomerOrder = CustomerOrder(),
        first: int = 50,
        after: str | None = None,
    ) -> Mapping[Whole, Page[CompanyRow]]:
        page = await COMPANIES.page(self._snapshot, filter, order_by, first, after)
        return dict.fromkeys(whole, page)

    async def numbered(
        self, filter: CompanyFilter, order_by: CustomerOrder, *, offset: int, limit: int
    ) -> Sequence[CompanyRow]:
        found = COMPANIES.numbered(self._snapshot, filter, order_by, offset=offset, limit=limit)
        return await found

    async def counts(self, listings: Sequence[Listing]) -> Mapping[Listing, int]:
        return await COMPANIES.counts(self._snapshot, listings)
