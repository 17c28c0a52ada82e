"""Purchase orders of the demo organizations, in every status and by every way there."""

from datetime import datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from domain.kit.money import rounded
from domain.purchase_orders import (
    NewPurchaseOrderAttachment,
    NewPurchaseOrderLine,
    PurchaseOrder,
    PurchaseOrderLine,
    PurchaseOrderLineChange,
)
from domain.purchase_orders import PurchaseOrderStatus as Status
from domain.users import User
from server.demo.casts import Cast
from server.demo.goods import (
    ADDRESSES,
    CANCELLED,
    CHANGES,
    COMMENTS,
    CURRENCIES,
    NOTES,
    REASONS,
    Good,
    Trade,
)
from server.demo.people import ARCHIVED, COMMITTEE, URGENT
from server.demo.stages import Actor, Stage
from usecases.purchase_orders import (
    AmendPurchaseOrder,
    ApprovePurchaseOrder,
    CancelPurchaseOrder,
    ClonePurchaseOrder,
    ClosePurchaseOrderShort,
    CreatePurchaseOrder,
    DeletePurchaseOrder,
    EscalatePurchaseOrder,
    RecallPurchaseOrder,
    RejectPurchaseOrder,
    RequestPurchaseOrderChanges,
    SubmitPurchaseOrder,
    UpdatePurchaseOrder,
)

BUYERS = ("buyer", "second_buyer", "employee", "procurement_manager")
URGENT_HOURS = 96
RUN_BY = {COMMITTEE: "OPS", URGENT: "WSH"}
DEAR = 4  # one order in so many is for a whole project, so everything is more


class Story:
    """One order and what happens to it: each step some hours after the one before."""

    def __init__(self, stage: Stage, cast: Cast, at: datetime, random: Random) -> None:
        self._stage, self._cast, self._at, self._random = stage, cast, at, random
        buyers = [cast.users[key] for key in BUYERS if key in cast.users]
        self._creator: User = random.choice(buyers)
        self._order: PurchaseOrder
        self._for: str | None = None  # the project, where the story is about one

    async def draft(self) -> None:
        create = CreatePurchaseOrder(**self._content())
        self._order = await self._stage.do(create, self._creator, self._at)

    async def pending(self) -> None:
        """Submitted, and decided so far as it goes: the last step waits."""
        await self._submit()
        steps = len(self._order.approval_requests[-1].steps)
        for _ in range(self._random.randrange(steps)):
            await self._approve()

    async def approved(self) -> None:
        await self._submit()
        while self._order.status is Status.PENDING_APPROVAL:
            await self._approve()

    async def returned(self) -> None:
        await self._submit()
        comment = self._random.choice(CHANGES)
        await self._decide(RequestPurchaseOrderChanges(id=self._order.id, comment=comment))

    async def approved_in_two_rounds(self) -> None:
        await self.returned()
        line = self._order.lines[0]
        change = PurchaseOrderLineChange(id=line.id, quantity=max(line.quantity // 2, Decimal(1)))
        await self._act(UpdatePurchaseOrder(id=self._order.id, lines=[change]))
        await self.approved_now()

    async def approved_now(self) -> None:
        await self._act(SubmitPurchaseOrder(id=self._order.id))
        while self._order.status is Status.PENDING_APPROVAL:
            await self._approve()

    async def rejected(self) -> None:
        await self._submit()
        if len(self._order.approval_requests[-1].steps) > 1 and self._random.random() < 0.5:  # noqa: PLR2004
            await self._approve()
        reason = self._random.choice(REASONS)
        await self._decide(RejectPurchaseOrder(id=self._order.id, reason=reason))

    # Ways of their own

    async def waiting_for_most(self) -> None:
        """One of those who decide together has agreed; it takes more than half of them."""
        self._for = COMMITTEE
        await self._submit()
        await self._approve()

    async def waiting_for_all(self) -> None:
        """Most have agreed, and one more since; now it takes everybody."""
        await self.waiting_for_most()
        while self._order.approval_requests[-1].current_step().position == 1:
            await self._approve()
        await self._approve()

    async def decided_by_all(self) -> None:
        self._for = COMMITTEE
        await self.approved()

    async def waiting_in_time(self) -> None:
        self._for = URGENT
        await self._submit()

    async def escalated(self) -> None:
        """Nobody decided in time: others are asked, too."""
        await self.waiting_in_time()
        self._at += timedelta(hours=URGENT_HOURS)
        await self._stage.do(EscalatePurchaseOrder(id=self._order.id), None, self._at)

    # What they are made of

    async def cloned(self) -> None:
        """Rejected, and tried again as a copy."""
        await self.rejected()
        self._order = await self._act(ClonePurchaseOrder(id=self._order.id))
        await self.approved_now()

    async def recalled(self) -> None:
        await self._submit()
        await self._act(RecallPurchaseOrder(id=self._order.id))

    async def cancelled_as_draft(self) -> None:
        await self.draft()
        await self._cancel()

    async def cancelled_while_pending(self) -> None:
        await self._submit()
        await self._cancel()

    async def cancelled_after_approval(self) -> None:
        await self.approved()
        await self._cancel()

    async def completed(self) -> None:
        await self.approved()
        reason = "The rest is no longer available."
        await self._act(ClosePurchaseOrderShort(id=self._order.id, reason=reason))

    async def deleted(self) -> None:
        await self.draft()
        await self._act(DeletePurchaseOrder(id=self._order.id))

    async def amended(self) -> None:
        """Less of what is most; that needs nobody's approval."""
        await self.approved()
        line = max(self._order.lines, key=lambda line: line.quantity)
        await self._amend(line, line.quantity / 2, "Half of it will do for now.")

    async def amended_and_approved_again(self) -> None:
        await self.approved()
        line = self._order.lines[0]
        await self._amend(line, line.quantity + 2, "Two more are needed.")
        while self._order.status is Status.PENDING_APPROVAL:
            await self._approve()

    async def _amend(self, line: PurchaseOrderLine, quantity: Decimal, reason: str) -> None:
        change = PurchaseOrderLineChange(id=line.id, quantity=quantity)
        await self._act(AmendPurchaseOrder(id=self._order.id, reason=reason, lines=[change]))

    async def _submit(self) -> None:
        await self.draft()
        await self._act(SubmitPurchaseOrder(id=self._order.id))

    async def _cancel(self) -> None:
        reason = self._random.choice(CANCELLED)
        await self._act(CancelPurchaseOrder(id=self._order.id, reason=reason))

    async def _approve(self) -> None:
        comment = self._random.choice(COMMENTS)
        await self._decide(ApprovePurchaseOrder(id=self._order.id, comment=comment))

    async def _decide(self, usecase: Any) -> None:
        approver = self._cast.actor(self._order.pending_approver_ids[0])
        await self._act(usecase, approver)

    async def _act(self, usecase: Any, by: Actor | None = None) -> Any:
        self._at += timedelta(minutes=self._random.randint(20, 1600))
        return await self._stage.do(usecase, by or self._creator, self._at)

    def _content(self) -> dict[str, Any]:
        random, cast = self._random, self._cast
        supplier, trade = random.choice(cast.suppliers)
        apart = {*ARCHIVED, COMMITTEE, URGENT}
        projects = [p for code, p in cast.projects.items() if code not in apart]
        project = random.choice([None, *projects]) if projects else None
        department = random.choice([*cast.departments.values()])
        if self._for is not None:
            project, department = cast.projects[self._for], cast.departments[RUN_BY[self._for]]
        dear = random.randrange(DEAR) == 0
        goods = random.sample(trade.goods, random.randint(1, len(trade.goods)))
        rate = dict(CURRENCIES).get(supplier.currency or "")
        return {
            "supplier_id": supplier.id,
            "department_id": department.id,
            "project_id": project.id if project else None,
            "currency": supplier.currency,
            "exchange_rate": Decimal(rate) if rate else None,
            "notes": random.choice(NOTES),
            "delivery_address": random.choice(ADDRESSES),
            "expected_delivery_date": (self._at + timedelta(days=random.randint(5, 60))).date(),
            "lines": [
                _line(good, rate, supplier.currency or "SAR", random, most=1 if dear else DEAR)
                for good in goods
            ],
            "attachments": _attachments(trade, random),
        }


def _line(
    good: Good, rate: str | None, currency: str, random: Random, *, most: int
) -> NewPurchaseOrderLine:
    price = Decimal(good.price) / Decimal(rate or 1)
    return NewPurchaseOrderLine(
        description=good.description,
        quantity=Decimal(random.randint(1, max(good.most // most, 1))),
        unit=good.unit,
        unit_price=rounded(price, currency),
        vat_rate=None if good.vat_rate is None else Decimal(good.vat_rate),
    )


def _attachments(trade: Trade, random: Random) -> list[NewPurchaseOrderAttachment]:
    if random.random() < 0.7:  # noqa: PLR2004
        return []
    name = f"{trade.category.lower().replace(' ', '-')}-quote.pdf"
    return [NewPurchaseOrderAttachment(name=name, url=f"https://files.example.com/quotes/{name}")]
