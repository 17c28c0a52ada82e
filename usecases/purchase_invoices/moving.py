"""Moving suppliers' invoices along their lifecycle: one verb, one transition."""

from abc import abstractmethod
from dataclasses import dataclass
from typing import Annotated, ClassVar
from uuid import UUID

from domain.purchase_invoices import LIFECYCLE, PurchaseInvoice, PurchaseInvoiceStatus
from domain.users import User
from usecases.approvals import delegate, move_on, next_deputies, route
from usecases.kit import ExpectedVersion, UseCase
from usecases.ports import Parts, UnitOfWork
from usecases.purchase_invoices.billing import bill, unbill
from usecases.purchase_invoices.matching import MATCHED, Dossier, InvoiceId, locked

_BOOKED, _GONE = PurchaseInvoiceStatus.APPROVED, PurchaseInvoiceStatus.CANCELLED


@dataclass(frozen=True, kw_only=True)
class OfInvoice(UseCase[PurchaseInvoice]):
    """A move of one invoice, with everything that follows from it: no verb can forget that."""

    parts: ClassVar[Parts] = MATCHED
    alone: ClassVar[bool] = False  # whether nothing follows, and nothing else has to be locked

    id: InvoiceId
    expected_version: ExpectedVersion = None

    async def execute(self, uow: UnitOfWork) -> PurchaseInvoice:
        id, expected, parts = self.id, self.expected_version, self.parts
        if self.alone:
            only = await uow.records(PurchaseInvoice).get(id, expected=expected, parts=parts)
            await self.move(only, uow)
            return only
        invoice, dossier = await locked(id, uow, expected=expected, parts=parts)
        dossier.rematch(uow.now)  # tolerances may have been changed meanwhile
        before = invoice.status
        await self.move(invoice, uow)
        await _follow(invoice, before, dossier, uow)
        return invoice

    @abstractmethod
    async def move(self, invoice: PurchaseInvoice, uow: UnitOfWork) -> None:
        """The transition itself, of a locked invoice."""


@dataclass(frozen=True, kw_only=True)
class SubmitPurchaseInvoice(OfInvoice):
    """Send a draft to its approvers.

    Without a matching workflow anybody can approve it who may, except its creator.
    """

    requires: ClassVar = LIFECYCLE.needs("submit")

    async def move(self, invoice: PurchaseInvoice, uow: UnitOfWork) -> None:
        invoice.require("submit", uow.caller)
        organization = await uow.organization()
        request = await route(invoice, uow)
        invoice.submit(request, uow.caller, uow.now, own_approval=organization.own_approval)


@dataclass(frozen=True, kw_only=True)
class ApprovePurchaseInvoice(OfInvoice):
    """Agree to pay it, when it matches its order and receipts or that was overridden.

    The last approval books it: as invoiced on its order, and as spent in the order's budget.
    """

    requires: ClassVar = LIFECYCLE.needs("approve")

    comment: Annotated[str | None, "For the record."] = None

    async def move(self, invoice: PurchaseInvoice, uow: UnitOfWork) -> None:
        deputies = await next_deputies(invoice, uow)
        invoice.approve(uow.caller, uow.now, self.comment, deputies)


@dataclass(frozen=True, kw_only=True)
class RejectPurchaseInvoice(OfInvoice):
    """Refuse to pay it; it is cancelled, and the supplier's number is free for another one."""

    requires: ClassVar = LIFECYCLE.needs("reject")

    reason: Annotated[str, "Why."]

    async def move(self, invoice: PurchaseInvoice, uow: UnitOfWork) -> None:
        invoice.reject(uow.caller, uow.now, self.reason)


@dataclass(frozen=True, kw_only=True)
class RequestPurchaseInvoiceChanges(OfInvoice):
    """Return it to its creator as a draft; submitting it again starts a new round."""

    requires: ClassVar = LIFECYCLE.needs("request_changes")
    alone: ClassVar = True

    comment: Annotated[str, "What to change."]

    async def move(self, invoice: PurchaseInvoice, uow: UnitOfWork) -> None:
        invoice.request_changes(uow.caller, uow.now, self.comment)


@dataclass(frozen=True, kw_only=True)
class DelegatePurchaseInvoice(OfInvoice):
    """Let somebody else decide in your place, on this invoice alone."""

    requires: ClassVar = LIFECYCLE.needs("delegate")
    alone: ClassVar = True

    to_user_id: Annotated[UUID, User, "Who decides instead: an active user who may approve."]
    comment: Annotated[str | None, "For the record."] = None

    async def move(self, invoice: PurchaseInvoice, uow: UnitOfWork) -> None:
        await delegate(invoice, self.to_user_id, self.comment, uow)


@dataclass(frozen=True, kw_only=True)
class EscalatePurchaseInvoice(OfInvoice):
    """Do what is due: skip or escalate an overdue step, ask deputies that stand in by now."""

    requires: ClassVar = LIFECYCLE.needs("approve")

    async def move(self, invoice: PurchaseInvoice, uow: UnitOfWork) -> None:
        await move_on(invoice, uow)


@dataclass(frozen=True, kw_only=True)
class RecallPurchaseInvoice(OfInvoice):
    """Take it back from its approvers, as its creator; it is a draft again."""

    requires: ClassVar = LIFECYCLE.needs("recall")
    alone: ClassVar = True

    async def move(self, invoice: PurchaseInvoice, uow: UnitOfWork) -> None:
        invoice.recall(uow.caller, uow.now)


@dataclass(frozen=True, kw_only=True)
class OverridePurchaseInvoiceMatch(OfInvoice):
    """Let it be approved although it does not match; not by whoever entered it."""

    requires: ClassVar = LIFECYCLE.needs("override_match")
    alone: ClassVar = True

    reason: Annotated[str, "Why; for the record."]

    async def move(self, invoice: PurchaseInvoice, uow: UnitOfWork) -> None:
        invoice.override_match(uow.caller, uow.now, self.reason)


@dataclass(frozen=True, kw_only=True)
class CancelPurchaseInvoice(OfInvoice):
    """Call it off, as long as nothing of it is paid; what its approval booked is undone.

    An approved one stays when its order is completed.
    """

    requires: ClassVar = LIFECYCLE.needs("cancel")

    reason: Annotated[str, "Why."]

    async def move(self, invoice: PurchaseInvoice, uow: UnitOfWork) -> None:
        invoice.cancel(uow.caller, uow.now, self.reason)


async def _follow(
    invoice: PurchaseInvoice, before: PurchaseInvoiceStatus, dossier: Dossier, uow: UnitOfWork
) -> None:
    """What follows for its order, the order's budget and the order's other invoices.

    Once it is approved, it is booked. Once it is cancelled, it counts no longer, nor does what it
    has booked: later ones bill what it has left.
    """
    order, now = dossier.order, invoice.status
    if order is None or now is before or now not in {_BOOKED, _GONE}:
        return
    if now is _BOOKED:
        await bill(invoice, order, uow)
    else:
        if before is _BOOKED:
            await unbill(invoice, order, uow)
        order.count_invoices(-1)
    dossier.rematch(uow.now)
