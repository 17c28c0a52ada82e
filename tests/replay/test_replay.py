"""The replay against a real server: it ends as the log says, and does nothing twice."""

import asyncio
import json
import os
import re
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, Final

import asyncpg
import pytest

from replay.replays import Replay
from tests import make
from tests.servers import Live, live_server

COMMAND: Final = [sys.executable, "-m", "server.cli", "replay"]
PATIENCE: Final = 60
BEFORE_STEPS: Final = 10  # lines of a state file: what it belongs to, and nine tokens
# What is in the tables afterwards, whoever asks.
COUNTS: Final = """
SELECT (SELECT count(*) FROM purchase_orders) AS orders,
       (SELECT count(*) FROM audit_events WHERE subject_kind = 'purchase_order') AS entries,
       (SELECT count(*) FROM outbox_events WHERE subject_kind = 'purchase_order') AS announced,
       (SELECT count(*) FROM audit_events WHERE subject_kind <> 'purchase_order') AS others,
       (SELECT count(*) FROM idempotency_records) AS keys
"""


@pytest.fixture
async def live(fresh_database: str, tmp_path: Path) -> AsyncIterator[Live]:
    async with live_server(fresh_database, tmp_path / "data") as live:
        yield live


async def counts(live: Live) -> dict[str, int]:
    """As the owner of the database sees them, past row level security."""
    connection = await asyncpg.connect(live.database)
    try:
        return dict(await connection.fetchrow(COUNTS))
    finally:
        await connection.close()


async def prepared(live: Live, log: Path, state: Path, cases: int) -> Replay:
    """A replay whose stage is set, and an operator who has lifted the limits of its roles."""
    replay = Replay(log=log, url=live.graphql, admin=live.token, state=state, cases=cases)
    await replay.prepare()
    await make.lift_limits(live.database)
    return replay


async def test_a_sample_with_every_variant_ends_as_the_log_says(
    real_log: Path, live: Live, tmp_path: Path
) -> None:
    replay = await prepared(live, real_log, tmp_path / "state.jsonl", cases=200)

    told = (await replay.run()).as_json()

    assert told["diverging"] == []
    assert told["unmapped_cases"] == []
    assert told["cases"] == {"total": 200, "matching": 200, "diverging": 0, "unmapped": 0}
    assert told["events"]["total"] == 1468
    assert untimed(told["this_run"]) == untimed_requests(2111)
    after = await counts(live)
    assert (after["orders"], after["entries"], after["announced"]) == (220, 1866, 1866)

    again = (await replay.run()).as_json()

    assert untimed(again["this_run"]) == untimed_requests(0)
    assert again["cases"] == told["cases"]
    assert await counts(live) == after


async def test_a_replay_that_was_killed_goes_on_and_does_nothing_twice(
    real_log: Path, live: Live, tmp_path: Path
) -> None:
    state, credentials = tmp_path / "replay-state.jsonl", tmp_path / "credentials.json"
    opening = {"url": live.graphql, "tokens": {"admin": live.token}}
    credentials.write_text(json.dumps({"graphql": opening}))
    command = [*COMMAND, str(real_log), "--cases", "60", "--credentials", str(credentials)]
    replay = await prepared(live, real_log, state, cases=60)

    await asyncio.to_thread(killed_after, 150, command)
    # At the worst, it has forgotten all but the first 50 steps of those it has done.
    lines = state.read_text().splitlines(keepends=True)
    assert BEFORE_STEPS + 150 <= len(lines) < BEFORE_STEPS + 450
    state.write_text("".join(lines[: BEFORE_STEPS + 50]))
    told = (await replay.run()).as_json()

    assert told["cases"] == {"total": 60, "matching": 60, "diverging": 0, "unmapped": 0}
    assert untimed(told["this_run"]) == untimed_requests(598)
    after = await counts(live)
    assert (after["orders"], after["entries"], after["announced"]) == (67, 574, 574)


def untimed(run: dict[str, Any]) -> dict[str, Any]:
    return {name: told for name, told in run.items() if "second" not in name}


def untimed_requests(count: int) -> dict[str, Any]:
    return {"set_up": 0, "requests": count, "tried_again": 0, "waited_for_the_rate_limit": 0}


def killed_after(events: int, command: list[str]) -> None:
    """Runs a replay at a terminal of its own, and kills it when it tells of so many events."""
    ours, its = os.openpty()
    with subprocess.Popen(command, stdout=its, stderr=its) as process, open(ours, "rb", 0) as told:  # noqa: S603, PTH123
        os.close(its)
        seen = b""
        while not any(int(n) >= events for n in re.findall(rb"events (\d+)/", seen)):
            seen += told.read(1024)
        process.kill()
        assert process.wait(PATIENCE) == -9
