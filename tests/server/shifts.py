"""Workers' shifts, in a database without anybody else's records."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from persistence.engines import application_engine, owner_engine
from persistence.storage import SqlStorage
from server.jobs import Shift
from server.settings import Settings


@asynccontextmanager
async def on_shift(url: str) -> AsyncIterator[Shift]:
    """With connections for several workers at once."""
    owner, engine = owner_engine(url), application_engine(url, pool_size=9)
    yield Shift(
        url=url,
        owner=owner,
        engine=engine,
        storage=SqlStorage(engine),
        settings=Settings(_env_file=None),
        stop=asyncio.Event(),
    )
    await owner.dispose()
    await engine.dispose()
