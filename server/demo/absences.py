"""Who stands in for whom in the demo organization: somebody is away now, somebody was."""

from datetime import datetime, timedelta
from typing import NamedTuple

from domain.approvals.conditions import DocumentType
from domain.approvals.delegations import Delegation
from server.demo.casts import Cast
from server.demo.stages import Stage
from usecases.records import CreateRecord


class Absence(NamedTuple):
    """`begins` and `ends` are days from today."""

    away: str
    deputy: str
    begins: int
    ends: int
    reason: str
    documents: tuple[DocumentType, ...] = ()


ABSENCES = (
    Absence("head_of_it", "head_of_workshop", -120, -106, "Parental leave."),
    Absence(
        "head_of_workshop",
        "department_head",
        -3,
        11,
        "Annual leave.",
        (DocumentType.PURCHASE_ORDER,),
    ),
)


async def hand_over(stage: Stage, cast: Cast, today: datetime) -> None:
    """Each says so some days before they go."""
    for absence in ABSENCES:
        begins = today + timedelta(days=absence.begins)
        given = {
            "from_user_id": cast.users[absence.away].id,
            "to_user_id": cast.users[absence.deputy].id,
            "starts_at": begins,
            "ends_at": today + timedelta(days=absence.ends),
            "document_types": [*absence.documents],
            "reason": absence.reason,
        }
        create = CreateRecord(kind=Delegation, given=given)
        await stage.do(create, cast.users[absence.away], begins - timedelta(days=4))
