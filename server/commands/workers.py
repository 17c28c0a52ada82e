"""`backoffice worker`: the background work in a process of its own."""

import asyncio
import signal

from server.problems import OperatorProblem
from server.settings import Settings


def worker() -> None:
    """Do the background work, beside any number of servers; needs DATABASE_URL."""
    from persistence.engines import application_engine  # noqa: PLC0415
    from server.databases import check  # noqa: PLC0415
    from server.logs import configure  # noqa: PLC0415
    from server.workers import run_worker  # noqa: PLC0415

    settings = Settings.from_environment()
    configure(settings)
    if settings.database_url is None:
        raise OperatorProblem(
            "DATABASE_URL is not set, and on the embedded database `backoffice serve` works itself"
        )
    url = settings.database_url.get_secret_value()

    async def work() -> None:
        await check(url)
        stop = asyncio.Event()
        for ending in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            asyncio.get_running_loop().add_signal_handler(ending, stop.set)
        engine = application_engine(url, pool_size=settings.pool_size)
        try:
            await run_worker(url, engine, settings, stop)
        finally:
            await engine.dispose()

    asyncio.run(work())
