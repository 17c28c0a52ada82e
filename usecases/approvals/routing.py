"""Routing: the request that a document is submitted with, and who stands in on its way."""

from collections.abc import Collection
from uuid import UUID

from domain.approvals.approvables import Approvable
from domain.approvals.delegations import DECIDED_WITH, deputies_of
from domain.approvals.requests import ApprovalRequest
from domain.approvals.steps import NOBODY, Deputies
from domain.kit.errors import RuleBroken, raise_first
from domain.users import permissions_of
from usecases.approvals.planning import Routed, plans
from usecases.ports import UnitOfWork


async def route(document: Approvable, uow: UnitOfWork) -> ApprovalRequest | None:
    """The document's next approval request, frozen as the configuration is now.

    None when no workflow matches. Raises RuleBroken when a step that is needed has nobody to
    decide it: its creator does not count unless the organization allows own approval (W-71).
    """
    routed = Routed(document.document_type, document.routing_facts, document.created_by_id)
    [plan] = await plans([routed], uow.reads, uow.now, uow.organization)
    raise_first(plan.problems)
    return plan.request(round=document.rounds + 1, at=uow.now)


async def deputies(document: Approvable, uow: UnitOfWork) -> Deputies:
    """Who stands in now for those that are asked on the document's way, or may be yet."""
    request = document.current_request
    asked = request.approver_ids if request else set()
    return await _deputies_of(asked, document, uow)


async def next_deputies(document: Approvable, uow: UnitOfWork) -> Deputies:
    """Who stands in for those of the steps that come after the current one."""
    request = document.current_request
    asked = request.later_approver_ids if request else set()
    return await _deputies_of(asked, document, uow)


async def delegate(document: Approvable, to: UUID, comment: str | None, uow: UnitOfWork) -> None:
    """Let `to` decide in the caller's place. Raises RuleBroken for who cannot."""
    document.require("delegate", uow.caller)
    user = (await uow.reads.users.by_ids([to])).get(to)
    if user is None:
        raise RuleBroken("no such record in this organization", path=("to_user_id",))
    roles = (await uow.reads.roles.by_user_ids([to])).get(to, ())
    allowed = permissions_of(role.permissions for role in roles)
    if not user.active or DECIDED_WITH[document.document_type] not in allowed:
        raise RuleBroken("this user may not decide on this document", path=("to_user_id",))
    own_approval = (await uow.organization()).own_approval
    document.delegate(to, uow.caller, uow.now, comment, own_approval=own_approval)


async def _deputies_of(asked: Collection[UUID], document: Approvable, uow: UnitOfWork) -> Deputies:
    if not asked:
        return NOBODY
    standing = await uow.reads.delegations.deputies([*asked], uow.now)
    if not standing:
        return NOBODY
    excluded = None if (await uow.organization()).own_approval else document.created_by_id
    return deputies_of(standing, document.document_type, excluded)
