"""One transaction in which several people act, each at a time of their own."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, Protocol, TypeVar
from uuid import UUID

from domain.callers import Caller, Channel, Permission
from domain.kit.aggregate import Aggregate
from domain.kit.record import Record
from persistence.storage import SqlUnitOfWork
from server.operators import operator
from usecases.kit import UseCase
from usecases.reads import Reads
from usecases.records import CreateRecord, UpdateRecord

A = TypeVar("A", bound=Aggregate)
R = TypeVar("R", bound=Record)


def founder(organization_id: UUID) -> Caller:
    """Who founds an organization, before there are users."""
    return replace(operator(organization_id), request_id="demo")


class Actor(Protocol):
    """A user, as a record or as a row."""

    @property
    def id(self) -> UUID: ...
    @property
    def role_ids(self) -> list[UUID]: ...


class Stage:
    """`permissions` are those of each role, by the role's id."""

    def __init__(self, uow: SqlUnitOfWork, at: datetime) -> None:
        self._uow = uow
        self._founder = uow.caller
        self.began = at
        self.permissions: dict[UUID, frozenset[Permission]] = {}

    @property
    def reads(self) -> Reads:
        return self._uow.reads

    async def do(self, usecase: UseCase[A], by: Actor | None, at: datetime) -> A:
        """What `usecases.kit.run` does, with its commit left to the end of the play."""
        self._uow.caller, self._uow.now = self._caller(by), at
        self._uow.caller.require(usecase.requires)
        record = await usecase.execute(self._uow)
        await self._uow.flush()
        return record

    async def add(self, aggregate: Aggregate) -> None:
        self._uow.records(type(aggregate)).add(aggregate)
        await self._uow.flush()

    async def create(self, kind: type[R], given: Mapping[str, Any], by: Actor | None = None) -> R:
        return await self.do(CreateRecord(kind=kind, given=given), by, self.began)

    async def restore(
        self, kind: type[R], id: UUID | None, given: Mapping[str, Any], at: datetime
    ) -> R:
        """The record as it is given, whatever became of it; a new one where there is none."""
        if id is None:
            return await self.create(kind, given)
        return await self.do(UpdateRecord(kind=kind, id=id, given=given), None, at)

    def _caller(self, user: Actor | None) -> Caller:
        if user is None:
            return self._founder
        return Caller(
            organization_id=self._founder.organization_id,
            user_id=user.id,
            credential_id=None,
            channel=Channel.SYSTEM,
            permissions=frozenset().union(
                *(self.permissions.get(id, frozenset()) for id in user.role_ids)
            ),
            request_id="demo",
        )
