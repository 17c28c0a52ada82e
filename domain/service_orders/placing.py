"""Placing an order: what of, for whom, on what terms, and what stands in the way of it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

from domain.business_time import BusinessHours
from domain.callers import Caller
from domain.kit import checks
from domain.kit.errors import RuleBroken, raise_first
from domain.kit.extras import too_many
from domain.service_definitions import (
    EligibilityCheck,
    EligibilityKind,
    PriceOption,
    ServiceStep,
    SlaTarget,
)
from domain.service_orders.orders import ServiceOrder
from domain.service_orders.statuses import Priority
from domain.service_orders.steps import instantiated, settle
from domain.service_orders.timing import begun, keep_time


class Offer(NamedTuple):
    """The terms of a service, as they are now; the rate is that which holds for it."""

    service_definition_id: UUID
    name: str
    name_ar: str | None
    published: bool
    requires_company: bool
    requires_worker: bool
    currency: str
    price: Decimal
    vat_rate: Decimal
    calendar_id: UUID | None
    targets: Sequence[SlaTarget]
    steps: Sequence[ServiceStep]
    eligibility: Sequence[EligibilityCheck]
    options: Sequence[PriceOption]


class Applicant(NamedTuple):
    """Whom it is for, and what eligibility looks at; nobody at all has none of it.

    `connected` says whether the client, or the company's, has an active connection; `documents`
    are the types of which the company or the worker has a document that is in force.
    """

    company_id: UUID | None = None
    client_id: UUID | None = None
    worker_id: UUID | None = None
    worker_fits: bool = True  # it is the company's, and was not removed
    active: bool = True
    tax_id: str | None = None
    registration_number: str | None = None
    connected: bool = False
    documents: frozenset[UUID] = frozenset()


class Quoted(NamedTuple):
    """What a quotation's line says instead of the service: it was agreed on, so it stands."""

    quotation_line_id: UUID
    description: str
    price: Decimal
    vat_rate: Decimal
    currency: str


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What is asked for beside the service itself; `options` are keys."""

    priority: Priority = Priority.NORMAL
    options: Sequence[str] = ()
    quoted: Quoted | None = None
    metadata: Mapping[str, Any] = field(default_factory=dict)


def place(
    offer: Offer, applicant: Applicant, wish: Wish, by: Caller, at: datetime, hours: BusinessHours
) -> ServiceOrder:
    """The new order, with its steps, clocks and price; it has no number yet (S-25 to S-28).

    Raises RuleBroken with everything that stands in the way.
    """
    chosen, unknown = choose(offer.options, wish.options)
    broken = [*misfits(offer, applicant), *unmet(offer.eligibility, applicant), *unknown]
    raise_first([*broken, *checks.found(too_many(wish.metadata))])
    quoted = wish.quoted
    order = ServiceOrder.founded(
        at,
        service_definition_id=offer.service_definition_id,
        customer_id=applicant.company_id or applicant.client_id,
        worker_id=applicant.worker_id,
        quotation_line_id=quoted.quotation_line_id if quoted else None,
        priority=wish.priority,
        currency=quoted.currency if quoted else offer.currency,
        vat_rate=quoted.vat_rate if quoted else offer.vat_rate,
        calendar_id=offer.calendar_id,
        created_by_id=by.user_id,
        metadata=dict(wish.metadata),
        steps=instantiated(offer.steps),
        clocks=begun(offer.targets, wish.priority, hours, at),
    )
    settle(order.steps)
    keep_time(order.clocks, order.steps, (order.status, order.priority), hours, at)
    if quoted:
        order.price_at(quoted.price, (quoted.description, None))
    else:
        order.price_at(offer.price, (offer.name, offer.name_ar), chosen)
    return order


def misfits(offer: Offer, applicant: Applicant) -> list[RuleBroken]:
    """What of the service and those whom it is for does not go together (fact S-26)."""
    broken: list[RuleBroken] = []
    if not offer.published:
        broken.append(
            RuleBroken(
                "this service cannot be ordered: it is not published",
                path=("service_definition_id",),
            )
        )
    company, client = applicant.company_id, applicant.client_id
    if company is not None and client is not None:
        broken.append(RuleBroken("give either a company or a client", path=("client_id",)))
    if offer.requires_company and company is None:
        broken.append(
            RuleBroken("this service is done for a company: say which", path=("company_id",))
        )
    if not applicant.active:
        path = "company_id" if company is not None else "client_id"
        broken.append(RuleBroken("this customer is not active", path=(path,)))
    if applicant.worker_id is None:
        if offer.requires_worker:
            broken.append(
                RuleBroken("this service is done for a worker: say for whom", path=("worker_id",))
            )
    elif company is None:
        broken.append(RuleBroken("a worker belongs to a company: say which", path=("company_id",)))
    elif not applicant.worker_fits:
        broken.append(RuleBroken("this company has no such worker", path=("worker_id",)))
    return broken


def unmet(asked: Sequence[EligibilityCheck], applicant: Applicant) -> list[RuleBroken]:
    """The checks of a service that they fail, each by its key."""
    return [
        RuleBroken("not eligible: {label}", path=("eligibility", check.key), label=check.label)
        for check in asked
        if not _MEETS[check.kind](check, applicant)
    ]


def choose(
    offered: Sequence[PriceOption], keys: Sequence[str]
) -> tuple[list[PriceOption], list[RuleBroken]]:
    """The options with these keys, in the service's order, and what is wrong with the keys."""
    known = {option.key for option in offered}
    broken: list[RuleBroken] = []
    for n, key in enumerate(keys):
        path = ("options", n)
        if key not in known:
            broken.append(RuleBroken("this service has no option {key}", path=path, key=key[:64]))
        elif key in keys[:n]:
            broken.append(RuleBroken("{key} is there twice", path=path, key=key))
    return [option for option in offered if option.key in keys], broken


_MEETS: Mapping[EligibilityKind, Callable[[EligibilityCheck, Applicant], bool]] = {
    EligibilityKind.VALID_DOCUMENT: lambda check, who: check.type_id in who.documents,
    EligibilityKind.TAX_ID: lambda _, who: bool(who.tax_id),
    EligibilityKind.REGISTERED: lambda _, who: bool(who.registration_number),
    EligibilityKind.CONNECTED: lambda _, who: who.connected,
}
