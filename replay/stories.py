"""What an order must look like in the end, told from the log alone, and how it differs."""

from dataclasses import dataclass
from itertools import zip_longest
from typing import Final

from replay.events import Role
from replay.moves import CLONED, Move, Status
from replay.plans import CURRENCY, Plan


@dataclass(frozen=True)
class Entry:
    """One line of an audit trail. `actor` is a role, or the name of whoever has none here."""

    action: str
    actor: str

    def __str__(self) -> str:
        return f"{self.action} by {self.actor}"


@dataclass(frozen=True, kw_only=True)
class Story:
    """Where an order ended, what it is about, and how it got there."""

    status: str
    total: str
    department: str | None
    project: str | None
    invoices: tuple[str, ...]
    trail: tuple[Entry, ...]


_FACTS: Final = ("status", "total", "department", "project", "invoices")
# What is left of an invoice: its status, and what was paid of it.
_INVOICES: Final = {Move.PAY: "PAID", Move.CANCEL_INVOICE: "CANCELLED"}


def stories_of(plan: Plan) -> list[Story]:
    """The stories of a case's orders: more than one where an approved order was cancelled."""
    trails: list[list[Entry]] = []
    statuses: list[Status] = []
    invoices: list[tuple[str, ...]] = []
    for step in plan.steps:
        if step.move is Move.CLONE:
            trails[-1].append(Entry(CLONED, Role(step.role)))
        if step.move in {Move.CREATE, Move.CLONE}:
            trails.append([])
            statuses.append(step.effect.status)
            invoices.append(())
        trails[step.order] += [Entry(action, Role(step.role)) for action in step.effect.audit]
        if step.move in _INVOICES:
            invoices[step.order] += (_INVOICES[step.move],)
        statuses[step.order] = step.effect.status
    return [
        Story(
            status=status,
            total=f"{plan.price} {CURRENCY}",
            department=plan.department,
            project=plan.project,
            invoices=left,
            trail=tuple(trail),
        )
        for status, left, trail in zip(statuses, invoices, trails, strict=True)
    ]


def differences(expected: list[Story], found: list[Story | None]) -> list[str]:
    """Every way in which the orders found are not the orders expected; none: they match."""
    reasons: list[str] = []
    for number, (want, have) in enumerate(zip_longest(expected, found), start=1):
        where = f"order {number} of {len(expected)}"
        if want is None:
            reasons.append(f"{where}: one too many")
        elif have is None:
            reasons.append(f"{where}: not found")
        else:
            reasons += [f"{where}: {reason}" for reason in _unlike(want, have)]
    return reasons


def _unlike(want: Story, have: Story) -> list[str]:
    reasons = [
        f"{fact} {found}, expected {wanted}"
        for fact in _FACTS
        if (found := getattr(have, fact)) != (wanted := getattr(want, fact))
    ]
    for position, (expected, actual) in enumerate(zip_longest(want.trail, have.trail), start=1):
        if expected != actual:
            reasons.append(
                f"audit trail, entry {position}: "
                f"{actual or 'nothing'}, expected {expected or 'nothing'}"
            )
            break
    return reasons
