"""Workers: what there is beyond creating and changing them."""

from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from domain.callers import Permission
from domain.workers import Worker
from usecases.kit import ExpectedVersion, UseCase
from usecases.ports import UnitOfWork


@dataclass(frozen=True, kw_only=True)
class RemoveWorker(UseCase[Worker]):
    """Remove a worker from their company. What was ordered for them, and their documents, stay.

    Refused for one who was removed before.
    """

    requires = Permission.COMPANIES_WRITE

    id: Annotated[UUID, Worker, "The worker."]
    expected_version: ExpectedVersion = None

    async def execute(self, uow: UnitOfWork) -> Worker:
        worker = await uow.records(Worker).get(self.id, expected=self.expected_version)
        worker.remove(uow.now)
        return worker
