"""Workers as Shrkity's clients send and see them, company employees to them: fact S-41."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from rest.kit.inputs import ABSENT, Day
from rest.shrkity.wire.extras import Extended, fields_of
from usecases.reads.workers import WorkerRow


@dataclass(slots=True)
class ShownWorker:
    id: int
    company_id: int
    name: str
    name_ar: str | None
    iqama_number: str | None
    passport_number: str | None
    nationality: str | None
    job_title: str | None
    birth_date: date | None
    email: str | None
    phone: str | None
    metadata: dict[str, Any]
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, row: WorkerRow, company_id: int) -> "ShownWorker":
        return cls(
            id=row.shrkity_id,
            company_id=company_id,
            name=row.name,
            name_ar=row.name_ar,
            iqama_number=row.iqama_number,
            passport_number=row.passport_number,
            nationality=row.nationality,
            job_title=row.job_title,
            birth_date=row.birth_date,
            email=row.email,
            phone=row.phone,
            metadata=row.metadata,
            created_at=row.created_at,
            updated_at=row.updated_at,
        )


class WorkerUpdate(Extended):
    """What is there must be valid; what is not, stays. The path says whose worker it is."""

    shown = fields_of(ShownWorker)

    name: str = ABSENT
    name_ar: str | None = None
    iqama_number: str | None = None
    passport_number: str | None = None
    nationality: str | None = None
    job_title: str | None = None
    birth_date: Day | None = None
    email: str | None = None
    phone: str | None = None


class Worker(WorkerUpdate):
    name: str
