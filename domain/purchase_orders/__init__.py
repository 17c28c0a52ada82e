"""Purchase orders: what we ask a supplier for, and who agreed to it."""

from domain.purchase_orders.attachments import NewPurchaseOrderAttachment, PurchaseOrderAttachment
from domain.purchase_orders.fulfilment import Received
from domain.purchase_orders.lifecycle import (
    LIFECYCLE,
    BillingStatus,
    PurchaseOrderStatus,
    ReceiptStatus,
)
from domain.purchase_orders.lines import (
    NewPurchaseOrderLine,
    PurchaseOrderLine,
    PurchaseOrderLineChange,
)
from domain.purchase_orders.orders import PurchaseOrder
from domain.purchase_orders.procurements import ProcurementState

__all__ = [
    "LIFECYCLE",
    "BillingStatus",
    "NewPurchaseOrderAttachment",
    "NewPurchaseOrderLine",
    "ProcurementState",
    "PurchaseOrder",
    "PurchaseOrderAttachment",
    "PurchaseOrderLine",
    "PurchaseOrderLineChange",
    "PurchaseOrderStatus",
    "ReceiptStatus",
    "Received",
]
