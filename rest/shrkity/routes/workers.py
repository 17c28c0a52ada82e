"""Workers of a company: facts S-41 and S-42."""

from collections.abc import Sequence
from typing import Any, NamedTuple
from uuid import UUID

from domain.callers import Permission
from domain.customers import Company
from domain.kit.errors import NotFound
from domain.workers import Worker
from rest.kit import Call, Endpoint, NumberedPage, page_of
from rest.kit.calls import the
from rest.kit.inputs import Nothing
from rest.shrkity.wire import workers as wire
from rest.shrkity.wire.inputs import Page
from usecases.reads.workers import WorkerFilter, WorkerOrder, WorkerRow
from usecases.records import CreateRecord, UpdateRecord
from usecases.workers import RemoveWorker

READ, WRITE = Permission.COMPANIES_READ, Permission.COMPANIES_WRITE


class Employer(NamedTuple):
    """The company that the path names, by both its ids."""

    id: UUID
    shrkity_id: int


async def index(call: Call[Page]) -> NumberedPage[wire.ShownWorker]:
    """Not those who were removed."""
    employer = await _employer(call)

    async def shaped(rows: Sequence[WorkerRow]) -> list[wire.ShownWorker]:
        return [wire.ShownWorker.of(row, employer.shrkity_id) for row in rows]

    filter = WorkerFilter(company_id=employer.id)
    return await page_of(call.read.workers, filter, WorkerOrder(), call.given, shaped)


async def create(call: Call[wire.Worker]) -> wire.ShownWorker:
    employer = await _employer(call)
    given = {"company_id": employer.id, **call.given.values()}
    done = await call.run(CreateRecord(kind=Worker, given=given))
    return await _shown(call, done.id, employer)


async def update(call: Call[wire.WorkerUpdate]) -> wire.ShownWorker:
    employer, id = await _worker(call)
    await call.run(UpdateRecord(kind=Worker, id=id, given=call.given.values()))
    return await _shown(call, id, employer)


async def remove(call: Call[Nothing]) -> wire.ShownWorker:
    """The worker as they were last (decision S-A6)."""
    employer, id = await _worker(call)
    await call.run(RemoveWorker(id=id))
    return await _shown(call, id, employer)


async def _employer(call: Call[Any]) -> Employer:
    [id] = await call.ids(company_id=Company.kind)
    return Employer(id, int(call.path["company_id"]))


async def _worker(call: Call[Any]) -> tuple[Employer, UUID]:
    """One who works for the company, and was not removed."""
    employer = await _employer(call)
    id = await call.id(Worker.kind)
    row = the(await call.read.workers.by_ids([id]), id)
    if row.company_id != employer.id or row.removed_at is not None:
        raise NotFound("no such record: {id}", id=row.shrkity_id)
    return employer, id


async def _shown(call: Call[Any], id: UUID, employer: Employer) -> wire.ShownWorker:
    row = the(await call.read.workers.by_ids([id]), id)
    return wire.ShownWorker.of(row, employer.shrkity_id)


ENDPOINTS: list[Endpoint[Any]] = [
    Endpoint("GET", "/companies/{company_id}/workers", index, Page, needs=READ),
    Endpoint(
        "POST", "/companies/{company_id}/workers", create, wire.Worker, status=201, needs=WRITE
    ),
    Endpoint(
        "PATCH", "/companies/{company_id}/workers/{id}", update, wire.WorkerUpdate, needs=WRITE
    ),
    Endpoint("DELETE", "/companies/{company_id}/workers/{id}", remove, Nothing, needs=WRITE),
]
