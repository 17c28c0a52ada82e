"""Which budget an order draws on, and what it books there."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from domain.budgets import Booking, Budget, BudgetEntry
from domain.kit.errors import RuleBroken
from domain.kit.ids import new_id
from domain.purchase_orders import PurchaseOrder
from usecases.organizations import today
from usecases.ports import UnitOfWork
from usecases.reads.budgets import BudgetRow, BudgetScope


async def book(
    order: PurchaseOrder,
    bookings: Sequence[Booking],
    uow: UnitOfWork,
    *,
    invoice_id: UUID | None = None,
    checked: bool = True,
) -> None:
    """Put what the lines of an order moved into the ledger of its budget, if it has one.

    It locks the budget, and that lock comes last. Raises BudgetExceeded, and RuleBroken when the
    budget takes nothing new; not when it is not `checked`, because it was agreed to before.
    """
    if order.budget_id is None or not bookings:
        return
    budget = await uow.records(Budget).get(order.budget_id)
    said: dict[str, Any] = {"order": str(order.id), "number": order.number}
    if invoice_id is not None:
        said["invoice"] = str(invoice_id)
    budget.book(bookings, uow.now, checked=checked, **said)
    ids = sorted(new_id() for _ in bookings)  # entries of one moment, in their order
    for id, booking in zip(ids, bookings, strict=True):
        uow.keep(
            BudgetEntry(
                id=id,
                budget_id=budget.id,
                order_id=order.id,
                revision=order.revision,
                invoice_id=invoice_id,
                at=uow.now,
                **booking._asdict(),
            )
        )


async def rebook(order: PurchaseOrder, uow: UnitOfWork, *, checked: bool = True) -> None:
    """Bring what an order holds of its budget to what it should, after it moved or changed."""
    await book(order, order.rebook(), uow, checked=checked)
    order.forget_budget()


async def choose_budget(order: PurchaseOrder, uow: UnitOfWork) -> None:
    """The budget that an order draws on from its submission (DOMAIN: Budget ledger).

    Unless a user named one, it is the most specific of the order's department for the year; none
    where there is none. Raises RuleBroken when the one that was named is not for such orders.
    """
    year = today(await uow.organization(), uow).year
    if order.budget_named and order.budget_id is not None:
        budget = (await uow.reads.budgets.by_ids([order.budget_id]))[order.budget_id]
        _check_scope(order, budget, year)
        return
    scope = BudgetScope(order.department_id, order.project_id, year)
    chosen = (await uow.reads.budgets.by_scopes([scope])).get(scope)
    order.budget_id = chosen.id if chosen else None


def _check_scope(order: PurchaseOrder, budget: BudgetRow, year: int) -> None:
    if budget.fiscal_year != year:
        raise RuleBroken("this budget is for another year", path=("budget_id",))
    if budget.department_id != order.department_id:
        raise RuleBroken("this budget is another department's", path=("budget_id",))
    if budget.project_id not in {None, order.project_id}:
        raise RuleBroken("this budget is for another project", path=("budget_id",))
