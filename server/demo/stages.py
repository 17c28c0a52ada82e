"""One transaction in which several people act, each at a time of their own."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from domain.callers import Caller, Channel, Permission
from domain.kit.aggregate import Aggregate
from domain.kit.record import Record
from domain.users import User
from persistence.storage import SqlUnitOfWork
from server.operators import operator
from usecases.kit import UseCase
from usecases.records import CreateRecord

A = TypeVar("A", bound=Aggregate)
R = TypeVar("R", bound=Record)


def founder(organization_id: UUID) -> Caller:
    """Who founds an organization, before there are users."""
    return replace(operator(organization_id), request_id="demo")


class Stage:
    """`permissions` are those of each role, by the role's id."""

    def __init__(self, uow: SqlUnitOfWork, at: datetime) -> None:
        self._uow = uow
        self._founder = uow.caller
        self.began = at
        self.permissions: dict[UUID, frozenset[Permission]] = {}

    async def do(self, usecase: UseCase[A], by: User | None, at: datetime) -> A:
        """What `usecases.kit.run` does, with its commit left to the end of the play."""
        self._uow.caller, self._uow.now = self._caller(by), at
        self._uow.caller.require(usecase.requires)
        record = await usecase.execute(self._uow)
        await self._uow.flush()
        return record

    async def add(self, aggregate: Aggregate) -> None:
        self._uow.records(type(aggregate)).add(aggregate)
        await self._uow.flush()

    async def create(self, kind: type[R], given: Mapping[str, Any], by: User | None = None) -> R:
        return await self.do(CreateRecord(kind=kind, given=given), by, self.began)

    def _caller(self, user: User | None) -> Caller:
        if user is None:
            return self._founder
        return Caller(
            organization_id=self._founder.organization_id,
            user_id=user.id,
            credential_id=None,
            channel=Channel.SYSTEM,
            permissions=frozenset().union(*(self.permissions[id] for id in user.role_ids)),
            request_id="demo",
        )
