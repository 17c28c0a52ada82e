"""Revisions of purchase orders: what each said before it was amended."""

from datetime import date, datetime
from decimal import Decimal

import strawberry

from domain.callers import Permission
from schema.audit import FieldChange, changes_of
from schema.kit.relations import computed, related
from schema.kit.views import plain, to_id, view_of
from schema.moneys import Money
from schema.users import User
from usecases.reads.revisions import PurchaseOrderRevisionRow, RevisionLineRow


@view_of(RevisionLineRow, "pol")
@strawberry.type(description="A line of a purchase order as it was in a revision.")
class PurchaseOrderRevisionLine:
    id: strawberry.ID = computed(to_id, "The id that the line has in every revision.")
    position: int = plain("1, 2, 3, …")
    description: str = plain("What was ordered.")
    quantity: Decimal = plain("How much.")
    unit: str | None = plain("What the quantity counted.")
    unit_price: Money = plain("Of one unit without tax.")
    vat_rate: Decimal = plain("Tax rate in percent.")
    net: Money = plain("Quantity times unit price.")
    vat: Money = plain("Tax on it.")
    total: Money = plain("Both together.")


@view_of(PurchaseOrderRevisionRow)
@strawberry.type(description="What a purchase order said, from its approval or an amendment on.")
class PurchaseOrderRevision:
    number: int = plain("1 is what was approved first.")
    at: datetime = plain("Since when it said so.")
    by: User | None = related(
        "by_id", lambda read: read.users.by_ids, "Whose doing it was.", needs=Permission.USERS_READ
    )
    reason: str | None = plain("Why it was amended; null for the first.")
    changes: list[FieldChange] = computed(
        changes_of, "What differs from the revision before: `total`, `lines.2.quantity`."
    )
    notes: str | None = plain("For the supplier to read.")
    delivery_address: str | None = plain("Where to deliver.")
    expected_delivery_date: date | None = plain("When it should be there.")
    subtotal: Money = plain("The lines without tax.")
    vat: Money = plain("Their tax.")
    total: Money = plain("Both together.")
    lines: list[PurchaseOrderRevisionLine] = plain("What was ordered.")
