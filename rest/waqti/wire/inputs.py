"""What Waqti clients send: facts W-8, W-9, W-26 to W-30, W-42, W-47 to W-49, W-54, W-55, W-58,
W-61, W-63 and W-65.
"""

from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated

from pydantic import AliasChoices, Field

from domain.budgets import BudgetStatus
from domain.kit.checks import LARGEST, SCALE
from domain.kit.money import CURRENCIES
from domain.purchase_invoices import MatchStatus, PurchaseInvoiceStatus
from domain.purchase_orders import PurchaseOrderStatus
from domain.purchase_orders.lines import MOST_LINES
from domain.suppliers import SupplierStatus
from rest.kit.inputs import ABSENT, Day, Id, Input, Number, Query, Whole, one_of
from rest.waqti.wire import words
from usecases.reads.kit import Direction
from usecases.reads.purchase_invoices import PurchaseInvoiceSort
from usecases.reads.purchase_orders import PurchaseOrderSort
from usecases.reads.suppliers import SupplierSort
from usecases.reads.webhook_endpoints import WebhookEndpointSort

MOST_PER_PAGE = 100
_LAST_DAY = date.max - timedelta(days=1)

Description = Annotated[str, Field(max_length=1000, pattern=r"\S")]
Unit = Annotated[str, Field(max_length=50)]
Quantity = Annotated[Number, Field(gt=0, le=LARGEST, decimal_places=SCALE)]
UnitPrice = Annotated[Number, Field(ge=0, le=LARGEST, decimal_places=SCALE)]
VatRate = Annotated[Number, Field(ge=0, le=100, decimal_places=SCALE)]
Amount = Annotated[Number, Field(ge=-LARGEST, le=LARGEST, decimal_places=SCALE)]
Score = Annotated[Number, Field(ge=0, le=100, decimal_places=SCALE)]
Currency = Annotated[str, one_of({word: c for c in CURRENCIES for word in (c, c.lower())})]
Searched = Annotated[str, Field(max_length=500)]
Note = Annotated[str, Field(max_length=2000)]
Year = Annotated[Whole, Field(ge=1, le=9999)]
Page = Annotated[Whole, Field(ge=1, le=2**63 - 1)]
VatNumber = Annotated[str, Field(pattern=r"^3[0-9]{13}3$")]
CrNumber = Annotated[str, Field(pattern=r"^[0-9]{10}$")]


class _List(Query):
    page: Page = 1
    per_page: Page = 15
    order: Annotated[Direction, one_of(words.DIRECTIONS)] = Direction.DESC
    search: Searched | None = None

    @property
    def size(self) -> int:
        """As many as they want, but no more than there can be (fact W-9)."""
        return min(self.per_page, MOST_PER_PAGE)


class PurchaseOrders(_List):
    status: Annotated[PurchaseOrderStatus, one_of(words.inverse(words.STATUSES))] | None = None
    vendor_id: Id | None = None
    department_id: Id | None = None
    created_from: Day | None = None
    created_to: Day | None = None
    min_amount: Amount | None = None
    max_amount: Amount | None = None
    sort: Annotated[PurchaseOrderSort, one_of(words.ORDER_SORTS)] = PurchaseOrderSort.CREATED_AT

    @property
    def created_after(self) -> datetime | None:
        return _midnight(self.created_from) if self.created_from else None

    @property
    def created_before(self) -> datetime | None:
        """The end of the last day, which counts."""
        if self.created_to is None:
            return None
        return _midnight(min(self.created_to, _LAST_DAY) + timedelta(days=1))


class Vendors(_List):
    status: Annotated[SupplierStatus, one_of(words.inverse(words.VENDOR_STATUSES))] | None = None
    category: Searched | None = None
    min_score: Score | None = None
    sort: Annotated[SupplierSort, one_of(words.VENDOR_SORTS)] = SupplierSort.CREATED_AT


class Budgets(_List):
    department_id: Id | None = None
    fiscal_year: Year | None = None
    status: Annotated[BudgetStatus, one_of(words.inverse(words.BUDGET_STATUSES))] | None = None


class Invoices(_List):
    """Clients sort them by `sort` and `order`, or by `sort_by` and `sort_order`."""

    status: (
        Annotated[PurchaseInvoiceStatus, one_of(words.inverse(words.INVOICE_STATUSES))] | None
    ) = None
    match_status: Annotated[MatchStatus, one_of(words.inverse(words.MATCH_STATUSES))] | None = None
    vendor_id: Id | None = None
    purchase_order_id: Id | None = None
    from_date: Day | None = None
    to_date: Day | None = None
    sort: Annotated[
        PurchaseInvoiceSort,
        one_of(words.INVOICE_SORTS),
        Field(validation_alias=AliasChoices("sort", "sort_by")),
    ] = PurchaseInvoiceSort.CREATED_AT
    order: Annotated[
        Direction,
        one_of(words.DIRECTIONS),
        Field(validation_alias=AliasChoices("order", "sort_order")),
    ] = Direction.DESC


class Webhooks(_List):
    sort: Annotated[WebhookEndpointSort, one_of(words.WEBHOOK_SORTS)] = (
        WebhookEndpointSort.CREATED_AT
    )


class Item(Input):
    description: Description
    quantity: Quantity
    unit: Unit | None = None
    unit_price: UnitPrice
    vat_rate: VatRate | None = None


class ItemUpdate(Input):
    description: Description = ABSENT
    quantity: Quantity = ABSENT
    unit: Unit | None = ABSENT
    unit_price: UnitPrice = ABSENT
    vat_rate: VatRate | None = ABSENT


class ItemChange(ItemUpdate):
    """With an id, a change of that item; without one, a new item."""

    id: Id | None = None


class Attachment(Input):
    name: str
    url: str


class PurchaseOrder(Input):
    vendor_id: Id
    department_id: Id
    project_id: Id | None = None
    currency: Currency | None = None
    exchange_rate: Number | None = None
    notes: str | None = None
    delivery_address: str | None = None
    expected_delivery_date: Day | None = None
    items: Annotated[list[Item], Field(min_length=1, max_length=MOST_LINES)]
    attachments: list[Attachment] | None = None


class InvoiceItem(Input):
    description: Description
    quantity: Quantity
    unit_price: UnitPrice
    vat_rate: VatRate | None = None
    po_item_id: Id | None = None


class Invoice(Input):
    vendor_id: Id
    purchase_order_id: Id | None = None
    vendor_invoice_number: str
    invoice_date: Day
    due_date: Day | None = None
    currency: Currency | None = None
    exchange_rate: Number | None = None
    notes: str | None = None
    items: Annotated[list[InvoiceItem], Field(min_length=1, max_length=MOST_LINES)]
    attachments: list[Attachment] | None = None


class PurchaseOrderUpdate(Input):
    vendor_id: Id = ABSENT
    department_id: Id = ABSENT
    project_id: Id | None = ABSENT
    currency: Currency = ABSENT
    exchange_rate: Number = ABSENT
    notes: str | None = ABSENT
    delivery_address: str | None = ABSENT
    expected_delivery_date: Day | None = ABSENT
    items: Annotated[list[ItemChange], Field(max_length=MOST_LINES)] | None = None


class Approval(Input):
    comments: Note | None = None


class Rejection(Input):
    reason: Annotated[Note, Field(pattern=r"\S")]


class Cancellation(Input):
    reason: Note | None = None


class Contact(Input):
    name: str
    email: str | None = None
    phone: str | None = None
    role: str | None = None


class VendorUpdate(Input):
    name: str = ABSENT
    name_ar: str | None = None
    status: Annotated[SupplierStatus, one_of(words.inverse(words.VENDOR_STATUSES))] = ABSENT
    email: str | None = None
    phone: str | None = None
    address: str | None = None
    vat_number: VatNumber | None = None
    cr_number: CrNumber | None = None
    category: str | None = None
    payment_terms: Annotated[Whole, Field(ge=0, le=3650)] | None = None
    currency: Currency | None = None
    bank_name: str | None = None
    bank_account: str | None = None
    contacts: Annotated[list[Contact], Field(max_length=100)] | None = None


class Vendor(VendorUpdate):
    name: str


class WebhookUpdate(Input):
    name: str = ABSENT
    url: str = ABSENT
    events: list[str] = ABSENT
    is_active: bool = ABSENT


class Webhook(Input):
    name: str | None = None
    url: str
    events: list[str]
    is_active: bool = True


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
