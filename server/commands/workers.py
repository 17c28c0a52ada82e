"""`backoffice worker`: the background work in a process of its own."""

import asyncio

from server.problems import OperatorProblem
from server.settings import Settings


def worker() -> None:
    """Do the background work, beside any number of servers; needs DATABASE_URL."""
    from persistence.engines import application_engine  # noqa: PLC0415
    from server.databases import check  # noqa: PLC0415
    from server.logs import configure  # noqa: PLC0415
    from server.serving import ended_by  # noqa: PLC0415
    from server.workers import JOBS, run_worker  # noqa: PLC0415

    settings = Settings.from_environment()
    configure(settings)
    if settings.database_url is None:
        raise OperatorProblem(
            "DATABASE_URL is not set, and on the embedded database `backoffice serve` works itself"
        )
    url = settings.database_url.get_secret_value()

    async def work() -> None:
        await check(url)
        stop, loop = asyncio.Event(), asyncio.get_running_loop()
        engine = application_engine(url, pool_size=settings.pool_size)
        jobs = ", ".join(job.name for job in JOBS)
        with ended_by(lambda _number, _frame: loop.call_soon_threadsafe(stop.set)):
            print(f"backoffice works: {jobs}. Ctrl-C stops it.", flush=True)  # noqa: T201
            try:
                await run_worker(url, engine, settings, stop)
            finally:
                await engine.dispose()

    asyncio.run(work())
