"""Endpoints for tests of what holds for all of them: departments, as if Shrkity had any."""

from dataclasses import dataclass
from typing import Any

from domain.callers import Permission
from domain.departments import Department
from rest.kit import Call, Endpoint
from rest.kit.calls import the
from rest.kit.inputs import Input, Nothing
from usecases.records import CreateRecord


@dataclass(slots=True)
class Probe:
    name: str
    code: str
    version: int


class NewProbe(Input):
    name: str
    code: str


async def index(_call: Call[Nothing]) -> list[Probe]:
    return []


async def create(call: Call[NewProbe]) -> Probe:
    given = {"name": call.given.name, "code": call.given.code}
    done = await call.run(CreateRecord(kind=Department, given=given))
    row = the(await call.read.departments.by_ids([done.id]), done.id)
    return Probe(row.name, row.code, row.version)


async def fail(_call: Call[Nothing]) -> Probe:
    raise RuntimeError("a bug")


READ, WRITE = Permission.DEPARTMENTS_READ, Permission.DEPARTMENTS_WRITE

ENDPOINTS: list[Endpoint[Any]] = [
    Endpoint("GET", "/probes", index, Nothing, needs=READ),
    Endpoint("POST", "/probes", create, NewProbe, status=201, needs=WRITE),
    Endpoint("PUT", "/probes", create, NewProbe, needs=WRITE),
    Endpoint("POST", "/others", create, NewProbe, status=201, needs=WRITE),
    Endpoint("POST", "/failures", fail, Nothing, needs=WRITE),
]
