"""Amending purchase orders that were approved already."""

from dataclasses import dataclass, fields
from typing import ClassVar

from domain.purchase_orders import LIFECYCLE, PurchaseOrder
from domain.purchase_orders.amendments import Amendment
from domain.purchase_orders.revisions import leaves
from usecases.approvals import route
from usecases.ports import UnitOfWork
from usecases.purchase_invoices.matching import check_unbilled, rematch
from usecases.purchase_orders.moving import OfOrder
from usecases.purchase_orders.parties import check_parties
from usecases.purchase_orders.revisions import approved_content, keep_revision


@dataclass(frozen=True, kw_only=True)
class AmendPurchaseOrder(Amendment, OfOrder):
    """Change an approved order: it gets a new revision.

    It waits for approval again when the lines come to more than the organization's tolerance
    allows over what was approved. Refused or taken back, the order is as it was before.
    """

    requires: ClassVar = LIFECYCLE.needs("amend")
    parts: ClassVar = None

    async def move(self, order: PurchaseOrder, uow: UnitOfWork) -> None:
        await check_unbilled(order, self.removed_line_ids, ("removed_line_ids",), uow)
        organization = await uow.organization()
        approved = await approved_content(order, uow)
        amendment = Amendment(**{f.name: getattr(self, f.name) for f in fields(Amendment)})
        before = order.amend(amendment, uow.caller, uow.now, vat_rate=organization.vat_rate)
        beyond = leaves(
            approved or before,
            order.lines,
            tolerance=organization.amendment_tolerance,
            currency=order.currency,
        )
        request = None
        if beyond:
            # More is ordered: not from whom nothing can be ordered any more.
            await check_parties({"supplier_id": order.supplier_id}, uow)
            request = await route(order, uow)
        order.settle_amendment(before, request, uow.now, self.reason, decided=beyond)
        if approved is None:  # it was approved before revisions were kept
            keep_revision(order, uow, number=order.revision - 1, content=before)
        keep_revision(order, uow, before=before, reason=self.reason)
        await rematch(order, uow)
