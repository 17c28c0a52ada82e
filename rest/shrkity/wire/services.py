"""Services as Shrkity clients see them: facts S-20 to S-23."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Any

from domain.callers import Locale
from domain.service_definitions import EligibilityCheck, EligibilityKind, ServiceStatus
from rest.kit.answers import one_of_these
from rest.shrkity.wire.inputs import Page, Searched
from usecases.reads.service_definitions import ServiceDefinitionRow

STATUSES = {status: status.lower() for status in ServiceStatus}
CHECKS = {kind: kind.lower() for kind in EligibilityKind}


class Services(Page):
    search: Searched | None = None


@dataclass(slots=True)
class ListedService:
    id: int
    code: str
    name: str
    name_ar: str | None
    description: str | None
    category: str | None
    price: Decimal
    currency: str
    requires_company: bool
    requires_employee: bool
    status: Annotated[str, one_of_these(STATUSES.values())]

    @staticmethod
    def values(row: ServiceDefinitionRow) -> dict[str, Any]:
        return {
            "id": row.shrkity_id,
            "code": row.code,
            "name": row.name,
            "name_ar": row.name_ar,
            "description": row.description,
            "category": row.category,
            "price": row.price.amount,
            "currency": row.currency,
            "requires_company": row.requires_company,
            "requires_employee": row.requires_worker,
            "status": STATUSES[row.status],
        }

    @classmethod
    def listed(cls, row: ServiceDefinitionRow) -> "ListedService":
        return cls(**cls.values(row))


@dataclass(slots=True)
class Check:
    key: str
    label: str
    type: Annotated[str, one_of_these(CHECKS.values())]

    @classmethod
    def of(cls, check: EligibilityCheck, locale: Locale) -> "Check":
        label = (check.label_ar if locale is Locale.AR else None) or check.label
        return cls(check.key, label, CHECKS[check.kind])


@dataclass(slots=True)
class Service(ListedService):
    starts_at_price: bool
    eligibility: list[Check]

    @classmethod
    def of(cls, row: ServiceDefinitionRow, locale: Locale) -> "Service":
        return cls(
            **cls.values(row),
            starts_at_price=row.starts_at_price,
            eligibility=[Check.of(check, locale) for check in row.eligibility],
        )


@dataclass(slots=True)
class RequiredDocument:
    step_key: str
    document_type_id: int
    name: str
    required: bool


@dataclass(slots=True)
class RequiredDocuments:
    """A list of its own, without pages (decision S-A2)."""

    data: list[RequiredDocument]
