"""What all documents that can be approved have in common."""

from datetime import datetime

import strawberry

from domain.callers import Permission
from schema.kit.nodes import Node
from schema.kit.relations import related
from schema.kit.views import plain, view_of
from schema.moneys import Money
from schema.users import User
from usecases.reads.approval_tasks import ApprovableRow


@view_of(ApprovableRow)
@strawberry.interface(description="A document that can be approved.")
class Approvable(Node):
    version: int = plain("Goes up with every change; give it back as `expectedVersion`.")
    number: str = plain("Your own number of it.")
    total: Money = plain("What it comes to, with tax.")
    created_by: User | None = related(
        "created_by_id",
        lambda read: read.users.by_ids,
        "Who drafted it.",
        needs=Permission.USERS_READ,
    )
    created_at: datetime = plain("When it was drafted.")
