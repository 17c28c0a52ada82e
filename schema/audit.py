"""The audit trail."""

from datetime import datetime
from typing import Any

import strawberry
from strawberry.scalars import JSON

from domain.callers import Caller, Channel, Permission
from schema.kit.enums import shown
from schema.kit.relations import computed, related
from schema.kit.views import plain, view_of
from schema.users import User
from usecases.public import camel, public
from usecases.reads.audit import AuditEntryRow
from usecases.reads.revisions import PurchaseOrderRevisionRow

shown(Channel)


@strawberry.type(description="What a change did to one field.")
class FieldChange:
    field: str = plain("The field.")
    before: JSON | None = plain("Its value before; null when there was none.")
    after: JSON | None = plain("Its value after.")


def changes_of(
    entry: AuditEntryRow | PurchaseOrderRevisionRow, _caller: Caller
) -> list[FieldChange]:
    return [
        FieldChange(field=camel(name), before=public(before, name), after=public(after, name))
        for name, (before, after) in entry.changes.items()
    ]


def details_of(entry: AuditEntryRow, _caller: Caller) -> Any:
    return public(entry.details)


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
