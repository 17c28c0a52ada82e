"""The lifecycle of quotations (DOMAIN: Quotation; fact S-58)."""

from enum import StrEnum
from typing import NamedTuple, Protocol

from domain.callers import Caller, Permission
from domain.kit.errors import DomainError, IllegalMove, RuleBroken
from domain.kit.lifecycle import Lifecycle, Move


class QuotationStatus(StrEnum):
    """Only a SENT one can be accepted, and only an ACCEPTED one becomes orders (fact S-58)."""

    DRAFT = "DRAFT"
    SENT = "SENT"
    ACCEPTED = "ACCEPTED"
    CONVERTED = "CONVERTED"
    DECLINED = "DECLINED"
    WITHDRAWN = "WITHDRAWN"
    EXPIRED = "EXPIRED"


class Facts(Protocol):
    """What the guards look at. `past` says that the last day it holds is over."""

    @property
    def status(self) -> QuotationStatus: ...
    @property
    def line_count(self) -> int: ...
    @property
    def past(self) -> bool: ...


class Standing(NamedTuple):
    """The same of a quotation that was loaded."""

    status: QuotationStatus
    line_count: int
    past: bool


def with_lines(quotation: Facts, _by: Caller) -> DomainError | None:
    if quotation.line_count:
        return None
    return RuleBroken("a quotation needs at least one line", path=("lines",))


def still_valid(quotation: Facts, _by: Caller) -> DomainError | None:
    """Whether or not the worker has come by yet."""
    return IllegalMove("the last day of this quotation is over") if quotation.past else None


def over(quotation: Facts, _by: Caller) -> DomainError | None:
    return None if quotation.past else IllegalMove("this quotation is still valid")


_S, _WRITE = QuotationStatus, Permission.QUOTATIONS_WRITE

LIFECYCLE = Lifecycle(
    initial=_S.DRAFT,
    moves=[
        Move("update", {_S.DRAFT}, _S.DRAFT, needs=_WRITE),
        Move("delete", {_S.DRAFT}, needs=_WRITE, ends=True),
        Move("send", {_S.DRAFT}, _S.SENT, needs=_WRITE, guards=[with_lines, still_valid]),
        Move("accept", {_S.SENT}, _S.ACCEPTED, needs=_WRITE, guards=[still_valid]),
        Move("decline", {_S.SENT}, _S.DECLINED, needs=_WRITE),
        Move("withdraw", {_S.SENT}, _S.WITHDRAWN, needs=_WRITE),
        Move("expire", {_S.SENT}, _S.EXPIRED, needs=None, guards=[over]),
        Move("convert", {_S.ACCEPTED}, _S.CONVERTED, needs=_WRITE),
    ],
)
