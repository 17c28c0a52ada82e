"""Workers: the people of a company for whom services are ordered. Shrkity's company employees."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from domain.callers import Permission
from domain.customers import Company
from domain.kit import checks
from domain.kit.countries import check_country
from domain.kit.errors import IllegalMove, RuleBroken
from domain.kit.extras import merged, too_many
from domain.kit.record import Mention, Record


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

    def update(self, given: Mapping[str, Any], at: datetime) -> None:
        """Change what is given; whoever works for another company is another worker."""
        self._require_present()
        if given.get("company_id", self.company_id) != self.company_id:
            raise RuleBroken("workers stay with their company", path=("company_id",))
        super().update(merged(given, self.metadata), at)

    def remove(self, at: datetime) -> None:
        """They are not to be ordered for any more. Raises IllegalMove when they are gone."""
        self._require_present()
        self._record("removed", at, self._set({"removed_at": at}))

    def _require_present(self) -> None:
        if self.removed_at is not None:
            raise IllegalMove("this worker was removed")

    def problems(self) -> list[RuleBroken]:
        return checks.found(
            checks.text(self.name, ("name",), most=200, required=True),
            checks.text(self.name_ar, ("name_ar",), most=200),
            checks.digits(self.iqama_number, ("iqama_number",), count=10),
            checks.text(self.passport_number, ("passport_number",), most=32),
            check_country(self.nationality, ("nationality",)),
            checks.text(self.job_title, ("job_title",), most=200),
            checks.born(self.birth_date, ("birth_date",), known_at=self.created_at),
            checks.email(self.email, ("email",)),
            checks.text(self.phone, ("phone",), most=50),
            too_many(self.metadata),
        )

    def mentions(self) -> list[Mention]:
        """The foreign key knows customers, not of which kind they are."""
        return [Mention(Company, self.company_id, ("company_id",))]
