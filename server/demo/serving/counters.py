"""Setting up what is offered: everything that there is before the first customer comes."""

from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import Any

from domain.business_calendars import (
    BusinessCalendar,
    OpenHours,
    SpecialDays,
    Weekday,
    WorkingHours,
)
from domain.compliance_documents import ComplianceDocumentType, DocumentHolder
from domain.coupons import Coupon
from domain.customers import Client, Company
from domain.organizations import Organization
from domain.packages import Package, PackageItem
from domain.service_definitions import (
    EligibilityCheck,
    EligibilityKind,
    PriceOption,
    RequiredDocument,
    ServiceDefinition,
    ServiceStep,
    SlaKind,
    SlaTarget,
    StepType,
)
from domain.workers import Worker
from server.demo.casts import Cast
from server.demo.serving import offers
from server.demo.stages import Stage
from usecases.records import UpdateRecord
from usecases.service_definitions import ArchiveServiceDefinition, PublishServiceDefinition

MANAGER = "service_manager"
OFFICE = (time(8), time(17))
RAMADAN = (time(10), time(15))
# The months of Ramadan that the demo can be about: the first and last days, as expected.
RAMADANS = (((2026, 2, 18), (2026, 3, 19)), ((2027, 2, 8), (2027, 3, 9)))


@dataclass
class Counter:
    """What serving customers takes, by codes and places."""

    services: dict[str, ServiceDefinition] = field(default_factory=dict)
    packages: dict[str, Package] = field(default_factory=dict)
    kinds: dict[str, ComplianceDocumentType] = field(default_factory=dict)
    clients: list[Client] = field(default_factory=list)
    companies: list[Company] = field(default_factory=list)
    workers: list[list[Worker]] = field(default_factory=list)


async def open_counter(stage: Stage, cast: Cast, today: datetime) -> Counter:
    """Everything that can be ordered, and by which hours it is done."""
    counter = Counter()
    await _set_hours(stage, cast)
    for kind in offers.DOCUMENT_KINDS:
        counter.kinds[kind.code] = await stage.create(
            ComplianceDocumentType,
            {
                "code": kind.code,
                "name": kind.name,
                "name_ar": kind.name_ar,
                "holder": DocumentHolder.WORKER if kind.of_workers else DocumentHolder.COMPANY,
                "renewal_window_days": kind.window,
            },
        )
    await _offer(stage, cast, counter)
    for discount in offers.COUPONS:
        await stage.create(Coupon, _coupon(discount, today))
    return counter


async def _set_hours(stage: Stage, cast: Cast) -> None:
    workdays = (*list(Weekday)[:4], Weekday.SUNDAY)
    short = [OpenHours(opens=RAMADAN[0], closes=RAMADAN[1])]
    special = [
        SpecialDays(
            name="Ramadan",
            first=datetime(*first).date(),  # noqa: DTZ001 - a day
            last=datetime(*last).date(),  # noqa: DTZ001
            hours=short,
        )
        for first, last in RAMADANS
    ] + [
        SpecialDays(name=name, first=day, last=day)
        for year in (2025, 2026, 2027)
        for name, month, number in (("Founding Day", 2, 22), ("National Day", 9, 23))
        for day in [datetime(year, month, number).date()]  # noqa: DTZ001 - a day
    ]
    riyadh = await stage.create(
        BusinessCalendar,
        {
            "name": "Riyadh office",
            "hours": [
                WorkingHours(weekday=day, opens=OFFICE[0], closes=OFFICE[1]) for day in workdays
            ],
            "special_days": special,
        },
    )
    await stage.create(
        BusinessCalendar,
        {
            "name": "Lisbon desk",
            "time_zone": "Europe/Lisbon",
            "hours": [
                WorkingHours(weekday=day, opens=opens, closes=closes)
                for day in list(Weekday)[:5]
                for opens, closes in ((time(9), time(13)), (time(14), time(18)))
            ],
        },
    )
    given = {"calendar_id": riyadh.id}
    update = UpdateRecord(kind=Organization, id=cast.organization.id, given=given)
    await stage.do(update, None, stage.began)


async def _offer(stage: Stage, cast: Cast, counter: Counter) -> None:
    by = cast.users[MANAGER]
    for service in (*offers.SERVICES, offers.DRAFTED, offers.ARCHIVED):
        made = await stage.create(ServiceDefinition, _service(service, counter), by)
        if service in offers.SERVICES:
            publish = PublishServiceDefinition(id=made.id)
            made = counter.services[service.code] = await stage.do(publish, by, stage.began)
        elif service is offers.ARCHIVED:
            await stage.do(ArchiveServiceDefinition(id=made.id), by, stage.began)
    for bundle in offers.PACKAGES:
        given = {
            "code": bundle.code,
            "name": bundle.name,
            "name_ar": bundle.name_ar,
            "price": Decimal(bundle.price),
            "duration_days": bundle.days,
            "renewable": bundle.renewable,
            "active": bundle.active,
            "items": [
                PackageItem(service_definition_id=counter.services[code].id, quantity=quantity)
                for code, quantity in bundle.items.items()
            ],
        }
        counter.packages[bundle.code] = await stage.create(Package, given, by)


def _service(service: offers.Service, counter: Counter) -> dict[str, Any]:
    return {
        "code": service.code,
        "name": service.name,
        "name_ar": service.name_ar,
        "category": service.category,
        "price": Decimal(service.price),
        "requires_company": service.of_companies,
        "requires_worker": service.of_workers,
        "targets": [
            SlaTarget(kind=SlaKind.FIRST_RESPONSE, minutes=4 * 60),
            SlaTarget(kind=SlaKind.RESOLUTION, minutes=service.hours * 60),
        ],
        "steps": [
            _step(step, before.key if before else None, counter)
            for before, step in zip((None, *service.steps), service.steps, strict=False)
        ],
        "eligibility": [
            EligibilityCheck(
                key=kind.lower().replace("_", "-"),
                label=_LABELS[kind],
                kind=kind,
                type_id=counter.kinds[code].id if code else None,
            )
            for kind, code in service.eligibility
        ],
        "options": [
            PriceOption(key=o.key, name=o.name, name_ar=o.name_ar, price=Decimal(o.price))
            for o in service.options
        ],
    }


_LABELS = {
    EligibilityKind.REGISTERED: "The company is registered",
    EligibilityKind.VALID_DOCUMENT: "A valid commercial registration",
    EligibilityKind.TAX_ID: "A VAT number",
}


def _step(step: offers.Step, before: str | None, counter: Counter) -> ServiceStep:
    """After the one before it, unless it says after which ones."""
    after = step.after if step.after is not None else (before,) if before else ()
    return ServiceStep(
        key=step.key,
        name=step.name,
        name_ar=step.name_ar,
        type=step.type,
        depends_on=[*after],
        optional=step.optional,
        targets=[SlaTarget(kind=SlaKind.RESOLUTION, minutes=step.hours * 60)],
        documents=[RequiredDocument(type_id=counter.kinds[code].id) for code in step.documents]
        if step.type is StepType.DOCUMENT
        else [],
    )


def _coupon(discount: offers.Discount, today: datetime) -> dict[str, Any]:
    since, until = (None if n is None else today + timedelta(days=n) for n in discount.days)
    total, each = discount.limits
    return {
        "code": discount.code,
        "name": discount.name,
        "discount_type": discount.type,
        "discount_value": Decimal(discount.value),
        "max_discount_amount": Decimal(discount.most) if discount.most else None,
        "min_order_amount": Decimal(discount.least) if discount.least else None,
        "valid_from": since,
        "valid_until": until,
        "usage_limit_total": total,
        "usage_limit_per_subject": each,
        "active": discount.active,
    }
