"""What webhooks in Waqti's form say of a record: what its resource answers (fact W-68)."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from domain.callers import Locale
from domain.kit.errors import NotFound
from domain.purchase_invoices import PurchaseInvoice
from domain.purchase_orders import PurchaseOrder
from domain.suppliers import Supplier
from rest.kit.answers import to_json
from rest.waqti import records
from rest.waqti.routes import invoices
from usecases.reads import Reads

Show = Callable[[Reads, UUID, Locale], Awaitable[Any]]
SHOWN: Mapping[str, Show] = {
    PurchaseOrder.kind: records.detail,
    PurchaseInvoice.kind: invoices.detail,
    Supplier.kind: records.vendor,
}


async def resource(read: Reads, kind: str, id: UUID) -> Any:
    """The record as it is now; None when it is gone, or Waqti has nothing like it."""
    if kind not in SHOWN:
        return None
    try:
        return await SHOWN[kind](read, id, Locale.EN)
    except NotFound:
        return None


def message(*, id: str, event: str, at: datetime, data: Any) -> str:
    """The body of a delivery, its amounts as in answers (fact W-19)."""
    return to_json({"id": id, "event": event, "created_at": at, "data": data}).decode()
