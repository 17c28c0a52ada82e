"""Connections are few: no operation holds two, and gives its own back whatever happens."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from domain.callers import Permission
from persistence.engines import application_engine
from persistence.storage import SqlStorage
from tests.conftest import World
from tests.persistence.contents import unchanged
from tests.schema.conftest import draft, mutating, run_operation
from tests.usecases.orders import drafted

POOL = 2
AT_ONCE = 30

READ = """{ viewer { user { name } } purchaseOrders { totalCount nodes { supplier { name }
  lines { position } auditTrail { actor { name } } } } suppliers { nodes { name } } }"""
WHOLE = "{ number supplier { name } lines { position } auditTrail { actor { name } } }"
CREATE = mutating("purchaseOrderCreate", WHOLE)
# What graphql-core was about to await when it was cancelled.
IN_THE_MIDDLE = pytest.mark.filterwarnings("ignore:.*_async_resolver:Warning")


@pytest.fixture
async def pool(database_url: str) -> AsyncIterator[AsyncEngine]:
    """Two connections; every one must be back in the end, as good as new."""
    engine = application_engine(database_url, pool_size=POOL)
    yield engine
    await settled(engine)
    async with engine.connect() as one, engine.connect() as other:
        for connection in (one, other):
            entered = text("SELECT current_setting('app.organization', true)")
            assert await connection.scalar(entered) in {None, ""}
    await engine.dispose()


@pytest.fixture
def narrow(pool: AsyncEngine) -> SqlStorage:
    return SqlStorage(pool)


async def settled(engine: AsyncEngine) -> None:
    """Loaders may outlive their request by a statement; then every connection is back."""
    async with asyncio.timeout(10):
        while checked_out(engine):  # noqa: ASYNC110 - there is nobody who would tell
            await asyncio.sleep(0)
    assert checked_out(engine) == 0


def checked_out(engine: AsyncEngine) -> int:
    taken: int = engine.pool.checkedout()  # type: ignore[attr-defined]
    return taken


async def at_once(storage: SqlStorage, world: World, document: str, **variables: Any) -> list[Any]:
    async with asyncio.timeout(60):
        return await asyncio.gather(
            *(run_operation(storage, world.caller(), document, variables) for _ in range(AT_ONCE))
        )


async def test_many_reads_share_few_connections(
    narrow: SqlStorage, pool: AsyncEngine, world: World, storage: SqlStorage
) -> None:
    await drafted(world, storage)

    results = await at_once(narrow, world, READ)

    assert [result.errors for result in results] == [None] * AT_ONCE
    assert [result.data for result in results] == [results[0].data] * AT_ONCE
    assert checked_out(pool) == 0


async def test_many_mutations_read_their_answers_over_few_connections(
    narrow: SqlStorage, pool: AsyncEngine, world: World
) -> None:
    results = await at_once(narrow, world, CREATE, input=draft(world))

    orders = [result.data["purchaseOrderCreate"]["purchaseOrder"] for result in results]
    assert len({order["number"] for order in orders}) == AT_ONCE
    assert all(order["supplier"] and order["lines"] and order["auditTrail"] for order in orders)
    assert checked_out(pool) == 0


async def test_many_dry_runs_do_too(
    narrow: SqlStorage, pool: AsyncEngine, world: World, owner: asyncpg.Connection
) -> None:
    async with unchanged(owner, world):
        results = await at_once(narrow, world, CREATE, input=draft(world), dryRun=True)

    numbers = {r.data["purchaseOrderCreate"]["purchaseOrder"]["number"] for r in results}
    assert len(numbers) == 1
    assert checked_out(pool) == 0


async def test_operations_of_every_kind_go_together(
    narrow: SqlStorage, pool: AsyncEngine, world: World
) -> None:
    three = """mutation ($input: PurchaseOrderCreateInput!) {
      one: purchaseOrderCreate(input: $input, dryRun: true) { ...seen }
      two: purchaseOrderCreate(input: $input) { ...seen }
      three: purchaseOrderCreate(input: $input, dryRun: true) { ...seen } }
    fragment seen on PurchaseOrderPayload { errors { code } purchaseOrder %s }"""

    async with asyncio.timeout(60):
        results = await asyncio.gather(
            *(
                run_operation(narrow, world.caller(), document, {"input": draft(world)})
                for _ in range(10)
                for document in (three % WHOLE, CREATE, READ)
            )
        )

    assert [result.errors for result in results] == [None] * AT_ONCE
    assert checked_out(pool) == 0


FAILING = [
    "{ suppliers(first: 0) { totalCount } purchaseOrders { nodes { supplier { name } } } }",
    "{ purchaseOrders { nodes { supplier { name } } } suppliers(first: 0) { totalCount } }",
    "{ purchaseOrders { nodes { lines { legacyIds { id } } } } users { totalCount } }",
    '{ purchaseOrders { nodes { supplier { name } } } nodes(ids: ["x"]) { id } }',
    "{ suppliers { nodes { purchaseOrders(first: 0) { nodes { supplier { name } } } } } }",
]


@pytest.mark.parametrize("document", FAILING)
async def test_an_error_leaves_no_connection_behind(
    narrow: SqlStorage, pool: AsyncEngine, world: World, storage: SqlStorage, document: str
) -> None:
    """Fields beside the one that failed are cancelled; their loaders must not read on."""
    await drafted(world, storage)
    by = world.caller(permissions=frozenset(Permission) - {Permission.USERS_READ})

    for _ in range(AT_ONCE):
        result = await run_operation(narrow, by, document, {})
        assert result.errors
        await settled(pool)


@pytest.mark.parametrize("dry_run", [False, True])
async def test_an_answer_that_fails_leaves_no_connection_behind(
    narrow: SqlStorage, pool: AsyncEngine, world: World, *, dry_run: bool
) -> None:
    """Who may write but not read gets no lines; what they did is done all the same."""
    by = world.caller(permissions=frozenset({Permission.PURCHASE_ORDERS_WRITE}))
    selected = "{ auditTrail { actor { name } } lines { total { amount } } createdBy { name } }"
    document = mutating("purchaseOrderCreate", selected)

    for _ in range(10):
        result = await run_operation(
            narrow, by, document, {"input": draft(world), "dryRun": dry_run}
        )
        assert result.data == {"purchaseOrderCreate": {"errors": [], "purchaseOrder": None}}
        assert {error.extensions["code"] for error in result.errors} == {"FORBIDDEN"}
        await settled(pool)


@IN_THE_MIDDLE
@pytest.mark.parametrize(
    ("document", "given"), [(READ, {}), (CREATE, {}), (CREATE, {"dryRun": True})]
)
async def test_a_cancelled_operation_gives_its_connection_back(
    narrow: SqlStorage, pool: AsyncEngine, world: World, document: str, given: dict[str, Any]
) -> None:
    """At every point of its way: after one turn of the event loop, two, three, …"""
    variables = {"input": draft(world)} | given if document == CREATE else {}
    turns, cancelled = 0, 0
    while True:
        task = asyncio.create_task(run_operation(narrow, world.caller(), document, variables))
        for _ in range(turns):
            await asyncio.sleep(0)
        if task.done():
            break
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        cancelled += 1
        turns += 1 + turns // 8
    await settled(pool)

    assert cancelled > 10
    assert (await task).errors is None


@IN_THE_MIDDLE
async def test_several_cancelled_at_once_leave_room_for_the_next(
    narrow: SqlStorage, pool: AsyncEngine, world: World
) -> None:
    """Those that wait for a connection give up their place as well."""
    tasks = [
        asyncio.create_task(run_operation(narrow, world.caller(), CREATE, {"input": draft(world)}))
        for _ in range(AT_ONCE)
    ]
    for _ in range(40):
        await asyncio.sleep(0)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    await settled(pool)

    assert (await run_operation(narrow, world.caller(), READ, {})).errors is None


async def test_what_nobody_reads_takes_no_connection(
    narrow: SqlStorage, pool: AsyncEngine, world: World
) -> None:
    document = "{ __typename viewer { permissions } __schema { queryType { name } } }"

    result = await run_operation(narrow, world.caller(), document, {})

    assert result.data["viewer"]["permissions"]
    assert pool.pool.checkedin() == 0  # type: ignore[attr-defined]  # none was ever opened


async def test_a_good_request_is_not_lost_to_a_bad_one(
    narrow: SqlStorage, world: World, pool: AsyncEngine
) -> None:
    good = {"input": draft(world)}
    bad = {"input": draft(world, supplierId="sup_" + "0" * 32)}

    results = await asyncio.gather(
        *(run_operation(narrow, world.caller(), CREATE, given) for given in [good, bad] * 10)
    )

    answers = [result.data["purchaseOrderCreate"] for result in results]
    assert [bool(answer["errors"]) for answer in answers] == [False, True] * 10
    assert checked_out(pool) == 0
