"""Escalations: steps whose time is up move on, and deputies are asked from when they stand in."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from domain.approvals.conditions import DocumentType
from server.jobs.rounds import MOST, Due, rounds
from usecases.kit import UseCase
from usecases.purchase_invoices import EscalatePurchaseInvoice
from usecases.purchase_orders import EscalatePurchaseOrder
from usecases.reads import Reads
from usecases.reads.kit import Whole

_USECASES: Mapping[DocumentType, Callable[[UUID], UseCase[Any]]] = {
    DocumentType.PURCHASE_ORDER: lambda key: EscalatePurchaseOrder(id=key),
    DocumentType.PURCHASE_INVOICE: lambda key: EscalatePurchaseInvoice(id=key),
}


async def due(read: Reads, now: datetime) -> Due:
    found = (await read.approval_tasks.due([Whole.ORGANIZATION], now, MOST))[Whole.ORGANIZATION]
    return Due([_USECASES[each.type](each.id) for each in found], more=len(found) == MOST)


ESCALATIONS = rounds("escalations", every=60, due=due)
