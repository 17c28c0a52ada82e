"""Planning the real log: every case has a counterpart, and no decision is lost."""

from collections import Counter

from replay.events import PAYING, Case, Kind, Role
from replay.replays import planned
from replay.stories import stories_of


def test_every_real_case_is_mapped(real_cases: list[Case]) -> None:
    plans, unmapped = planned(real_cases)

    assert unmapped == []
    assert len(plans) == 6760
    assert sum(len(made.steps) for made in plans) == 61409
    assert Counter(stories_of(made)[-1].status for made in plans) == {
        "APPROVED": 10,
        "COMPLETED": 6187,
        "CANCELLED": 489,
        "DRAFT": 74,
    }


def test_every_decision_of_the_real_log_is_in_a_trail_once_and_in_order(
    real_cases: list[Case],
) -> None:
    decisions = {Kind.APPROVE, Kind.FINAL_APPROVE, Kind.RETURN, Kind.VOID}
    plans, _ = planned(real_cases)

    for made in plans:
        acted = [e.role for e in made.case.events if e.kind in decisions]
        trail = [entry.actor for story in stories_of(made) for entry in story.trail]
        others = {Role.EMPLOYEE, *PAYING}
        assert [actor for actor in trail if actor not in others] == acted, made.case.id


def test_an_order_is_approved_or_paid_in_the_end_just_where_the_real_log_ends_so(
    real_cases: list[Case],
) -> None:
    plans, _ = planned(real_cases)

    for made in plans:
        kinds = [e.kind for e in made.case.events]
        last = {Kind.FINAL_APPROVE: "APPROVED", Kind.APPROVE: "APPROVED", Kind.PAY: "COMPLETED"}
        status = last.get(kinds[-1])
        story = stories_of(made)[-1]
        assert (story.status in {"APPROVED", "COMPLETED"}) is (status is not None), made.case.id
        assert status in {None, story.status}, made.case.id
        assert (story.invoices == ("PAID",)) is (kinds[-1] is Kind.PAY), made.case.id
