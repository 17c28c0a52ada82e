"""Planning: which route, which moves, and the story an order must tell in the end."""

from decimal import Decimal

import pytest

from replay.events import Case, Role
from replay.plans import Plan, Unmapped, plan
from replay.routes import NO_ROUTE, RouteUnknown, routes_of
from replay.stories import Story, stories_of
from tests.replay.conftest import MakeCase

ADM, OWN, PRE = Role.ADMINISTRATION, Role.BUDGET_OWNER, Role.PRE_APPROVER
SUP, DIR = Role.SUPERVISOR, Role.DIRECTOR


def planned_as(case: Case) -> Plan:
    made = plan(case)
    assert isinstance(made, Plan)
    return made


def told(story: Story) -> list[str]:
    return [str(entry).removeprefix("purchase_order.") for entry in story.trail]


@pytest.mark.parametrize(
    ("words", "routes"),
    [
        ("submit ok-adm final-sup", [(ADM, SUP)]),
        ("submit ok-pre final-dir ok-sup", [(PRE, DIR, SUP)]),
        ("submit no-adm no", [(ADM,)]),
        ("submit no-adm no submit ok-adm final-sup", [(ADM, SUP), (ADM, SUP)]),
        ("submit no-sup no submit ok-adm final-sup", [(SUP,), (ADM, SUP)]),
        ("submit final-sup no-mis submit ok-pre final-sup", [(SUP,), (PRE, SUP)]),
        ("submit no submit ok-adm final-sup", [(ADM, SUP), (ADM, SUP)]),
        ("submit ok-adm ok-own submit ok-adm ok-own final-sup", [(ADM, OWN, SUP)] * 2),
        ("save", []),
    ],
)
def test_a_submission_takes_the_route_it_took_in_life(
    case: MakeCase, words: str, routes: list[tuple[Role, ...]]
) -> None:
    assert routes_of(case(words).events) == routes


@pytest.mark.parametrize(
    "words", ["submit", "submit ok-adm", "submit ok-adm submit no-adm no", "submit no"]
)
def test_a_submission_nobody_brought_to_an_end_has_no_known_route(
    case: MakeCase, words: str
) -> None:
    with pytest.raises(RouteUnknown):
        routes_of(case(words).events)

    assert plan(case(words)) == Unmapped(
        case=case(words), kind="a submission that nobody brought to an end"
    )


@pytest.mark.parametrize(
    ("words", "status", "trail"),
    [
        (
            "submit ok-adm ok-own final-sup request paid",
            "COMPLETED",
            [
                "created by EMPLOYEE",
                "submitted by EMPLOYEE",
                "step_approved by ADMINISTRATION",
                "step_approved by BUDGET OWNER",
                "approved by SUPERVISOR",
                "received by EMPLOYEE",
                "invoiced by TREASURY",
                "completed by TREASURY",
            ],
        ),
        ("save", "DRAFT", ["created by EMPLOYEE"]),
        (
            "submit ok-adm no-sup no",
            "CANCELLED",
            [
                "created by EMPLOYEE",
                "submitted by EMPLOYEE",
                "step_approved by ADMINISTRATION",
                "changes_requested by SUPERVISOR",
                "cancelled by EMPLOYEE",
            ],
        ),
        (
            "submit no-sup no submit ok-adm final-sup",
            "APPROVED",
            [
                "created by EMPLOYEE",
                "submitted by EMPLOYEE",
                "changes_requested by SUPERVISOR",
                "updated by EMPLOYEE",  # takes it back
                "updated by EMPLOYEE",  # puts it on another route
                "submitted by EMPLOYEE",
                "step_approved by ADMINISTRATION",
                "approved by SUPERVISOR",
            ],
        ),
        (
            "submit no-adm no save",
            "DRAFT",
            [
                "created by EMPLOYEE",
                "submitted by EMPLOYEE",
                "changes_requested by ADMINISTRATION",
                "updated by EMPLOYEE",
                "updated by EMPLOYEE",
            ],
        ),
        (
            "submit no submit no-adm no",
            "CANCELLED",
            [
                "created by EMPLOYEE",
                "submitted by EMPLOYEE",
                "recalled by EMPLOYEE",
                "submitted by EMPLOYEE",
                "changes_requested by ADMINISTRATION",
                "cancelled by EMPLOYEE",
            ],
        ),
        (
            "submit ok-adm submit ok-adm final-sup",
            "APPROVED",
            [
                "created by EMPLOYEE",
                "submitted by EMPLOYEE",
                "step_approved by ADMINISTRATION",
                "recalled by EMPLOYEE",
                "submitted by EMPLOYEE",
                "step_approved by ADMINISTRATION",
                "approved by SUPERVISOR",
            ],
        ),
        (
            "submit ok-pre final-dir ok-sup request paid",
            "COMPLETED",
            [
                "created by EMPLOYEE",
                "submitted by EMPLOYEE",
                "step_approved by PRE_APPROVER",
                "step_approved by DIRECTOR",
                "approved by SUPERVISOR",
                "received by EMPLOYEE",
                "invoiced by TREASURY",
                "completed by TREASURY",
            ],
        ),
    ],
)
def test_an_order_tells_the_story_of_its_case(
    case: MakeCase, words: str, status: str, trail: list[str]
) -> None:
    [story] = stories_of(planned_as(case(words)))

    assert story.status == status
    assert told(story) == trail


def test_an_order_has_the_content_of_its_case(case: MakeCase) -> None:
    [story] = stories_of(planned_as(case("submit final-sup", amount="2.345")))

    assert (story.total, story.department, story.project) == ("2.35 SAR", "unit 7", "project 9")


def test_an_approval_taken_away_cancels_the_order_and_a_clone_goes_on(case: MakeCase) -> None:
    first, second = stories_of(
        planned_as(case("submit final-sup no-mis submit ok-pre final-sup request paid"))
    )

    assert (first.status, second.status) == ("CANCELLED", "COMPLETED")
    assert told(first) == [
        "created by EMPLOYEE",
        "submitted by EMPLOYEE",
        "approved by SUPERVISOR",
        "cancelled by MISSING",
        "cloned by EMPLOYEE",
    ]
    assert told(second) == [
        "created by EMPLOYEE",
        "updated by EMPLOYEE",
        "submitted by EMPLOYEE",
        "step_approved by PRE_APPROVER",
        "approved by SUPERVISOR",
        "received by EMPLOYEE",
        "invoiced by TREASURY",
        "completed by TREASURY",
    ]


def test_a_draft_that_is_submitted_later_is_made_for_the_route_it_will_take(
    case: MakeCase,
) -> None:
    steps = planned_as(case("save submit final-sup")).steps

    assert [(step.move, step.route) for step in steps] == [
        ("create", (SUP,)),
        ("submit", (SUP,)),
        ("approve", (SUP,)),
    ]
    assert planned_as(case("save")).routes == {NO_ROUTE}


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("ok-adm submit final-sup", "APPROVED by ADMINISTRATION while no order"),
        ("submit no-adm ok-adm", "APPROVED by ADMINISTRATION while DRAFT"),
        ("submit final-sup submit final-sup", "SUBMITTED by EMPLOYEE while APPROVED"),
        ("submit no-adm no-mis", "REJECTED by MISSING while DRAFT"),
        ("submit final-sup no", "REJECTED by EMPLOYEE while APPROVED"),
        ("request paid", "Request Payment while no order"),
        ("submit request", "a submission that nobody brought to an end"),
        ("submit final-sup request paid paid", "Payment Handled while COMPLETED"),
    ],
)
def test_a_case_without_a_counterpart_is_named_by_its_kind(
    case: MakeCase, words: str, kind: str
) -> None:
    assert plan(case(words)) == Unmapped(case=case(words), kind=kind)


@pytest.mark.parametrize(
    ("words", "steps", "invoices"),
    [
        (
            "request paid",
            [
                ("invoice", "ACCOUNTS"),
                ("submit invoice", "ACCOUNTS"),
                ("receive", "EMPLOYEE"),
                ("approve invoice", "TREASURY"),
                ("pay", "TREASURY"),
            ],
            ("PAID",),
        ),
        (
            "paid",
            [
                ("invoice", "ACCOUNTS"),
                ("submit invoice", "ACCOUNTS"),
                ("receive", "EMPLOYEE"),
                ("approve invoice", "TREASURY"),
                ("pay", "TREASURY"),
            ],
            ("PAID",),
        ),
        (
            "request no-mis",
            [
                ("invoice", "ACCOUNTS"),
                ("submit invoice", "ACCOUNTS"),
                ("cancel invoice", "ACCOUNTS"),
                ("cancel", "MISSING"),
            ],
            ("CANCELLED",),
        ),
        ("no-mis", [("cancel", "MISSING")], ()),
    ],
)
def test_a_payment_is_an_invoice_that_is_received_approved_and_paid(
    case: MakeCase, words: str, steps: list[tuple[str, str]], invoices: tuple[str, ...]
) -> None:
    made = planned_as(case(f"submit final-sup {words}"))

    assert [(step.move, step.role) for step in made.steps[3:]] == steps
    assert stories_of(made)[-1].invoices == invoices


@pytest.mark.parametrize(
    ("amount", "price"),
    [("12.345", "12.35"), ("12.3449", "12.34"), ("0.0", "0.00"), ("982873.809217116", "982873.81")],
)
def test_an_amount_is_rounded_half_up(case: MakeCase, amount: str, price: str) -> None:
    made = planned_as(case("save", amount=amount))

    assert made.price == Decimal(price)
    assert str(made.price) == price


def test_an_unknown_project_is_no_project(case: MakeCase) -> None:
    known = case("save")
    unknown = Case(
        id=known.id,
        unit=known.unit,
        project="UNKNOWN",
        amount=known.amount,
        events=known.events,
    )

    assert planned_as(known).project == "project 9"
    assert planned_as(unknown).project is None


def test_every_step_has_a_key_of_its_own_and_the_same_every_time(case: MakeCase) -> None:
    words = "submit final-sup no-mis submit ok-pre final-sup"
    keys = [step.key for step in planned_as(case(words)).steps]

    assert keys == [
        "case-1:0.0",
        "case-1:0.1",
        "case-1:1.0",
        "case-1:2.0",
        "case-1:3.0",
        "case-1:3.1",
        "case-1:3.2",
        "case-1:4.0",
        "case-1:5.0",
    ]
