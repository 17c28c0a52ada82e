"""Packages: fact S-43."""

from collections.abc import Sequence
from typing import Any

from domain.callers import Permission
from domain.packages import Package
from rest.kit import Call, Endpoint, NumberedPage, page_of
from rest.kit.calls import the
from rest.kit.inputs import Nothing
from rest.shrkity.wire import packages as wire
from rest.shrkity.wire.inputs import Page
from usecases.reads import Reads
from usecases.reads.packages import PackageFilter, PackageOrder, PackageRow

READ = Permission.PACKAGES_READ


async def index(call: Call[Page]) -> NumberedPage[wire.Package]:
    """Those that are sold."""

    async def shaped(rows: Sequence[PackageRow]) -> list[wire.Package]:
        return await _packages(call.read, rows)

    sold = PackageFilter(active=True)
    return await page_of(call.read.packages, sold, PackageOrder(), call.given, shaped)


async def show(call: Call[Nothing]) -> wire.Package:
    """Also what is not sold any more: there are subscriptions to it."""
    id = await call.id(Package.kind)
    row = the(await call.read.packages.by_ids([id]), id)
    [package] = await _packages(call.read, [row])
    return package


async def _packages(read: Reads, rows: Sequence[PackageRow]) -> list[wire.Package]:
    ids = {item.service_definition_id for row in rows for item in row.items}
    services = await read.service_definitions.by_ids([*ids])
    return [wire.Package.of(row, services) for row in rows]


ENDPOINTS: list[Endpoint[Any]] = [
    Endpoint("GET", "/packages", index, Page, needs=READ),
    Endpoint("GET", "/packages/{id}", show, Nothing, needs=READ),
]
