"""The way that documents would go if they were submitted now."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple, Protocol
from uuid import UUID

from domain.approvals.conditions import ConditionField, ConditionOperator
from domain.approvals.steps import StepRule
from domain.kit.errors import RuleBroken
from domain.kit.money import Money


class Named(NamedTuple):
    """A record that a condition looks at, or looks for."""

    prefix: str
    id: UUID
    name: str
    name_ar: str | None


class PreviewConditionRow(NamedTuple):
    """A condition of a step, and what the document has of it.

    `found` is the document's amount, or the record that it names; `wanted` is what it is compared
    with: the amount, or records.
    """

    field: ConditionField
    operator: ConditionOperator
    values: list[str]
    holds: bool
    found: Money | Named | None
    wanted: Money | tuple[Named, ...]


class PreviewApproverRow(NamedTuple):
    user_id: UUID
    role: str
    on_behalf_of_id: UUID | None


class PreviewStepRow(NamedTuple):
    position: int
    name: str
    needed: bool
    rule: StepRule
    optional: bool
    time_limit_hours: int | None
    conditions: list[PreviewConditionRow]
    approvers: list[PreviewApproverRow]
    escalation: list[PreviewApproverRow]


class ApprovalPreviewRow(NamedTuple):
    """`workflow_id` is None when no workflow matches: it would be approved at once."""

    workflow_id: UUID | None
    steps: list[PreviewStepRow]
    broken: list[RuleBroken]

    @property
    def approved_at_once(self) -> bool:
        return not any(step.needed for step in self.steps)


class ApprovalPreviews(Protocol):
    async def by_order_ids(self, ids: Sequence[UUID]) -> Mapping[UUID, ApprovalPreviewRow]:
        """Of those that are drafts."""
