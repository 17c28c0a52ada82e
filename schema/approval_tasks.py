"""What waits for an approver: one inbox over everything that can be approved."""

from datetime import datetime

import strawberry

from domain.approvals.conditions import DocumentType
from domain.approvals.steps import StepRule
from domain.callers import Permission
from schema.approvables import Approvable
from schema.kit.connections import Connection
from schema.kit.enums import shown
from schema.kit.relations import related
from schema.kit.views import plain, view_of
from schema.users import User
from usecases.reads.approval_tasks import ApprovalTaskRow
from usecases.reads.kit import Page

shown(StepRule)
shown(DocumentType)

READ = {
    DocumentType.PURCHASE_ORDER: Permission.PURCHASE_ORDERS_READ,
    DocumentType.PURCHASE_INVOICE: Permission.PURCHASE_INVOICES_READ,
}


def needed_to_read(task: ApprovalTaskRow) -> Permission:
    return READ[task.document_type]


@view_of(ApprovalTaskRow)
@strawberry.type(description="A step of a document that waits for you.")
class ApprovalTask:
    document_type: DocumentType = plain("What kind of document it is.")
    document: Approvable | None = related(
        "document",
        lambda read: read.approvables.by_keys,
        "The document; ask for the fields of its kind with `... on PurchaseOrder`.",
        needs=needed_to_read,
    )
    round: int = plain("1, and one more each time it was submitted again.")
    step: int = plain("1, 2, 3, … along the route.")
    name: str = plain("What the step is called.")
    role: str = plain("As what you are asked.")
    rule: StepRule = plain("Whose agreement the step takes.")
    asked_at: datetime = plain("Since when it waits for you.")
    due_at: datetime | None = plain("When the step is skipped or escalates; null when it does not.")
    on_behalf_of: User | None = related(
        "on_behalf_of_id",
        lambda read: read.users.by_ids,
        "In whose place you are asked.",
        needs=Permission.USERS_READ,
    )


@view_of(Page[ApprovalTaskRow])
@strawberry.type(description="A page of what waits for you.")
class ApprovalTaskConnection(Connection[ApprovalTask]):
    total_count: int = related(
        "listing", lambda read: read.approval_tasks.counts, "In the whole list."
    )
