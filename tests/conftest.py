"""What every test may ask for: PostgreSQL, an organization of its own, statement counts.

A worker has one server and one migrated database; a test has its own organization in it, so
tests see as little of each other as companies do. `fresh_database` is for the few that need one.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from domain.callers import Caller, Permission
from domain.departments import Department
from domain.kit.aggregate import Aggregate
from domain.organizations import Organization
from domain.projects import Project
from domain.suppliers import Supplier
from domain.users import Role, User
from persistence.engines import application_engine
from persistence.migrating import upgrade
from persistence.storage import SqlStorage
from server.embedded import EmbeddedPostgres
from tests import make


@pytest.fixture(scope="session")
def database_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A migrated database, as its owner."""
    folder = tmp_path_factory.mktemp("database") / "postgres"
    with EmbeddedPostgres(folder, durable=False) as url:
        upgrade(url)
        yield url


@pytest.fixture(scope="session")
async def engine(database_url: str) -> AsyncIterator[AsyncEngine]:
    """The application's connections: many, for tests that race."""
    engine = application_engine(database_url, pool_size=25)
    yield engine
    await engine.dispose()


@pytest.fixture(scope="session")
def storage(engine: AsyncEngine) -> SqlStorage:
    return SqlStorage(engine)


@pytest.fixture(scope="session")
async def owner(database_url: str) -> AsyncIterator[asyncpg.Connection]:
    """Past row level security: what is really in the tables."""
    connection = await asyncpg.connect(database_url)
    yield connection
    await connection.close()


@pytest.fixture
async def fresh_database(database_url: str, owner: asyncpg.Connection) -> AsyncIterator[str]:
    """A migrated database without any rows, made from a template."""
    name = f"fresh_{uuid4().hex}"
    template = "migrated"
    if not await owner.fetchval("SELECT 1 FROM pg_database WHERE datname = $1", template):
        await owner.execute(f"CREATE DATABASE {template}")
        await asyncio.to_thread(upgrade, _of(database_url, template))
    await owner.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
    yield _of(database_url, name)
    await owner.execute(f"DROP DATABASE {name} WITH (FORCE)")


def _of(url: str, database: str) -> str:
    before, _, after = url.partition("?")
    return f"{before.rpartition('/')[0]}/{database}?{after}"


Save = Callable[..., Awaitable[None]]


@dataclass(frozen=True)
class World:
    """One organization with a buyer, an approver, and what an order needs."""

    organization: Organization
    role: Role
    buyer: User
    approver: User
    department: Department
    project: Project
    supplier: Supplier

    def caller(
        self,
        user: User | None = None,
        permissions: frozenset[Permission] = frozenset(Permission),
        credential_id: UUID | None = None,
    ) -> Caller:
        """The buyer, unless it is to be somebody else."""
        return make.caller(
            self.organization.id,
            (user or self.buyer).id,
            permissions=permissions,
            credential_id=credential_id,
        )

    def draft(self, **values: Any) -> dict[str, Any]:
        """The input of a purchase order with one line of 2 x 10.00 and 15 % tax."""
        return {
            "supplier_id": self.supplier.id,
            "department_id": self.department.id,
            "project_id": self.project.id,
            "lines": [make.line()],
        } | values


@pytest.fixture
async def world(storage: SqlStorage) -> World:
    return await new_world(storage)


@pytest.fixture
async def other_world(storage: SqlStorage) -> World:
    """Another organization, of which the first must see nothing."""
    return await new_world(storage)


async def new_world(storage: SqlStorage) -> World:
    organization = make.organization()
    role = make.role()
    buyer = make.user("Bea Buyer", role_ids=[role.id])
    approver = make.user("Abe Approver", role_ids=[role.id])
    world = World(
        organization=organization,
        role=role,
        buyer=buyer,
        approver=approver,
        department=make.department(head_id=approver.id),
        project=make.project(owner_id=approver.id),
        supplier=make.supplier(),
    )
    await keep(storage, world.caller(), organization, role, buyer, approver)
    await keep(storage, world.caller(), world.department, world.project, world.supplier)
    return world


async def keep(storage: SqlStorage, caller: Caller, *aggregates: Aggregate) -> None:
    """Save records as they are, in the caller's organization."""
    async with storage.begin(caller) as uow:
        for aggregate in aggregates:
            uow.records(type(aggregate)).add(aggregate)
        await uow.flush()
        await uow.commit()


@pytest.fixture
def save(storage: SqlStorage, world: World) -> Save:
    async def save(*aggregates: Aggregate) -> None:
        await keep(storage, world.caller(), *aggregates)

    return save


@pytest.fixture
def statements() -> Iterator[list[str]]:
    """The statements that reads send, as they are sent."""
    sent: list[str] = []

    class Listener(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            sent.append(record.getMessage())

    log, listener = logging.getLogger("backoffice.sql"), Listener()
    level = log.level
    log.addHandler(listener)
    log.setLevel(logging.DEBUG)
    yield sent
    log.removeHandler(listener)
    log.setLevel(level)
