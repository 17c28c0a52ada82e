"""Approvals of documents, and the workflows that route them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple, Protocol
from uuid import UUID

from domain.approvals.conditions import Condition, DocumentType
from domain.approvals.steps import AssignmentStatus, StepRule, StepStatus
from domain.approvals.workflows import WorkflowStep
from usecases.reads.kit import Listing, Page, Whole


class ApprovalStatus(StrEnum):
    """How one approver's part of a step stands.

    WAITING: an earlier step comes first. SUPERSEDED: the step was decided by others, or the round
    ended before. DELEGATED and ESCALATED: it was handed on. SKIPPED: the step was not needed, or
    was optional and went on without it.
    """

    WAITING = "WAITING"
    PENDING = "PENDING"
    APPROVED = "APPROVED"
    REJECTED = "REJECTED"
    CHANGES_REQUESTED = "CHANGES_REQUESTED"
    DELEGATED = "DELEGATED"
    ESCALATED = "ESCALATED"
    SUPERSEDED = "SUPERSEDED"
    SKIPPED = "SKIPPED"


class ApprovalRow(NamedTuple):
    """One approver of one step of one round; a step that was not needed has no approver."""

    document_id: UUID
    round: int
    step: int
    name: str
    rule: StepRule
    optional: bool
    step_status: StepStatus
    due_at: datetime | None
    approver_id: UUID | None
    role: str | None
    assignment_status: AssignmentStatus | None
    on_behalf_of_id: UUID | None
    passed_to: list[UUID] | None
    comment: str | None
    asked_at: datetime | None
    decided_at: datetime | None

    @property
    def passed_to_ids(self) -> tuple[UUID, ...] | None:
        """A key to look up several users by; None when it was not handed on."""
        return tuple(self.passed_to) if self.passed_to else None

    @property
    def status(self) -> ApprovalStatus:
        if self.step_status is StepStatus.WAITING or self.assignment_status is None:
            return ApprovalStatus(self.step_status)
        if self._went_on_without:
            return ApprovalStatus.SKIPPED
        return ApprovalStatus(self.assignment_status)

    @property
    def _went_on_without(self) -> bool:
        """Asked, but nobody had to wait for the answer (fact W-73)."""
        undecided = self.assignment_status is AssignmentStatus.SUPERSEDED
        passed_by = self.step_status is StepStatus.SKIPPED and self.asked_at is not None
        return self.optional and undecided and passed_by


class ApprovalWorkflowRow(NamedTuple):
    id: UUID
    version: int
    name: str
    document_type: DocumentType
    priority: int
    active: bool
    conditions: list[Condition]
    steps: list[WorkflowStep]
    created_at: datetime


class Approvals(Protocol):
    async def by_order_ids(self, ids: Sequence[UUID]) -> Mapping[UUID, Sequence[ApprovalRow]]: ...

    async def by_invoice_ids(self, ids: Sequence[UUID]) -> Mapping[UUID, Sequence[ApprovalRow]]: ...


class ApprovalWorkflows(Protocol):
    async def by_ids(self, ids: Sequence[UUID]) -> Mapping[UUID, ApprovalWorkflowRow]: ...

    async def active(
        self, types: Sequence[DocumentType]
    ) -> Mapping[DocumentType, Sequence[ApprovalWorkflowRow]]:
        """Every workflow that may route a document of each type."""

    async def all(
        self,
        whole: Sequence[Whole],
        *,
        search: str | None = None,
        first: int = 50,
        after: str | None = None,
    ) -> Mapping[Whole, Page[ApprovalWorkflowRow]]: ...

    async def counts(self, listings: Sequence[Listing]) -> Mapping[Listing, int]: ...
