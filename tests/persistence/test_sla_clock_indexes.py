"""Every filter and ordering of clocks has an index, and so has what the worker looks for."""

import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import asyncpg
import pytest

from domain.business_time import BusinessHours
from domain.kit.ids import new_id
from domain.service_definitions import SlaKind
from domain.service_orders import ClockState, SlaClock
from persistence.engines import application_engine
from persistence.reads.sla_clocks import BY_ORDER, CLOCKS, OUTDATED, TO_TELL
from persistence.storage import SqlStorage
from tests.conftest import keep, new_world
from tests.domain.calendars import calendar, started
from tests.persistence.test_indexes import COPY, MANY, MOMENT, SOME, Plans
from tests.service_orders import order, served
from usecases.reads.kit import Direction
from usecases.reads.sla_clocks import SlaClockFilter, SlaClockSort

OTHERS = {"id": "gen_random_uuid()", "shrkity_id": "shrkity_id + n"}
VARIED: dict[str, dict[str, str]] = {
    "business_calendars": OTHERS | {"name": "name || ' ' || n"},
    "service_orders": OTHERS | {"number": "'SO-2025-' || n", "assignee_id": "md5(n::text)::uuid"},
    "service_order_steps": OTHERS
    | {"order_id": "gen_random_uuid()", "assignee_id": "md5(n::text)::uuid"},
    "sla_clocks": OTHERS
    | {
        "order_id": "gen_random_uuid()",
        "step_id": "CASE WHEN n % 2 = 1 THEN gen_random_uuid() END",
        "calendar_id": "gen_random_uuid()",
        "measures": "(ARRAY['RESOLUTION', 'FIRST_RESPONSE'])[1 + (n % 100 = 0)::int]",
        "state": "(ARRAY['MET', 'RUNNING'])[1 + (n % 50 = 0)::int]",
        "stopped_at": "CASE WHEN n % 50 <> 0 THEN started_at END",
        "started_at": "started_at + n * interval '1 minute'",
        "due_at": "due_at + n * interval '1 minute'",
        "at_risk_at": "at_risk_at + n * interval '1 minute'",
        "tell_at": "CASE WHEN n % 50 = 0 THEN tell_at + n * interval '1 minute' END",
    },
}


@pytest.fixture(scope="module")
async def plans(database_url: str) -> AsyncIterator[Plans]:
    engine = application_engine(database_url, pool_size=1)
    storage = SqlStorage(engine)
    world = await new_world(storage)
    hours = calendar()
    await keep(storage, world.caller(), hours)
    placed = order(world, await served(world, storage), clocks=[])
    going: SlaClock = started(hours=BusinessHours(hours), step_id=placed.steps[0].id)
    placed.clocks = [going]
    await keep(storage, world.caller(), placed)
    await engine.dispose()
    connection = await asyncpg.connect(database_url)
    transaction = connection.transaction()
    await transaction.start()  # rolled back: other tests find their tables as they were
    await connection.execute("SET LOCAL session_replication_role = replica")  # anything will do
    for table, varied in VARIED.items():
        columns = await connection.fetch(
            "SELECT column_name FROM information_schema.columns"
            " WHERE table_name = $1 AND is_generated = 'NEVER'",
            table,
        )
        names = [row[0] for row in columns]
        values = ", ".join(varied.get(name, name) for name in names)
        copy = COPY.format(table=table, columns=", ".join(names), values=values)
        where = f" WHERE organization_id = '{world.organization.id}' AND id = $2"
        id = await connection.fetchval(
            f"SELECT id FROM {table} WHERE organization_id = $1 LIMIT 1",  # noqa: S608
            world.organization.id,
        )
        await connection.execute(copy.rstrip() + where, MANY, id)
        await connection.execute(f"ANALYZE {table}")
    await connection.execute("SET LOCAL ROLE backoffice_app; SET LOCAL enable_seqscan = off")
    enter = "SELECT set_config('app.organization', $1, true)"
    await connection.execute(enter, str(world.organization.id))
    yield Plans(connection, world)
    await transaction.rollback()
    await connection.close()


ORDERINGS: list[tuple[SlaClockSort, str, tuple[Any, ...]]] = [
    (SlaClockSort.DUE_AT, "due_or_never_id", (MOMENT, SOME)),
    (SlaClockSort.STARTED_AT, "started_at_id", (MOMENT, SOME)),
]


@pytest.mark.parametrize("way", Direction)
@pytest.mark.parametrize(("sort", "index", "key"), ORDERINGS)
async def test_an_ordering_is_read_from_its_index_and_goes_on_at_a_cursor(
    plans: Plans, sort: SlaClockSort, index: str, key: tuple[Any, ...], way: Direction
) -> None:
    everything = SlaClockFilter()
    first = await plans.of(CLOCKS, everything, sort, way=way)
    following = await plans.of(CLOCKS, everything, sort, way=way, after=True, key=key)

    for plan in (first, following):
        assert '"Seq Scan"' not in plan
        assert '"Sort"' not in plan
        assert f'"ix_sla_clocks_{index}"' in plan
    conditions = re.findall(r'"Index Cond": "(.*?)"[,}]', following)
    name = CLOCKS.orderings[sort].columns[0].name
    assert len([each for each in conditions if name in each]) == 1


def test_every_ordering_is_tried() -> None:
    assert {sort for sort, _, _ in ORDERINGS} == {*SlaClockSort}


EARLY = datetime(2000, 1, 1, tzinfo=UTC)
FILTERS: list[tuple[SlaClockFilter, list[str]]] = [
    (SlaClockFilter(state=(ClockState.PAUSED,)), ["sla_clocks_state_due_or_never_id"]),
    (
        SlaClockFilter(measures=SlaKind.FIRST_RESPONSE),
        ["sla_clocks_measures_due_or_never_id"],
    ),
    (SlaClockFilter(at_risk=True), ["sla_clocks_at_risk_at_id"]),
    (SlaClockFilter(breached=True), ["sla_clocks_state_due_or_never_id"]),
    (SlaClockFilter(due_before=EARLY), ["sla_clocks_due_or_never_id"]),
    (
        SlaClockFilter(assignee_id=SOME),
        [
            "sla_clocks_step_id",
            "sla_clocks_order_id_started_at",
            "service_order_steps_assignee_id",
            "service_orders_assignee_id_created_at_id",
        ],
    ),
]


@pytest.mark.parametrize(("filter", "indexes"), FILTERS)
async def test_a_filter_has_its_index(
    plans: Plans, filter: SlaClockFilter, indexes: list[str]
) -> None:
    plan = await plans.of(CLOCKS, filter, SlaClockSort.STARTED_AT, n=MANY)

    assert [index for index in indexes if f'"ix_{index}"' not in plan] == []
    assert '"Seq Scan"' not in plan


def test_every_filter_is_tried() -> None:
    given = {n for f, _ in FILTERS for n, v in vars(f).items() if v is not None}

    assert given == {*SlaClockFilter.__dataclass_fields__}


@pytest.mark.parametrize("statement", [BY_ORDER, CLOCKS.by_ids])
async def test_what_belongs_to_a_record_is_read_from_an_index(plans: Plans, statement: Any) -> None:
    assert '"Seq Scan"' not in await plans.explained(statement, {"ids": [SOME, new_id()]})


@pytest.mark.parametrize(
    ("statement", "index"),
    [
        (TO_TELL, "tell_at_id"),
        (OUTDATED, "calendar_id_calendar_version"),
    ],
)
async def test_what_the_worker_looks_for_is_found_in_an_index(
    plans: Plans, statement: Any, index: str
) -> None:
    plan = await plans.explained(statement, {"until": EARLY, "n": 9})

    assert f'"ix_sla_clocks_{index}"' in plan
    assert '"Seq Scan"' not in plan
