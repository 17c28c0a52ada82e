"""Master data: two use cases for every kind of record."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeVar
from uuid import UUID

from domain.business_calendars import BusinessCalendar
from domain.callers import Permission
from domain.compliance_documents import ComplianceDocumentType
from domain.coupons import Coupon
from domain.customers import Client, Company
from domain.departments import Department
from domain.kit.aggregate import Aggregate
from domain.kit.errors import RuleBroken, raise_first
from domain.kit.record import Record
from domain.organizations import Organization
from domain.projects import Project
from domain.purchase_invoices import tolerances_of
from domain.service_definitions import ServiceDefinition
from domain.suppliers import Supplier
from domain.users import Role, User
from usecases.compliance_documents import reschedule_all
from usecases.coupons.limiting import check_limits
from usecases.granting import check_new_grants, grants
from usecases.kit import UseCase
from usecases.ports import UnitOfWork
from usecases.purchase_invoices.matching import rematch_all
from usecases.reads import Reads

R = TypeVar("R", bound=Record)


_QUESTIONS: dict[type[Aggregate], Callable[[Reads], Any]] = {
    ComplianceDocumentType: lambda read: read.compliance_document_types.by_ids,
    BusinessCalendar: lambda read: read.business_calendars.by_ids,
    Client: lambda read: read.clients.by_ids,
    Company: lambda read: read.companies.by_ids,
    Department: lambda read: read.departments.by_ids,
    Project: lambda read: read.projects.by_ids,
    Role: lambda read: read.roles.by_ids,
    ServiceDefinition: lambda read: read.service_definitions.by_ids,
    Supplier: lambda read: read.suppliers.by_ids,
    User: lambda read: read.users.by_ids,
}


async def _check_mentions(record: Record, uow: UnitOfWork) -> None:
    mentions = record.mentions()
    missing: list[RuleBroken] = []
    for kind in {mention.kind for mention in mentions}:
        ours = [mention for mention in mentions if mention.kind is kind]
        known = await _QUESTIONS[kind](uow.reads)([mention.id for mention in ours])
        missing += [
            RuleBroken("no such id: {id}", path=mention.path, id=f"{kind.prefix}_{mention.id.hex}")
            for mention in ours
            if mention.id not in known
        ]
    raise_first(missing)


def _check_own(record: Record, uow: UnitOfWork) -> None:
    if (barred := record.barred(uow.caller)) is not None:
        raise barred


class Follow(NamedTuple):
    """What follows when an update changes what is watched; the record is locked."""

    watched: Callable[[Any], Any]
    then: Callable[[Any, UnitOfWork], Awaitable[None]]


FOLLOWS: Mapping[type[Record], Follow] = {
    ComplianceDocumentType: Follow(lambda kind: kind.renewal_window_days, reschedule_all),
    Coupon: Follow(lambda coupon: coupon.usage_limit_per_subject, check_limits),
    Organization: Follow(tolerances_of, lambda ours, uow: rematch_all(tolerances_of(ours), uow)),
}


@dataclass(frozen=True, kw_only=True)
class CreateRecord(UseCase[R]):
    kind: type[R]
    given: Mapping[str, Any]

    @property
    def requires(self) -> Permission:  # type: ignore[override]  # each kind says its own
        return self.kind.managed_with

    async def execute(self, uow: UnitOfWork) -> R:
        given = dict(self.given)
        if self.kind.in_base_currency:
            given["currency"] = (await uow.organization()).base_currency
        record = self.kind.create(given, uow.now)
        _check_own(record, uow)
        await _check_mentions(record, uow)
        await check_new_grants(record, frozenset(), uow)
        uow.records(self.kind).add(record)
        return record


@dataclass(frozen=True, kw_only=True)
class UpdateRecord(UseCase[R]):
    kind: type[R]
    id: UUID
    given: Mapping[str, Any]
    expected_version: int | None = None

    @property
    def requires(self) -> Permission:  # type: ignore[override]  # each kind says its own
        return self.kind.managed_with

    async def execute(self, uow: UnitOfWork) -> R:
        record = await uow.records(self.kind).get(self.id, expected=self.expected_version)
        before, follow = grants(record), FOLLOWS.get(self.kind)
        watched = follow.watched(record) if follow else None
        _check_own(record, uow)
        record.update(self.given, uow.now)
        _check_own(record, uow)
        await _check_mentions(record, uow)
        await check_new_grants(record, before, uow)
        if follow and follow.watched(record) != watched:
            await follow.then(record, uow)
        return record
