"""Procurements: facts P-1 and P-4 to P-13."""

from typing import Any

from domain.callers import Permission
from rest.kit import Call, Endpoint
from rest.kit.pages import numbered
from rest.shoplazza.wire import inputs
from rest.shoplazza.wire import procurements as wire
from usecases.reads.procurements import NOTHING, ProcurementFilter, ProcurementOrder


async def index(call: Call[inputs.Procurements]) -> wire.Procurements:
    given, read = call.given, call.read
    rows, total = await numbered(
        read.procurements,
        _filter(given),
        ProcurementOrder(),
        number=given.page,
        size=given.limit,
    )
    if not rows:
        return wire.Procurements(total, [])
    suppliers = await read.suppliers.by_ids([*{row.supplier_id for row in rows}])
    quantities = await read.procurements.quantities_by_ids([row.id for row in rows])
    return wire.Procurements(
        total,
        [
            wire.Procurement.of(row, suppliers[row.supplier_id], quantities.get(row.id, NOTHING))
            for row in rows
        ],
    )


def _filter(given: inputs.Procurements) -> ProcurementFilter:
    """Times count by the second, as they are shown: a day or second given last counts whole."""
    return ProcurementFilter(
        state=(given.state,) if given.state else None,
        legacy_ids=given.ids,
        created_from=given.created_at_min.begins if given.created_at_min else None,
        created_before=given.created_at_max.ends if given.created_at_max else None,
        updated_from=given.updated_at_min.begins if given.updated_at_min else None,
        updated_before=given.updated_at_max.ends if given.updated_at_max else None,
    )


_READ = Permission.PURCHASE_ORDERS_READ

ENDPOINTS: list[Endpoint[Any]] = [
    Endpoint("GET", "/procurements", index, inputs.Procurements, needs=_READ),
]
