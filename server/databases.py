"""Which database the server works on: the operator's, or the embedded one."""

from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import asyncpg
from sqlalchemy.exc import DBAPIError

from persistence.migrating import upgrade
from server.embedded import EmbeddedPostgres, url_of_running
from server.problems import OperatorProblem
from server.settings import Settings

OLDEST = 15
CONNECT_SECONDS = 10


@contextmanager
def database(settings: Settings) -> Iterator[str]:
    """The URL of a database as long as the block runs."""
    if settings.database_url is not None:
        yield settings.database_url.get_secret_value()
        return
    # Ours alone: the credentials lie beside the data.
    settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    with EmbeddedPostgres(settings.data_dir / "postgres") as url:
        yield url


@contextmanager
def database_in_use(settings: Settings) -> Iterator[str]:
    """The same for commands beside the server: the embedded one may be running already."""
    running = url_of_running(settings.data_dir / "postgres")
    if settings.database_url is None and running is not None:
        yield running
        return
    with database(settings) as url:
        yield url


async def check(url: str) -> None:
    """Raises OperatorProblem when `url` leads to nothing that we can work with."""
    where = _without_secrets(url)
    try:
        connection = await asyncpg.connect(url, timeout=CONNECT_SECONDS)
    except TimeoutError:
        raise OperatorProblem(
            f"no PostgreSQL answers at {where} within {CONNECT_SECONDS} s: check DATABASE_URL"
        ) from None
    except (asyncpg.InvalidPasswordError, asyncpg.InvalidAuthorizationSpecificationError):
        raise OperatorProblem(
            f"PostgreSQL at {where} refuses the user or the password of DATABASE_URL"
        ) from None
    except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, ValueError) as error:
        raise OperatorProblem(
            f"PostgreSQL at {where} cannot be used: {error or type(error).__name__}"
            " (check DATABASE_URL)"
        ) from None
    try:
        refuse_older(connection.get_server_version().major, where)
    finally:
        connection.terminate()  # close() would wait for an answer, which a bad server never gives


def migrate(url: str) -> None:
    """Bring the database to this release's schema; or OperatorProblem when it refuses."""
    try:
        upgrade(url)
    except DBAPIError as error:
        reason = str(getattr(error.orig, "__cause__", None) or error.orig)
        raise OperatorProblem(
            f"PostgreSQL at {_without_secrets(url)} refuses to migrate: {reason}"
            " (the user of DATABASE_URL has to own the database, and to create roles the first"
            " time)"
        ) from error


def refuse_older(major: int, where: str) -> None:
    if major < OLDEST:
        raise OperatorProblem(
            f"PostgreSQL at {where} is version {major}: {OLDEST} or later is needed"
        )


def _without_secrets(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.netloc.rpartition('@')[2] or 'the embedded socket'}{parts.path}"
