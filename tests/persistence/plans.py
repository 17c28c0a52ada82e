"""What PostgreSQL plans to do as the application's role, in an organization with many rows."""

import json
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime
from typing import Any, NamedTuple

import asyncpg

from domain.kit.ids import new_id
from persistence.engines import application_engine
from persistence.reads.kit import _compiled
from persistence.reads.lists import Listed
from persistence.storage import SqlStorage
from tests.conftest import World, new_world
from usecases.reads.kit import Direction

MANY = 3000
SOME, MOMENT, DAY = new_id(), datetime(2026, 1, 1, tzinfo=UTC), date(2026, 1, 1)
EARLY, LATE = datetime(2000, 1, 1, tzinfo=UTC), datetime(2150, 1, 1, tzinfo=UTC)
# What `n`, the number of the copy, makes of columns that most tables have.
NEW = {
    "id": "gen_random_uuid()",
    **dict.fromkeys(("waqti_id", "shoplazza_id", "shrkity_id", "wisedat_id"), "10000 + n"),
}
DATED = {
    "created_at": "created_at + n * interval '1 minute'",
    "updated_at": "updated_at + n * interval '1 minute'",
}
ANY = "md5((n % 300)::text)::uuid"  # one of many
_COPY = """
    INSERT INTO {table} ({columns}) SELECT {values}
    FROM (SELECT * FROM {table} WHERE organization_id = $2 ORDER BY id LIMIT 1) AS kept,
    generate_series(1, $1) AS n
"""
_CLEAN = """
    SELECT gin_clean_pending_list(indexrelid) FROM pg_index JOIN pg_class ON oid = indexrelid
    WHERE relam = (SELECT oid FROM pg_am WHERE amname = 'gin')
"""


class Ordered(NamedTuple):
    """An ordering that is offered, and where to go on in it.

    Its index is called after its columns, unless it is said what else it is called after.
    """

    listed: Listed[Any]
    everything: Any
    sort: Any
    key: tuple[Any, ...]
    called: str = ""


class Plans:
    def __init__(self, connection: asyncpg.Connection, world: World) -> None:
        self._connection, self.world = connection, world

    async def of(self, listed: Listed[Any], filter: Any, sort: Any, **how: Any) -> str:
        names = listed._names(filter)
        after = how.get("after", False)
        statement = listed._listed(names, sort, how.get("way", Direction.DESC), after=after)
        key = {f"after_{n}": value for n, value in enumerate(how.get("key", ()))}
        return await self.explained(
            statement, listed._values(filter) | key | {"n": how.get("n", 21)}
        )

    async def of_parents(self, listed: Listed[Any], parent: str, sort: Any) -> str:
        """Of the first page for each of several parents."""
        statement = listed._listed_by(parent, (), sort, Direction.DESC, after=False)
        return await self.explained(statement, {"n": 21, "ids": [SOME, new_id()]})

    async def explained(self, statement: Any, values: Mapping[str, Any]) -> str:
        sql, names, constants = _compiled(statement)
        given = {**constants, **values, "organization_id": self.world.organization.id}
        plan = await self._connection.fetchval(
            f"EXPLAIN (FORMAT JSON, COSTS off) {sql}", *[given[name] for name in names]
        )
        return json.dumps(json.loads(plan))

    async def check_ordering(self, ordered: Ordered, way: Direction) -> None:
        """A page, and one that goes on at a cursor, are read from an index in its order."""
        listed, everything, sort, key, called = ordered
        columns = [column.name for column in listed.orderings[sort].columns]
        index = f"ix_{listed.table.name}_{called or '_'.join(columns)}"
        first = await self.of(listed, everything, sort, way=way)
        following = await self.of(listed, everything, sort, way=way, after=True, key=key)

        for plan in (first, following):
            assert '"Seq Scan"' not in plan
            assert '"Sort"' not in plan
            assert f'"{index}"' in plan
        conditions = re.findall(r'"Index Cond": "(.*?)"[,}]', following)
        goes_on = re.compile(rf"[( ]{columns[0]}(, [^)]*\))? [<>]=? ")
        assert len([each for each in conditions if goes_on.search(each)]) == 1


@asynccontextmanager
async def among_many(
    database_url: str,
    varied: Mapping[str, Mapping[str, str]],
    prepare: Callable[[World, SqlStorage], Awaitable[Any]],
) -> AsyncIterator[Plans]:
    """A new organization, after `prepare`, with one row of every table that varies copied a lot.

    Foreign keys are not looked at. It ends as if nothing had happened.
    """
    engine = application_engine(database_url, pool_size=1)
    storage = SqlStorage(engine)
    world = await new_world(storage)
    await prepare(world, storage)
    await engine.dispose()
    connection = await asyncpg.connect(database_url)
    transaction = connection.transaction()
    await transaction.start()  # rolled back: other tests find their tables as they were
    try:
        await connection.execute("SET LOCAL session_replication_role = replica")
        for table, values in varied.items():
            await _copy(connection, table, values, world)
        await connection.execute(_CLEAN)
        await connection.execute("SET LOCAL ROLE backoffice_app; SET LOCAL enable_seqscan = off")
        enter = "SELECT set_config('app.organization', $1, true)"
        await connection.execute(enter, str(world.organization.id))
        yield Plans(connection, world)
    finally:
        await transaction.rollback()
        await connection.close()


async def _copy(
    connection: asyncpg.Connection, table: str, varied: Mapping[str, str], world: World
) -> None:
    columns = await connection.fetch(
        "SELECT column_name FROM information_schema.columns"
        " WHERE table_name = $1 AND is_generated = 'NEVER'",
        table,
    )
    names = [row[0] for row in columns]
    values = ", ".join(varied.get(name, name) for name in names)
    copy = _COPY.format(table=table, columns=", ".join(names), values=values)
    await connection.execute(copy, MANY, world.organization.id)
    await connection.execute(f"ANALYZE {table}")


def tried(filters: Iterable[tuple[Any, Any]]) -> set[str]:
    """What is given in at least one of these filters."""
    return {
        name
        for filter, _ in filters
        for name, field in type(filter).__dataclass_fields__.items()
        if getattr(filter, name) != field.default
    }
