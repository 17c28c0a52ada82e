"""What the commands of operators have in common: a database, and all organizations in it."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncEngine

from domain.callers import Caller, Channel, Permission
from domain.kit.aggregate import Aggregate
from domain.kit.errors import DomainError
from persistence.engines import application_engine
from persistence.holders import HeldCredential, Holder, credentials, holders
from persistence.organizations import Organization, inside, organizations
from persistence.storage import SqlStorage
from server.databases import check, database_in_use
from server.problems import OperatorProblem
from server.settings import Settings
from usecases.kit import UseCase, run

T = TypeVar("T")
A = TypeVar("A", bound=Aggregate)


def operator(organization_id: UUID, *, request_id: str = "operator") -> Caller:
    """Whoever sits at the machine: no user of the organization, allowed everything."""
    return Caller(
        organization_id=organization_id,
        user_id=UUID(int=0),
        credential_id=None,
        channel=Channel.SYSTEM,
        permissions=frozenset(Permission),
        request_id=request_id,
    )


@dataclass(frozen=True)
class Operations:
    """`url` is the owner's."""

    url: str
    engine: AsyncEngine

    async def organizations(self, name: str | None = None) -> list[Organization]:
        """All of them, or those of that name; or OperatorProblem when there is none."""
        found = await organizations(self.url)
        chosen = [each for each in found if name is None or each.name == name]
        if not chosen:
            names = ", ".join(each.name for each in found) or "none at all"
            raise OperatorProblem(f"no organization {name or ''}".strip() + f": there is {names}")
        return chosen

    async def user(
        self, email: str, organization: str | None = None
    ) -> tuple[Organization, Holder]:
        """The one user with that address; or OperatorProblem."""
        found = []
        for each in await self.organizations(organization):
            async with inside(self.engine, each.id) as connection:
                found += [
                    (each, holder) for holder in await holders(connection) if holder.email == email
                ]
        if not found:
            raise OperatorProblem(f"no user {email}")
        if len(found) > 1:
            names = ", ".join(each.name for each, _ in found)
            raise OperatorProblem(f"{email} is in {names}: say which with --organization")
        return found[0]

    async def credentials(
        self, organization: str | None = None
    ) -> list[tuple[Organization, HeldCredential]]:
        found = []
        for each in await self.organizations(organization):
            async with inside(self.engine, each.id) as connection:
                found += [(each, held) for held in await credentials(connection)]
        return found

    async def perform(self, usecase: UseCase[A], organization_id: UUID) -> A:
        """Run it as the operator; a refusal is an OperatorProblem."""
        try:
            done = await run(usecase, operator(organization_id), SqlStorage(self.engine))
        except DomainError as refused:
            raise OperatorProblem("; ".join(each.message for each in refused.problems)) from refused
        assert done.record is not None, "nothing was done before: there is no idempotency key"  # noqa: S101
        return done.record


def operate(settings: Settings, work: Callable[[Operations], Awaitable[T]]) -> T:
    """Do some work on the operator's database; the embedded one may be serving meanwhile."""

    async def on(url: str) -> T:
        await check(url)
        engine = application_engine(url, pool_size=2)
        try:
            return await work(Operations(url, engine))
        finally:
            await engine.dispose()

    with database_in_use(settings) as url:
        return asyncio.run(on(url))
