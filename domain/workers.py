"""Workers: the people of a company for whom services are ordered. Shrkity's company employees."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from domain.callers import Permission
from domain.customers import Company
from domain.kit.record import Record


@dataclass(kw_only=True, eq=False)
class Worker(Record):
    """Fact S-41. One who was removed stays for what was ordered; `metadata` is what was sent."""

    kind = "worker"
    prefix = "wkr"
    managed_with = Permission.COMPANIES_WRITE

    company_id: Annotated[UUID, Company, "The company that they work for."]
    name: Annotated[str, "Full name."]
    name_ar: Annotated[str | None, "Full name in Arabic."] = None
    iqama_number: Annotated[str | None, "Residence permit, ten digits."] = None
    passport_number: Annotated[str | None, "Passport number."] = None
    nationality: Annotated[str | None, "ISO 3166-1, two letters."] = None
    job_title: Annotated[str | None, "What they do."] = None
    birth_date: Annotated[date | None, "Date of birth."] = None
    email: Annotated[str | None, "E-mail address."] = None
    phone: Annotated[str | None, "Phone number, as dialled."] = None
    removed_at: datetime | None = None
    metadata: dict[str, Any] = field(default_factory=dict)
    shrkity_id: int | None = None
