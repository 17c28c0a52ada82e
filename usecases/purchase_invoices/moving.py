"""Moving suppliers' invoices along their lifecycle: one verb, one transition."""

from dataclasses import dataclass
from typing import Annotated, ClassVar
from uuid import UUID

from domain.purchase_invoices import LIFECYCLE, PurchaseInvoice, PurchaseInvoiceStatus
from domain.users import User
from usecases.approvals import delegate, move_on, next_deputies, route
from usecases.kit import ExpectedVersion, UseCase
from usecases.ports import UnitOfWork
from usecases.purchase_invoices.billing import bill, unbill
from usecases.purchase_invoices.matching import MATCHED, Dossier, InvoiceId, opened


@dataclass(frozen=True, kw_only=True)
class _Transition(UseCase[PurchaseInvoice]):
    id: InvoiceId
    expected_version: ExpectedVersion = None

    async def _invoice(self, uow: UnitOfWork) -> PurchaseInvoice:
        """Alone: for what leaves its match, and that of others, as it is."""
        return await uow.records(PurchaseInvoice).get(
            self.id, expected=self.expected_version, parts=MATCHED
        )

    async def _opened(self, uow: UnitOfWork) -> tuple[PurchaseInvoice, Dossier]:
        return await opened(self.id, uow, expected=self.expected_version)


@dataclass(frozen=True, kw_only=True)
class SubmitPurchaseInvoice(_Transition):
    """Send a draft to its approvers.

    Without a matching workflow anybody can approve it who may, except its creator.
    """

    requires: ClassVar = LIFECYCLE.needs("submit")

    async def execute(self, uow: UnitOfWork) -> PurchaseInvoice:
        invoice, dossier = await self._opened(uow)
        invoice.require("submit", uow.caller)
        dossier.rematch(uow.now)
        organization = await uow.organization()
        request = await route(invoice, uow)
        invoice.submit(request, uow.caller, uow.now, own_approval=organization.own_approval)
        return invoice


@dataclass(frozen=True, kw_only=True)
class ApprovePurchaseInvoice(_Transition):
    """Agree to pay it, when it matches its order and receipts or that was overridden.

    The last approval books it: as invoiced on its order, and as spent in the order's budget.
    """

    requires: ClassVar = LIFECYCLE.needs("approve")

    comment: Annotated[str | None, "For the record."] = None

    async def execute(self, uow: UnitOfWork) -> PurchaseInvoice:
        invoice, dossier = await self._opened(uow)
        dossier.rematch(uow.now)  # others may have been approved meanwhile, and receipts reversed
        deputies = await next_deputies(invoice, uow)
        invoice.approve(uow.caller, uow.now, self.comment, deputies)
        await _booked(invoice, dossier, uow)
        return invoice


@dataclass(frozen=True, kw_only=True)
class RejectPurchaseInvoice(_Transition):
    """Refuse to pay it; it is cancelled, and the supplier's number is free for another one."""

    requires: ClassVar = LIFECYCLE.needs("reject")

    reason: Annotated[str, "Why."]

    async def execute(self, uow: UnitOfWork) -> PurchaseInvoice:
        invoice, dossier = await self._opened(uow)
        invoice.reject(uow.caller, uow.now, self.reason)
        if invoice.status is PurchaseInvoiceStatus.CANCELLED:
            _dropped(dossier, uow)
        return invoice


@dataclass(frozen=True, kw_only=True)
class RequestPurchaseInvoiceChanges(_Transition):
    """Return it to its creator as a draft; submitting it again starts a new round."""

    requires: ClassVar = LIFECYCLE.needs("request_changes")

    comment: Annotated[str, "What to change."]

    async def execute(self, uow: UnitOfWork) -> PurchaseInvoice:
        invoice = await self._invoice(uow)
        invoice.request_changes(uow.caller, uow.now, self.comment)
        return invoice


@dataclass(frozen=True, kw_only=True)
class DelegatePurchaseInvoice(_Transition):
    """Let somebody else decide in your place, on this invoice alone."""

    requires: ClassVar = LIFECYCLE.needs("delegate")

    to_user_id: Annotated[UUID, User, "Who decides instead: an active user who may approve."]
    comment: Annotated[str | None, "For the record."] = None

    async def execute(self, uow: UnitOfWork) -> PurchaseInvoice:
        invoice = await self._invoice(uow)
        await delegate(invoice, self.to_user_id, self.comment, uow)
        return invoice


@dataclass(frozen=True, kw_only=True)
class EscalatePurchaseInvoice(UseCase[PurchaseInvoice]):
    """Do what is due: skip or escalate an overdue step, ask deputies that stand in by now."""

    requires: ClassVar = LIFECYCLE.needs("approve")

    id: InvoiceId

    async def execute(self, uow: UnitOfWork) -> PurchaseInvoice:
        invoice, dossier = await opened(self.id, uow)
        if invoice.current_request is not None:  # nobody was faster
            dossier.rematch(uow.now)
            await move_on(invoice, uow)
            await _booked(invoice, dossier, uow)
        return invoice


@dataclass(frozen=True, kw_only=True)
class RecallPurchaseInvoice(_Transition):
    """Take it back from its approvers, as its creator; it is a draft again."""

    requires: ClassVar = LIFECYCLE.needs("recall")

    async def execute(self, uow: UnitOfWork) -> PurchaseInvoice:
        invoice = await self._invoice(uow)
        invoice.recall(uow.caller, uow.now)
        return invoice


@dataclass(frozen=True, kw_only=True)
class OverridePurchaseInvoiceMatch(_Transition):
    """Let it be approved although it does not match; not by whoever entered it."""

    requires: ClassVar = LIFECYCLE.needs("override_match")

    reason: Annotated[str, "Why; for the record."]

    async def execute(self, uow: UnitOfWork) -> PurchaseInvoice:
        invoice = await self._invoice(uow)
        invoice.override_match(uow.caller, uow.now, self.reason)
        return invoice


@dataclass(frozen=True, kw_only=True)
class CancelPurchaseInvoice(_Transition):
    """Call it off, as long as nothing of it is paid; what its approval booked is undone.

    An approved one stays when its order is completed.
    """

    requires: ClassVar = LIFECYCLE.needs("cancel")

    reason: Annotated[str, "Why."]

    async def execute(self, uow: UnitOfWork) -> PurchaseInvoice:
        invoice, dossier = await self._opened(uow)
        was = invoice.status
        invoice.cancel(uow.caller, uow.now, self.reason)
        if was is PurchaseInvoiceStatus.APPROVED and dossier.order is not None:
            await unbill(invoice, dossier.order, uow)
        _dropped(dossier, uow)
        return invoice


async def _booked(invoice: PurchaseInvoice, dossier: Dossier, uow: UnitOfWork) -> None:
    """When it has just been approved: as invoiced on its order, as spent in its budget."""
    if invoice.status is PurchaseInvoiceStatus.APPROVED and dossier.order is not None:
        await bill(invoice, dossier.order, uow)
        dossier.rematch(uow.now)


def _dropped(dossier: Dossier, uow: UnitOfWork) -> None:
    """It counts no longer: later ones bill what it has left."""
    if dossier.order is not None:
        dossier.order.count_invoices(-1)
        dossier.rematch(uow.now)
