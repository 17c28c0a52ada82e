"""Cases in a few words, and the real log where it lies beside the repository."""

import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Final

import pytest

from replay.events import Case, Event, event_of, read_cases

MakeCase = Callable[..., Case]

_NOON: Final = datetime(2026, 1, 2, 12, tzinfo=UTC)
_ROLES: Final = {
    "emp": "EMPLOYEE",
    "adm": "ADMINISTRATION",
    "own": "BUDGET OWNER",
    "pre": "PRE_APPROVER",
    "sup": "SUPERVISOR",
    "dir": "DIRECTOR",
    "mis": "MISSING",
}
_VERBS: Final = {
    "save": "SAVED",
    "submit": "SUBMITTED",
    "ok": "APPROVED",
    "final": "FINAL_APPROVED",
    "no": "REJECTED",
}
_PAYMENTS: Final = {"request": "Request Payment", "paid": "Payment Handled"}
_REAL: Final = Path(__file__).parents[2].parent / "shared" / "data" / "approval-log.csv.gz"


def _event(word: str, at: datetime) -> Event:
    if word in _PAYMENTS:
        return event_of(_PAYMENTS[word], "UNDEFINED", at)
    verb, _, role = word.partition("-")
    who = _ROLES[role or "emp"]
    return event_of(f"Request For Payment {_VERBS[verb]} by {who}", who, at)


@pytest.fixture
def case() -> MakeCase:
    """`case("submit ok-adm final-sup request paid")`: one event a minute, from noon on."""

    def make(words: str, *, id: str = "case-1", amount: str = "12.345") -> Case:
        return Case(
            id=id,
            unit="unit 7",
            project="project 9",
            amount=Decimal(amount),
            events=tuple(
                _event(word, _NOON + timedelta(minutes=minute))
                for minute, word in enumerate(words.split())
            ),
        )

    return make


@pytest.fixture(scope="session")
def real_log() -> Path:
    """The whole approval log: `APPROVAL_LOG`, or beside the repository in shared/data."""
    path = Path(os.environ.get("APPROVAL_LOG", _REAL))
    if not path.is_file():
        pytest.skip("no approval log here: set APPROVAL_LOG to its path")
    return path


@pytest.fixture(scope="session")
def real_cases(real_log: Path) -> list[Case]:
    return read_cases(real_log)
