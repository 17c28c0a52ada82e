"""Who is asking, and what waits for them."""

from typing import Any

import strawberry

from domain.callers import Caller, Permission
from schema.approval_tasks import ApprovalTaskConnection
from schema.kit.enums import shown
from schema.kit.relations import Info, computed, related
from schema.kit.views import view_of
from schema.organizations import Organization
from schema.purchase_orders import PurchaseOrderConnection
from schema.users import User

shown(Permission)


def permissions_of(viewer: Caller, _caller: Caller) -> list[Permission]:
    return sorted(viewer.permissions)


@view_of(Caller)
@strawberry.type(description="You: the user that your credential acts as.")
class Viewer:
    user: User | None = related("user_id", lambda read: read.users.by_ids, "The user.")
    organization: Organization | None = related(
        "organization_id", lambda read: read.organizations.by_ids, "The user's organization."
    )
    permissions: list[Permission] = computed(permissions_of, "What the credential may do.")
    approvals: ApprovalTaskConnection = related(
        "user_id",
        lambda read: read.approval_tasks.by_user_ids,
        "Everything that waits for your approval, the longest waiting first.",
    )
    purchase_orders_awaiting_my_approval: PurchaseOrderConnection = related(
        "user_id",
        lambda read: read.purchase_orders.awaiting_user_ids,
        "Purchase orders whose current step waits for you, the longest waiting first.",
        needs=Permission.PURCHASE_ORDERS_READ,
    )


async def find_viewer(info: Info) -> Any:
    return info.context.caller


@strawberry.type
class ViewerQueries:
    viewer: Viewer = strawberry.field(resolver=find_viewer, description="You.")
