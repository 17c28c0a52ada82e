"""Connections: as the application's role, which owns nothing and sees one organization."""

from collections.abc import Mapping

from sqlalchemy import make_url
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

APPLICATION_ROLE = "backoffice_app"


def async_url(url: str) -> str:
    """The same server, through asyncpg."""
    parsed = make_url(url).set(drivername="postgresql+asyncpg")
    return parsed.render_as_string(hide_password=False)


def application_engine(
    url: str, *, pool_size: int = 10, settings: Mapping[str, str] | None = None
) -> AsyncEngine:
    """The application's connections: its role is part of the connection, not of a session.

    `settings` are PostgreSQL settings such as statement_timeout.
    """
    return create_async_engine(
        async_url(url),
        pool_size=pool_size,
        max_overflow=0,
        pool_use_lifo=True,
        pool_pre_ping=False,
        connect_args={
            "server_settings": {
                "role": APPLICATION_ROLE,
                "application_name": "backoffice",
                "jit": "off",
                **(settings or {}),
            },
            "statement_cache_size": 500,
        },
    )


def owner_engine(url: str) -> AsyncEngine:
    """The owner's connections, for migrations and for looking past row level security."""
    return create_async_engine(async_url(url), pool_size=1)
