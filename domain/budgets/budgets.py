"""The budget itself: an allocation, the sums of its ledger, and who may draw on it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from domain.budgets.balances import Balance, Terms, refusal
from domain.budgets.entries import Booking, EntryKind
from domain.budgets.lifecycle import LIFECYCLE, BudgetPolicy, BudgetStatus
from domain.callers import Caller, Permission
from domain.departments import Department
from domain.kit import checks
from domain.kit.errors import IllegalMove, RuleBroken, raise_first
from domain.kit.money import rounded
from domain.kit.record import Record
from domain.projects import Project

_PAST = {
    EntryKind.RESERVE: "reserved",
    EntryKind.COMMIT: "committed",
    EntryKind.RELEASE: "released",
    EntryKind.SPEND: "spent",
}
_SUMS = ("reserved", "committed", "spent")
_SCOPE = ("department_id", "project_id", "fiscal_year")
MOST_HELD = 9 * Decimal(10) ** 13  # NUMERIC(20, 6) keeps the sums


@dataclass(kw_only=True, eq=False)
class Budget(Record):
    """`reserved`, `committed` and `spent` are kept beside the entries that they are the sums of."""

    kind = "budget"
    prefix = "bud"
    managed_with = Permission.BUDGETS_WRITE
    lifecycle = LIFECYCLE

    name: Annotated[str, "What it is called."]
    department_id: Annotated[UUID, Department, "Whose orders draw on it."]
    project_id: Annotated[
        UUID | None, Project, "Only orders for this project; all of the department's without it."
    ] = None
    category: Annotated[str | None, "A label of yours: what it is meant for."] = None
    fiscal_year: Annotated[int, "The year in which orders are submitted that draw on it."]
    allocated_amount: Annotated[Decimal, "How much there is, in the base currency."]
    policy: Annotated[BudgetPolicy, "What an order meets that needs more than is left."] = (
        BudgetPolicy.WARN
    )
    currency: str
    status: BudgetStatus = LIFECYCLE.initial
    reserved: Decimal = Decimal(0)
    committed: Decimal = Decimal(0)
    spent: Decimal = Decimal(0)
    waqti_id: int | None = None

    @property
    def balance(self) -> Balance:
        return Balance(self.allocated_amount, self.reserved, self.committed, self.spent)

    @property
    def terms(self) -> Terms:
        return Terms(self.name, self.status, self.policy, self.currency)

    def problems(self) -> list[RuleBroken]:
        amount, path = self.allocated_amount, ("allocated_amount",)
        return checks.found(
            checks.text(self.name, ("name",), most=200, required=True),
            checks.text(self.category, ("category",), most=100),
            checks.number(Decimal(self.fiscal_year), ("fiscal_year",), least=2000, most=_LAST_YEAR),
            checks.number(amount, path)
            or (
                RuleBroken("this is finer than the currency's minor units", path=path)
                if amount != rounded(amount, self.currency)
                else None
            ),
        )

    def update(self, given: Mapping[str, Any], at: datetime) -> None:
        """Change what is given: whom it is for only as a draft, nothing once it is closed."""
        if self.status not in LIFECYCLE.moves["update"].sources:
            raise IllegalMove("cannot {action} while {status}", action="update", status=self.status)
        raise_first(self._fixed(given))
        super().update(given, at)

    def _fixed(self, given: Mapping[str, Any]) -> list[RuleBroken]:
        """What orders that draw on it rely on."""
        broken = [
            RuleBroken("this can be changed as long as the budget is a draft", path=(name,))
            for name in _SCOPE
            if self.status is not BudgetStatus.DRAFT
            and name in given
            and given[name] != getattr(self, name)
        ]
        amount, taken = given.get("allocated_amount"), self.reserved + self.committed + self.spent
        blocks = given.get("policy", self.policy) is BudgetPolicy.BLOCK
        if blocks and amount is not None and amount < min(taken, self.allocated_amount):
            broken.append(
                RuleBroken(
                    "{taken} {currency} of this budget are taken already",
                    path=("allocated_amount",),
                    taken=rounded(taken, self.currency),
                    currency=self.currency,
                )
            )
        return broken

    # Lifecycle

    def activate(self, by: Caller, at: datetime) -> None:
        self._move("activate", "activated", by, at)

    def freeze(self, by: Caller, at: datetime) -> None:
        self._move("freeze", "frozen", by, at)

    def unfreeze(self, by: Caller, at: datetime) -> None:
        self._move("unfreeze", "unfrozen", by, at)

    def close(self, by: Caller, at: datetime) -> None:
        """What it holds can still be committed, released and spent."""
        self._move("close", "closed", by, at)

    def _move(self, action: str, past: str, by: Caller, at: datetime) -> None:
        raise_first(LIFECYCLE.blockers(self, action, by))
        before, self.status = self.status, LIFECYCLE.after(self.status, action)
        self._record(past, at, {"status": (before, self.status)})

    # Ledger

    def book(
        self, bookings: Sequence[Booking], at: datetime, *, checked: bool = True, **of: Any
    ) -> None:
        """Add up what the lines of an order move; `of` says which order it is.

        Raises BudgetExceeded when the policy is BLOCK and more is reserved than is left, and
        RuleBroken when it takes nothing new (fact W-77). Not when it is not `checked`: then it is
        what was agreed to before. Whatever the policy, no budget holds more than can be counted.
        """
        held = sum(self.balance[1:]) + sum(b.reserved + b.committed + b.spent for b in bookings)
        if held > MOST_HELD:
            raise RuleBroken(
                "no budget holds more than {most} {currency}",
                path=("lines",),
                most=rounded(MOST_HELD, self.currency),
                currency=self.currency,
            )
        if checked:
            more = sum((b.reserved for b in bookings if b.kind is EntryKind.RESERVE), Decimal(0))
            freed = -sum(
                (b.reserved + b.committed for b in bookings if b.kind is EntryKind.RELEASE),
                Decimal(0),
            )
            found = refusal(self.terms, self.balance.headroom + freed, more)
            raise_first([found] if found else [])
        for kind, past in _PAST.items():
            ours = [booking for booking in bookings if booking.kind is kind]
            if not ours:
                continue
            changes = self._set(
                {name: getattr(self, name) + sum(getattr(b, name) for b in ours) for name in _SUMS}
            )
            self._record(past, at, changes, amount=_amount(kind, ours), **of)


_LAST_YEAR = Decimal(2200)
_MOVED = {
    EntryKind.RESERVE: lambda b: b.reserved,
    EntryKind.COMMIT: lambda b: b.committed,
    EntryKind.RELEASE: lambda b: -b.reserved - b.committed,
    EntryKind.SPEND: lambda b: b.spent,
}


def _amount(kind: EntryKind, bookings: Sequence[Booking]) -> Decimal:
    """How much the bookings of a kind are about."""
    return sum((_MOVED[kind](booking) for booking in bookings), Decimal(0))
