"""What time does to documents that wait for approval; the worker asks for it."""

from collections.abc import Set as AbstractSet
from uuid import UUID

from domain.approvals.approvables import Approvable
from usecases.approvals.routing import deputies
from usecases.ports import UnitOfWork


async def move_on(document: Approvable, uow: UnitOfWork) -> None:
    """Skip or escalate its overdue step, and let deputies stand in; nothing when nothing is due."""
    document.move_on(uow.now, await deputies(document, uow), await _gone(document, uow))


async def _gone(document: Approvable, uow: UnitOfWork) -> AbstractSet[UUID]:
    """Those it would escalate to who are not active any more."""
    request = document.current_request
    ids = [c.user_id for c in request.current_step().escalation] if request else []
    users = await uow.reads.users.by_ids(ids) if ids else {}
    return {id for id in ids if id not in users or not users[id].active}
