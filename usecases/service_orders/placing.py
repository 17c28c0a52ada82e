"""Placing service orders: for whom, on what terms, and out of which allowance."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated, Any, NamedTuple
from uuid import UUID

from domain.customers import Client, Company, CustomerKind
from domain.kit.errors import LimitReached, RuleBroken, raise_first
from domain.organizations import monthly_orders
from domain.service_definitions import ServiceDefinition, ServiceStatus
from domain.service_orders import LIFECYCLE, Applicant, Offer, Priority, ServiceOrder, Wish, place
from domain.workers import Worker
from usecases.business_calendars import working_hours
from usecases.kit import UseCase
from usecases.organizations import today
from usecases.package_subscriptions.covering import cover
from usecases.ports import UnitOfWork
from usecases.reads.applicants import ApplicantKey

SERIES = "SO"


@dataclass(frozen=True, kw_only=True)
class PlaceServiceOrder(UseCase[ServiceOrder]):
    """Order a published service: for a company, one of its workers, a client, or nobody named.

    Its steps are those of the service's workflow now, and its clocks begin to run. A subscription
    that covers the service pays for it. Refused with everything that stands in the way: what the
    service requires, who is not eligible, and a month's orders that are used up.
    """

    requires = LIFECYCLE.needs("start")

    service_definition_id: Annotated[UUID, ServiceDefinition, "What to do; a published service."]
    company_id: Annotated[
        UUID | None, Company, "The company it is for; needed where the service requires one."
    ] = None
    client_id: Annotated[
        UUID | None, Client, "The client it is for, where the service requires no company."
    ] = None
    worker_id: Annotated[
        UUID | None, Worker, "Whom of the company it is about; needed where the service says so."
    ] = None
    priority: Annotated[Priority, "How urgent it is: clocks run shorter or longer."] = (
        Priority.NORMAL
    )
    options: Annotated[Sequence[str], "The keys of what is chosen beyond the service itself."] = ()
    metadata: Mapping[str, Any] = field(default_factory=dict)

    async def execute(self, uow: UnitOfWork) -> ServiceOrder:
        whom = Whom(self.company_id, self.client_id, self.worker_id)
        wish = Wish(priority=self.priority, options=self.options, metadata=self.metadata)
        return await place_order(self.service_definition_id, whom, wish, uow)


class Whom(NamedTuple):
    """Whom an order is for, by their ids."""

    company_id: UUID | None = None
    client_id: UUID | None = None
    worker_id: UUID | None = None


async def place_order(
    service_definition_id: UUID, whom: Whom, wish: Wish, uow: UnitOfWork
) -> ServiceOrder:
    """Place an order of a service, whoever asks for it.

    What was quoted is paid as quoted: no subscription covers it. It locks the subscription, the
    month's allowance and the number, in this order. Raises RuleBroken with everything that stands
    in the way, and LimitReached when the month's orders are used up, which nothing gives back.
    """
    offer = await _offer(service_definition_id, uow)
    applicant = await _applicant(whom, uow)
    hours = await working_hours(offer.calendar_id, uow)
    order = place(offer, applicant, wish, uow.caller, uow.now, hours)
    uow.records(ServiceOrder).add(order)
    if wish.quoted is None:
        order.cover(await cover(order, uow))
    organization = await uow.organization()
    day = today(organization, uow)
    most = monthly_orders(organization.service_plan, organization.monthly_order_limit)
    if not await uow.take_allowance(day.replace(day=1), most):
        raise LimitReached("the {most} service orders of this month are used up", most=most)
    told = {name: str(id) for name, id in whom._asdict().items() if id is not None}
    order.placed(await uow.next_number(SERIES, day.year), uow.now, **told)
    return order


async def _offer(id: UUID, uow: UnitOfWork) -> Offer:
    """The terms of a service as they are now, the organization's where it has none of its own."""
    service = (await uow.reads.service_definitions.by_ids([id])).get(id)
    if service is None:
        raise RuleBroken("no such service", path=("service_definition_id",))
    organization = await uow.organization()
    rate = organization.vat_rate if service.vat_rate is None else service.vat_rate
    return Offer(
        service_definition_id=id,
        name=service.name,
        name_ar=service.name_ar,
        published=service.status is ServiceStatus.PUBLISHED,
        requires_company=service.requires_company,
        requires_worker=service.requires_worker,
        currency=service.currency,
        price=service.price_amount,
        vat_rate=rate,
        calendar_id=service.calendar_id or organization.calendar_id,
        targets=service.targets,
        steps=service.steps,
        eligibility=service.eligibility,
        options=service.price_options,
    )


async def _applicant(whom: Whom, uow: UnitOfWork) -> Applicant:
    """What is known of those whom an order is for. Raises RuleBroken for who is not there."""
    day = today(await uow.organization(), uow)
    asked = {
        name: ApplicantKey(id, whom.worker_id, day)
        for name, id in (("company_id", whom.company_id), ("client_id", whom.client_id))
        if id is not None
    }
    found = await uow.reads.applicants.by_keys([*asked.values()]) if asked else {}
    kinds = {"company_id": CustomerKind.COMPANY, "client_id": CustomerKind.CLIENT}
    raise_first(
        [
            RuleBroken("no such customer", path=(name,))
            for name, key in asked.items()
            if key not in found or found[key].customer_kind is not kinds[name]
        ]
    )
    row = next(iter(found.values()), None)
    if row is None:
        return Applicant(worker_id=whom.worker_id)
    return Applicant(
        *whom,
        worker_fits=row.worker_fits,
        active=row.active,
        tax_id=row.tax_id,
        registration_number=row.registration_number,
        connected=row.connected,
        documents=frozenset(row.document_type_ids),
    )
