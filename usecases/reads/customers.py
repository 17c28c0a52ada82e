"""Customers: companies and clients, which share what every customer has."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Any, NamedTuple, Protocol
from uuid import UUID

from domain.customers import Client, CompanyType, CustomerAddress
from usecases.reads.kit import Direction, Listing, Page, Whole


class CustomerRow(Protocol):
    """What the rows of companies and clients have in common."""

    @property
    def id(self) -> UUID: ...
    @property
    def version(self) -> int: ...
    @property
    def code(self) -> str | None: ...
    @property
    def name(self) -> str: ...
    @property
    def name_ar(self) -> str | None: ...
    @property
    def tax_id(self) -> str | None: ...
    @property
    def email(self) -> str | None: ...
    @property
    def phone(self) -> str | None: ...
    @property
    def website(self) -> str | None: ...
    @property
    def country(self) -> str | None: ...
    @property
    def city(self) -> str | None: ...
    @property
    def currency(self) -> str | None: ...
    @property
    def notes(self) -> str | None: ...
    @property
    def addresses(self) -> list[CustomerAddress]: ...
    @property
    def active(self) -> bool: ...
    @property
    def metadata(self) -> dict[str, Any]: ...
    @property
    def shrkity_id(self) -> int: ...
    @property
    def wisedat_id(self) -> int: ...
    @property
    def created_at(self) -> datetime: ...
    @property
    def updated_at(self) -> datetime: ...


class ClientRow(NamedTuple):
    """`connected`: a connection of theirs is active."""

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
    metadata: dict[str, Any]
    shrkity_id: int
    wisedat_id: int
    created_at: datetime
    updated_at: datetime


class CompanyRow(NamedTuple):
    """`client_shrkity_id` is the client's, so that an old client's list asks nothing more."""

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


class CustomerSort(StrEnum):
    """What lists of customers can be sorted by."""

    NAME = "NAME"
    CREATED_AT = "CREATED_AT"


@dataclass(frozen=True, kw_only=True)
class CustomerFilter:
    """All that is given must hold."""

    active: Annotated[bool | None, "Whether they are served and sold to."] = None
    country: Annotated[str | None, "In this country: ISO 3166-1, two letters."] = None
    tax_id: Annotated[
        str | None, "With this VAT number, however it is written: spaces, dots and case."
    ] = None
    search: Annotated[
        str | None,
        "Part of the name, code, e-mail address, tax id or commercial registration number.",
    ] = None


@dataclass(frozen=True, kw_only=True)
class CompanyFilter(CustomerFilter):
    """All that is given must hold."""

    client_id: Annotated[UUID | None, Client, "Companies of this client."] = None


@dataclass(frozen=True, kw_only=True)
class CustomerOrder:
    """By what to sort, and which way. Ties are broken by creation."""

    field: Annotated[CustomerSort, "What to sort by."] = CustomerSort.NAME
    direction: Annotated[Direction, "Which way."] = Direction.ASC


class Customers(Protocol):
    """Companies and clients alike; every row is of its own kind."""

    async def by_ids(self, ids: Sequence[UUID]) -> Mapping[UUID, CustomerRow]: ...

    async def duplicates_by_ids(self, ids: Sequence[UUID]) -> Mapping[UUID, Sequence[CustomerRow]]:
        """Other customers with the same tax id, oldest first; of many the first twenty."""

    async def all(
        self,
        whole: Sequence[Whole],
        *,
        filter: CustomerFilter = CustomerFilter(),
        order_by: CustomerOrder = CustomerOrder(),
        first: int = 50,
        after: str | None = None,
    ) -> Mapping[Whole, Page[CustomerRow]]: ...

    async def counts(self, listings: Sequence[Listing]) -> Mapping[Listing, int]: ...


class Clients(Protocol):
    """The customers that are clients; other ids are unknown here."""

    async def by_ids(self, ids: Sequence[UUID]) -> Mapping[UUID, ClientRow]: ...

    async def all(
        self,
        whole: Sequence[Whole],
        *,
        filter: CustomerFilter = CustomerFilter(),
        order_by: CustomerOrder = CustomerOrder(),
        first: int = 50,
        after: str | None = None,
    ) -> Mapping[Whole, Page[ClientRow]]: ...

    async def numbered(
        self, filter: CustomerFilter, order_by: CustomerOrder, *, offset: int, limit: int
    ) -> Sequence[ClientRow]:
        """A page by its number, for lists that count pages."""

    async def counts(self, listings: Sequence[Listing]) -> Mapping[Listing, int]: ...


class Companies(Protocol):
    """The customers that are companies; other ids are unknown here."""

    async def by_ids(self, ids: Sequence[UUID]) -> Mapping[UUID, CompanyRow]: ...

    async def by_client_ids(
        self,
        ids: Sequence[UUID],
        *,
        filter: CompanyFilter = CompanyFilter(),
        order_by: CustomerOrder = CustomerOrder(),
        first: int = 50,
        after: str | None = None,
    ) -> Mapping[UUID, Page[CompanyRow]]: ...

    async def all(
        self,
        whole: Sequence[Whole],
        *,
        filter: CompanyFilter = CompanyFilter(),
        order_by: CustomerOrder = CustomerOrder(),
        first: int = 50,
        after: str | None = None,
    ) -> Mapping[Whole, Page[CompanyRow]]: ...

    async def numbered(
        self, filter: CompanyFilter, order_by: CustomerOrder, *, offset: int, limit: int
    ) -> Sequence[CompanyRow]:
        """A page by its number, for lists that count pages."""

    async def counts(self, listings: Sequence[Listing]) -> Mapping[Listing, int]: ...
