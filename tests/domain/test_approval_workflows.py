"""Approval workflows: which one routes a document, and which make no sense."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from domain.approvals.conditions import Condition, ConditionField, ConditionOperator, RoutingFacts
from domain.approvals.workflows import (
    ApprovalWorkflow,
    Approver,
    ApproverKind,
    WorkflowStep,
    chosen,
)
from domain.departments import Department
from domain.kit.errors import RuleBroken
from domain.kit.ids import new_id
from domain.projects import Project
from domain.suppliers import Supplier
from domain.users import Role, User
from tests import make
from tests.make import NOON

_F, _O = ConditionField, ConditionOperator
HERE, PROJECT, SUPPLIER = new_id(), new_id(), new_id()
FACTS = RoutingFacts(Decimal(10_000), HERE, PROJECT, SUPPLIER)
NO_PROJECT = FACTS._replace(project_id=None)


def condition(field: ConditionField, operator: ConditionOperator, *values: str) -> Condition:
    return Condition(field=field, operator=operator, values=list(values))


def at_least(amount: str) -> Condition:
    return condition(_F.AMOUNT, _O.AT_LEAST, amount)


def workflow(*conditions: Condition, **values: Any) -> ApprovalWorkflow:
    return make.approval_workflow(make.step(new_id()), conditions=list(conditions), **values)


@pytest.mark.parametrize(
    ("tested", "facts", "holds"),
    [
        (at_least("10000"), FACTS, True),
        (at_least("10000.01"), FACTS, False),
        (condition(_F.AMOUNT, _O.BELOW, "10000"), FACTS, False),
        (condition(_F.AMOUNT, _O.BELOW, "10000.000001"), FACTS, True),
        (condition(_F.DEPARTMENT, _O.IN, f"dep_{HERE.hex}"), FACTS, True),
        (condition(_F.DEPARTMENT, _O.IN, f"dep_{new_id().hex}"), FACTS, False),
        (condition(_F.DEPARTMENT, _O.NOT_IN, f"dep_{HERE.hex}"), FACTS, False),
        (condition(_F.DEPARTMENT, _O.NOT_IN, f"dep_{new_id().hex}"), FACTS, True),
        (condition(_F.SUPPLIER, _O.IN, f"sup_{new_id().hex}", f"sup_{SUPPLIER.hex}"), FACTS, True),
        (condition(_F.PROJECT, _O.IN, f"prj_{PROJECT.hex}"), FACTS, True),
        (condition(_F.PROJECT, _O.IN, f"prj_{PROJECT.hex}"), NO_PROJECT, False),
        (condition(_F.PROJECT, _O.NOT_IN, f"prj_{PROJECT.hex}"), NO_PROJECT, True),
    ],
)
def test_conditions_compare(tested: Condition, facts: RoutingFacts, *, holds: bool) -> None:
    assert tested.problems(()) == []
    assert tested.holds(facts) is holds


@pytest.mark.parametrize(
    ("wrong", "path", "message"),
    [
        (
            condition(_F.AMOUNT, _O.IN, "1"),
            ("operator",),
            "AMOUNT cannot be compared with IN",
        ),
        (
            condition(_F.SUPPLIER, _O.AT_LEAST, "1"),
            ("operator",),
            "SUPPLIER cannot be compared with AT_LEAST",
        ),
        (at_least("a lot"), ("values",), "an amount is compared with one decimal number"),
        (
            condition(_F.AMOUNT, _O.BELOW, "1", "2"),
            ("values",),
            "an amount is compared with one decimal number",
        ),
        (
            condition(_F.AMOUNT, _O.BELOW),
            ("values",),
            "an amount is compared with one decimal number",
        ),
        (at_least("NaN"), ("values",), "this is not a number"),
        (at_least("-1"), ("values",), "this must be 0 or more"),
        (condition(_F.PROJECT, _O.IN), ("values",), "this must not be empty"),
        (
            condition(_F.PROJECT, _O.IN, "dep_" + "0" * 32),
            ("values", 0),
            f"no such id: dep_{'0' * 32}",
        ),
        (
            condition(_F.PROJECT, _O.IN, "prj_" + "G" * 32),
            ("values", 0),
            f"no such id: prj_{'G' * 32}",
        ),
        (condition(_F.PROJECT, _O.IN, "prj_0"), ("values", 0), "no such id: prj_0"),
    ],
)
def test_a_condition_that_makes_no_sense_is_refused(
    wrong: Condition, path: tuple[str | int, ...], message: str
) -> None:
    with pytest.raises(RuleBroken) as caught:
        workflow(wrong)
    assert (caught.value.path, caught.value.message) == (("conditions", 0, *path), message)

    step = WorkflowStep(
        name="x", approver=Approver(kind=ApproverKind.PROJECT_OWNER), conditions=[wrong]
    )
    with pytest.raises(RuleBroken) as caught:
        make.approval_workflow(step)
    assert caught.value.path == ("steps", 0, "conditions", 0, *path)


@pytest.mark.parametrize("kind", ApproverKind)
@pytest.mark.parametrize("user_id", [None, new_id()])
@pytest.mark.parametrize("role_id", [None, new_id()])
def test_an_approver_names_what_its_kind_needs_and_nothing_else(
    kind: ApproverKind, user_id: Any, role_id: Any
) -> None:
    approver = Approver(kind=kind, user_id=user_id, role_id=role_id)
    sound = {
        ApproverKind.USER: user_id is not None and role_id is None,
        ApproverKind.ROLE: user_id is None and role_id is not None,
    }.get(kind, user_id is None and role_id is None)

    assert (approver.problems(()) == []) is sound


@pytest.mark.parametrize(
    ("values", "path", "message"),
    [
        ({"name": ""}, ("name",), "this must not be empty"),
        ({"steps": []}, ("steps",), "this must not be empty"),
        ({"steps": [make.step(new_id())] * 21}, ("steps",), "at most 20 are possible"),
        ({"steps": [make.step(new_id(), " ")]}, ("steps", 0, "name"), "this must not be empty"),
    ],
)
def test_a_workflow_that_makes_no_sense_is_refused(
    values: dict[str, Any], path: tuple[str | int, ...], message: str
) -> None:
    with pytest.raises(RuleBroken) as caught:
        make.approval_workflow(**{"steps": [make.step(new_id())]} | values)

    assert (caught.value.path, caught.value.message) == (path, message)


def test_a_workflow_mentions_everything_it_names() -> None:
    user, role = new_id(), new_id()
    routing = make.approval_workflow(
        make.step(user),
        WorkflowStep(
            name="CFO",
            approver=Approver(kind=ApproverKind.ROLE, role_id=role),
            conditions=[condition(_F.PROJECT, _O.IN, f"prj_{PROJECT.hex}")],
        ),
        conditions=[
            at_least("5"),
            condition(_F.DEPARTMENT, _O.IN, f"dep_{HERE.hex}"),
            condition(_F.SUPPLIER, _O.NOT_IN, f"sup_{SUPPLIER.hex}"),
        ],
    )

    assert routing.mentions() == [
        (User, user, ("steps", 0, "approver", "user_id")),
        (Role, role, ("steps", 1, "approver", "role_id")),
        (Project, PROJECT, ("steps", 1, "conditions", 0, "values", 0)),
        (Department, HERE, ("conditions", 1, "values", 0)),
        (Supplier, SUPPLIER, ("conditions", 2, "values", 0)),
    ]


def test_the_lowest_priority_number_routes() -> None:
    usual, special = workflow(priority=100), workflow(priority=10)

    assert chosen([usual, special], FACTS) is special


def test_only_a_workflow_whose_conditions_all_hold_routes() -> None:
    here = condition(_F.DEPARTMENT, _O.IN, f"dep_{HERE.hex}")
    half = workflow(here, at_least("10001"), priority=1)
    whole = workflow(here, at_least("10000"), priority=2)

    assert chosen([half, whole], FACTS) is whole
    assert chosen([half], FACTS) is None
    assert chosen([], FACTS) is None


def test_the_oldest_of_equal_workflows_routes() -> None:
    younger, older = workflow(), workflow()
    younger.created_at = NOON + timedelta(seconds=1)

    assert chosen([younger, older], FACTS) is older


CHIEF = Approver(kind=ApproverKind.USER, user_id=new_id())


@pytest.mark.parametrize(
    ("given", "message", "path"),
    [
        (
            {"time_limit_hours": 24},
            "a step with a time limit must be optional or escalate",
            ("steps", 0, "escalation"),
        ),
        (
            {"escalation": CHIEF},
            "only a step with a time limit escalates",
            ("steps", 0, "escalation"),
        ),
        (
            {"time_limit_hours": 24, "optional": True, "escalation": CHIEF},
            "an optional step is skipped and does not escalate",
            ("steps", 0, "escalation"),
        ),
        (
            {"time_limit_hours": 0, "optional": True},
            "this must be 1 or more",
            ("steps", 0, "time_limit_hours"),
        ),
        (
            {"time_limit_hours": 24, "escalation": Approver(kind=ApproverKind.ROLE)},
            "this is needed for approvers of the kind ROLE",
            ("steps", 0, "escalation", "role_id"),
        ),
    ],
)
def test_time_limits_and_escalations_make_sense_together(
    given: dict[str, Any], message: str, path: tuple[str | int, ...]
) -> None:
    with pytest.raises(RuleBroken, match=message) as caught:
        make.approval_workflow(make.step(new_id(), **given))

    assert caught.value.path == path


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"optional": True},
        {"optional": True, "time_limit_hours": 1},
        {"time_limit_hours": 48, "escalation": CHIEF},
    ],
)
def test_steps_may_be_optional_or_escalate(given: dict[str, Any]) -> None:
    workflow = make.approval_workflow(make.step(new_id(), **given))

    assert workflow.problems() == []


def test_those_it_escalates_to_must_exist() -> None:
    workflow = make.approval_workflow(
        make.step(new_id(), time_limit_hours=1, escalation=CHIEF),
    )

    assert [(m.kind, m.path) for m in workflow.mentions()] == [
        (User, ("steps", 0, "approver", "user_id")),
        (User, ("steps", 0, "escalation", "user_id")),
    ]
