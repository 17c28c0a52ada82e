"""The first start: two organizations to explore, and a file with the secrets that open them.

The same every time (for the same day), except for ids and secrets.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime, time, timedelta
from random import Random
from typing import Any

import asyncpg
from sqlalchemy.ext.asyncio import AsyncEngine

from domain.organizations import Organization
from domain.suppliers import Supplier, SupplierStatus
from persistence.engines import application_engine
from persistence.storage import SqlStorage, SqlUnitOfWork
from server.demo.absences import hand_over
from server.demo.budgets import give_budgets, settle_budgets
from server.demo.casts import Cast
from server.demo.credentials import FILE, issue, write
from server.demo.organizations import (
    demo_organization,
    found_demo,
    found_other,
    other_organization,
    restore_demo,
)
from server.demo.people import OTHER_TOKENS, TOKENS
from server.demo.plots import OPEN, OTHER, SETTLED, play, play_latest, told
from server.demo.serving.seasons import serve
from server.demo.stages import Stage, founder
from server.settings import Settings
from usecases.records import UpdateRecord
from usecases.webhook_endpoints import CreateWebhookEndpoint

log = logging.getLogger(__name__)

SEED = 20_260_101
FOUNDED_DAYS = 365
# What became of some suppliers in the meantime, by their place in the list.
BECAME = {
    SupplierStatus.INACTIVE: (4, 17, 23, 38),
    SupplierStatus.BLOCKED: (8, 26, 31),
}
_LOCK = 0x64656D6F  # any number, as long as it is always the same one


async def seed_if_empty(settings: Settings, url: str) -> None:
    """Make the demo organizations and `credentials.json`, unless there is any organization.

    The file's keys for a dialect appear when the dialect does: now `graphql`, `waqti` and
    `shoplazza`.
    """
    async with _alone(url) as empty:
        if empty and not settings.demo:
            log.info("no organization yet: `backoffice organizations found` makes one")
        elif empty:
            engine = application_engine(url, pool_size=2)
            try:
                await seed(engine, settings, datetime.now(UTC))
            finally:
                await engine.dispose()
        elif not (settings.data_dir / FILE).exists():
            log.warning(
                "there is no %s: secrets are shown only once. New ones: `backoffice credentials "
                "demo` for the demo organization, or `backoffice credentials issue`",
                settings.data_dir / FILE,
            )


@asynccontextmanager
async def _alone(url: str) -> AsyncIterator[bool]:
    """Whether there is no organization yet; other processes that ask wait meanwhile."""
    connection = await asyncpg.connect(url)
    try:
        await connection.execute("SELECT pg_advisory_lock($1)", _LOCK)
        yield not await connection.fetchval("SELECT EXISTS (SELECT FROM organizations)")
    finally:
        await connection.close()


async def seed(engine: AsyncEngine, settings: Settings, now: datetime) -> None:
    """Both organizations or none; the file is there before anybody can see them."""
    today = _day(now)
    began = today - timedelta(days=FOUNDED_DAYS)
    storage = SqlStorage(engine)
    demo = Organization.founded(began, **demo_organization())
    other = Organization.founded(began, **other_organization())
    async with (
        storage.begin(founder(demo.id)) as for_demo,
        storage.begin(founder(other.id)) as for_other,
    ):
        secrets = await _seed_demo(for_demo, demo, today)
        other_secrets = await _seed_other(for_other, other, today)
        await asyncio.to_thread(write, settings, secrets, other_secrets)
        await for_demo.commit()
        await for_other.commit()


def _day(now: datetime) -> datetime:
    return datetime.combine(now.astimezone(UTC).date(), time(), UTC)


async def _seed_demo(
    uow: SqlUnitOfWork, organization: Organization, today: datetime
) -> Mapping[str, Any]:
    random = Random(SEED)  # noqa: S311 - meant to be the same every time
    stage = Stage(uow, organization.created_at)
    cast = await found_demo(stage, organization, random)
    await _play_demo(stage, cast, today, random)
    return await issue(stage, cast.users, TOKENS, today)


async def replay(uow: SqlUnitOfWork, organization: Organization, now: datetime) -> None:
    """Play the demo in a sandbox that has been wiped; nobody gets new credentials."""
    random = Random(SEED)  # noqa: S311 - meant to be the same every time
    today = _day(now)
    stage = Stage(uow, today - timedelta(days=FOUNDED_DAYS))
    cast = await restore_demo(stage, organization, now, random)
    await _play_demo(stage, cast, today, random)


async def _play_demo(stage: Stage, cast: Cast, today: datetime, random: Random) -> None:
    budgets = await give_budgets(stage, cast, {stage.began.year, today.year})
    await hand_over(stage, cast, today)
    settled, still_open = told(SETTLED, random), told(OPEN, random)
    await play(stage, cast, settled + still_open, today, random)
    await play_latest(stage, cast, today, random)
    await settle_budgets(stage, cast, budgets, today)
    await serve(stage, cast, today, random)
    hooks = CreateWebhookEndpoint(
        name="Approvals to the chat",
        url="https://hooks.example.com/backoffice",
        events=["purchase_order.*"],
        is_active=False,
    )
    await stage.do(hooks, cast.users["admin"], today)
    for status, places in BECAME.items():
        for place in places:
            await _became(stage, cast, cast.suppliers[place][0], status, today)


async def _became(
    stage: Stage, cast: Cast, supplier: Supplier, status: SupplierStatus, at: datetime
) -> None:
    update = UpdateRecord(kind=Supplier, id=supplier.id, given={"status": status})
    await stage.do(update, cast.users["admin"], at)


async def _seed_other(
    uow: SqlUnitOfWork, organization: Organization, today: datetime
) -> Mapping[str, Any]:
    random = Random(SEED)  # noqa: S311 - meant to be the same every time
    stage = Stage(uow, organization.created_at)
    cast = await found_other(stage, organization, random)
    await play(stage, cast, told(OTHER, random), today, random)
    return await issue(stage, cast.users, OTHER_TOKENS, today)
