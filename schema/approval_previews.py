"""The way a draft would go if it were submitted now, and why."""

from collections.abc import Mapping

import strawberry

from domain.approvals.conditions import ConditionField, ConditionOperator
from domain.approvals.steps import StepRule
from domain.callers import Caller, Locale, Permission
from domain.kit.money import Money
from schema.approvals import ApprovalWorkflow
from schema.kit.errors import UserError
from schema.kit.ids import to_public
from schema.kit.relations import computed, related
from schema.kit.views import plain, view_of
from schema.users import User
from usecases import formats
from usecases.messages import said, translate
from usecases.reads.approval_previews import (
    ApprovalPreviewRow,
    Named,
    PreviewApproverRow,
    PreviewConditionRow,
    PreviewStepRow,
)

# What a document has, said so that it explains whether the condition holds.
_AT_LEAST = said("The amount, {amount}, is at least {limit}.")
_BELOW = said("The amount, {amount}, is below {limit}.")
_AMONG = {
    ConditionField.DEPARTMENT: said("The department, {name}, is one of these: {names}."),
    ConditionField.PROJECT: said("The project, {name}, is one of these: {names}."),
    ConditionField.SUPPLIER: said("The supplier, {name}, is one of these: {names}."),
}
_OUTSIDE = {
    ConditionField.DEPARTMENT: said("The department, {name}, is none of these: {names}."),
    ConditionField.PROJECT: said("The project, {name}, is none of these: {names}."),
    ConditionField.SUPPLIER: said("The supplier, {name}, is none of these: {names}."),
}
_WITHOUT = {
    ConditionField.DEPARTMENT: said("There is no department, so it is none of these: {names}."),
    ConditionField.PROJECT: said("There is no project, so it is none of these: {names}."),
    ConditionField.SUPPLIER: said("There is no supplier, so it is none of these: {names}."),
}
_READ: Mapping[ConditionField, Permission] = {
    ConditionField.DEPARTMENT: Permission.DEPARTMENTS_READ,
    ConditionField.PROJECT: Permission.PROJECTS_READ,
    ConditionField.SUPPLIER: Permission.SUPPLIERS_READ,
}


def sentence_of(row: PreviewConditionRow, caller: Caller) -> str:
    """Why the condition holds or does not; ids for what the caller may not read."""
    if isinstance(row.wanted, Money):
        at_least = row.holds == (row.operator is ConditionOperator.AT_LEAST)
        amounts = {"amount": _money(row.found, caller), "limit": _money(row.wanted, caller)}
        return translate(_AT_LEAST if at_least else _BELOW, caller.locale, amounts)
    names = ", ".join(_name(each, row.field, caller) for each in row.wanted)
    if not isinstance(row.found, Named):
        return translate(_WITHOUT[row.field], caller.locale, {"names": names})
    among = row.holds == (row.operator is ConditionOperator.IN)
    given = {"name": _name(row.found, row.field, caller), "names": names}
    return translate((_AMONG if among else _OUTSIDE)[row.field], caller.locale, given)


def _money(value: Money | Named | None, caller: Caller) -> str:
    if not isinstance(value, Money):
        raise TypeError(type(value))
    return formats.money(value.amount, value.currency, value.minor_units, caller.locale)


def _name(value: Named, field: ConditionField, caller: Caller) -> str:
    if caller.may(_READ[field]) is not None:
        return to_public(value.prefix, value.id)
    return (value.name_ar if caller.locale is Locale.AR else None) or value.name


def problems_of(row: ApprovalPreviewRow, caller: Caller) -> list[UserError]:
    return [UserError.of(each, caller) for each in row.broken]


@view_of(PreviewConditionRow)
@strawberry.type(description="A condition of a step, and whether it holds.")
class ApprovalPreviewCondition:
    field: ConditionField = plain("What it looks at.")
    operator: ConditionOperator = plain("How it compares.")
    values: list[str] = plain("An amount, or ids.")
    holds: bool = plain("Whether it holds.")
    sentence: str = computed(sentence_of, "Why, in the language of Accept-Language.")


@view_of(PreviewApproverRow)
@strawberry.type(description="Somebody who would be asked.")
class ApprovalPreviewApprover:
    user: User | None = related(
        "user_id", lambda read: read.users.by_ids, "Who.", needs=Permission.USERS_READ
    )
    role: str = plain("As what.")
    on_behalf_of: User | None = related(
        "on_behalf_of_id",
        lambda read: read.users.by_ids,
        "In whose place.",
        needs=Permission.USERS_READ,
    )


@view_of(PreviewStepRow)
@strawberry.type(description="A step of the route, needed or not.")
class ApprovalPreviewStep:
    position: int = plain("1, 2, 3, … along the route.")
    name: str = plain("What the step is called.")
    needed: bool = plain("Whether all of its conditions hold; it is skipped otherwise.")
    conditions: list[ApprovalPreviewCondition] = plain("Why it is needed or not; always, without.")
    rule: StepRule = plain("Whose agreement it takes.")
    optional: bool = plain("Whether the route goes on without it when its time is up.")
    time_limit_hours: int | None = plain("How long its approvers have; without it, forever.")
    approvers: list[ApprovalPreviewApprover] = plain("Who would be asked, if it began now.")
    escalation: list[ApprovalPreviewApprover] = plain("Who is asked when the time is up.")


@view_of(ApprovalPreviewRow)
@strawberry.type(description="Which way a draft would go if it were submitted now.")
class ApprovalPreview:
    workflow: ApprovalWorkflow | None = related(
        "workflow_id",
        lambda read: read.approval_workflows.by_ids,
        "What routes it; null when nothing does.",
        needs=Permission.APPROVAL_WORKFLOWS_READ,
    )
    approved_at_once: bool = plain("Whether nobody has to agree.")
    steps: list[ApprovalPreviewStep] = plain("One after the other.")
    problems: list[UserError] = computed(
        problems_of, "Why submitting would be refused: steps that nobody can decide."
    )
