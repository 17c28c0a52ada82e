"""Whom orders are for, as far as their eligibility goes."""

from collections.abc import Mapping, Sequence

from sqlalchemy import ARRAY, Date, Uuid, bindparam, column, exists, func, or_, select

from domain.connection_requests import ConnectionStatus
from persistence import tables as t
from persistence.reads.kit import ORGANIZATION, Snapshot, maker
from usecases.reads.applicants import ApplicantKey, ApplicantRow

_c, _w, _r, _d = t.customers, t.workers, t.connection_requests, t.compliance_documents
_k = (
    func.unnest(
        bindparam("customer_ids", type_=ARRAY(Uuid)),
        bindparam("worker_ids", type_=ARRAY(Uuid)),
        bindparam("days", type_=ARRAY(Date)),
    )
    .table_valued(column("customer_id", Uuid), column("worker_id", Uuid), column("day", Date))
    .render_derived(name="wanted")
)
_connected = exists().where(
    _r.c.organization_id == _c.c.organization_id,
    _r.c.client_id == func.coalesce(_c.c.client_id, _c.c.id),
    _r.c.status == ConnectionStatus.ACTIVE,
)
_worker_fits = exists().where(
    _w.c.organization_id == _c.c.organization_id,
    _w.c.id == _k.c.worker_id,
    _w.c.company_id == _c.c.id,
    _w.c.removed_at.is_(None),
)
_in_force = (
    select(_d.c.type_id)
    .distinct()
    .where(
        _d.c.organization_id == _c.c.organization_id,
        _d.c.company_id == _c.c.id,
        or_(_d.c.worker_id.is_(None), _d.c.worker_id == _k.c.worker_id),
        _d.c.number.is_not(None),
        _d.c.revoked_at.is_(None),
        or_(_d.c.expires_on.is_(None), _d.c.expires_on >= _k.c.day),
    )
)
BY_KEYS = (
    select(
        _c.c.customer_kind,
        _c.c.active,
        _c.c.tax_id,
        _c.c.registration_number,
        _connected.label("connected"),
        _worker_fits.label("worker_fits"),
        func.array(_in_force.scalar_subquery()).label("document_type_ids"),
        _k.c.customer_id,
        _k.c.worker_id,
        _k.c.day,
    )
    .select_from(_k)
    .join(_c, _c.c.id == _k.c.customer_id)
    .where(_c.c.organization_id == ORGANIZATION)
)


class SqlApplicants:
    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot

    async def by_keys(self, keys: Sequence[ApplicantKey]) -> Mapping[ApplicantKey, ApplicantRow]:
        records = await self._snapshot.records(
            BY_KEYS,
            customer_ids=[key.customer_id for key in keys],
            worker_ids=[key.worker_id for key in keys],
            days=[key.day for key in keys],
        )
        make = maker(ApplicantRow)
        return {ApplicantKey(*record[-3:]): make(record[:-3]) for record in records}
