"""Keeping every revision of a purchase order, and finding those that matter."""

from collections.abc import Callable

from domain.kit.aggregate import Changes
from domain.purchase_orders import PurchaseOrder, PurchaseOrderStatus
from domain.purchase_orders.revisions import (
    PurchaseOrderRevision,
    RevisionContent,
    content_of,
    difference,
)
from usecases.ports import UnitOfWork
from usecases.purchase_invoices.matching import rematch


async def undo(
    order: PurchaseOrder,
    act: Callable[[RevisionContent | None], None],
    uow: UnitOfWork,
    *,
    reason: str | None = None,
) -> None:
    """Refuse an order or take it back; of an amendment, with what holds again from then on."""
    if not order.amending:
        act(None)
        return
    await uow.records(PurchaseOrder).get(order.id)  # with what else its content consists of
    rows = await uow.reads.purchase_order_revisions.as_of([order.id], revision=order.revision - 1)
    before, number = content_of(order), order.revision
    act(rows[order.id].content)
    if order.revision != number:  # a rejection that others may still outvote undoes nothing
        keep_revision(order, uow, before=before, reason=reason)
        await rematch(order, uow)


def take_effect(order: PurchaseOrder, before: PurchaseOrderStatus, uow: UnitOfWork) -> None:
    """Keep the first revision when the order has just been approved for the first time.

    `before` is what it was.
    """
    approved = order.status is PurchaseOrderStatus.APPROVED is not before
    if approved and order.revision == 1:
        keep_revision(order, uow)


async def approved_content(order: PurchaseOrder, uow: UnitOfWork) -> RevisionContent | None:
    """What was last agreed to; None when that was before revisions were kept."""
    number = order.approved_revision
    rows = await uow.reads.purchase_order_revisions.as_of([order.id], revision=number)
    return rows[order.id].content if order.id in rows else None


def keep_revision(
    order: PurchaseOrder,
    uow: UnitOfWork,
    *,
    number: int | None = None,
    content: RevisionContent | None = None,
    before: RevisionContent | None = None,
    reason: str | None = None,
) -> None:
    """Keep what the order says now, or what is given, with how it differs from `before`."""
    content = content or content_of(order)
    changes: Changes = difference(before, content) if before is not None else {}
    uow.keep(
        PurchaseOrderRevision(
            order_id=order.id,
            number=number or order.revision,
            at=uow.now,
            by_id=uow.caller.user_id,
            reason=reason,
            content=content,
            changes={name: [*pair] for name, pair in changes.items()},
        )
    )
