"""Purchase orders: facts W-26 to W-50."""

from asyncio import to_thread
from typing import Any
from uuid import UUID

from domain.callers import Permission
from domain.departments import Department
from domain.kit.errors import Path
from domain.projects import Project
from domain.purchase_orders import (
    NewPurchaseOrderAttachment,
    NewPurchaseOrderLine,
    PurchaseOrder,
    PurchaseOrderLineChange,
)
from domain.purchase_orders import PurchaseOrderLine as Line
from domain.suppliers import Supplier
from rest.kit import Call, Endpoint, File, NumberedPage
from rest.kit.inputs import Nothing
from rest.kit.pages import numbered
from rest.waqti import documents, pdf, records
from rest.waqti.wire import inputs
from rest.waqti.wire import purchase_orders as wire
from usecases.purchase_orders import (
    ApprovePurchaseOrder,
    CancelPurchaseOrder,
    CreatePurchaseOrder,
    DeletePurchaseOrder,
    RejectPurchaseOrder,
    SubmitPurchaseOrder,
    UpdatePurchaseOrder,
)
from usecases.reads.legacy_ids import LegacyId
from usecases.reads.purchase_orders import PurchaseOrderFilter, PurchaseOrderOrder

NOBODY = UUID(int=0)  # no record has this id
# The ids in an order's content: what they are called here, and what they name.
PARTIES = {
    "vendor_id": ("supplier_id", Supplier.kind),
    "department_id": ("department_id", Department.kind),
    "project_id": ("project_id", Project.kind),
}


async def index(call: Call[inputs.PurchaseOrders]) -> NumberedPage[wire.ListedPurchaseOrder]:
    given = call.given
    rows, total = await numbered(
        call.read.purchase_orders,
        await _filter(call),
        PurchaseOrderOrder(field=given.sort, direction=given.order),
        number=given.page,
        size=given.size,
    )
    parties = await records.parties(call.read, rows) if rows else wire.NO_PARTIES
    items = [wire.ListedPurchaseOrder.of(row, parties, call.asked.locale) for row in rows]
    return NumberedPage(items=items, number=given.page, size=given.size, total=total)


async def _filter(call: Call[inputs.PurchaseOrders]) -> PurchaseOrderFilter:
    """An id that names nobody has no orders."""
    given = call.given
    vendor = LegacyId(Supplier.kind, call.system, given.vendor_id or 0)
    department = LegacyId(Department.kind, call.system, given.department_id or 0)
    named = [legacy for legacy in (vendor, department) if legacy.value]
    ids = await call.read.legacy_ids.to_ids(named) if named else {}
    return PurchaseOrderFilter(
        status=(given.status,) if given.status else None,
        supplier_id=ids.get(vendor, NOBODY) if given.vendor_id else None,
        department_id=ids.get(department, NOBODY) if given.department_id else None,
        created_from=given.created_after,
        created_before=given.created_before,
        min_total=given.min_amount,
        max_total=given.max_amount,
        search=given.search,
    )


async def create(call: Call[inputs.PurchaseOrder]) -> wire.CreatedPurchaseOrder:
    given = call.given
    ids = await call.mentioned(_parties(given.sent()))
    done = await call.run(
        CreatePurchaseOrder(
            supplier_id=ids["vendor_id",],
            department_id=ids["department_id",],
            project_id=ids.get(("project_id",)),
            currency=given.currency,
            exchange_rate=given.exchange_rate,
            notes=given.notes,
            delivery_address=given.delivery_address,
            expected_delivery_date=given.expected_delivery_date,
            lines=[NewPurchaseOrderLine(**dict(item)) for item in given.items],
            attachments=[
                NewPurchaseOrderAttachment(**dict(each)) for each in given.attachments or ()
            ],
        )
    )
    return await records.created(call.read, done.id)


async def show(call: Call[Nothing]) -> wire.PurchaseOrder:
    return await records.detail(call.read, await call.id(PurchaseOrder.kind), call.asked.locale)


async def update(call: Call[inputs.PurchaseOrderUpdate]) -> wire.PurchaseOrder:
    """Fact W-42: what is left out stays, items included."""
    id = await call.id(PurchaseOrder.kind)
    sent = call.given.sent()
    items = sent.pop("items", None) or []
    ids = await call.mentioned(
        _parties(sent) | {("items", n, "id"): (Line.kind, item.id) for n, item in enumerate(items)}
    )
    values: dict[str, Any] = {
        **{name: value for name, value in sent.items() if name not in PARTIES},
        **{ours: ids.get((name,)) for name, (ours, _) in PARTIES.items() if name in sent},
        "lines": [
            PurchaseOrderLineChange(**(item.sent() | {"id": ids.get(("items", n, "id"))}))
            for n, item in enumerate(items)
        ],
    }
    await call.run(UpdatePurchaseOrder(id=id, **values))
    return await records.detail(call.read, id, call.asked.locale)


async def delete(call: Call[Nothing]) -> None:
    await call.run(DeletePurchaseOrder(id=await call.id(PurchaseOrder.kind)))


async def submit(call: Call[Nothing]) -> wire.Progress:
    done = await call.run(SubmitPurchaseOrder(id=await call.id(PurchaseOrder.kind)))
    return await records.progress(call.read, done.id, call.asked.locale)


async def approve(call: Call[inputs.Approval]) -> wire.Progress:
    id = await call.id(PurchaseOrder.kind)
    await call.run(ApprovePurchaseOrder(id=id, comment=call.given.comments))
    return await records.progress(call.read, id, call.asked.locale)


async def reject(call: Call[inputs.Rejection]) -> wire.Progress:
    id = await call.id(PurchaseOrder.kind)
    await call.run(RejectPurchaseOrder(id=id, reason=call.given.reason))
    return await records.progress(call.read, id, call.asked.locale)


async def cancel(call: Call[inputs.Cancellation]) -> wire.Progress:
    id = await call.id(PurchaseOrder.kind)
    await call.run(CancelPurchaseOrder(id=id, reason=call.given.reason))
    return await records.progress(call.read, id, call.asked.locale)


async def download(call: Call[Nothing]) -> File:
    document = await documents.purchase_order(
        call.read, await call.id(PurchaseOrder.kind), call.caller.organization_id, call.asked.locale
    )
    await call.close()  # nobody else waits for a connection while this is being typeset
    content = await to_thread(pdf.render, document)
    return File(content, "application/pdf", f"{document.number}.pdf")


def _parties(sent: dict[str, Any]) -> dict[Path, tuple[str, int | None]]:
    return {(name,): (kind, sent[name]) for name, (_, kind) in PARTIES.items() if name in sent}


_READ = Permission.PURCHASE_ORDERS_READ

ENDPOINTS: list[Endpoint[Any]] = [
    Endpoint("GET", "/purchase-orders", index, inputs.PurchaseOrders, needs=_READ),
    Endpoint("POST", "/purchase-orders", create, inputs.PurchaseOrder, status=201),
    Endpoint("GET", "/purchase-orders/{id}", show, Nothing, needs=_READ),
    Endpoint("PUT", "/purchase-orders/{id}", update, inputs.PurchaseOrderUpdate),
    Endpoint("DELETE", "/purchase-orders/{id}", delete, Nothing, status=204),
    Endpoint("POST", "/purchase-orders/{id}/submit", submit, Nothing),
    Endpoint("POST", "/purchase-orders/{id}/approve", approve, inputs.Approval),
    Endpoint("POST", "/purchase-orders/{id}/reject", reject, inputs.Rejection),
    Endpoint("POST", "/purchase-orders/{id}/cancel", cancel, inputs.Cancellation),
    Endpoint("GET", "/purchase-orders/{id}/pdf", download, Nothing, needs=_READ),
]
