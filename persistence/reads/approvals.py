"""Approvals of documents, and the workflows that route them."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, select

from domain.approvals.conditions import DocumentType
from persistence import tables as t
from persistence.reads.kit import ORGANIZATION, Snapshot, grouped, one_of, select_row
from persistence.reads.records import SqlRecords, searched_list
from usecases.reads.approvals import ApprovalRow, ApprovalWorkflowRow

_w = t.approval_workflows
_r, _s, _a = t.approval_requests, t.approval_steps, t.approval_assignments

ACTIVE = select_row(ApprovalWorkflowRow, _w).where(one_of(_w.c.document_type), _w.c.active)
_COLUMNS: dict[str, ColumnElement[Any]] = {
    "round": _r.c.round,
    "step": _s.c.position,
    "name": _s.c.name,
    "rule": _s.c.rule,
    "optional": _s.c.optional,
    "step_status": _s.c.status,
    "due_at": _s.c.due_at,
    "approver_id": _a.c.approver_id,
    "role": _a.c.role,
    "assignment_status": _a.c.status,
    "on_behalf_of_id": _a.c.on_behalf_of_id,
    "passed_to": _a.c.passed_to,
    "comment": _a.c.comment,
    "asked_at": _a.c.asked_at,
    "decided_at": _a.c.decided_at,
}


def approvals_by(document: ColumnElement[Any]) -> Select[*tuple[Any, ...]]:
    """The approvals of documents; `document` is the column of the requests that names them."""
    columns = {"document_id": document} | _COLUMNS
    return (
        select(*(columns[name].label(name) for name in ApprovalRow._fields))
        .select_from(
            _r.join(
                _s, (_s.c.organization_id == _r.c.organization_id) & (_s.c.request_id == _r.c.id)
            ).outerjoin(
                _a, (_a.c.organization_id == _s.c.organization_id) & (_a.c.step_id == _s.c.id)
            )
        )
        .where(_r.c.organization_id == ORGANIZATION, one_of(document))
        .order_by(document, _r.c.round, _s.c.position, _a.c.id)
    )


BY_ORDER = approvals_by(_r.c.purchase_order_id)
BY_INVOICE = approvals_by(_r.c.purchase_invoice_id)


class SqlApprovals:
    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot

    async def by_order_ids(self, ids: Sequence[UUID]) -> Mapping[UUID, Sequence[ApprovalRow]]:
        rows = await self._snapshot.rows(ApprovalRow, BY_ORDER, ids=[*ids])
        return grouped(rows, by="document_id")

    async def by_invoice_ids(self, ids: Sequence[UUID]) -> Mapping[UUID, Sequence[ApprovalRow]]:
        rows = await self._snapshot.rows(ApprovalRow, BY_INVOICE, ids=[*ids])
        return grouped(rows, by="document_id")


class SqlApprovalWorkflows(SqlRecords[ApprovalWorkflowRow]):
    listed = searched_list(ApprovalWorkflowRow, _w)

    async def active(
        self, types: Sequence[DocumentType]
    ) -> Mapping[DocumentType, Sequence[ApprovalWorkflowRow]]:
        rows = await self._snapshot.rows(ApprovalWorkflowRow, ACTIVE, ids=[*types])
        return grouped(rows, by="document_type")
