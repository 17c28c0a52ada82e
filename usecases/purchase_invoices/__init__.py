"""Suppliers' invoices: entering them, taking them through approval, paying them."""

from usecases.purchase_invoices.drafting import (
    CreatePurchaseInvoice,
    DeletePurchaseInvoice,
    UpdatePurchaseInvoice,
)
from usecases.purchase_invoices.moving import (
    ApprovePurchaseInvoice,
    CancelPurchaseInvoice,
    DelegatePurchaseInvoice,
    EscalatePurchaseInvoice,
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
    "DelegatePurchaseInvoice",
    "DeletePurchaseInvoice",
    "EscalatePurchaseInvoice",
    "OverridePurchaseInvoiceMatch",
    "PayPurchaseInvoice",
    "RecallPurchaseInvoice",
    "RejectPurchaseInvoice",
    "RequestPurchaseInvoiceChanges",
    "SubmitPurchaseInvoice",
    "UpdatePurchaseInvoice",
]
