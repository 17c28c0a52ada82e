"""Documents of every kind that can be approved, found by what they are and their id."""

from collections.abc import Mapping, Sequence
from typing import Any

from domain.approvals.conditions import DocumentType
from usecases.reads import Reads
from usecases.reads.approval_tasks import ApprovableRow, DocumentKey


class Documents:
    """One question for each kind there is among the keys."""

    def __init__(self, read: Reads) -> None:
        self._asks: dict[DocumentType, Any] = {
            DocumentType.PURCHASE_ORDER: read.purchase_orders.by_ids,
            DocumentType.PURCHASE_INVOICE: read.purchase_invoices.by_ids,
        }

    async def by_keys(self, keys: Sequence[DocumentKey]) -> Mapping[DocumentKey, ApprovableRow]:
        found: dict[DocumentKey, ApprovableRow] = {}
        for type, ask in self._asks.items():
            if ids := [key.id for key in keys if key.type is type]:
                rows = await ask(ids)
                found |= {DocumentKey(type, id): row for id, row in rows.items()}
        return found
