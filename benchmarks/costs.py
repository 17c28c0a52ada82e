"""CPU time and statements of each use case and of typical queries: `make bench`.

The machine decides about milliseconds, so compare what one run prints: the last column relates
everything to drafting an order.
"""

import asyncio
import logging
import sys
import tempfile
from decimal import Decimal
from pathlib import Path

from sqlalchemy import event

from benchmarks import buying, serving
from benchmarks.meters import ROUNDS, WARM_UP, Bench, Meter
from persistence.engines import application_engine
from persistence.migrating import upgrade
from persistence.storage import SqlStorage
from server.embedded import EmbeddedPostgres
from tests import make
from tests.conftest import keep, new_world


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
    desk = await serving.opened(storage, world)
    bench = Bench(storage, world, meter)
    for number in range(WARM_UP + ROUNDS):
        await buying.buy(bench, number)
        await serving.serve(bench, desk)
    asked = serving.QUERIES | buying.QUERIES
    for name, query in asked.items():
        for _ in range(WARM_UP + ROUNDS):
            await bench.ask(name, query, company=desk.company)
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
