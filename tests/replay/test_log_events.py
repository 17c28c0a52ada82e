"""Reading the log: what counts as which event, and what is refused."""

import gzip
from collections import Counter
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from replay.errors import UnreadableLog
from replay.events import Case, Kind, Role, event_of, fingerprint, read_cases, sample
from tests.replay.conftest import MakeCase

NOON = datetime(2026, 1, 2, 12, tzinfo=UTC)
HEAD = "case_id,timestamp,organizational_unit,project,amount,action,role\n"
ROW = (
    "c1,2017-01-09T09:17:18.000+01:00,unit 7,project 9,34.336,"
    "Request For Payment SUBMITTED by EMPLOYEE,EMPLOYEE\n"
)


@pytest.mark.parametrize(
    ("action", "role", "kind"),
    [
        ("Request For Payment SAVED by EMPLOYEE", "EMPLOYEE", Kind.SAVE),
        ("Request For Payment SUBMITTED by EMPLOYEE", "EMPLOYEE", Kind.SUBMIT),
        ("Request For Payment REJECTED by EMPLOYEE", "EMPLOYEE", Kind.TAKE_BACK),
        ("Request For Payment APPROVED by BUDGET OWNER", "BUDGET OWNER", Kind.APPROVE),
        ("Request For Payment FINAL_APPROVED by DIRECTOR", "DIRECTOR", Kind.FINAL_APPROVE),
        ("Request For Payment REJECTED by PRE_APPROVER", "PRE_APPROVER", Kind.RETURN),
        ("Request For Payment REJECTED by MISSING", "MISSING", Kind.VOID),
        ("Request Payment", "UNDEFINED", Kind.REQUEST_PAYMENT),
        ("Payment Handled", "UNDEFINED", Kind.PAY),
        ("Request For Payment APPROVED by EMPLOYEE", "EMPLOYEE", Kind.UNKNOWN),
        ("Request For Payment APPROVED by MISSING", "MISSING", Kind.UNKNOWN),
        ("Request For Payment SUBMITTED by DIRECTOR", "DIRECTOR", Kind.UNKNOWN),
        ("Request For Payment APPROVED by TREASURY", "TREASURY", Kind.UNKNOWN),
        ("Request For Payment APPROVED by JANITOR", "JANITOR", Kind.UNKNOWN),
        ("Request For Payment APPROVED by DIRECTOR", "SUPERVISOR", Kind.UNKNOWN),
        ("Something else", "UNDEFINED", Kind.UNKNOWN),
    ],
)
def test_an_action_and_its_role_say_what_an_event_is(action: str, role: str, kind: Kind) -> None:
    assert event_of(action, role, NOON).kind is kind


def test_a_log_is_read_compressed_or_not(tmp_path: Path) -> None:
    plain, packed = tmp_path / "log.csv", tmp_path / "log.csv.gz"
    plain.write_text(HEAD + ROW)
    packed.write_bytes(gzip.compress((HEAD + ROW).encode(), mtime=0))

    [case] = read_cases(plain)

    assert [case] == read_cases(packed)
    assert fingerprint(plain) == fingerprint(packed)
    assert (case.id, case.unit, case.project) == ("c1", "unit 7", "project 9")
    assert case.amount == Decimal("34.336")
    [event] = case.events
    assert (event.kind, event.role) == (Kind.SUBMIT, Role.EMPLOYEE)
    assert event.at == datetime(2017, 1, 9, 8, 17, 18, tzinfo=UTC)
    assert event.label == "SUBMITTED by EMPLOYEE"


def test_events_are_told_in_the_order_they_happened(tmp_path: Path) -> None:
    later = ROW.replace("2017-01-09", "2017-01-10").replace("SUBMITTED", "SAVED")
    path = tmp_path / "log.csv"
    path.write_text(HEAD + later + ROW)

    [case] = read_cases(path)

    assert case.variant == ("SUBMITTED by EMPLOYEE", "SAVED by EMPLOYEE")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"case_id,timestamp\n", "log.csv has no column organizational_unit, project"),
        ((HEAD + "c1,2017\n").encode(), "log.csv, line 2: wrong number of columns"),
        ((HEAD + ROW.strip() + ",more\n").encode(), "log.csv, line 2: wrong number of columns"),
        ((HEAD + ROW.replace("2017-01-09", "soon")).encode(), "case c1: Invalid isoformat"),
        ((HEAD + ROW.replace("34.336", "much")).encode(), "log.csv, case c1: "),
        ((HEAD + ROW.replace("34.336", "NaN")).encode(), "case c1: NaN is no amount"),
        ((HEAD + ROW.replace("34.336", "-1")).encode(), "case c1: -1 is no amount"),
        ((HEAD + ROW + ROW.replace("unit 7", "unit 8")).encode(), "more than one organizational"),
        (b"\xff\xfe", "log.csv is not UTF-8"),
        (b"\x1f\x8bbroken", "log.csv cannot be read"),
        (gzip.compress(HEAD.encode(), mtime=0)[:20], "log.csv cannot be read"),
        (gzip.compress(b"", mtime=0)[:10] + b"\xff\xff\xff", "log.csv cannot be read"),
    ],
)
def test_what_is_no_log_is_refused(tmp_path: Path, content: bytes, reason: str) -> None:
    path = tmp_path / "log.csv"
    path.write_bytes(content)

    with pytest.raises(UnreadableLog) as refused:
        read_cases(path)

    assert reason in str(refused.value)


def test_a_log_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableLog, match="cannot be read"):
        read_cases(tmp_path / "nowhere.csv")


def test_a_sample_shows_every_variant_before_any_twice(case: MakeCase) -> None:
    often, rare = "submit final-sup", "save"
    words = [often, often, often, rare, often, rare]
    cases = [case(each, id=f"case-{n}") for n, each in enumerate(words)]

    assert [c.id for c in sample(cases, 2)] == ["case-0", "case-3"]
    assert [c.id for c in sample(cases, 4)] == ["case-0", "case-1", "case-3", "case-5"]
    assert sample(cases, 99) == cases


def test_the_real_log_is_understood_to_the_last_event(real_cases: list[Case]) -> None:
    kinds = Counter(event.kind for case in real_cases for event in case.events)

    assert len(real_cases) == 6760
    assert len({case.variant for case in real_cases}) == 77
    assert kinds == {
        Kind.SAVE: 74,
        Kind.SUBMIT: 7361,
        Kind.APPROVE: 7766,
        Kind.FINAL_APPROVE: 6263,
        Kind.RETURN: 1094,
        Kind.TAKE_BACK: 1074,
        Kind.VOID: 66,
        Kind.REQUEST_PAYMENT: 6187,
        Kind.PAY: 6187,
    }


def test_two_hundred_real_cases_have_every_variant(real_cases: list[Case]) -> None:
    chosen = sample(real_cases, 200)

    assert len({case.id for case in chosen}) == 200
    assert len({case.variant for case in chosen}) == 77
