"""Real server processes for tests that speak HTTP from outside, stopped by whoever started them."""

import asyncio
import os
import re
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from domain.callers import Channel
from persistence.engines import application_engine
from persistence.storage import SqlStorage
from tests import make
from tests.conftest import World, new_world
from usecases.api_credentials import CreateApiCredential
from usecases.kit import run

SERVER = [sys.executable, "-m", "server.cli", "serve"]
PATIENCE = 60


@dataclass(frozen=True)
class Live:
    """A server on a database of its own with one organization, and that one's admin token."""

    url: str
    token: str
    world: World
    database: str

    @property
    def graphql(self) -> str:
        return f"{self.url}/graphql"


@asynccontextmanager
async def live_server(database: str, data_dir: Path) -> AsyncIterator[Live]:
    """`backoffice serve` as a process of its own; its rate limits are lifted for the token."""
    engine = application_engine(database, pool_size=2)
    storage = SqlStorage(engine)
    world = await new_world(storage)
    admin = CreateApiCredential(user_id=world.buyer.id, name="tests", dialect=Channel.GRAPHQL)
    issued = (await run(admin, world.caller(), storage)).record
    assert issued is not None
    assert issued.secret is not None
    await make.lift_limits(database)
    await engine.dispose()
    process, url = await asyncio.to_thread(_start, database, data_dir)
    try:
        yield Live(url=url, token=issued.secret, world=world, database=database)
    finally:
        process.terminate()
        await asyncio.to_thread(process.communicate, timeout=PATIENCE)


def _start(database: str, data_dir: Path) -> tuple["subprocess.Popen[str]", str]:
    log = data_dir / "server.log"
    data_dir.mkdir(parents=True, exist_ok=True)
    with log.open("w") as stderr:  # a pipe that nobody reads is full after some hundred requests
        process = subprocess.Popen(  # noqa: S603 - ourselves
            SERVER,
            stdout=subprocess.PIPE,
            stderr=stderr,
            text=True,
            env=os.environ | {"DATABASE_URL": database, "PORT": "0", "DATA_DIR": str(data_dir)},
        )
    assert process.stdout is not None
    for line in process.stdout:
        if found := re.search(r"http://127.0.0.1:\d+", line):
            return process, found[0]
    process.wait(timeout=PATIENCE)
    raise RuntimeError(log.read_text())
