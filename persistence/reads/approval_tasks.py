"""What waits for an approver, and what time does to it, whatever kind of document it is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Integer,
    Table,
    any_,
    bindparam,
    case,
    func,
    literal_column,
    or_,
    select,
    union,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.types import Text, Uuid

from domain.approvals.conditions import DocumentType
from domain.approvals.delegations import DECIDED_WITH
from persistence import tables as t
from persistence.reads.delegations import HOLDS
from persistence.reads.kit import ORGANIZATION, Snapshot
from persistence.reads.lists import Filter, Fixed, Listed, Ordering
from persistence.tables.metadata import Moment
from usecases.reads.approval_tasks import ApprovalTaskFilter, ApprovalTaskRow, DocumentKey
from usecases.reads.kit import Listing, Page, Whole

_a, _s, _r = t.approval_assignments, t.approval_steps, t.approval_requests
_d, _u = t.delegations, t.users

# Where each kind of document is kept, and the column of the requests that names it.
DOCUMENTS: dict[DocumentType, tuple[Table, ColumnElement[Any]]] = {
    DocumentType.PURCHASE_ORDER: (t.purchase_orders, _r.c.purchase_order_id),
    DocumentType.PURCHASE_INVOICE: (t.purchase_invoices, _r.c.purchase_invoice_id),
}


def _word(word: str) -> ColumnElement[str]:
    """A word of ours in the statement itself, so that planning knows it."""
    return literal_column(f"'{word}'", Text)


_TYPE = case(*((column.is_not(None), _word(type)) for type, (_, column) in DOCUMENTS.items()))
_ID = func.coalesce(*(column for _, column in DOCUMENTS.values()))
_ROUTE = (_s.c.organization_id == _r.c.organization_id) & (_s.c.request_id == _r.c.id)
_ASKED = (_a.c.organization_id == _s.c.organization_id) & (_a.c.step_id == _s.c.id)
_WAITS = (_a.c.status == _word("PENDING")) & _a.c.asked_at.is_not(None)
_of_type = (
    select(_r.c.id)
    .join_from(_r, _s, _ROUTE)
    .where(
        _s.c.organization_id == _a.c.organization_id,
        _s.c.id == _a.c.step_id,
        any_(bindparam("document_types", type_=ARRAY(Text))) == _TYPE,
    )
    .correlate(_a)
)
_COLUMNS: dict[str, ColumnElement[Any]] = {
    "id": _a.c.id,
    "document_type": _TYPE,
    "document_id": _ID,
    "round": _r.c.round,
    "step": _s.c.position,
    "name": _s.c.name,
    "role": _a.c.role,
    "rule": _s.c.rule,
    "asked_at": _a.c.asked_at,
    "due_at": _s.c.due_at,
    "on_behalf_of_id": _a.c.on_behalf_of_id,
}
TASKS = Listed(
    ApprovalTaskRow,
    select(*(_COLUMNS[name].label(name) for name in ApprovalTaskRow._fields))
    .select_from(_a.join(_s, _ASKED).join(_r, _ROUTE))
    .where(_a.c.organization_id == ORGANIZATION, _WAITS),
    _a,
    {
        "awaiting_user_id": Filter(_a.c.approver_id == bindparam("awaiting_user_id", type_=Uuid)),
        "document_types": Filter(_of_type.exists(), list),
    },
    {None: Ordering(("asked_at", "id"), (_a.c.asked_at, _a.c.id))},
    _WAITS,
)


@dataclass(frozen=True)
class Inbox:
    """The filter that an approver gives, and whose inbox it is."""

    awaiting_user_id: UUID
    document_types: tuple[DocumentType, ...] | None


_KEY = (_TYPE.label("type"), _ID.label("id"))
_OVERDUE = (
    select(*_KEY)
    .join_from(_r, _s, _ROUTE)
    .where(
        _r.c.organization_id == ORGANIZATION,
        _s.c.status == _word("PENDING"),
        _s.c.due_at <= bindparam("at", type_=Moment),
    )
)
_NEEDED = case(*((_word(type) == _TYPE, _word(DECIDED_WITH[type])) for type in DOCUMENTS))
_CREATOR = func.coalesce(*(table.c.created_by_id for table, _ in DOCUMENTS.values()))
_other = _a.alias("other")


def _delegable() -> Any:
    """Steps with an approver whose deputy may be asked instead: the rules of routing, as SQL."""
    holder = (
        select(t.roles.c.id)
        .where(
            t.roles.c.organization_id == _u.c.organization_id,
            t.roles.c.id == any_(_u.c.role_ids),
            any_(t.roles.c.permissions) == _NEEDED,
        )
        .correlate(_u, _r)
    )
    asked_too = (
        select(_other.c.id)
        .where(
            _other.c.organization_id == _a.c.organization_id,
            _other.c.step_id == _a.c.step_id,
            _other.c.approver_id == _d.c.to_user_id,
        )
        .correlate(_a, _d)
    )
    tables: Any = (
        _d.join(
            _a,
            (_a.c.organization_id == _d.c.organization_id)
            & (_a.c.approver_id == _d.c.from_user_id),
        )
        .join(_s, _ASKED)
        .join(_r, _ROUTE)
        .join(_u, (_u.c.organization_id == _d.c.organization_id) & (_u.c.id == _d.c.to_user_id))
        .join(t.organizations, t.organizations.c.organization_id == _d.c.organization_id)
    )
    for table, column in DOCUMENTS.values():
        theirs = (table.c.organization_id == _r.c.organization_id) & (table.c.id == column)
        tables = tables.outerjoin(table, theirs)
    return (
        select(*_KEY)
        .select_from(tables)
        .where(
            _d.c.organization_id == ORGANIZATION,
            HOLDS,
            _u.c.active,
            _WAITS,
            _a.c.on_behalf_of_id.is_(None),
            _s.c.status == _word("PENDING"),
            or_(
                func.cardinality(_d.c.document_types) == literal_column("0"),
                any_(_d.c.document_types) == _TYPE,
            ),
            or_(t.organizations.c.own_approval, _d.c.to_user_id != _CREATOR),
            holder.exists(),
            ~asked_too.exists(),
        )
    )


DUE = union(_OVERDUE, _delegable()).limit(bindparam("most", type_=Integer))


class SqlApprovalTasks:
    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot

    async def by_user_ids(
        self,
        ids: Sequence[UUID],
        *,
        filter: ApprovalTaskFilter = ApprovalTaskFilter(),
        first: int = 50,
        after: str | None = None,
    ) -> Mapping[UUID, Page[ApprovalTaskRow]]:
        return {
            id: await TASKS.page(
                self._snapshot, Inbox(id, filter.document_types), Fixed(), first, after
            )
            for id in ids  # the viewer alone, in all there is
        }

    async def counts(self, listings: Sequence[Listing]) -> Mapping[Listing, int]:
        return await TASKS.counts(self._snapshot, listings)

    async def due(
        self, whole: Sequence[Whole], at: datetime, most: int
    ) -> Mapping[Whole, Sequence[DocumentKey]]:
        found = await self._snapshot.rows(DocumentKey, DUE, at=at, most=most)
        return dict.fromkeys(whole, found)
