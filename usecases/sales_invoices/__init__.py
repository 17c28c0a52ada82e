"""Sales invoices: issued by the system, then paid, voided, issued again."""

from usecases.sales_invoices.issuing import invoice_order, invoice_period, invoice_quotation
from usecases.sales_invoices.settling import (
    PaySalesInvoice,
    ReissueSalesInvoice,
    VoidSalesInvoice,
)

__all__ = [
    "PaySalesInvoice",
    "ReissueSalesInvoice",
    "VoidSalesInvoice",
    "invoice_order",
    "invoice_period",
    "invoice_quotation",
]
