"""Whatever is done to orders and invoices, in any sequence: in the database, budgets add up."""

from collections.abc import Awaitable, Callable
from decimal import Decimal

import asyncpg
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from domain.approvals.conditions import Condition, ConditionField, ConditionOperator, DocumentType
from domain.kit.errors import DomainError
from domain.purchase_invoices import NewPurchaseInvoiceLine, PurchaseInvoice
from domain.purchase_orders import PurchaseOrder, PurchaseOrderLineChange, PurchaseOrderStatus
from persistence.storage import SqlStorage
from tests import make
from tests.conftest import World, keep
from tests.usecases.orders import done
from tests.usecases.test_budgets import sums
from usecases.kit import UseCase
from usecases.purchase_invoices import (
    ApprovePurchaseInvoice,
    CancelPurchaseInvoice,
    CreatePurchaseInvoice,
    OverridePurchaseInvoiceMatch,
    SubmitPurchaseInvoice,
)
from usecases.purchase_orders import (
    AmendPurchaseOrder,
    ApprovePurchaseOrder,
    CancelPurchaseOrder,
    ClosePurchaseOrderShort,
    CreatePurchaseOrder,
    RecallPurchaseOrder,
    RejectPurchaseOrder,
    RequestPurchaseOrderChanges,
    SubmitPurchaseOrder,
)

_S = PurchaseOrderStatus
OPEN = """
    SELECT o.status FROM purchase_orders o JOIN budget_entries e ON e.order_id = o.id
    WHERE e.budget_id = $1 AND o.status NOT IN ('PENDING_APPROVAL', 'APPROVED')
    GROUP BY o.id, o.status HAVING sum(e.reserved) <> 0 OR sum(e.committed) <> 0
"""


class Buying:
    """Orders of one department with a budget of 100.00; those of 40.00 or more are routed."""

    def __init__(self, world: World, storage: SqlStorage, department_id: object) -> None:
        self.world, self.storage = world, storage
        self._department_id = department_id
        self._orders: list[PurchaseOrder] = []
        self._invoices: list[PurchaseInvoice] = []

    async def step(self, command: str, number: int) -> None:
        act: Callable[[int], Awaitable[None]] = getattr(self, command)
        try:
            await act(number)
        except DomainError:
            return

    async def draft(self, number: int) -> None:
        line = make.line(quantity=Decimal(1 + number % 5))  # 11.50 each
        draft = self.world.draft(department_id=self._department_id, lines=[line, make.line()])
        order = await done(CreatePurchaseOrder(**draft), self.world, self.storage)
        self._orders.append(order)
        await self._put(order, SubmitPurchaseOrder(id=order.id))

    async def submit(self, number: int) -> None:
        if order := self._one(number, _S.DRAFT):
            await self._put(order, SubmitPurchaseOrder(id=order.id))

    async def approve(self, number: int) -> None:
        if order := self._one(number, _S.PENDING_APPROVAL):
            await self._put(order, ApprovePurchaseOrder(id=order.id))

    async def refuse(self, number: int) -> None:
        if order := self._one(number, _S.PENDING_APPROVAL):
            usecase: UseCase[PurchaseOrder] = (
                RejectPurchaseOrder(id=order.id, reason="no"),
                RequestPurchaseOrderChanges(id=order.id, comment="no"),
                RecallPurchaseOrder(id=order.id),
            )[number % 3]
            await self._put(order, usecase)

    async def end(self, number: int) -> None:
        if order := self._one(number, _S.APPROVED):
            usecase: UseCase[PurchaseOrder] = (
                ClosePurchaseOrderShort(id=order.id, reason="enough"),
                CancelPurchaseOrder(id=order.id),
            )[number % 2]
            await self._put(order, usecase)

    async def amend(self, number: int) -> None:
        if order := self._one(number, _S.APPROVED):
            line, quantity = order.lines[0].id, Decimal(1 + number % 7)
            removed = [each.id for each in order.lines[1:] if number % 2]
            change = PurchaseOrderLineChange(id=line, quantity=quantity)
            amend = AmendPurchaseOrder(
                id=order.id, reason="needed", lines=[change], removed_line_ids=removed
            )
            await self._put(order, amend)

    async def bill(self, number: int) -> None:
        order = self._one(number, _S.APPROVED)
        if order is None:
            return
        line = NewPurchaseInvoiceLine(
            description="Paper",
            quantity=Decimal(1),
            unit_price=Decimal(10 + number % 3),
            order_line_id=order.lines[0].id,
        )
        create = CreatePurchaseInvoice(
            vendor_invoice_number=f"{order.number}-{len(self._invoices)}",
            purchase_order_id=order.id,
            invoice_date=make.NOON.date(),
            lines=[line],
        )
        invoice = await done(create, self.world, self.storage)
        self._invoices.append(invoice)
        approver = self.world.approver
        await done(SubmitPurchaseInvoice(id=invoice.id), self.world, self.storage)
        override = OverridePurchaseInvoiceMatch(id=invoice.id, reason="agreed")
        await done(override, self.world, self.storage, approver)
        await done(ApprovePurchaseInvoice(id=invoice.id), self.world, self.storage, approver)
        await self._refresh(order)

    async def unbill(self, number: int) -> None:
        if self._invoices:
            invoice = self._invoices[number % len(self._invoices)]
            await done(
                CancelPurchaseInvoice(id=invoice.id, reason="wrong"), self.world, self.storage
            )

    async def _put(self, order: PurchaseOrder, usecase: UseCase[PurchaseOrder]) -> None:
        """Do it as whoever is asked: recalling is the creator's, deciding the approver's."""
        own = (ApprovePurchaseOrder, RejectPurchaseOrder, RequestPurchaseOrderChanges)
        by = self.world.approver if isinstance(usecase, own) else self.world.buyer
        changed = await done(usecase, self.world, self.storage, by)
        self._orders[self._orders.index(order)] = changed

    async def _refresh(self, order: PurchaseOrder) -> None:
        async with self.storage.begin(self.world.caller()) as uow:
            self._orders[self._orders.index(order)] = await uow.records(PurchaseOrder).get(order.id)

    def _one(self, number: int, status: PurchaseOrderStatus) -> PurchaseOrder | None:
        found = [order for order in self._orders if order.status is status]
        return found[number % len(found)] if found else None


COMMANDS = ("draft", "submit", "approve", "refuse", "end", "amend", "bill", "unbill")
SEQUENCES = st.lists(
    st.tuples(st.sampled_from(COMMANDS), st.integers(0, 20)), min_size=6, max_size=16
)


@settings(
    max_examples=40,
    phases=[Phase.generate],  # every try takes half a second: too much to look for a shorter one
    deadline=None,
    database=None,
    derandomize=True,
    suppress_health_check=[*HealthCheck],
)
@given(sequence=SEQUENCES)
async def test_after_any_sequence_the_budget_adds_up(
    storage: SqlStorage,
    world: World,
    owner: asyncpg.Connection,
    sequence: list[tuple[str, int]],
) -> None:
    if await owner.fetchval(
        "SELECT count(*) = 0 FROM approval_workflows WHERE organization_id = $1",
        world.organization.id,
    ):
        large = Condition(
            field=ConditionField.AMOUNT,
            operator=ConditionOperator.AT_LEAST,
            values=["40"],
        )
        invoices = DocumentType.PURCHASE_INVOICE
        await keep(
            storage,
            world.caller(),
            make.approval_workflow(make.step(world.approver.id), conditions=[large]),
            make.approval_workflow(make.step(world.approver.id), document_type=invoices),
        )
    department = make.department()
    budget = make.budget(department.id)
    await keep(storage, world.caller(), department)
    await keep(storage, world.caller(), budget)
    buying = Buying(world, storage, department.id)

    for number in range(3):
        await buying.step("draft", number)
    for command, number in sequence:
        await buying.step(command, number)
        reserved, committed, _ = await sums(owner, budget)
        assert min(reserved, committed) >= 0
        assert await owner.fetch(OPEN, budget.id) == []
