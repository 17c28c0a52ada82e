"""Sandboxes: every night everything in them goes back, once, at once, and nowhere else."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from domain.api_credentials import ApiCredential
from domain.callers import Channel
from domain.departments import Department
from domain.kit.ids import new_id
from domain.organizations import Plan, Sandbox
from domain.suppliers import Supplier
from domain.users import Role, User
from persistence.audit import verify
from persistence.engines import application_engine, owner_engine
from persistence.organizations import inside
from persistence.sandboxes import KEPT, due
from persistence.storage import SqlStorage
from persistence.tables import metadata
from server.demo.people import SANDBOX_DOMAIN
from server.gate import CredentialGate
from server.operators import operator
from server.sandboxes import reset
from tests import make
from tests.conftest import new_world
from tests.server.gates import enter
from usecases.api_credentials import CreateApiCredential
from usecases.kit import run
from usecases.operations import FoundOrganization
from usecases.purchase_orders import CreatePurchaseOrder
from usecases.records import CreateRecord, UpdateRecord

EVENING = datetime(2026, 6, 1, 23, 59, tzinfo=UTC)
NIGHT = EVENING + timedelta(minutes=1)


@dataclass(frozen=True)
class Place:
    """A database of its own: the owner's view of it, both engines, and a storage."""

    url: str
    rows: asyncpg.Connection
    owner: AsyncEngine
    engine: AsyncEngine
    storage: SqlStorage

    async def found(self, sandbox: Sandbox | None) -> "Box":
        id = new_id()
        founding = FoundOrganization(
            name="Sandbox",
            plan=Plan.ENTERPRISE,
            base_currency="SAR",
            admin_name="Ada Admin",
            admin_email="ada@example.com",
            sandbox=sandbox,
        )
        admin = (await run(founding, operator(id), self.storage)).record
        assert admin is not None
        token = CreateApiCredential(user_id=admin.id, name="first")
        credential = (await run(token, operator(id), self.storage)).record
        assert credential is not None
        await reset(self.owner, id, EVENING)
        return Box(id, admin, credential)

    async def contents(self, organization_id: UUID) -> dict[str, list[str]]:
        """Every row of an organization in every table, as text."""
        query = "SELECT to_jsonb(row)::text FROM {} row WHERE organization_id = $1 ORDER BY 1"
        return {
            table: [row[0] for row in await self.rows.fetch(query.format(table), organization_id)]
            for table in metadata.tables
        }

    async def verified(self, organization_id: UUID) -> Any:
        async with inside(self.engine, organization_id) as connection:
            return await verify(connection)


@dataclass(frozen=True)
class Box:
    id: UUID
    admin: User
    credential: ApiCredential

    async def do(self, place: Place, usecase: Any) -> Any:
        caller = replace(operator(self.id), user_id=self.admin.id)
        return (await run(usecase, caller, place.storage)).record


@pytest.fixture
async def place(fresh_database: str) -> AsyncIterator[Place]:
    owner, engine = owner_engine(fresh_database), application_engine(fresh_database, pool_size=8)
    rows = await asyncpg.connect(fresh_database)
    yield Place(fresh_database, rows, owner, engine, SqlStorage(engine))
    await rows.close()
    await engine.dispose()
    await owner.dispose()


async def mess(place: Place, box: Box) -> None:
    """A day of somebody who tries things."""
    await box.do(place, await order(place, box))


async def order(place: Place, box: Box) -> CreatePurchaseOrder:
    supplier = await box.do(place, CreateRecord(kind=Supplier, given={"name": "Mine"}))
    about = {"code": "MINE", "name": "Mine", "head_id": box.admin.id}
    department = await box.do(place, CreateRecord(kind=Department, given=about))
    return CreatePurchaseOrder(
        supplier_id=supplier.id, department_id=department.id, lines=[make.line()]
    )


# What is the same every night: all but ids, and the times at which it was written down.
CONTENT = (
    """SELECT number, status, created_at, currency, total, notes, waqti_id FROM purchase_orders
    WHERE organization_id = $1 ORDER BY number""",
    "SELECT code, name, status, waqti_id FROM suppliers WHERE organization_id = $1 ORDER BY code",
    "SELECT email, name, active FROM users WHERE organization_id = $1 ORDER BY email",
    """SELECT name, last FROM counters WHERE organization_id = $1
    AND name <> 'outbox_events.position' ORDER BY name""",
    "SELECT series, year, last FROM document_numbers WHERE organization_id = $1 ORDER BY 1, 2",
)


async def content(place: Place, box: Box) -> list[list[Any]]:
    return [[tuple(row) for row in await place.rows.fetch(sql, box.id)] for sql in CONTENT]


async def test_an_empty_sandbox_is_emptied(place: Place) -> None:
    box = await place.found(Sandbox.EMPTY)
    before = await place.contents(box.id)
    await mess(place, box)

    assert await reset(place.owner, box.id, NIGHT) is True

    after = await place.contents(box.id)
    for table in metadata.sorted_tables:
        if table.name not in {"organizations", "audit_events", "outbox_events", "counters"}:
            assert after[table.name] == before[table.name], table.name
    [day] = await place.rows.fetch("SELECT sandbox, reset_on::text FROM organizations")
    assert tuple(day) == ("EMPTY", "2026-06-02")


async def test_the_demo_is_played_again(place: Place) -> None:
    box = await place.found(Sandbox.DEMO)
    before = await content(place, box)
    await mess(place, box)
    buyer = await place.rows.fetchval(
        "SELECT id FROM users WHERE email = $1", f"buyer@{SANDBOX_DOMAIN}"
    )
    role = await place.rows.fetchval("SELECT id FROM roles WHERE code = 'finance_manager'")
    stranger = {"name": "Stranger", "email": "stranger@example.com", "role_ids": [role]}
    for usecase in (
        UpdateRecord(kind=User, id=buyer, given={"active": False, "name": "Gone"}),
        UpdateRecord(kind=Role, id=role, given={"permissions": []}),
        UpdateRecord(kind=type(make.organization()), id=box.id, given={"own_approval": True}),
        CreateRecord(kind=User, given=stranger),
    ):
        await box.do(place, usecase)

    assert await reset(place.owner, box.id, EVENING + timedelta(seconds=59)) is False
    # On the same day of the demo, so that even the times are the same.
    await place.rows.execute("UPDATE organizations SET reset_on = '2026-05-31'")
    assert await reset(place.owner, box.id, EVENING) is True

    after = await content(place, box)
    after[2].remove(("stranger@example.com", "Stranger", True))
    users = [row for row in after[3] if row[0] == "users.waqti_id"]
    after[3] = [row if row not in users else (row[0], row[1] - 1) for row in after[3]]
    assert after == before
    assert await place.rows.fetchval("SELECT own_approval FROM organizations") is False
    ids = "SELECT id FROM users WHERE email = $1"
    assert await place.rows.fetchval(ids, f"buyer@{SANDBOX_DOMAIN}") == buyer


async def test_who_works_there_stays_and_tokens_keep_working(place: Place) -> None:
    box = await place.found(Sandbox.EMPTY)
    gate = CredentialGate(place.engine, place.url)
    before = await enter(gate, box.credential.secret)

    await mess(place, box)
    await reset(place.owner, box.id, NIGHT)

    gate.authenticator.forget()
    assert await enter(gate, box.credential.secret, Channel.GRAPHQL) == before


async def test_no_other_organization_is_touched(place: Place) -> None:
    box = await place.found(Sandbox.DEMO)
    worlds = [await new_world(place.storage), await new_world(place.storage)]
    for world in worlds:
        await run(CreatePurchaseOrder(**world.draft()), world.caller(), place.storage)
    twin = await place.found(Sandbox.EMPTY)
    await mess(place, twin)
    others = [twin.id, *(world.organization.id for world in worlds)]
    before = [await place.contents(id) for id in others]

    assert await reset(place.owner, box.id, NIGHT) is True
    for world in worlds:
        assert await reset(place.owner, world.organization.id, NIGHT) is False

    assert [await place.contents(id) for id in others] == before
    assert [each.id for each in await due(place.owner, NIGHT.date())] == [twin.id]


async def test_positions_go_on_and_the_trail_stays_whole(place: Place) -> None:
    box = await place.found(Sandbox.DEMO)
    await mess(place, box)
    last = "SELECT max(position) FROM outbox_events WHERE organization_id = $1"
    cursor = await place.rows.fetchval(last, box.id)

    await reset(place.owner, box.id, NIGHT)

    news = await place.rows.fetch(
        "SELECT position, type FROM outbox_events WHERE organization_id = $1 AND position > $2"
        " ORDER BY position",
        box.id,
        cursor,
    )
    assert news[0]["type"] == "organization.reset"
    assert [row["position"] for row in news] == [*range(cursor + 1, cursor + 1 + len(news))]
    older = "SELECT DISTINCT subject_kind FROM {} WHERE position <= $1 ORDER BY 1"
    for journal in ("audit_events", "outbox_events"):
        kinds = [row[0] for row in await place.rows.fetch(older.format(journal), cursor)]
        assert kinds == ["api_credential", "organization", "role", "user"]
    entries = await place.rows.fetchval("SELECT count(*) FROM audit_events")
    assert await place.verified(box.id) == (entries, [])


async def test_what_is_missing_since_the_reset_is_noticed(place: Place) -> None:
    box = await place.found(Sandbox.EMPTY)
    await reset(place.owner, box.id, NIGHT)
    await mess(place, box)
    assert (await place.verified(box.id))[1] == []

    await place.rows.execute("DELETE FROM audit_events WHERE action = 'supplier.created'")

    [broken] = (await place.verified(box.id))[1]
    assert broken.reason == "an entry before it is missing, of this or another record"


async def test_in_a_company_that_is_no_sandbox_every_gap_is_noticed(place: Place) -> None:
    world = await new_world(place.storage)
    async with place.storage.begin(world.caller()) as uow:
        organization = await uow.records(type(world.organization)).get(world.organization.id)
        organization._record("reset", uow.now)
        await uow.flush()
        await uow.commit()
    await place.rows.execute("DELETE FROM audit_events WHERE action = 'supplier.created'")

    [broken] = (await place.verified(world.organization.id))[1]
    assert broken.reason == "an entry before it is missing, of this or another record"


async def test_of_several_workers_one_resets(place: Place) -> None:
    box = await place.found(Sandbox.EMPTY)
    owners = [owner_engine(place.url) for _ in range(6)]

    done = await asyncio.gather(*(reset(owner, box.id, NIGHT) for owner in owners))

    for owner in owners:
        await owner.dispose()
    assert sorted(done) == [False] * 5 + [True]
    resets = "SELECT count(*) FROM outbox_events WHERE type = 'organization.reset'"
    assert await place.rows.fetchval(resets) == 2  # with the one at founding


async def test_what_was_missed_is_made_up_for_once(place: Place) -> None:
    box = await place.found(Sandbox.EMPTY)
    late = NIGHT + timedelta(days=9, hours=7)

    done = [await reset(place.owner, box.id, at) for at in (late, late, late + timedelta(hours=17))]

    assert done == [True, False, True]


async def test_readers_see_the_old_or_the_new_and_a_failure_leaves_the_old(place: Place) -> None:
    box = await place.found(Sandbox.EMPTY)
    await mess(place, box)
    before = await place.contents(box.id)

    async with SqlStorage(place.owner).alone(operator(box.id)) as uow:
        await uow.wipe()
        await uow.flush()
        assert await place.contents(box.id) == before

    assert await place.contents(box.id) == before


async def test_writers_come_before_or_after_and_never_between(place: Place) -> None:
    box = await place.found(Sandbox.EMPTY)
    late = await order(place, box)

    async with place.storage.begin(operator(box.id)) as uow:
        resetting = asyncio.create_task(reset(place.owner, box.id, NIGHT))
        waiting = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
        async with asyncio.timeout(10):
            while not await place.rows.fetchval(waiting):
                pass
        writing = asyncio.create_task(box.do(place, late))
        async with asyncio.timeout(10):
            while await place.rows.fetchval(waiting) < 2:
                pass
        uow.records(Supplier).add(make.supplier(name="In time, and gone all the same"))
        await uow.flush()
        await uow.commit()

    assert await resetting is True
    refused = (await asyncio.gather(writing, return_exceptions=True))[0]
    assert type(refused).__name__ == "RuleBroken"
    assert await place.rows.fetchval("SELECT count(*) FROM suppliers") == 0
    assert await place.rows.fetchval("SELECT count(*) FROM purchase_orders") == 0


def test_what_stays_is_who_works_there() -> None:
    """A new table is wiped, unless it is named."""
    assert sorted(table.name for table in KEPT) == [
        "api_credentials",
        "organizations",
        "rate_limit_buckets",
        "rate_limit_windows",
        "roles",
        "users",
    ]
