"""Every filter and ordering of clocks has an index, and so has what the worker looks for."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from domain.business_time import BusinessHours
from domain.kit.ids import new_id
from domain.service_definitions import SlaKind
from domain.service_orders import ClockState, SlaClock
from persistence.reads.sla_clocks import BY_ORDER, CLOCKS, OUTDATED, TO_TELL
from persistence.storage import SqlStorage
from tests.conftest import World, keep
from tests.domain.calendars import calendar, started
from tests.persistence.plans import (
    EARLY,
    MANY,
    MOMENT,
    NEW,
    SOME,
    Ordered,
    Plans,
    among_many,
    tried,
)
from tests.service_orders import order, served
from usecases.reads.kit import Direction
from usecases.reads.sla_clocks import SlaClockFilter, SlaClockSort

VARIED: dict[str, dict[str, str]] = {
    "business_calendars": NEW | {"name": "name || ' ' || n"},
    "service_orders": NEW | {"number": "'SO-2025-' || n", "assignee_id": "md5(n::text)::uuid"},
    "service_order_steps": NEW
    | {"order_id": "gen_random_uuid()", "assignee_id": "md5(n::text)::uuid"},
    "sla_clocks": NEW
    | {
        "order_id": "gen_random_uuid()",
        "step_id": "CASE WHEN n % 2 = 1 THEN gen_random_uuid() END",
        "calendar_id": "gen_random_uuid()",
        "measures": "(ARRAY['RESOLUTION', 'FIRST_RESPONSE'])[1 + (n % 100 = 0)::int]",
        "state": "(ARRAY['MET', 'RUNNING'])[1 + (n % 50 = 0)::int]",
        "stopped_at": "CASE WHEN n % 50 <> 0 THEN started_at END",
        "started_at": "started_at + n * interval '1 minute'",
        "due_at": "due_at + n * interval '1 minute'",
        "at_risk_at": "now() + (n - 100) * interval '1 minute'",
        "tell_at": "CASE WHEN n % 50 = 0 THEN tell_at + n * interval '1 minute' END",
    },
}


async def going(world: World, storage: SqlStorage) -> None:
    hours = calendar()
    await keep(storage, world.caller(), hours)
    placed = order(world, await served(world, storage), clocks=[])
    clock: SlaClock = started(hours=BusinessHours(hours), step_id=placed.steps[0].id)
    placed.clocks = [clock]
    await keep(storage, world.caller(), placed)


@pytest.fixture(scope="module")
async def plans(database_url: str) -> AsyncIterator[Plans]:
    async with among_many(database_url, VARIED, going) as plans:
        yield plans


ORDERINGS: list[Ordered] = [
    Ordered(CLOCKS, SlaClockFilter(), SlaClockSort.DUE_AT, (MOMENT, SOME)),
    Ordered(CLOCKS, SlaClockFilter(), SlaClockSort.STARTED_AT, (MOMENT, SOME)),
]


@pytest.mark.parametrize("way", Direction)
@pytest.mark.parametrize("ordered", ORDERINGS)
async def test_an_ordering_is_read_from_its_index_and_goes_on_at_a_cursor(
    plans: Plans, ordered: Ordered, way: Direction
) -> None:
    await plans.check_ordering(ordered, way)


def test_every_ordering_is_tried() -> None:
    assert {ordered.sort for ordered in ORDERINGS} == {*SlaClockSort}


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
    assert tried(FILTERS) == {*SlaClockFilter.__dataclass_fields__}


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
