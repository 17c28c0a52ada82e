"""The lifecycle of sales invoices (DOMAIN: SalesInvoice; fact S-59)."""

from enum import StrEnum
from typing import NamedTuple, Protocol

from domain.callers import Caller, Permission
from domain.kit.errors import DomainError, IllegalMove
from domain.kit.lifecycle import Lifecycle, Move


class SalesInvoiceStatus(StrEnum):
    """An ISSUED one that was due before today is overdue, which is reckoned, not kept."""

    DRAFT = "DRAFT"
    ISSUED = "ISSUED"
    PAID = "PAID"
    VOID = "VOID"


class Facts(Protocol):
    """What the guards look at: `replaced` says that another invoice bills the same."""

    @property
    def status(self) -> SalesInvoiceStatus: ...
    @property
    def replaced(self) -> bool: ...


class Standing(NamedTuple):
    """The same of an invoice that was loaded."""

    status: SalesInvoiceStatus
    replaced: bool = False


def not_replaced(invoice: Facts, _by: Caller) -> DomainError | None:
    return billed_already() if invoice.replaced else None


def billed_already() -> IllegalMove:
    return IllegalMove("another invoice bills this already: void that one first")


_S, _WRITE = SalesInvoiceStatus, Permission.INVOICES_WRITE

LIFECYCLE = Lifecycle(
    initial=_S.DRAFT,
    moves=[
        Move("issue", {_S.DRAFT}, _S.ISSUED, needs=None),
        Move("pay", {_S.ISSUED}, _S.PAID, needs=_WRITE),
        Move("void", {_S.ISSUED}, _S.VOID, needs=_WRITE, input=["reason"]),
        Move("reissue", {_S.VOID}, needs=_WRITE, guards=[not_replaced]),
    ],
)
