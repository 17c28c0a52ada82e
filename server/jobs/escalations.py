"""Escalations: steps whose time is up move on, and deputies are asked from when they stand in."""

import logging
from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from domain.approvals.conditions import DocumentType
from domain.kit.errors import DomainError
from server.jobs import Job, Shift
from usecases.kit import UseCase
from usecases.purchase_invoices import EscalatePurchaseInvoice
from usecases.purchase_orders import EscalatePurchaseOrder
from usecases.reads.approval_tasks import DocumentKey
from usecases.reads.kit import Whole

log = logging.getLogger(__name__)

MOST = 500  # documents of an organization in one go
AGAIN = 1.0  # seconds, when there were more

_USECASES: Mapping[DocumentType, Callable[[UUID], UseCase[Any]]] = {
    DocumentType.PURCHASE_ORDER: lambda key: EscalatePurchaseOrder(id=key),
    DocumentType.PURCHASE_INVOICE: lambda key: EscalatePurchaseInvoice(id=key),
}


async def run(shift: Shift) -> float | None:
    """One document after the other, each locked: of several workers, the others find it done."""
    more = False
    for organization in await shift.organizations():
        due = await _due(shift, organization.id)
        done = 0
        for document in due:
            if shift.stop.is_set():
                return None
            done += await _escalate(shift, organization.id, document)
        more = more or (len(due) == MOST and done > 0)
    return AGAIN if more else None


async def _due(shift: Shift, organization_id: UUID) -> list[DocumentKey]:
    reads = shift.storage.reads(shift.caller(organization_id))
    try:
        found = await reads.approval_tasks.due([Whole.ORGANIZATION], shift.now(), MOST)
    finally:
        await reads.close()
    return [*found[Whole.ORGANIZATION]]


async def _escalate(shift: Shift, organization_id: UUID, document: DocumentKey) -> bool:
    """Whether it could be; the others go on when it could not."""
    try:
        await shift.perform(_USECASES[document.type](document.id), organization_id)
    except DomainError as refused:
        log.warning("%s %s does not move on: %s", document.type, document.id, refused)
        return False
    return True


ESCALATIONS = Job(name="escalations", every=60, run=run)
