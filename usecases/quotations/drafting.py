"""Drafting quotations: what is offered, before the customer has it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Annotated, Any
from uuid import UUID

from domain.customers import Customer
from domain.kit import checks
from domain.kit.errors import RuleBroken, raise_first
from domain.kit.given import UNSET, Maybe, given
from domain.quotations import LIFECYCLE, NewQuotationLine, Quotation
from usecases.kit import ExpectedVersion, UseCase
from usecases.organizations import today
from usecases.ports import UnitOfWork

SERIES = "QUO"
QuotationId = Annotated[UUID, Quotation, "The quotation."]


@dataclass(frozen=True, kw_only=True)
class CreateQuotation(UseCase[Quotation]):
    """Draft a quotation. It gets its number now, and its amounts whenever lines change."""

    requires = LIFECYCLE.needs("update")

    customer_id: Annotated[UUID, Customer, "Who is to have it; an active customer."]
    currency: Annotated[str | None, "ISO 4217; the base currency when left out."] = None
    valid_until: Annotated[
        date | None, "The last day it holds; when left out, it holds until it is withdrawn."
    ] = None
    notes: Annotated[str | None, "For the customer to read."] = None
    lines: Annotated[Sequence[NewQuotationLine], "What is offered; needed before it is sent."] = ()

    metadata: Mapping[str, Any] = field(default_factory=dict)

    async def execute(self, uow: UnitOfWork) -> Quotation:
        await check_customer(self.customer_id, uow)
        await check_services(self.lines, uow)
        organization = await uow.organization()
        quotation = Quotation.create(
            self.lines,
            uow.caller,
            uow.now,
            vat_rate=organization.vat_rate,
            customer_id=self.customer_id,
            currency=self.currency or organization.base_currency,
            valid_until=self.valid_until,
            notes=self.notes,
            metadata=dict(self.metadata),
        )
        number = await uow.next_number(SERIES, today(organization, uow).year)
        quotation.created(number, uow.now)
        uow.records(Quotation).add(quotation)
        return quotation


@dataclass(frozen=True, kw_only=True)
class UpdateQuotation(UseCase[Quotation]):
    """Change a draft. What is left out stays; lines replace those there are."""

    requires = LIFECYCLE.needs("update")

    id: QuotationId
    expected_version: ExpectedVersion = None
    customer_id: Annotated[Maybe[UUID], Customer, "Who is to have it."] = UNSET
    currency: Annotated[Maybe[str], "ISO 4217; amounts keep their figures."] = UNSET
    valid_until: Annotated[
        Maybe[date | None], "The last day it holds; null: it holds until it is withdrawn."
    ] = UNSET
    notes: Annotated[Maybe[str | None], "For the customer to read."] = UNSET
    lines: Annotated[
        Maybe[Sequence[NewQuotationLine]], "What is offered; replaces the lines there are."
    ] = UNSET

    async def execute(self, uow: UnitOfWork) -> Quotation:
        quotation = await uow.records(Quotation).get(self.id, expected=self.expected_version)
        names = ("customer_id", "currency", "valid_until", "notes")
        values = given({name: getattr(self, name) for name in names})
        raise_first(checks.emptied(values, ["customer_id", "currency"]))
        if "customer_id" in values:
            await check_customer(values["customer_id"], uow)
        lines = () if self.lines is None else self.lines
        if lines is not UNSET:
            await check_services(lines, uow)
        rate = (await uow.organization()).vat_rate
        quotation.update(values, lines, uow.caller, uow.now, vat_rate=rate)
        return quotation


@dataclass(frozen=True, kw_only=True)
class DeleteQuotation(UseCase[Quotation]):
    """Delete a draft for good; only its audit trail stays. What was sent is withdrawn instead."""

    requires = LIFECYCLE.needs("delete")

    id: QuotationId
    expected_version: ExpectedVersion = None

    async def execute(self, uow: UnitOfWork) -> Quotation:
        quotations = uow.records(Quotation)
        quotation = await quotations.get(self.id, expected=self.expected_version)
        quotation.delete(uow.caller, uow.now)
        await quotations.remove(quotation)
        return quotation


async def check_customer(id: UUID, uow: UnitOfWork) -> None:
    """Raises RuleBroken unless there is such a customer, and they are still sold to."""
    customer = (await uow.reads.customers.by_ids([id])).get(id)
    if customer is None:
        raise RuleBroken("no such customer", path=("customer_id",))
    if not customer.active:
        raise RuleBroken("this customer is not active", path=("customer_id",))


async def check_services(lines: Sequence[NewQuotationLine], uow: UnitOfWork) -> None:
    """Raises RuleBroken for each line whose service there is not."""
    named = {
        n: line.service_definition_id
        for n, line in enumerate(lines)
        if line.service_definition_id is not None
    }
    if not named:
        return
    found = await uow.reads.service_definitions.by_ids([*dict.fromkeys(named.values())])
    raise_first(
        [
            RuleBroken("no such service", path=("lines", n, "service_definition_id"))
            for n, id in named.items()
            if id not in found
        ]
    )
