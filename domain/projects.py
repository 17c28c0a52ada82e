"""Projects: what an order is for, and whose owner agrees."""

from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from domain.callers import Permission
from domain.kit import checks
from domain.kit.errors import RuleBroken
from domain.kit.record import Record
from domain.users import User


@dataclass(kw_only=True, eq=False)
class Project(Record):
    kind = "project"
    prefix = "prj"
    managed_with = Permission.PROJECTS_WRITE

    code: Annotated[str, "Short code, unique in the organization."]
    name: Annotated[str, "Name in English."]
    name_ar: Annotated[str | None, "Name in Arabic."] = None
    owner_id: Annotated[UUID | None, User, "The user who approves for the project."] = None
    archived: Annotated[bool, "Archived projects take no new orders."] = False
    waqti_id: int | None = None

    def problems(self) -> list[RuleBroken]:
        return checks.found(
            checks.text(self.code, ("code",), most=32, required=True),
            checks.text(self.name, ("name",), most=200, required=True),
            checks.text(self.name_ar, ("name_ar",), most=200),
        )
