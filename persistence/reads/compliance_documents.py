"""Compliance documents, their types, and what is asked of them today."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import Boolean, Date, Text, Uuid, and_, bindparam, func, literal, not_, or_, select
from sqlalchemy import true as yes
from sqlalchemy.dialects.postgresql import ARRAY

from domain.compliance_documents import DocumentStatus
from persistence import tables as t
from persistence.reads.days import TODAY
from persistence.reads.kit import ORGANIZATION, Snapshot, keyed, one_of, select_row
from persistence.reads.lists import Filter, Listed, contains, ordering
from persistence.reads.records import SqlRecords, searched_list
from usecases.reads.compliance_documents import (
    ComplianceDocumentFilter,
    ComplianceDocumentOrder,
    ComplianceDocumentRow,
    ComplianceDocumentSort,
    ComplianceDocumentTypeRow,
    GoingByType,
)
from usecases.reads.kit import Listing, Page, Whole

_d, _t, _c, _w = t.compliance_documents, t.compliance_document_types, t.customers, t.workers

# As `status_on` of the domain has it, by columns that are kept, so that indexes find them.
_COUNTS = _d.c.number.is_not(None) & _d.c.revoked_at.is_(None)
_EXPIRING = _COUNTS & (_d.c.renews_on <= TODAY) & (_d.c.expires_on >= TODAY)
STATUSES = {
    DocumentStatus.MISSING: _d.c.number.is_(None),
    DocumentStatus.REVOKED: _d.c.number.is_not(None) & _d.c.revoked_at.is_not(None),
    DocumentStatus.EXPIRED: _COUNTS & (_d.c.expires_on < TODAY),
    DocumentStatus.EXPIRING: _EXPIRING,
    DocumentStatus.VALID: _COUNTS & ((_d.c.renews_on > TODAY) | _d.c.renews_on.is_(None)),
}
_ASKED = bindparam("status", type_=ARRAY(Text))
_HAS_STATUS = or_(
    *(
        and_(literal(status.value, Text) == func.any(_ASKED), holds)
        for status, holds in STATUSES.items()
    )
)
_SOON = bindparam("expiring_soon", type_=Boolean)

DOCUMENTS = Listed(
    ComplianceDocumentRow,
    select_row(
        ComplianceDocumentRow,
        _d,
        type_name=_t.c.name,
        type_name_ar=_t.c.name_ar,
        type_shrkity_id=_t.c.shrkity_id,
        company_shrkity_id=_c.c.shrkity_id,
        worker_shrkity_id=_w.c.shrkity_id,
        renewal_window_days=func.coalesce(_d.c.renewal_window_days, _t.c.renewal_window_days),
        today=TODAY,
    ).select_from(
        _d.join(_t, (_t.c.organization_id == _d.c.organization_id) & (_t.c.id == _d.c.type_id))
        .join(_c, (_c.c.organization_id == _d.c.organization_id) & (_c.c.id == _d.c.company_id))
        .outerjoin(_w, (_w.c.organization_id == _d.c.organization_id) & (_w.c.id == _d.c.worker_id))
    ),
    _d,
    {
        "company_id": Filter(_d.c.company_id == bindparam("company_id", type_=Uuid)),
        "worker_id": Filter(_d.c.worker_id == bindparam("worker_id", type_=Uuid)),
        "type_id": Filter(_d.c.type_id == bindparam("type_id", type_=Uuid)),
        "status": Filter(_HAS_STATUS, list),
        "expiring_soon": Filter(
            and_(_SOON, _EXPIRING) | and_(not_(_SOON), _EXPIRING.is_not(yes()))
        ),
        "expires_from": Filter(_d.c.expires_on >= bindparam("expires_from", type_=Date)),
        "expires_to": Filter(_d.c.expires_on <= bindparam("expires_to", type_=Date)),
        "search": contains(_d.c.searched),
    },
    {
        ComplianceDocumentSort.CREATED_AT: ordering(_d, "created_at", "id"),
        ComplianceDocumentSort.EXPIRES_ON: ordering(_d, "ends_on", "id"),
    },
)
GOING_BY_TYPE = select(_d.c.id, _d.c.type_id).where(
    _d.c.organization_id == ORGANIZATION,
    one_of(_d.c.type_id),
    _d.c.renewal_window_days.is_(None),
    _d.c.expires_on.is_not(None),
)


class SqlComplianceDocumentTypes(SqlRecords[ComplianceDocumentTypeRow]):
    listed = searched_list(ComplianceDocumentTypeRow, _t)


class SqlComplianceDocuments:
    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot

    async def by_ids(self, ids: Sequence[UUID]) -> Mapping[UUID, ComplianceDocumentRow]:
        return keyed(await self._snapshot.rows(ComplianceDocumentRow, DOCUMENTS.by_ids, ids=[*ids]))

    async def going_by_type_ids(self, ids: Sequence[UUID]) -> Mapping[UUID, Sequence[GoingByType]]:
        return await self._snapshot.groups(GoingByType, GOING_BY_TYPE, ids=[*ids])

    async def by_company_ids(
        self,
        ids: Sequence[UUID],
        *,
        filter: ComplianceDocumentFilter = ComplianceDocumentFilter(),
        order_by: ComplianceDocumentOrder = ComplianceDocumentOrder(),
        first: int = 50,
        after: str | None = None,
    ) -> Mapping[UUID, Page[ComplianceDocumentRow]]:
        return await DOCUMENTS.pages(
            self._snapshot, "company_id", ids, filter, order_by, first, after
        )

    async def by_worker_ids(
        self,
        ids: Sequence[UUID],
        *,
        filter: ComplianceDocumentFilter = ComplianceDocumentFilter(),
        order_by: ComplianceDocumentOrder = ComplianceDocumentOrder(),
        first: int = 50,
        after: str | None = None,
    ) -> Mapping[UUID, Page[ComplianceDocumentRow]]:
        return await DOCUMENTS.pages(
            self._snapshot, "worker_id", ids, filter, order_by, first, after
        )

    async def all(
        self,
        whole: Sequence[Whole],
        *,
        filter: ComplianceDocumentFilter = ComplianceDocumentFilter(),
        order_by: ComplianceDocumentOrder = ComplianceDocumentOrder(),
        first: int = 50,
        after: str | None = None,
    ) -> Mapping[Whole, Page[ComplianceDocumentRow]]:
        page = await DOCUMENTS.page(self._snapshot, filter, order_by, first, after)
        return dict.fromkeys(whole, page)

    async def numbered(
        self,
        filter: ComplianceDocumentFilter,
        order_by: ComplianceDocumentOrder,
        *,
        offset: int,
        limit: int,
    ) -> Sequence[ComplianceDocumentRow]:
        found = DOCUMENTS.numbered(self._snapshot, filter, order_by, offset=offset, limit=limit)
        return await found

    async def counts(self, listings: Sequence[Listing]) -> Mapping[Listing, int]:
        return await DOCUMENTS.counts(self._snapshot, listings)
