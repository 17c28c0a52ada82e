"""Suppliers' invoices: entering them, taking them through approval, paying them."""

from usecases.purchase_invoices.drafting import (
    CreatePurchaseInvoice,
    DeletePurchaseInvoice,
    UpdatePurchaseInvoice,
)
from usecases.purchase_invoices.moving import (
    ApprovePurchaseInvoice,
    CancelPurchaseInvoice,
    OverridePurchaseInvoiceMatch,
    RecallPurchaseInvoice,
    RejectPurchaseInvoice,
    RequestPurchaseInvoiceChanges,
    SubmitPurchaseInvoice,
)
from usecases.purchase_invoices.paying import PayPurchaseInvoice

__all__ = [
    "ApprovePurchaseInvoice",
    "CancelPurchaseInvoice",
    "CreatePurchaseInvoice",
    "DeletePurchaseInvoice",
    "OverridePurchaseInvoiceMatch",
    "PayPurchaseInvoice",
    "RecallPurchaseInvoice",
    "RejectPurchaseInvoice",
    "RequestPurchaseInvoiceChanges",
    "SubmitPurchaseInvoice",
    "UpdatePurchaseInvoice",
]
