"""Companies as Shrkity's clients send and see them: fact S-40."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from domain.customers import CompanyType
from rest.kit.answers import one_of_these
from rest.kit.inputs import ABSENT, Id, one_of
from rest.shrkity.wire import words
from rest.shrkity.wire.extras import Extended, fields_of
from usecases.reads.customers import CompanyRow

TYPES = {kind: kind.lower() for kind in CompanyType}
NAMES = {  # theirs for ours
    "name": "legal_name",
    "name_ar": "legal_name_ar",
    "registration_number": "cr_number",
    "tax_id": "vat_number",
}
Kind = Annotated[CompanyType, one_of(words.inverse(TYPES))]


@dataclass(slots=True)
class ShownCompany:
    id: int
    legal_name: str
    legal_name_ar: str | None
    type: Annotated[str, one_of_these(TYPES.values())] | None
    cr_number: str | None
    unified_number: str | None
    vat_number: str | None
    country: str | None
    city: str | None
    client_id: int | None
    is_active: bool
    metadata: dict[str, Any]
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, row: CompanyRow) -> "ShownCompany":
        return cls(
            id=row.shrkity_id,
            legal_name=row.name,
            legal_name_ar=row.name_ar,
            type=None if row.type is None else TYPES[row.type],
            cr_number=row.registration_number,
            unified_number=row.unified_number,
            vat_number=row.tax_id,
            country=row.country,
            city=row.city,
            client_id=row.client_shrkity_id,
            is_active=row.active,
            metadata=row.metadata,
            created_at=row.created_at,
            updated_at=row.updated_at,
        )


class CompanyUpdate(Extended):
    """What is there must be valid; what is not, stays (decision S-A5)."""

    shown = fields_of(ShownCompany)

    legal_name: str = ABSENT
    legal_name_ar: str | None = None
    type: Kind | None = None
    cr_number: str | None = None
    unified_number: str | None = None
    vat_number: str | None = None
    country: str | None = None
    city: str | None = None
    client_id: Id | None = None


class Company(CompanyUpdate):
    legal_name: str
