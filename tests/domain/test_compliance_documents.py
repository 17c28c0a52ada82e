"""Compliance documents: status, renewal windows, revocation (fact S-61)."""

from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

import pytest

from domain.compliance_documents import (
    ComplianceDocument,
    DocumentHolder,
    DocumentStatus,
    status_on,
)
from domain.kit.errors import IllegalMove, RuleBroken
from domain.kit.ids import new_id
from tests import make
from tests.make import NOON

_S = DocumentStatus
TODAY, LATER = date(2026, 6, 15), NOON + timedelta(days=1)


class Facts(NamedTuple):
    number: str | None = "1"
    revoked_at: datetime | None = None
    expires_on: date | None = None
    renews_on: date | None = None


def day(offset: int) -> date:
    return TODAY + timedelta(days=offset)


@pytest.mark.parametrize(
    ("facts", "status"),
    [
        (Facts(), _S.VALID),
        (Facts(number=None), _S.MISSING),
        (Facts(number=None, expires_on=day(-1)), _S.MISSING),
        (Facts(expires_on=day(31), renews_on=day(1)), _S.VALID),
        (Facts(expires_on=day(30), renews_on=day(0)), _S.EXPIRING),
        (Facts(expires_on=day(0), renews_on=day(0)), _S.EXPIRING),
        (Facts(expires_on=day(-1), renews_on=day(-31)), _S.EXPIRED),
        (Facts(revoked_at=NOON, expires_on=day(-1), renews_on=day(-31)), _S.REVOKED),
        (Facts(revoked_at=NOON), _S.REVOKED),
    ],
)
def test_a_status_follows_from_the_dates(facts: Facts, status: DocumentStatus) -> None:
    assert status_on(TODAY, facts) is status


def document(**values: Any) -> ComplianceDocument:
    given = {"type_id": new_id(), "company_id": new_id(), "number": "1"}
    made = ComplianceDocument.create(given | values, NOON)
    made.pull_events()
    return made


@pytest.mark.parametrize(
    ("own", "last", "renews_on"),
    [
        (None, TODAY, day(-30)),
        (7, TODAY, day(-7)),
        (0, TODAY, TODAY),
        (7, None, None),
        (3650, date(3, 1, 1), date.min),
    ],
)
def test_it_is_to_be_renewed_before_it_runs_out(
    own: int | None, last: date | None, renews_on: date | None
) -> None:
    made = document(renewal_window_days=own, expires_on=last)

    made.renewed_within(30)

    assert made.renews_on == renews_on


def test_another_window_of_the_type_is_told_where_it_matters() -> None:
    usual, own = document(expires_on=TODAY), document(expires_on=TODAY, renewal_window_days=7)
    for each in (usual, own):
        each.renewed_within(30)
        each.rescheduled(60, LATER)

    [event] = usual.pull_events()
    assert event.action == "compliance_document.rescheduled"
    assert event.changes == {"renews_on": (day(-30), day(-60))}
    assert own.pull_events() == []


def test_a_revoked_document_stays_revoked() -> None:
    made = document()

    made.revoke(LATER, "forged")

    [event] = made.pull_events()
    assert (event.action, event.details) == ("compliance_document.revoked", {"reason": "forged"})
    with pytest.raises(IllegalMove, match="this document was revoked"):
        made.revoke(LATER, None)
    with pytest.raises(IllegalMove, match="this document was revoked"):
        made.require_standing()


def test_what_nobody_handed_in_cannot_be_revoked() -> None:
    made = document(number=None)

    with pytest.raises(IllegalMove, match="nobody has handed this document in"):
        made.revoke(LATER, None)

    assert made.revoked_at is None


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"number": " "}, "number"),
        ({"number": "x" * 101}, "number"),
        ({"issued_on": TODAY, "expires_on": day(-1)}, "expires_on"),
        ({"renewal_window_days": -1}, "renewal_window_days"),
        ({"renewal_window_days": 3651}, "renewal_window_days"),
        ({"file_url": "ftp://files.example/1"}, "file_url"),
    ],
)
def test_what_makes_no_sense_is_said_where_it_is(values: dict[str, Any], field: str) -> None:
    with pytest.raises(RuleBroken) as caught:
        document(**values)

    assert [problem.path for problem in caught.value.problems] == [(field,)]


def test_whose_documents_of_a_type_are_stays() -> None:
    type = make.document_type()

    with pytest.raises(RuleBroken, match="a type keeps its holder"):
        type.update({"holder": DocumentHolder.WORKER}, LATER)

    assert type.holder is DocumentHolder.COMPANY
