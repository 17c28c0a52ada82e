"""Bringing a database to this release's schema, one process at a time."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from persistence.engines import async_url

_SCRIPTS = Path(__file__).parent.parent / "migrations"
_LOCK = 0x6261636B  # any number, as long as it is always the same one
LOCK_TIMEOUT = "5s"


def upgrade(url: str) -> None:
    """Run the migrations that are missing. Other processes that migrate wait their turn."""
    asyncio.run(_on_connection(url, lambda config: command.upgrade(config, "head")))


def check(url: str) -> None:
    """Raises CommandError when the tables differ from what the code describes."""
    asyncio.run(_on_connection(url, command.check))


def revise(url: str, message: str) -> None:
    """Write the migration that leads from the database to what the code describes."""
    asyncio.run(
        _on_connection(url, lambda config: command.revision(config, message, autogenerate=True))
    )


async def _on_connection(url: str, work: Callable[[Config], Any]) -> None:
    config = Config()
    config.set_main_option("script_location", str(_SCRIPTS))
    engine = create_async_engine(async_url(url), poolclass=NullPool)
    async with engine.connect() as connection:
        await connection.execute(text("SELECT pg_advisory_lock(:lock)"), {"lock": _LOCK})
        await connection.execute(
            text("SELECT set_config('lock_timeout', :time, false)"), {"time": LOCK_TIMEOUT}
        )
        await connection.commit()

        def run(sync: Connection) -> None:
            config.attributes["connection"] = sync
            work(config)

        await connection.run_sync(run)
        await connection.commit()
    await engine.dispose()
