"""Nobody gives what they do not have: permissions through roles, users and credentials."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from domain.callers import Caller, Permission
from domain.kit.errors import Forbidden, raise_first
from domain.kit.record import Record
from domain.users import Role, User, permissions_of
from usecases.ports import UnitOfWork


def check_grant(permissions: Iterable[Permission], by: Caller) -> None:
    """Raises Forbidden, with everything that the caller lacks."""
    missing = (by.may(permission) for permission in sorted(permissions))
    raise_first([each for each in missing if isinstance(each, Forbidden)])


def grants(record: Record) -> frozenset[Any]:
    """What gives permissions: a role's own, a user's roles; nothing in other records."""
    if isinstance(record, Role):
        return frozenset(record.permissions)
    if isinstance(record, User):
        return frozenset(record.role_ids)
    return frozenset()


async def check_new_grants(record: Record, before: frozenset[Any], uow: UnitOfWork) -> None:
    """Raises Forbidden when the record now grants more than before that the caller lacks."""
    added = grants(record) - before
    if isinstance(record, Role):
        check_grant(added, uow.caller)
    elif added:
        ids: list[UUID] = [*added]
        roles = (await uow.reads.roles.by_ids(ids)).values()
        check_grant(permissions_of(role.permissions for role in roles), uow.caller)
