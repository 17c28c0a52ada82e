"""What can be approved: a document with rounds of approval requests, each along its route."""

from abc import abstractmethod
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar, Protocol
from uuid import UUID

from domain.approvals.conditions import DocumentType, RoutingFacts
from domain.approvals.requests import ApprovalRequest, Decision, RequestStatus
from domain.callers import Caller
from domain.kit import checks
from domain.kit.aggregate import Aggregate
from domain.kit.errors import DomainError, Forbidden, raise_first
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
    approvers, `approve`, `reject`, `request_changes` and `recall`.
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

    def approve(self, by: Caller, at: datetime, comment: str | None = None) -> None:
        self.require("approve", by)
        step, request = self._decide(Decision.APPROVED, by, at, comment)
        said: dict[str, Any] = {"step": step, "round": request.round, "comment": comment}
        if request.status is RequestStatus.APPROVED:
            self._approved(at, **said)
        else:
            self._move("approve", "step_approved", at, self.status, **said)

    def reject(self, by: Caller, at: datetime, reason: str, former: Any = None) -> None:
        """Refuse it; of an amendment, `former` is what holds again."""
        self.require("reject", by)
        check_reason(reason)
        step, request = self._decide(Decision.REJECTED, by, at, reason)
        back = self._back(former)
        self._move("reject", "rejected", at, back, step=step, round=request.round, reason=reason)

    def request_changes(self, by: Caller, at: datetime, comment: str, former: Any = None) -> None:
        """Send it back; of an amendment, `former` is what holds again."""
        self.require("request_changes", by)
        check_reason(comment, "comment")
        step, request = self._decide(Decision.CHANGES_REQUESTED, by, at, comment)
        self._move(
            "request_changes",
            "changes_requested",
            at,
            self._back(former),
            step=step,
            round=request.round,
            comment=comment,
        )

    def recall(self, by: Caller, at: datetime, former: Any = None) -> None:
        """Take it back; of an amendment, `former` is what holds again."""
        self.require("recall", by)
        self._withdraw(at)
        self._move("recall", "recalled", at, self._back(former))

    # Inside

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

    def _move(
        self, action: str, past: str, at: datetime, target: StrEnum | None = None, **details: Any
    ) -> None:
        before, self.status = self.status, self.lifecycle.after(self.status, action, target)
        request = self.current_request
        self.pending_approver_ids = request.pending_approver_ids if request else []
        changes = {"status": (before, self.status)} if before != self.status else {}
        self._record(past, at, changes, **details)

    def _decide(
        self, decision: Decision, by: Caller, at: datetime, comment: str | None
    ) -> tuple[int, ApprovalRequest]:
        """The step that was decided, and the round it belongs to."""
        raise_first(checks.found(checks.text(comment, ("comment",), most=MOST_SAID)))
        request = self.approval_requests[-1]
        return request.decide(by.user_id, decision, at, comment).position, request

    def _withdraw(self, at: datetime) -> None:
        if (request := self.current_request) is not None:
            request.withdraw(at)


def check_reason(reason: str, name: str = "reason") -> None:
    """Raises RuleBroken when nothing is said, or too much."""
    raise_first(checks.found(checks.text(reason, (name,), most=MOST_SAID, required=True)))
