"""The service definition itself: drafted, published, archived."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from domain.business_calendars import BusinessCalendar
from domain.callers import Caller, Permission
from domain.compliance_documents import ComplianceDocumentType
from domain.kit import checks
from domain.kit.errors import IllegalMove, RuleBroken, raise_first
from domain.kit.record import Mention, Record
from domain.service_definitions.lifecycle import (
    LIFECYCLE,
    ServiceStatus,
    has_both_names,
    has_steps,
)
from domain.service_definitions.steps import ServiceStep, SlaTarget
from domain.service_definitions.terms import (
    EligibilityCheck,
    PriceOption,
    eligibility_problems,
    option_problems,
)
from domain.service_definitions.workflows import target_problems, workflow_problems


@dataclass(kw_only=True, eq=False)
class ServiceDefinition(Record):
    """Facts S-20 to S-23. Orders keep the steps and the prices they were placed with."""

    kind = "service_definition"
    prefix = "svc"
    managed_with = Permission.SERVICES_WRITE
    in_base_currency = True
    lifecycle = LIFECYCLE

    code: Annotated[str, "Short code, unique in the organization."]
    name: Annotated[str, "What it is called."]
    name_ar: Annotated[str | None, "The same in Arabic."] = None
    description: Annotated[str | None, "What it is, for customers to read."] = None
    description_ar: Annotated[str | None, "The same in Arabic."] = None
    category: Annotated[str | None, "A label of yours, to group services by."] = None
    price: Annotated[Decimal, "What it costs without options and tax, in the base currency."]
    vat_rate: Annotated[Decimal | None, "Percent; the organization's usual rate without it."] = None
    requires_company: Annotated[bool, "Whether an order has to name a company."] = False
    requires_worker: Annotated[
        bool, "Whether an order has to name one of the company's workers."
    ] = False
    calendar_id: Annotated[
        UUID | None, BusinessCalendar, "When work on it is done; the organization's without it."
    ] = None
    targets: Annotated[list[SlaTarget], "How long a whole order may take."] = field(
        default_factory=list
    )
    steps: Annotated[list[ServiceStep], "The workflow; replaces the list."] = field(
        default_factory=list
    )
    eligibility: Annotated[
        list[EligibilityCheck], "What must be so before it can be ordered; replaces the list."
    ] = field(default_factory=list)
    options: Annotated[
        list[PriceOption], "What may be chosen with an order; replaces the list."
    ] = field(default_factory=list)
    currency: str
    status: ServiceStatus = LIFECYCLE.initial
    shrkity_id: int | None = None

    def problems(self) -> list[RuleBroken]:
        worker_alone = self.requires_worker and not self.requires_company
        published = self.status is ServiceStatus.PUBLISHED
        return [
            *checks.found(
                checks.text(self.code, ("code",), most=64, required=True),
                checks.text(self.name, ("name",), most=200, required=True),
                checks.text(self.name_ar, ("name_ar",), most=200),
                checks.text(self.description, ("description",), most=5000),
                checks.text(self.description_ar, ("description_ar",), most=5000),
                checks.text(self.category, ("category",), most=100),
                checks.amount(self.price, ("price",), self.currency),
                checks.percentage(self.vat_rate, ("vat_rate",)),
                RuleBroken(
                    "what requires a worker requires a company, too",
                    path=("requires_worker",),
                )
                if worker_alone
                else None,
                has_steps(self) if published else None,
                has_both_names(self) if published else None,
            ),
            *target_problems(self.targets),
            *workflow_problems(self.steps),
            *eligibility_problems(self.eligibility),
            *option_problems(self.options, self.currency),
        ]

    def mentions(self) -> list[Mention]:
        asked = [
            Mention(
                ComplianceDocumentType, document.type_id, ("steps", n, "documents", m, "type_id")
            )
            for n, step in enumerate(self.steps)
            for m, document in enumerate(step.documents)
        ]
        checked = [
            Mention(ComplianceDocumentType, check.type_id, ("eligibility", n, "type_id"))
            for n, check in enumerate(self.eligibility)
            if check.type_id is not None
        ]
        return [*asked, *checked]

    def update(self, given: Mapping[str, Any], at: datetime) -> None:
        """Change what is given, published or not; orders that were placed stay as they are."""
        if self.status not in LIFECYCLE.moves["update"].sources:
            raise IllegalMove("cannot {action} while {status}", action="update", status=self.status)
        super().update(given, at)

    def publish(self, by: Caller, at: datetime) -> None:
        """From now on it can be ordered."""
        self._move("publish", "published", by, at)

    def unpublish(self, by: Caller, at: datetime) -> None:
        """It cannot be ordered any more; orders that were placed go on."""
        self._move("unpublish", "unpublished", by, at)

    def archive(self, by: Caller, at: datetime) -> None:
        """Put it away, for good or until it is restored."""
        self._move("archive", "archived", by, at)

    def restore(self, by: Caller, at: datetime) -> None:
        """Back to a draft."""
        self._move("restore", "restored", by, at)

    def _move(self, action: str, past: str, by: Caller, at: datetime) -> None:
        raise_first(LIFECYCLE.blockers(self, action, by))
        before, self.status = self.status, LIFECYCLE.after(self.status, action)
        self._record(past, at, {"status": (before, self.status)})
