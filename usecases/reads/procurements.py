"""Procurements: approved purchase orders, as whoever waits for the goods sees them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, NamedTuple, Protocol
from uuid import UUID

from domain.purchase_orders import ProcurementState
from domain.suppliers import Supplier
from usecases.reads.kit import Direction, Listing, Page, Whole


class ProcurementRow(NamedTuple):
    """`id` is the purchase order's."""

    id: UUID
    number: str
    state: ProcurementState
    supplier_id: UUID
    notes: str | None
    approved_at: datetime
    waqti_id: int
    shoplazza_id: int
    created_at: datetime
    updated_at: datetime

    @property
    def serial_number(self) -> str:
        """At least eight digits, one more for every order of the organization (fact P-9)."""
        return f"{self.waqti_id:08}"


class ProcurementQuantitiesRow(NamedTuple):
    """All the lines of an order together (DOMAIN: Shoplazza)."""

    transfer: Decimal
    received: Decimal
    rejected: Decimal

    @property
    def pending(self) -> Decimal:
        return max(self.transfer - self.received - self.rejected, Decimal(0))


NOTHING = ProcurementQuantitiesRow(Decimal(0), Decimal(0), Decimal(0))


class ProcurementSort(StrEnum):
    """What lists of procurements can be sorted by."""

    CREATED_AT = "CREATED_AT"
    UPDATED_AT = "UPDATED_AT"


@dataclass(frozen=True, kw_only=True)
class ProcurementFilter:
    """All that is given must hold."""

    state: Annotated[tuple[ProcurementState, ...] | None, "In one of these states."] = None
    legacy_ids: Annotated[
        tuple[str, ...] | None, "Known to Shoplazza's clients by one of these ids."
    ] = None
    supplier_id: Annotated[UUID | None, Supplier, "Ordered from this supplier."] = None
    created_from: Annotated[datetime | None, "Created at this moment or later."] = None
    created_before: Annotated[datetime | None, "Created before this moment."] = None
    updated_from: Annotated[datetime | None, "Changed at this moment or later."] = None
    updated_before: Annotated[datetime | None, "Last changed before this moment."] = None


@dataclass(frozen=True, kw_only=True)
class ProcurementOrder:
    """By what to sort, and which way. Ties are broken by Shoplazza's ids."""

    field: Annotated[ProcurementSort, "What to sort by."] = ProcurementSort.CREATED_AT
    direction: Annotated[Direction, "Which way."] = Direction.DESC


class Procurements(Protocol):
    async def by_ids(self, ids: Sequence[UUID]) -> Mapping[UUID, ProcurementRow]: ...

    async def quantities_by_ids(
        self, ids: Sequence[UUID]
    ) -> Mapping[UUID, ProcurementQuantitiesRow]: ...

    async def all(
        self,
        whole: Sequence[Whole],
        *,
        filter: ProcurementFilter = ProcurementFilter(),
        order_by: ProcurementOrder = ProcurementOrder(),
        first: int = 50,
        after: str | None = None,
    ) -> Mapping[Whole, Page[ProcurementRow]]: ...

    async def numbered(
        self, filter: ProcurementFilter, order_by: ProcurementOrder, *, offset: int, limit: int
    ) -> Sequence[ProcurementRow]:
        """A page by its number, for lists that count pages."""

    async def counts(self, listings: Sequence[Listing]) -> Mapping[Listing, int]: ...
