"""Purchase orders: what we ask a supplier for, and who agreed to it."""

from domain.purchase_orders.attachments import NewAttachment, PurchaseOrderAttachment
from domain.purchase_orders.lifecycle import LIFECYCLE, PurchaseOrderStatus
from domain.purchase_orders.lines import LineChange, NewLine, PurchaseOrderLine
from domain.purchase_orders.orders import PurchaseOrder

__all__ = [
    "LIFECYCLE",
    "LineChange",
    "NewAttachment",
    "NewLine",
    "PurchaseOrder",
    "PurchaseOrderAttachment",
    "PurchaseOrderLine",
    "PurchaseOrderStatus",
]
