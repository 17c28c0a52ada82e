"""Suppliers' invoices: what they ask us to pay, and whether that is what we ordered and got."""

from domain.purchase_invoices.attachments import (
    NewPurchaseInvoiceAttachment,
    PurchaseInvoiceAttachment,
)
from domain.purchase_invoices.invoices import PurchaseInvoice
from domain.purchase_invoices.lifecycle import (
    LIFECYCLE,
    UNDECIDED,
    PaymentStatus,
    PurchaseInvoiceStatus,
)
from domain.purchase_invoices.lines import NewPurchaseInvoiceLine, PurchaseInvoiceLine
from domain.purchase_invoices.matching import (
    Match,
    MatchAspect,
    MatchFinding,
    MatchStatus,
    MatchVerdict,
    Tolerances,
    tolerances_of,
)
from domain.purchase_invoices.payments import PurchaseInvoicePayment

__all__ = [
    "LIFECYCLE",
    "UNDECIDED",
    "Match",
    "MatchAspect",
    "MatchFinding",
    "MatchStatus",
    "MatchVerdict",
    "NewPurchaseInvoiceAttachment",
    "NewPurchaseInvoiceLine",
    "PaymentStatus",
    "PurchaseInvoice",
    "PurchaseInvoiceAttachment",
    "PurchaseInvoiceLine",
    "PurchaseInvoicePayment",
    "PurchaseInvoiceStatus",
    "Tolerances",
    "tolerances_of",
]
