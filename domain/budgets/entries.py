"""The ledger of budgets: what each line of an order reserves, commits, releases and spends."""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from domain.kit.ids import new_id


class EntryKind(StrEnum):
    """What an entry is about.

    RESERVE: an order was submitted. COMMIT: it was approved. RELEASE: it no longer needs it.
    SPEND: an invoice was approved; negative when that invoice was cancelled.
    """

    RESERVE = "RESERVE"
    COMMIT = "COMMIT"
    RELEASE = "RELEASE"
    SPEND = "SPEND"


class Booking(NamedTuple):
    """What a line moves, in base currency: more (or less) reserved, committed and spent."""

    line_id: UUID
    kind: EntryKind
    reserved: Decimal = Decimal(0)
    committed: Decimal = Decimal(0)
    spent: Decimal = Decimal(0)


@dataclass(kw_only=True, eq=False)
class BudgetEntry:
    """A booking as it was made. Never changed or deleted; a deleted order's entries stay."""

    id: UUID = field(default_factory=new_id)
    budget_id: UUID
    kind: EntryKind
    order_id: UUID
    line_id: UUID
    revision: int
    invoice_id: UUID | None = None
    at: datetime
    reserved: Decimal
    committed: Decimal
    spent: Decimal
