"""What the report says, to a person and to a program."""

from replay.graphs import Traffic
from replay.replays import planned
from replay.reports import Report
from tests.replay.conftest import MakeCase


def report_of(case: MakeCase, diverging: dict[str, str]) -> Report:
    plans, unmapped = planned(
        [
            case("submit ok-adm final-sup request paid", id="good"),
            case("submit no-adm no", id="bad"),
            case("submit", id="odd"),
        ]
    )
    return Report(
        run="r1",
        plans=plans,
        unmapped=unmapped,
        diverging=diverging,
        set_up=33,
        traffic=Traffic(requests=100, mutations=98, retries=2, waited=1),
        seconds=8.0,
    )


def test_a_report_counts_everything_once(case: MakeCase) -> None:
    told = report_of(case, {"bad": "status DRAFT, expected CANCELLED"}).as_json()

    assert told == {
        "run": "r1",
        "matches": False,
        "cases": {"total": 3, "matching": 1, "diverging": 1, "unmapped": 1},
        "events": {
            "total": 9,
            "mapped": [
                {"action": "APPROVED by ADMINISTRATION", "moves": "approve", "events": 1},
                {"action": "FINAL_APPROVED by SUPERVISOR", "moves": "approve", "events": 1},
                {
                    "action": "Payment Handled",
                    "moves": "receive + approve invoice + pay",
                    "events": 1,
                },
                {"action": "REJECTED by ADMINISTRATION", "moves": "request changes", "events": 1},
                {"action": "REJECTED by EMPLOYEE", "moves": "cancel", "events": 1},
                {"action": "Request Payment", "moves": "invoice + submit invoice", "events": 1},
                {"action": "SUBMITTED by EMPLOYEE", "moves": "create + submit", "events": 2},
            ],
            "in_unmapped_cases": 1,
        },
        "this_run": {
            "set_up": 33,
            "requests": 100,
            "seconds": 8.0,
            "requests_per_second": 12.5,
            "tried_again": 2,
            "waited_for_the_rate_limit": 1,
        },
        "diverging": [{"case": "bad", "reason": "status DRAFT, expected CANCELLED"}],
        "unmapped_cases": [
            {"kind": "a submission that nobody brought to an end", "cases": ["odd"]}
        ],
    }


def test_a_report_reads_well(case: MakeCase) -> None:
    report = report_of(case, {"bad": "status DRAFT, expected CANCELLED"})

    assert (
        report.as_text()
        == """Replay r1

      3 cases
      1 end as the log says: state, content and audit trail
      1 do not
      1 cannot be mapped

      9 events
      1 APPROVED by ADMINISTRATION → approve
      1 FINAL_APPROVED by SUPERVISOR → approve
      1 Payment Handled → receive + approve invoice + pay
      1 REJECTED by ADMINISTRATION → request changes
      1 REJECTED by EMPLOYEE → cancel
      1 Request Payment → invoice + submit invoice
      2 SUBMITTED by EMPLOYEE → create + submit
      1 in cases that cannot be mapped

This run: 100 requests in 8.0 s, 12.5 a second; 2 tried again, 1 waited for the rate limit.
Before that, 33 mutations set the stage.

Cases that diverge
  bad: status DRAFT, expected CANCELLED

Cases that cannot be mapped
      1 a submission that nobody brought to an end"""
    )


def test_only_diverging_cases_keep_a_replay_from_matching(case: MakeCase) -> None:
    assert report_of(case, {}).matches is True
    assert report_of(case, {"bad": "why"}).matches is False
