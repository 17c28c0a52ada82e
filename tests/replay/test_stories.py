"""Holding what was found against what was expected."""

from dataclasses import replace

from replay.checks import story_of
from replay.stories import Entry, Story, differences

APPROVED = Story(
    "APPROVED",
    (
        Entry("purchase_order.created", "EMPLOYEE"),
        Entry("purchase_order.submitted", "EMPLOYEE"),
        Entry("purchase_order.approved", "SUPERVISOR"),
    ),
)


def test_an_order_is_read_back_with_roles_for_those_who_play_one() -> None:
    node = {
        "id": "po_1",
        "status": "APPROVED",
        "auditTrail": [
            {"action": "purchase_order.created", "actor": {"name": "Replay Employee"}},
            {"action": "purchase_order.updated", "actor": {"name": "Somebody Else"}},
            {"action": "purchase_order.approved", "actor": None},
        ],
    }

    assert story_of(node) == Story(
        "APPROVED",
        (
            Entry("purchase_order.created", "EMPLOYEE"),
            Entry("purchase_order.updated", "Somebody Else"),
            Entry("purchase_order.approved", "nobody"),
        ),
    )


def test_equal_stories_have_no_differences() -> None:
    assert differences([APPROVED, APPROVED], [APPROVED, APPROVED]) == []


def test_another_status_is_a_difference() -> None:
    assert differences([APPROVED], [replace(APPROVED, status="CANCELLED")]) == [
        "order 1 of 1: status CANCELLED, expected APPROVED"
    ]


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
