"""Who can be given an order or a step to look after."""

from uuid import UUID

from domain.callers import Permission
from domain.kit.errors import RuleBroken
from usecases.ports import UnitOfWork


async def check_assignee(id: UUID | None, uow: UnitOfWork) -> None:
    """Raises RuleBroken unless it is nobody, or an active user who may change orders."""
    if id is None:
        return
    user = (await uow.reads.users.by_ids([id])).get(id)
    if user is None or not user.active:
        raise RuleBroken("no such user, or none that is active", path=("assignee_id",))
    roles = (await uow.reads.roles.by_user_ids([id])).get(id, ())
    if not any(Permission.ORDERS_WRITE in role.permissions for role in roles):
        raise RuleBroken("this user may not change orders", path=("assignee_id",))
