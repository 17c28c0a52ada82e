"""Holding what was found against what was expected."""

from dataclasses import replace

import pytest

from replay.checks import story_of
from replay.stories import Entry, Story, differences

APPROVED = Story(
    status="APPROVED",
    total="12.35 SAR",
    department="unit 7",
    project="project 9",
    invoices=("PAID",),
    trail=(
        Entry("purchase_order.created", "EMPLOYEE"),
        Entry("purchase_order.submitted", "EMPLOYEE"),
        Entry("purchase_order.approved", "SUPERVISOR"),
    ),
)


def test_an_order_is_read_back_with_roles_for_those_who_play_one() -> None:
    node = {
        "id": "po_1",
        "status": "APPROVED",
        "total": {"amount": "12.35", "currency": "SAR"},
        "department": {"name": "unit 7"},
        "project": None,
        "invoices": [{"status": "CANCELLED"}, {"status": "PAID"}],
        "auditTrail": [
            {"action": "purchase_order.created", "actor": {"name": "Replay Employee"}},
            {"action": "purchase_order.updated", "actor": {"name": "Somebody Else"}},
            {"action": "purchase_order.approved", "actor": None},
        ],
    }

    assert story_of(node) == Story(
        status="APPROVED",
        total="12.35 SAR",
        department="unit 7",
        project=None,
        invoices=("CANCELLED", "PAID"),
        trail=(
            Entry("purchase_order.created", "EMPLOYEE"),
            Entry("purchase_order.updated", "Somebody Else"),
            Entry("purchase_order.approved", "nobody"),
        ),
    )


def test_equal_stories_have_no_differences() -> None:
    assert differences([APPROVED, APPROVED], [APPROVED, APPROVED]) == []


@pytest.mark.parametrize(
    ("found", "reason"),
    [
        (replace(APPROVED, status="CANCELLED"), "status CANCELLED, expected APPROVED"),
        (replace(APPROVED, total="12.34 SAR"), "total 12.34 SAR, expected 12.35 SAR"),
        (replace(APPROVED, department="unit 8"), "department unit 8, expected unit 7"),
        (replace(APPROVED, project=None), "project None, expected project 9"),
        (replace(APPROVED, invoices=()), "invoices (), expected ('PAID',)"),
    ],
)
def test_another_fact_of_it_is_a_difference(found: Story, reason: str) -> None:
    assert differences([APPROVED], [found]) == [f"order 1 of 1: {reason}"]


def test_the_first_entry_that_differs_is_named() -> None:
    by_director = Entry("purchase_order.approved", "DIRECTOR")
    found = replace(APPROVED, trail=(*APPROVED.trail[:2], by_director))

    assert differences([APPROVED], [found]) == [
        (
            "order 1 of 1: audit trail, entry 3: purchase_order.approved by DIRECTOR, "
            "expected purchase_order.approved by SUPERVISOR"
        )
    ]


def test_an_entry_too_few_and_one_too_many_are_differences() -> None:
    short = replace(APPROVED, trail=APPROVED.trail[:2])

    assert differences([APPROVED], [short]) == [
        (
            "order 1 of 1: audit trail, entry 3: nothing, "
            "expected purchase_order.approved by SUPERVISOR"
        )
    ]
    assert differences([short], [APPROVED]) == [
        (
            "order 1 of 1: audit trail, entry 3: purchase_order.approved by SUPERVISOR, "
            "expected nothing"
        )
    ]


def test_an_order_that_is_missing_and_one_too_many_are_differences() -> None:
    assert differences([APPROVED, APPROVED], [APPROVED, None]) == ["order 2 of 2: not found"]
    assert differences([APPROVED, APPROVED], [APPROVED]) == ["order 2 of 2: not found"]
    assert differences([APPROVED], [APPROVED, APPROVED]) == ["order 2 of 1: one too many"]
