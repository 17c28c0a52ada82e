"""The audit trail."""

from datetime import datetime
from typing import Any
from uuid import UUID

import strawberry
from strawberry.scalars import JSON
from strawberry.utils.str_converters import to_camel_case

from domain.callers import Caller, Channel, Permission
from domain.departments import Department
from domain.projects import Project
from domain.purchase_orders import PurchaseOrder, PurchaseOrderLine
from domain.suppliers import Supplier
from domain.users import Role
from domain.users import User as UserRecord
from schema.kit.enums import shown
from schema.kit.ids import to_public
from schema.kit.relations import computed, related
from schema.kit.views import plain, view_of
from schema.users import User
from usecases.reads.audit import AuditEntryRow

shown(Channel)


@strawberry.type(description="What a change did to one field.")
class FieldChange:
    field: str = plain("The field.")
    before: JSON | None = plain("Its value before; null when there was none.")
    after: JSON | None = plain("Its value after.")


# What entries call other records, and whose ids they then hold.
MENTIONED: dict[str, Any] = {
    "supplier_id": Supplier,
    "department_id": Department,
    "project_id": Project,
    "created_by_id": UserRecord,
    "head_id": UserRecord,
    "owner_id": UserRecord,
    "user_id": UserRecord,
    "role_id": Role,
    "role_ids": Role,
    "into": PurchaseOrder,
    "line": PurchaseOrderLine,
    "lines": PurchaseOrderLine,
}


def public(value: Any, name: str) -> Any:
    """As the graph says it: names in camel case, global ids."""
    if isinstance(value, dict):
        return {
            to_camel_case(key): public(each, name if key == "id" else key)
            for key, each in value.items()
        }
    if isinstance(value, list):
        return [public(each, name) for each in value]
    if name in MENTIONED and isinstance(value, str):
        return to_public(MENTIONED[name].prefix, UUID(value))
    return value


def changes_of(entry: AuditEntryRow, _caller: Caller) -> list[FieldChange]:
    return [
        FieldChange(
            field=to_camel_case(name), before=public(before, name), after=public(after, name)
        )
        for name, (before, after) in entry.changes.items()
    ]


def details_of(entry: AuditEntryRow, _caller: Caller) -> Any:
    return public(entry.details, "")


def hash_of(entry: AuditEntryRow, _caller: Caller) -> str:
    return entry.hash.hex()


@view_of(AuditEntryRow)
@strawberry.type(description="Who did what to a record. Entries are never changed or deleted.")
class AuditEntry:
    sequence: int = plain("1, 2, 3, … for each record.")
    action: str = plain("What was done: `purchase_order.approved`.")
    actor: User | None = related(
        "actor_id", lambda read: read.users.by_ids, "Who did it.", needs=Permission.USERS_READ
    )
    channel: Channel = plain("Through which API.")
    request_id: str = plain("The request that did it, as in its answer's X-Request-Id.")
    at: datetime = plain("When.")
    changes: list[FieldChange] = computed(changes_of, "What it did to the fields.")
    details: JSON = computed(details_of, "What else is known of it: comments, steps, lines.")
    hash: str = computed(hash_of, "SHA-256 over this entry and the hash before it.")
