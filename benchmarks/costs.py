"""CPU time and statements of each use case and of typical queries: `make bench`.

The machine decides about milliseconds, so compare what one run prints: the last column relates
everything to drafting an order.
"""

import asyncio
import logging
import sys
import tempfile
from collections.abc import Awaitable, Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from statistics import median
from time import process_time
from typing import Any, Final, TypeVar

from sqlalchemy import event

from domain.goods_receipts import NewGoodsReceiptLine
from domain.kit.aggregate import Aggregate
from domain.purchase_invoices import NewPurchaseInvoiceLine
from domain.users import User
from persistence.engines import application_engine
from persistence.migrating import upgrade
from persistence.storage import SqlStorage
from schema import schema
from schema.kit.session import GraphQLSession
from server.embedded import EmbeddedPostgres
from tests import make
from tests.conftest import World, keep, new_world
from usecases.goods_receipts import CreateGoodsReceipt, PostGoodsReceipt
from usecases.kit import UseCase, run
from usecases.purchase_invoices import (
    ApprovePurchaseInvoice,
    CreatePurchaseInvoice,
    PayPurchaseInvoice,
    SubmitPurchaseInvoice,
)
from usecases.purchase_orders import (
    ApprovePurchaseOrder,
    CreatePurchaseOrder,
    SubmitPurchaseOrder,
)

A = TypeVar("A", bound=Aggregate)

WARM_UP, ROUNDS = 5, 40
FIRST: Final = "CreatePurchaseOrder"
QUERIES = {
    "20 orders with everything": """{ purchaseOrders(first: 20) { nodes {
        number status total { amount } supplier { name } department { name }
        lines { description total { amount } } transitions { name allowed }
        approvals { round step status }
        auditTrail { action at } } } }""",
    "viewer.approvals": "{ viewer { approvals(first: 20) { nodes { __typename } } } }",
    "changes": "{ changes(first: 100) { edges { change type } } }",
}


class Meter(logging.Handler):
    """Counts what is sent, whichever way, and times what sends it."""

    def __init__(self) -> None:
        super().__init__()
        self._sent = 0
        self._costs: dict[str, list[tuple[float, int]]] = {}

    def emit(self, record: logging.LogRecord) -> None:  # noqa: ARG002 - it counts, that is all
        self._sent += 1

    def listen(self, *_arguments: Any) -> None:
        self._sent += 1

    async def of(self, name: str, work: Callable[[], Awaitable[Any]]) -> Any:
        sent, began = self._sent, process_time()
        result = await work()
        cost = (process_time() - began, self._sent - sent)
        self._costs.setdefault(name, []).append(cost)
        return result

    def table(self) -> str:
        taken = {n: median(t for t, _ in costs[WARM_UP:]) for n, costs in self._costs.items()}
        lines = [f"{'':28}{'CPU ms':>8}{'statements':>12}{'ratio':>8}"]
        lines += [
            f"{name:28}{time * 1000:8.2f}{self._costs[name][-1][1]:12}{time / taken[FIRST]:8.2f}"
            for name, time in taken.items()
        ]
        return "\n".join(lines)


class Bench:
    def __init__(self, storage: SqlStorage, world: World, meter: Meter) -> None:
        self._storage, self._world, self._meter = storage, world, meter

    async def case(self, number: int) -> None:
        """An order with three lines: approved in two steps, received, invoiced and paid."""
        approver = self._world.approver
        draft = self._world.draft(lines=[make.line() for _ in range(3)])
        order = await self._do(CreatePurchaseOrder(**draft))
        await self._do(SubmitPurchaseOrder(id=order.id))
        for _ in range(2):
            await self._do(ApprovePurchaseOrder(id=order.id), approver)
        goods = [NewGoodsReceiptLine(order_line_id=n.id, accepted=n.quantity) for n in order.lines]
        receipt = await self._do(CreateGoodsReceipt(purchase_order_id=order.id, lines=goods))
        await self._do(PostGoodsReceipt(id=receipt.id))
        billed = [
            NewPurchaseInvoiceLine(
                order_line_id=line.id,
                description=line.description,
                quantity=line.quantity,
                unit_price=line.unit_price,
            )
            for line in order.lines
        ]
        enter = CreatePurchaseInvoice(
            vendor_invoice_number=str(number),
            purchase_order_id=order.id,
            invoice_date=date(2026, 1, 2),
            lines=billed,
        )
        invoice = await self._do(enter)
        await self._do(SubmitPurchaseInvoice(id=invoice.id))
        await self._do(ApprovePurchaseInvoice(id=invoice.id), approver)
        await self._do(PayPurchaseInvoice(id=invoice.id, amount=invoice.total))

    async def ask(self, name: str) -> None:
        async def answer() -> None:
            session = GraphQLSession(self._world.caller(), self._storage)
            result = await schema.execute(QUERIES[name], context_value=session)
            await session.end_reads()
            if result.errors:
                raise RuntimeError(result.errors)

        await self._meter.of(name, answer)

    async def _do(self, usecase: UseCase[A], by: User | None = None) -> A:
        done = await self._meter.of(
            type(usecase).__name__, lambda: run(usecase, self._world.caller(by), self._storage)
        )
        record: A = done.record
        return record


async def measure(url: str) -> str:
    meter = Meter()
    log = logging.getLogger("backoffice.sql")
    log.addHandler(meter)
    log.setLevel(logging.DEBUG)
    engine = application_engine(url, pool_size=2)
    event.listen(engine.sync_engine, "before_cursor_execute", meter.listen)
    storage = SqlStorage(engine)
    world = await new_world(storage)
    steps = [make.step(world.approver.id) for _ in range(2)]
    budget = make.budget(world.department.id, allocated_amount=Decimal(10**9))
    await keep(storage, world.caller(), make.approval_workflow(*steps), budget)
    bench = Bench(storage, world, meter)
    for number in range(WARM_UP + ROUNDS):
        await bench.case(number)
    for name in QUERIES:
        for _ in range(WARM_UP + ROUNDS):
            await bench.ask(name)
    await engine.dispose()
    return meter.table()


def main() -> None:
    with (
        tempfile.TemporaryDirectory() as folder,
        EmbeddedPostgres(Path(folder) / "postgres", durable=False) as url,
    ):
        upgrade(url)
        sys.stdout.write(asyncio.run(measure(url)) + "\n")


if __name__ == "__main__":
    main()
