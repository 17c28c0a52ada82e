"""Serving: orders from their placing to their end, and what one asks about customers and clocks."""

from datetime import time
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

from benchmarks.meters import Bench
from domain.business_calendars import BusinessCalendar, Weekday, WorkingHours
from domain.customers import Company
from domain.packages import Package, PackageItem
from domain.service_definitions import (
    PriceOption,
    ServiceDefinition,
    ServiceStatus,
    ServiceStep,
    SlaKind,
    SlaTarget,
)
from persistence.storage import SqlStorage
from tests import make
from tests.conftest import World, keep
from tests.make import NOON
from tests.service_orders import coupon
from usecases.package_subscriptions import AssignPackageSubscription
from usecases.service_orders import (
    ApplyServiceOrderCoupon,
    AssignServiceOrder,
    CancelServiceOrder,
    CompleteServiceOrderStep,
    HoldServiceOrder,
    PlaceServiceOrder,
    ResumeServiceOrder,
    StartServiceOrderStep,
)

_PRICE = "price { base { amount } total { amount } } priceLines { label amount { amount } }"
QUERIES = {
    "50 service orders, everything": f"""{{ serviceOrders(first: 50) {{ nodes {{
        number status overdue service {{ name }} customer {{ name }} assignee {{ name }} {_PRICE}
        coupon {{ code }} packageSubscription {{ status }} invoices {{ number }}
        transitions {{ name allowed }} calendar {{ name }}
        steps {{ name status transitions {{ name allowed }} }}
        clocks {{ measures dueAt time {{ elapsedSeconds }} }}
        auditTrail {{ action at }} }} }} }}""",
    "a customer at a glance": """query ($company: ID!) { customer(id: $company) { name
        orders(first: 10) { totalCount nodes { number status total { amount } } }
        subscriptions(first: 10) { nodes { status package { name }
          allocations { total used } } }
        invoices(first: 10) { totalCount nodes { number status } }
        quotations(first: 10) { nodes { number status } } } }""",
    "50 clocks that are due": """{ slaClocks(first: 50) { totalCount nodes {
        measures dueAt atRisk breached time { remainingSeconds }
        serviceOrder { number customer { name } } step { name } } } }""",
}


class Desk(NamedTuple):
    """What there is to serve with: `covered` has a subscription that never runs out."""

    service_id: UUID
    package_id: UUID
    code: str
    plain_id: UUID
    covered_id: UUID

    @property
    def company(self) -> str:
        return f"{Company.prefix}_{self.plain_id.hex}"


async def opened(storage: SqlStorage, world: World) -> Desk:
    """A service of three steps, done by business hours, each step against the clock."""
    workdays = [*Weekday][:5]
    calendar = BusinessCalendar.founded(
        NOON,
        name="Office",
        hours=[WorkingHours(weekday=day, opens=time(8), closes=time(17)) for day in workdays],
    )
    target = SlaTarget(kind=SlaKind.RESOLUTION, minutes=600)
    keys = ("collect", "file", "deliver")
    service = ServiceDefinition.founded(
        NOON,
        code="LICENCE",
        name="Licence renewal",
        currency="SAR",
        price=Decimal(100),
        status=ServiceStatus.PUBLISHED,
        calendar_id=calendar.id,
        targets=[SlaTarget(kind=SlaKind.FIRST_RESPONSE, minutes=60), target],
        steps=[
            ServiceStep(key=key, name=key, depends_on=[*keys[n - 1 : n]], targets=[target])
            for n, key in enumerate(keys)
        ],
        options=[PriceOption(key="express", name="Express", price=Decimal(20))],
    )
    package = Package.founded(
        NOON,
        code="ANY",
        name="Any number",
        currency="SAR",
        price=Decimal(500),
        duration_days=365,
        items=[PackageItem(service_definition_id=service.id)],
    )
    discount, plain, covered = coupon(), make.company(), make.company()
    await keep(storage, world.caller(), calendar)
    await keep(storage, world.caller(), service, discount, plain, covered)
    await keep(storage, world.caller(), package)
    return Desk(service.id, package.id, discount.code, plain.id, covered.id)


async def serve(bench: Bench, desk: Desk) -> None:
    """An order with a coupon that is done and billed, and one that is covered and called off."""
    sell = AssignPackageSubscription(package_id=desk.package_id, customer_id=desk.covered_id)
    await bench.do(sell)
    place = PlaceServiceOrder(
        service_definition_id=desk.service_id, company_id=desk.plain_id, options=["express"]
    )
    id = (order := await bench.do(place)).id
    await bench.do(AssignServiceOrder(id=id, assignee_id=bench.world.approver.id))
    await bench.do(ApplyServiceOrderCoupon(id=id, code=desk.code))
    first, *others = [step.id for step in order.steps]
    await bench.do(StartServiceOrderStep(order_id=id, step_id=first), what="1st")
    await bench.do(HoldServiceOrder(id=id, reason="They travel."))
    await bench.do(ResumeServiceOrder(id=id))
    await bench.do(CompleteServiceOrderStep(order_id=id, step_id=first), what="1st")
    for step, what in zip(others, ("2nd", "last"), strict=True):
        await bench.do(StartServiceOrderStep(order_id=id, step_id=step), what=what)
        await bench.do(CompleteServiceOrderStep(order_id=id, step_id=step), what=what)
    place = PlaceServiceOrder(service_definition_id=desk.service_id, company_id=desk.covered_id)
    order = await bench.do(place, what="covered")
    await bench.do(CancelServiceOrder(id=order.id), what="covered")
