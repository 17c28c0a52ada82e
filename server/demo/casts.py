"""Who acts in a demo organization, and what they act with: founded, or found there already."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from domain.departments import Department
from domain.organizations import Organization
from domain.projects import Project
from domain.suppliers import Supplier
from domain.users import DEFAULT_ROLES, Role, User
from server.demo.goods import Trade
from server.demo.people import INACTIVE, Person, Unit, address
from server.demo.stages import Actor, Stage
from usecases.reads.kit import Whole
from usecases.reads.users import UserRow


@dataclass
class Cast:
    """Everybody and everything that orders are made of, by their keys and codes."""

    organization: Organization
    users: dict[str, User] = field(default_factory=dict)
    roles: dict[str, Role] = field(default_factory=dict)
    departments: dict[str, Department] = field(default_factory=dict)
    projects: dict[str, Project] = field(default_factory=dict)
    suppliers: list[tuple[Supplier, Trade]] = field(default_factory=list)
    strangers: dict[UUID, UserRow] = field(default_factory=dict)

    def actor(self, id: UUID) -> Actor:
        """One of them, or whom somebody else has given the role of one of them."""
        ours: dict[UUID, Actor] = {user.id: user for user in self.users.values()}
        return ours.get(id) or self.strangers[id]


async def engage(
    stage: Stage,
    organization: Organization,
    people: Sequence[Person],
    *,
    domain: str,
    at: datetime | None = None,
) -> Cast:
    """The usual roles and these people: made, or as they were, whatever became of them.

    `at` is when that is done to those who are there.
    """
    cast = Cast(organization)
    at = at or stage.began
    roles = {row.code: row.id for row in await _all(stage.reads.roles)}
    for code, (name, permissions) in DEFAULT_ROLES.items():
        given: Mapping[str, Any] = {
            "code": code,
            "name": name,
            "permissions": sorted(permissions),
        }
        role = cast.roles[code] = await stage.restore(Role, roles.get(code), given, at)
        stage.permissions[role.id] = permissions
    users = {row.email: row for row in await _all(stage.reads.users)}
    for person in people:
        email = address(person.key, domain)
        given = {
            "name": person.name,
            "name_ar": person.name_ar,
            "email": email,
            "role_ids": [cast.roles[person.role].id],
            "active": person.key not in INACTIVE,
        }
        known = users.pop(email, None)
        cast.users[person.key] = await stage.restore(User, known and known.id, given, at)
    cast.strangers = {row.id: row for row in users.values()}
    return cast


async def add_departments(stage: Stage, cast: Cast, units: Iterable[Unit]) -> None:
    for unit in units:
        given = named(unit) | {"head_id": cast.users[unit.person].id}
        cast.departments[unit.code] = await stage.create(Department, given)


def named(unit: Unit) -> dict[str, Any]:
    return {"code": unit.code, "name": unit.name, "name_ar": unit.name_ar}


async def _all(questions: Any) -> list[Any]:
    """Every row of a list, page by page."""
    rows: list[Any] = []
    after: str | None = None
    while True:
        pages = await questions.all([Whole.ORGANIZATION], first=100, after=after)
        page = pages[Whole.ORGANIZATION]
        rows += page.nodes
        if not page.has_next_page:
            return rows
        after = page.page_info.end_cursor
