"""Moving purchase orders along their lifecycle: one verb, one transition."""

from abc import abstractmethod
from dataclasses import dataclass
from typing import Annotated, ClassVar
from uuid import UUID

from domain.purchase_orders import LIFECYCLE, PurchaseOrder
from domain.users import User
from usecases.approvals import delegate, move_on, next_deputies, route
from usecases.budgets import choose_budget, rebook
from usecases.kit import ExpectedVersion, UseCase
from usecases.ports import Parts, UnitOfWork
from usecases.purchase_orders.drafting import OrderId
from usecases.purchase_orders.parties import check_parties
from usecases.purchase_orders.revisions import take_effect, undo

# The parts of orders that deciding about them looks at.
DECIDED: Parts = ("lines", "approval_requests")


@dataclass(frozen=True, kw_only=True)
class OfOrder(UseCase[PurchaseOrder]):
    """A move of one order, with everything that follows from it: no verb can forget that."""

    parts: ClassVar[Parts] = DECIDED
    checked: ClassVar[bool] = True  # whether its budget can refuse what was not agreed to before

    id: OrderId
    expected_version: ExpectedVersion = None

    async def execute(self, uow: UnitOfWork) -> PurchaseOrder:
        order = await uow.records(PurchaseOrder).get(
            self.id, expected=self.expected_version, parts=self.parts
        )
        before = order.status
        await self.move(order, uow)
        take_effect(order, before, uow)
        await rebook(order, uow, checked=self.checked)
        return order

    @abstractmethod
    async def move(self, order: PurchaseOrder, uow: UnitOfWork) -> None:
        """The transition itself, of a locked order."""


@dataclass(frozen=True, kw_only=True)
class SubmitPurchaseOrder(OfOrder):
    """Send a draft to its approvers; without a matching workflow it is approved at once."""

    requires: ClassVar = LIFECYCLE.needs("submit")

    async def move(self, order: PurchaseOrder, uow: UnitOfWork) -> None:
        order.require("submit", uow.caller)
        # Much may have happened since it was drafted.
        await check_parties(order.routing_facts._asdict(), uow)
        await choose_budget(order, uow)
        order.submit(await route(order, uow), uow.caller, uow.now)


@dataclass(frozen=True, kw_only=True)
class ApprovePurchaseOrder(OfOrder):
    """Agree, as an approver of the current step; the last step approves the order."""

    requires: ClassVar = LIFECYCLE.needs("approve")

    comment: Annotated[str | None, "For the record."] = None

    async def move(self, order: PurchaseOrder, uow: UnitOfWork) -> None:
        order.approve(uow.caller, uow.now, self.comment, await next_deputies(order, uow))


@dataclass(frozen=True, kw_only=True)
class RejectPurchaseOrder(OfOrder):
    """Refuse, as an approver of the current step; the order ends here, a clone can follow."""

    requires: ClassVar = LIFECYCLE.needs("reject")
    checked: ClassVar = False

    reason: Annotated[str, "Why."]

    async def move(self, order: PurchaseOrder, uow: UnitOfWork) -> None:
        await undo(
            order,
            lambda former: order.reject(uow.caller, uow.now, self.reason, former),
            uow,
            reason=self.reason,
        )


@dataclass(frozen=True, kw_only=True)
class RequestPurchaseOrderChanges(OfOrder):
    """Return it to its creator as a draft; submitting it again starts a new round."""

    requires: ClassVar = LIFECYCLE.needs("request_changes")
    checked: ClassVar = False

    comment: Annotated[str, "What to change."]

    async def move(self, order: PurchaseOrder, uow: UnitOfWork) -> None:
        await undo(
            order,
            lambda former: order.request_changes(uow.caller, uow.now, self.comment, former),
            uow,
            reason=self.comment,
        )


@dataclass(frozen=True, kw_only=True)
class DelegatePurchaseOrder(OfOrder):
    """Let somebody else decide in your place, on this order alone."""

    requires: ClassVar = LIFECYCLE.needs("delegate")

    to_user_id: Annotated[UUID, User, "Who decides instead: an active user who may approve."]
    comment: Annotated[str | None, "For the record."] = None

    async def move(self, order: PurchaseOrder, uow: UnitOfWork) -> None:
        await delegate(order, self.to_user_id, self.comment, uow)


@dataclass(frozen=True, kw_only=True)
class EscalatePurchaseOrder(OfOrder):
    """Do what is due: skip or escalate an overdue step, ask deputies that stand in by now."""

    requires: ClassVar = LIFECYCLE.needs("approve")

    async def move(self, order: PurchaseOrder, uow: UnitOfWork) -> None:
        await move_on(order, uow)


@dataclass(frozen=True, kw_only=True)
class RecallPurchaseOrder(OfOrder):
    """Take it back from its approvers, as its creator; it is a draft again."""

    requires: ClassVar = LIFECYCLE.needs("recall")
    checked: ClassVar = False

    async def move(self, order: PurchaseOrder, uow: UnitOfWork) -> None:
        await undo(order, lambda former: order.recall(uow.caller, uow.now, former), uow)


@dataclass(frozen=True, kw_only=True)
class CancelPurchaseOrder(OfOrder):
    """Call it off."""

    requires: ClassVar = LIFECYCLE.needs("cancel")

    reason: Annotated[str | None, "Why."] = None

    async def move(self, order: PurchaseOrder, uow: UnitOfWork) -> None:
        order.cancel(uow.caller, uow.now, self.reason)


@dataclass(frozen=True, kw_only=True)
class ClosePurchaseOrderShort(OfOrder):
    """Complete an approved order without waiting for the rest of it."""

    requires: ClassVar = LIFECYCLE.needs("close_short")

    reason: Annotated[str, "Why."]

    async def move(self, order: PurchaseOrder, uow: UnitOfWork) -> None:
        order.close_short(uow.caller, uow.now, self.reason)
