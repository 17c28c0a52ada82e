"""Vendors: facts W-54 to W-57."""

from typing import Any

from domain.callers import Permission
from domain.suppliers import Supplier, SupplierContact
from rest.kit import Call, Endpoint, NumberedPage
from rest.kit.calls import the
from rest.kit.inputs import Nothing
from rest.kit.pages import numbered
from rest.waqti import records
from rest.waqti.wire import inputs
from rest.waqti.wire import vendors as wire
from rest.waqti.wire.performances import VendorPerformance
from usecases.reads.suppliers import SupplierFilter, SupplierOrder
from usecases.records import CreateRecord, UpdateRecord

NAMES = {"vat_number": "tax_id", "cr_number": "registration_number"}


async def index(call: Call[inputs.Vendors]) -> NumberedPage[wire.ListedVendor]:
    given, read = call.given, call.read
    organization_id = call.caller.organization_id
    rows, total = await numbered(
        read.suppliers,
        SupplierFilter(
            status=(given.status,) if given.status else None,
            category=given.category,
            search=given.search,
            min_score=given.min_score,
        ),
        SupplierOrder(field=given.sort, direction=given.order),
        number=given.page,
        size=given.size,
    )
    totals = await read.suppliers.totals_by_ids([row.id for row in rows])
    currency = the(
        await read.organizations.by_ids([organization_id]), organization_id
    ).base_currency
    items = [
        wire.ListedVendor.of(
            row, totals.get(row.id, records.NOTHING_ORDERED), currency, call.asked.locale
        )
        for row in rows
    ]
    return NumberedPage(items=items, number=given.page, size=given.size, total=total)


async def create(call: Call[inputs.Vendor]) -> wire.Vendor:
    done = await call.run(CreateRecord(kind=Supplier, given=_values(call.given)))
    return await records.vendor(call.read, done.id, call.asked.locale)


async def show(call: Call[Nothing]) -> wire.Vendor:
    return await records.vendor(call.read, await call.id(Supplier.kind), call.asked.locale)


async def update(call: Call[inputs.VendorUpdate]) -> wire.Vendor:
    id = await call.id(Supplier.kind)
    await call.run(UpdateRecord(kind=Supplier, id=id, given=_values(call.given)))
    return await records.vendor(call.read, id, call.asked.locale)


async def performance(call: Call[Nothing]) -> VendorPerformance:
    id = await call.id(Supplier.kind)
    supplier = the(await call.read.suppliers.by_ids([id]), id)
    known = the(await call.read.suppliers.performances_by_ids([id]), id)
    return VendorPerformance.of(supplier, known)


def _values(given: inputs.VendorUpdate) -> dict[str, Any]:
    """What was sent, under the names that suppliers have here."""
    values = {NAMES.get(name, name): value for name, value in given.sent().items()}
    if "contacts" in values:
        contacts = values["contacts"] or ()
        values["contacts"] = [SupplierContact(**dict(contact)) for contact in contacts]
    return values


ENDPOINTS: list[Endpoint[Any]] = [
    Endpoint("GET", "/vendors", index, inputs.Vendors, needs=Permission.SUPPLIERS_READ),
    Endpoint("POST", "/vendors", create, inputs.Vendor, status=201),
    Endpoint("GET", "/vendors/{id}", show, Nothing, needs=Permission.SUPPLIERS_READ),
    Endpoint("PUT", "/vendors/{id}", update, inputs.VendorUpdate),
    Endpoint(
        "GET",
        "/vendors/{id}/performance",
        performance,
        Nothing,
        needs=Permission.SUPPLIERS_READ,
    ),
]
