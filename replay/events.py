"""Reads the approval log: cases, and the events of each in the order they happened."""

import csv
import gzip
import hashlib
import re
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from pathlib import Path
from typing import Final

from replay.errors import UnreadableLog

COLUMNS: Final = (
    "case_id",
    "timestamp",
    "organizational_unit",
    "project",
    "amount",
    "action",
    "role",
)


class Role(StrEnum):
    """Who acts. The log does not say who pays: it takes one to enter an invoice, one to agree."""

    EMPLOYEE = "EMPLOYEE"
    ADMINISTRATION = "ADMINISTRATION"
    BUDGET_OWNER = "BUDGET OWNER"
    PRE_APPROVER = "PRE_APPROVER"
    SUPERVISOR = "SUPERVISOR"
    DIRECTOR = "DIRECTOR"
    MISSING = "MISSING"
    ACCOUNTS = "ACCOUNTS"
    TREASURY = "TREASURY"


class Kind(StrEnum):
    """What an event does to a request, whoever does it."""

    SAVE = "save"
    SUBMIT = "submit"
    APPROVE = "approve"
    FINAL_APPROVE = "final approve"
    RETURN = "return"
    TAKE_BACK = "take back"
    VOID = "void"
    REQUEST_PAYMENT = "request payment"
    PAY = "pay"
    UNKNOWN = "unknown"


PAYING: Final = frozenset({Role.ACCOUNTS, Role.TREASURY})
_NAMED: Final = frozenset(set(Role) - PAYING)  # by the log
APPROVERS: Final = _NAMED - {Role.EMPLOYEE, Role.MISSING}

_PAYMENTS: Final = {
    "Request Payment": (Kind.REQUEST_PAYMENT, Role.ACCOUNTS),
    "Payment Handled": (Kind.PAY, Role.TREASURY),
}
_DEED: Final = re.compile(r"Request For Payment (?P<verb>[A-Z_]+) by (?P<role>[A-Z_ ]+)")
_BY_EMPLOYEE: Final = {
    "SAVED": Kind.SAVE,
    "SUBMITTED": Kind.SUBMIT,
    "REJECTED": Kind.TAKE_BACK,
}
_BY_APPROVER: Final = {
    "APPROVED": Kind.APPROVE,
    "FINAL_APPROVED": Kind.FINAL_APPROVE,
    "REJECTED": Kind.RETURN,
}
_BY_MISSING: Final = {"REJECTED": Kind.VOID}


@dataclass(frozen=True, kw_only=True)
class Event:
    """One row of the log; `label` is its action without the words that every action shares."""

    at: datetime
    label: str
    kind: Kind
    role: Role | None


@dataclass(frozen=True, kw_only=True)
class Case:
    id: str
    unit: str
    project: str
    amount: Decimal
    events: tuple[Event, ...]

    @property
    def variant(self) -> tuple[str, ...]:
        return tuple(event.label for event in self.events)


def event_of(action: str, role: str, at: datetime) -> Event:
    """The event that an action and its role name; one that nobody knows is of kind UNKNOWN."""
    if action in _PAYMENTS:
        kind, payer = _PAYMENTS[action]
        return Event(at=at, label=action, kind=kind, role=payer)
    deed = _DEED.fullmatch(action)
    if deed is None or deed["role"] != role or role not in _NAMED:
        return Event(at=at, label=action, kind=Kind.UNKNOWN, role=None)
    actor = Role(role)
    deeds = {Role.EMPLOYEE: _BY_EMPLOYEE, Role.MISSING: _BY_MISSING}.get(actor, _BY_APPROVER)
    kind = deeds.get(deed["verb"], Kind.UNKNOWN)
    return Event(at=at, label=f"{deed['verb']} by {role}", kind=kind, role=actor)


def read_cases(path: Path) -> list[Case]:
    """All cases of a log (plain or gzipped CSV), in the order of their first event."""
    return cases_of(_rows(path), source=path.name)


def cases_of(rows: Iterable[dict[str, str]], *, source: str) -> list[Case]:
    by_case: dict[str, list[dict[str, str]]] = {}
    for row in rows:
        by_case.setdefault(row["case_id"], []).append(row)
    return [_case(id, of_case, source) for id, of_case in by_case.items()]


def fingerprint(path: Path) -> str:
    """SHA-256 of the log's content, the same whether it is compressed or not."""
    return hashlib.sha256(_content(path)).hexdigest()


def sample(cases: list[Case], size: int) -> list[Case]:
    """`size` cases that show every variant before any twice; a larger sample holds a smaller one.

    Always the same ones, in the order of the log.
    """
    seen: dict[tuple[str, ...], int] = {}
    ranked: list[tuple[int, int]] = []
    for position, case in enumerate(cases):
        seen[case.variant] = seen.get(case.variant, 0) + 1
        ranked.append((seen[case.variant], position))
    chosen = sorted(position for _, position in sorted(ranked)[:size])
    return [cases[position] for position in chosen]


def _content(path: Path) -> bytes:
    try:
        raw = path.read_bytes()
        return gzip.decompress(raw) if raw.startswith(b"\x1f\x8b") else raw
    except (OSError, EOFError, zlib.error) as broken:
        raise UnreadableLog(f"{path} cannot be read: {broken}") from broken


def _rows(path: Path) -> Iterable[dict[str, str]]:
    try:
        text = _content(path).decode("utf-8-sig")
    except UnicodeDecodeError as broken:
        raise UnreadableLog(f"{path.name} is not UTF-8: {broken}") from broken
    reader = csv.DictReader(text.splitlines())
    missing = [column for column in COLUMNS if column not in (reader.fieldnames or ())]
    if missing:
        raise UnreadableLog(f"{path.name} has no column {', '.join(missing)}")
    for row in reader:
        if None in row or None in row.values():
            raise UnreadableLog(f"{path.name}, line {reader.line_num}: wrong number of columns")
        yield row


def _case(id: str, rows: list[dict[str, str]], source: str) -> Case:
    first = rows[0]
    for column in ("organizational_unit", "project", "amount"):
        if any(row[column] != first[column] for row in rows):
            raise UnreadableLog(f"{source}, case {id}: more than one {column}")
    try:
        events = [
            event_of(row["action"], row["role"], datetime.fromisoformat(row["timestamp"]))
            for row in rows
        ]
        amount = Decimal(first["amount"])
    except (ValueError, InvalidOperation) as broken:
        raise UnreadableLog(f"{source}, case {id}: {broken}") from broken
    if not amount.is_finite() or amount < 0:
        raise UnreadableLog(f"{source}, case {id}: {amount} is no amount")
    events.sort(key=lambda event: event.at)
    return Case(
        id=id,
        unit=first["organizational_unit"],
        project=first["project"],
        amount=amount,
        events=tuple(events),
    )
