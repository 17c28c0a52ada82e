"""Budgets under many hands at once: what is left is never given twice."""

from asyncio import gather
from decimal import Decimal
from typing import Any
from uuid import UUID

import asyncpg

from domain.kit.errors import BudgetExceeded
from persistence.storage import SqlStorage
from tests import make
from tests.conftest import Save, World
from tests.persistence.contents import contents
from tests.usecases.orders import drafted
from usecases.kit import Done, run
from usecases.purchase_orders import SubmitPurchaseOrder

OF_SEVEN = make.line(quantity=Decimal(1), unit_price=Decimal(7), vat_rate=Decimal(0))


async def test_two_hundred_orders_of_seven_take_ninety_eight_of_a_hundred(
    storage: SqlStorage, world: World, save: Save, owner: asyncpg.Connection
) -> None:
    budget = make.budget(world.department.id, allocated_amount=Decimal(100))
    await save(budget, make.approval_workflow(make.step(world.approver.id)))
    orders = [await drafted(world, storage, lines=[OF_SEVEN]) for _ in range(200)]
    before = await contents(owner, world)

    outcomes = await gather(
        *(run(SubmitPurchaseOrder(id=order.id), world.caller(), storage) for order in orders),
        return_exceptions=True,
    )

    submitted = {done.id for done in outcomes if isinstance(done, Done)}
    refused = [error for error in outcomes if isinstance(error, BudgetExceeded)]
    assert (len(submitted), len(refused)) == (14, 186)
    assert {error.params["headroom"] for error in refused} <= {Decimal(100 - 7 * n) for n in (14,)}
    assert await sums(owner, budget.id) == {"reserved": 98, "committed": 0, "spent": 0}
    after = await contents(owner, world)
    untouched = [str(order.id) for order in orders if order.id not in submitted]
    for table in before.keys() - {"counters", "budgets"}:
        for id in untouched:
            assert rows_of(after, table, id) == rows_of(before, table, id)
    assert len(after["budget_entries"]) == 14
    assert len(after["audit_events"]) == len(before["audit_events"]) + 2 * 14


def rows_of(found: dict[str, list[Any]], table: str, id: str) -> list[Any]:
    return [row for row in found[table] if id in row]


async def sums(owner: asyncpg.Connection, id: UUID) -> dict[str, Decimal]:
    row = await owner.fetchrow("SELECT reserved, committed, spent FROM budgets WHERE id = $1", id)
    assert row is not None
    return dict(row)
