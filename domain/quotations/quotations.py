"""The quotation itself: drafted, sent, accepted, converted."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from domain.approvals.approvables import check_reason
from domain.callers import Caller
from domain.kit import checks
from domain.kit.aggregate import Aggregate
from domain.kit.errors import raise_first
from domain.kit.given import UNSET, Maybe
from domain.kit.money import check_currency
from domain.quotations.lifecycle import LIFECYCLE, QuotationStatus, Standing
from domain.quotations.lines import NewQuotationLine, QuotationLine, made, problems_of


@dataclass(kw_only=True, eq=False)
class Quotation(Aggregate):
    """Fact S-58. It holds until the end of its last day; without one, until it is withdrawn."""

    kind = "quotation"
    prefix = "quo"

    number: str = ""
    status: QuotationStatus = LIFECYCLE.initial
    customer_id: UUID
    currency: str
    valid_until: date | None = None
    notes: str | None = None
    net: Decimal = Decimal(0)
    vat_amount: Decimal = Decimal(0)
    total: Decimal = Decimal(0)
    created_by_id: UUID
    sent_at: datetime | None = None
    decided_at: datetime | None = None
    converted_at: datetime | None = None
    reason: str | None = None
    metadata: dict[str, Any] = field(default_factory=dict)
    shrkity_id: int | None = None
    lines: list[QuotationLine] = field(default_factory=list)

    @classmethod
    def create(
        cls,
        lines: Sequence[NewQuotationLine],
        by: Caller,
        at: datetime,
        *,
        vat_rate: Decimal,
        **values: Any,
    ) -> "Quotation":
        """A draft, without a number yet. Raises RuleBroken with everything wrong with it.

        `vat_rate` is that of lines that have none of their own.
        """
        quotation = cls.founded(at, created_by_id=by.user_id, **values)
        quotation.lines = made(lines, vat_rate=vat_rate)
        quotation._reckon()
        return quotation

    def created(self, number: str, at: datetime) -> None:
        """Give it its number, and tell."""
        self.number = number
        lines = [line.said() for line in self.lines]
        self._record("created", at, {"status": (None, self.status)}, number=number, lines=lines)

    def update(
        self,
        values: Mapping[str, Any],
        lines: Maybe[Sequence[NewQuotationLine]],
        by: Caller,
        at: datetime,
        *,
        vat_rate: Decimal,
    ) -> None:
        """Change what is given of a draft; lines replace those there are."""
        self._require("update", by)
        changes, said = self._set(values), {}
        if lines is not UNSET:
            self.lines[:] = made(lines, vat_rate=vat_rate)
            said["lines"] = [line.said() for line in self.lines]
        self._reckon()
        if changes or said:
            self._record("updated", at, changes, **said)

    def delete(self, by: Caller, at: datetime) -> None:
        """Only the audit trail remembers a deleted draft."""
        self._require("delete", by)
        self._record("deleted", at, {"status": (self.status, None)}, number=self.number)

    def send(self, by: Caller, at: datetime, *, today: date) -> None:
        """The customer has it from now on; nothing about it changes any more."""
        self._require("send", by, today)
        self.sent_at = at
        self._move("send", "sent", at)

    def accept(self, by: Caller, at: datetime, *, today: date) -> None:
        self._require("accept", by, today)
        self.decided_at = at
        self._move("accept", "accepted", at)

    def decline(self, by: Caller, at: datetime, reason: str | None = None) -> None:
        self._end("decline", "declined", by, at, reason)

    def withdraw(self, by: Caller, at: datetime, reason: str | None = None) -> None:
        self._end("withdraw", "withdrawn", by, at, reason)

    def expire(self, by: Caller, at: datetime, *, today: date) -> None:
        """Its last day is over, and the customer has said nothing."""
        self._require("expire", by, today)
        self.decided_at = at
        self._move("expire", "expired", at)

    def convert(self, by: Caller, at: datetime) -> None:
        """What was agreed on is ordered, or invoiced."""
        self._require("convert", by)
        self.converted_at = at
        self._move("convert", "converted", at)

    def is_past(self, today: date) -> bool:
        return self.valid_until is not None and self.valid_until < today

    def _end(self, action: str, past: str, by: Caller, at: datetime, reason: str | None) -> None:
        self._require(action, by)
        check_reason(reason, required=False)
        self.decided_at, self.reason = at, reason
        self._move(action, past, at, reason=reason)

    def _require(self, action: str, by: Caller, today: date = date.min) -> None:
        standing = Standing(self.status, len(self.lines), self.is_past(today))
        raise_first(LIFECYCLE.blockers(standing, action, by))

    def _move(self, action: str, past: str, at: datetime, **details: Any) -> None:
        before, self.status = self.status, LIFECYCLE.after(self.status, action)
        self._record(past, at, {"status": (before, self.status)}, **details)

    def _reckon(self) -> None:
        """Check everything, then add up."""
        raise_first(
            [
                *checks.found(
                    check_currency(self.currency),
                    checks.text(self.notes, ("notes",), most=10_000),
                ),
                *problems_of(self.lines, self.currency),
            ]
        )
        for line in self.lines:
            line.price(self.currency)
        self.net = sum((line.net for line in self.lines), Decimal(0))
        self.vat_amount = sum((line.vat_amount for line in self.lines), Decimal(0))
        self.total = self.net + self.vat_amount
