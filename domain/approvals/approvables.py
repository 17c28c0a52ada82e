"""What can be approved: a document with rounds of approval requests, each along its route."""

from abc import abstractmethod
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar, Protocol
from uuid import UUID

from domain.approvals.conditions import DocumentType, RoutingFacts
from domain.approvals.requests import ApprovalRequest, RequestStatus
from domain.approvals.steps import (
    NOBODY,
    ApprovalStep,
    AssignmentStatus,
    Decision,
    Delegated,
    Deputies,
    StepStatus,
)
from domain.callers import Caller
from domain.kit import checks
from domain.kit.aggregate import Aggregate, Changes
from domain.kit.errors import DomainError, Forbidden, RuleBroken, raise_first
from domain.kit.lifecycle import Lifecycle

MOST_SAID = 2000  # characters of a comment or reason


class Awaiting(Protocol):
    """What the guards look at: the document has it, and so has its row."""

    @property
    def created_by_id(self) -> UUID: ...
    @property
    def pending_approver_ids(self) -> list[UUID]: ...


def by_pending_approver(document: Awaiting, by: Caller) -> DomainError | None:
    """Fact W-47; routing has left the creator out unless the organization allows it (W-71)."""
    if by.user_id in document.pending_approver_ids:
        return None
    if by.user_id == document.created_by_id:
        return Forbidden("nobody approves what they created")
    return Forbidden("the current step does not wait for you")


def by_creator(document: Awaiting, by: Caller) -> DomainError | None:
    if by.user_id == document.created_by_id:
        return None
    return Forbidden("only the creator recalls a document")


@dataclass(kw_only=True, eq=False)
class Approvable(Aggregate):
    """`pending_approver_ids` is kept beside what it is derived from, because lists look at it.

    Its lifecycle has the moves `submit`, whose first target is the status of waiting for
    approvers, `approve`, `reject`, `request_changes`, `delegate` and `recall`.
    """

    lifecycle: ClassVar[Lifecycle[Any]]
    document_type: ClassVar[DocumentType]

    status: StrEnum
    created_by_id: UUID
    pending_approver_ids: list[UUID] = field(default_factory=list)
    approval_requests: list[ApprovalRequest] = field(default_factory=list)

    @property
    @abstractmethod
    def routing_facts(self) -> RoutingFacts:
        """What routing looks at, as the document is now."""

    @property
    def rounds(self) -> int:
        return len(self.approval_requests)

    @property
    def current_request(self) -> ApprovalRequest | None:
        newest = self.approval_requests[-1] if self.approval_requests else None
        return newest if newest and newest.status is RequestStatus.PENDING else None

    def require(self, action: str, by: Caller) -> None:
        raise_first(self.lifecycle.blockers(self, action, by))

    # What approvers do, and the creator

    def approve(
        self, by: Caller, at: datetime, comment: str | None = None, deputies: Deputies = NOBODY
    ) -> None:
        """Agree; `deputies` stand in for approvers of the step that may come next."""
        self.require("approve", by)
        step, request = self._decide(Decision.APPROVED, by, at, comment, deputies)
        said = _place(step, request) | {"comment": comment}
        if request.status is RequestStatus.APPROVED:
            self._approved(at, **said)
            return
        past = "step_approved" if step.status is StepStatus.APPROVED else "approval_given"
        self._move("approve", past, at, self.status, **said)
        if request.current is not step:
            self._tell_of_deputies(at)

    def reject(self, by: Caller, at: datetime, reason: str, former: Any = None) -> None:
        """Refuse it; of an amendment, `former` is what holds again."""
        self.require("reject", by)
        check_reason(reason)
        step, request = self._decide(Decision.REJECTED, by, at, reason)
        said = _place(step, request) | {"reason": reason}
        if step.status is StepStatus.PENDING:
            self._move("reject", "rejection_given", at, self.status, **said)
        else:
            self._move("reject", "rejected", at, self._back(former), **said)

    def request_changes(self, by: Caller, at: datetime, comment: str, former: Any = None) -> None:
        """Send it back; of an amendment, `former` is what holds again."""
        self.require("request_changes", by)
        check_reason(comment, "comment")
        step, request = self._decide(Decision.CHANGES_REQUESTED, by, at, comment)
        said = _place(step, request) | {"comment": comment}
        self._move("request_changes", "changes_requested", at, self._back(former), **said)

    def delegate(
        self,
        to_user_id: UUID,
        by: Caller,
        at: datetime,
        comment: str | None = None,
        *,
        own_approval: bool = False,
    ) -> None:
        """Hand on what is asked of `by`; the use case has checked that `to_user_id` may decide."""
        self.require("delegate", by)
        check_reason(comment, "comment", required=False)
        request = self.approval_requests[-1]
        step = request.current_step()
        if step.involves(to_user_id):
            raise RuleBroken("this user is in the step already", path=("to_user_id",))
        if to_user_id == self.created_by_id and not own_approval:
            raise RuleBroken("nobody approves what they created", path=("to_user_id",))
        step.delegate(by.user_id, to_user_id, at, comment)
        handed_on = {"from_user_id": str(by.user_id), "to_user_id": str(to_user_id)}
        said = _place(step, request) | handed_on
        self._move("delegate", "step_delegated", at, **said, comment=comment)

    def recall(self, by: Caller, at: datetime, former: Any = None) -> None:
        """Take it back; of an amendment, `former` is what holds again."""
        self.require("recall", by)
        self._withdraw(at)
        self._move("recall", "recalled", at, self._back(former))

    # What time does

    def move_on(
        self, at: datetime, deputies: Deputies = NOBODY, gone: Collection[UUID] = ()
    ) -> None:
        """Do what is due by now: skip or escalate an overdue step, and let deputies stand in.

        `gone` are users who cannot be asked any more. Nothing happens when nothing is due.
        """
        request = self.current_request
        if request is None:
            return
        step = request.current_step()
        if step.due_at is not None and step.due_at <= at:
            if step.optional and (self._may_pass or request.later_approver_ids):
                self._skip(step, request, at, deputies)
                return
            to = step.escalate(at, gone)
            past = "step_escalated" if to else "step_overdue"
            self._note(past, at, **_place(step, request), to_user_ids=[*map(str, to)])
        for delegated in step.delegate_standing(deputies, at):
            self._tell_of(delegated, step, request, at)

    # Inside

    @property
    def _may_pass(self) -> bool:
        """Whether an optional last step that runs out of time leaves it approved."""
        return True

    @abstractmethod
    def _approved(self, at: datetime, **details: Any) -> None:
        """The last approver agreed, or none was needed: move on, with `details` on record."""

    def _back(self, _former: Any) -> StrEnum | None:
        """Where a refusal leads, when not to the first target of the move."""
        return None

    def _route(self, request: ApprovalRequest | None, at: datetime) -> None:
        """Send it to its approvers; without any it is approved at once (fact W-46)."""
        if request is not None:
            self.approval_requests.append(request)
        self._move("submit", "submitted", at)
        if request is None or request.status is RequestStatus.APPROVED:
            self._approved(at, no_approval_required=True)
        self._tell_of_deputies(at)

    def _move(
        self,
        action: str,
        past: str,
        at: datetime,
        target: StrEnum | None = None,
        changes: Changes | None = None,
        **details: Any,
    ) -> None:
        before, self.status = self.status, self.lifecycle.after(self.status, action, target)
        request = self.current_request
        self.pending_approver_ids = request.pending_approver_ids if request else []
        of_status = {"status": (before, self.status)} if before != self.status else {}
        self._record(past, at, of_status | dict(changes or {}), **details)

    def _decide(
        self,
        decision: Decision,
        by: Caller,
        at: datetime,
        comment: str | None,
        deputies: Deputies = NOBODY,
    ) -> tuple[ApprovalStep, ApprovalRequest]:
        """The step that was decided, or still waits for others, and the round it belongs to."""
        check_reason(comment, "comment", required=False)
        request = self.approval_requests[-1]
        return request.decide(by.user_id, decision, at, comment, deputies), request

    def _skip(
        self, step: ApprovalStep, request: ApprovalRequest, at: datetime, deputies: Deputies
    ) -> None:
        request.skip(at, deputies)
        self._note("step_skipped", at, **_place(step, request))
        if request.status is RequestStatus.APPROVED:
            self._approved(at, **_place(step, request))
        self._tell_of_deputies(at)

    def _tell_of_deputies(self, at: datetime) -> None:
        """A step has just begun: record who stands in for whom."""
        if (request := self.current_request) is None:
            return
        step = request.current_step()
        for each in step.assignments:
            if each.status is AssignmentStatus.DELEGATED:
                [to] = each.passed_to
                self._tell_of(Delegated(each.approver_id, to), step, request, at)

    def _tell_of(
        self, each: Delegated, step: ApprovalStep, request: ApprovalRequest, at: datetime
    ) -> None:
        handed_on = {"from_user_id": str(each.by), "to_user_id": str(each.to)}
        self._note("step_delegated", at, **_place(step, request), **handed_on, standing=True)

    def _note(self, past: str, at: datetime, **details: Any) -> None:
        """Something happened on the route that leaves the document's status alone."""
        request = self.current_request
        self.pending_approver_ids = request.pending_approver_ids if request else []
        self._record(past, at, **details)

    def _withdraw(self, at: datetime) -> None:
        if (request := self.current_request) is not None:
            request.withdraw(at)


def _place(step: ApprovalStep, request: ApprovalRequest) -> dict[str, Any]:
    return {"step": step.position, "round": request.round}


def check_reason(reason: str | None, name: str = "reason", *, required: bool = True) -> None:
    """Raises RuleBroken when nothing is said although it is required, or too much."""
    raise_first(checks.found(checks.text(reason, (name,), most=MOST_SAID, required=required)))
