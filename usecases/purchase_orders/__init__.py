"""Purchase orders: drafting them, and taking them through approval."""

from usecases.purchase_orders.amending import AmendPurchaseOrder
from usecases.purchase_orders.drafting import (
    AddPurchaseOrderLine,
    ClonePurchaseOrder,
    CreatePurchaseOrder,
    DeletePurchaseOrder,
    DeletePurchaseOrderLine,
    UpdatePurchaseOrder,
    UpdatePurchaseOrderLine,
)
from usecases.purchase_orders.moving import (
    ApprovePurchaseOrder,
    CancelPurchaseOrder,
    ClosePurchaseOrderShort,
    DelegatePurchaseOrder,
    EscalatePurchaseOrder,
    RecallPurchaseOrder,
    RejectPurchaseOrder,
    RequestPurchaseOrderChanges,
    SubmitPurchaseOrder,
)

__all__ = [
    "AddPurchaseOrderLine",
    "AmendPurchaseOrder",
    "ApprovePurchaseOrder",
    "CancelPurchaseOrder",
    "ClonePurchaseOrder",
    "ClosePurchaseOrderShort",
    "CreatePurchaseOrder",
    "DelegatePurchaseOrder",
    "DeletePurchaseOrder",
    "DeletePurchaseOrderLine",
    "EscalatePurchaseOrder",
    "RecallPurchaseOrder",
    "RejectPurchaseOrder",
    "RequestPurchaseOrderChanges",
    "SubmitPurchaseOrder",
    "UpdatePurchaseOrder",
    "UpdatePurchaseOrderLine",
]
