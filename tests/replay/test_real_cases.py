"""Planning the real log: every case has a counterpart, and no decision is lost."""

from collections import Counter

from replay.events import Case, Kind, Role
from replay.replays import planned
from replay.stories import stories_of


def test_every_real_case_is_mapped(real_cases: list[Case]) -> None:
    plans, unmapped = planned(real_cases)

    assert unmapped == []
    assert len(plans) == 6760
    assert sum(len(made.steps) for made in plans) == 30471
    assert Counter(stories_of(made)[-1].status for made in plans) == {
        "APPROVED": 6197,
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
        assert [actor for actor in trail if actor != Role.EMPLOYEE] == acted, made.case.id


def test_an_order_is_approved_in_the_end_just_where_the_real_log_ends_so(
    real_cases: list[Case],
) -> None:
    plans, _ = planned(real_cases)

    for made in plans:
        kinds = [e.kind for e in made.case.events if e.kind is not Kind.PAYMENT]
        approved = Kind.FINAL_APPROVE in kinds and kinds[-1] in {Kind.FINAL_APPROVE, Kind.APPROVE}
        assert (stories_of(made)[-1].status == "APPROVED") is approved, made.case.id
