"""Allocations: how many orders of a service a period covers, and the ledger of what was used."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from domain.kit.ids import new_id


class AllocationEntryKind(StrEnum):
    """GRANT: a period was sold. CONSUME: an order took a unit. RELEASE: it gave the unit back.

    EXPIRE: the period ended with units left.
    """

    GRANT = "GRANT"
    CONSUME = "CONSUME"
    RELEASE = "RELEASE"
    EXPIRE = "EXPIRE"


@dataclass(kw_only=True, eq=False)
class Allocation:
    """A part of its period. Without a `total` any number of orders is covered."""

    kind: ClassVar[str] = "allocation"
    prefix: ClassVar[str] = "alo"

    id: UUID = field(default_factory=new_id)
    period_id: UUID | None = None
    position: int
    service_definition_id: UUID
    total: int | None
    used: int = 0
    expired: int = 0
    shrkity_id: int | None = None

    @property
    def remaining(self) -> int | None:
        """How many orders it can still cover; None: any number."""
        return None if self.total is None else self.total - self.used - self.expired


@dataclass(kw_only=True, eq=False)
class AllocationEntry:
    """A line of the ledger. Never changed or deleted.

    Of an allocation, GRANT - CONSUME + RELEASE - EXPIRE is what remains.
    """

    id: UUID = field(default_factory=new_id)
    subscription_id: UUID
    allocation_id: UUID
    kind: AllocationEntryKind
    quantity: int | None  # None: without limit
    order_id: UUID | None = None
    at: datetime
