"""The ids by which old clients know our records: a column for each old system."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select

from domain.package_subscriptions import Allocation
from domain.purchase_invoices import PurchaseInvoiceLine
from domain.purchase_orders import PurchaseOrderAttachment, PurchaseOrderLine
from domain.quotations import QuotationLine
from persistence import tables as t
from persistence.mapping import AGGREGATES, KINDS_OF
from persistence.reads.kit import ORGANIZATION, Snapshot, one_of
from persistence.tables.metadata import LEGACY
from usecases.reads.legacy_ids import LegacyId

TABLES = {kind.kind: table for kind, table in AGGREGATES.items()} | {
    PurchaseOrderLine.kind: t.purchase_order_lines,
    PurchaseInvoiceLine.kind: t.purchase_invoice_lines,
    PurchaseOrderAttachment.kind: t.purchase_order_attachments,
    Allocation.kind: t.allocations,
    QuotationLine.kind: t.quotation_lines,
}
# Of tables that several kinds share, which rows are of a kind.
SHARED = {kind.kind: identity for kind, (_, identity) in KINDS_OF.items()}


@cache
def found(kind: str, system: str) -> Select[*tuple[Any, ...]] | None:
    """Legacy id and id of such records; None where there are none."""
    column = TABLES[kind].c.get(f"{system}_id") if kind in TABLES else None
    if column is None or LEGACY not in column.info:
        return None
    table = TABLES[kind]
    ours = table.c.organization_id == ORGANIZATION
    rows = select(column, table.c.id).where(ours, one_of(column))
    return rows.where(table.c.customer_kind == SHARED[kind]) if kind in SHARED else rows


class SqlLegacyIds:
    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot

    async def to_ids(self, legacy: Sequence[LegacyId]) -> Mapping[LegacyId, UUID]:
        asked: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
        for kind, system, value in legacy:
            asked[kind, system].append(value)
        ids: dict[LegacyId, UUID] = {}
        for (kind, system), values in asked.items():
            if (statement := found(kind, system)) is not None:
                for value, id in await self._snapshot.records(statement, ids=values):
                    ids[LegacyId(kind, system, value)] = id
        return ids
