"""Sales invoices: what customers owe for orders and subscriptions. The system issues them."""

from domain.sales_invoices.invoices import PAYMENT_DAYS, SalesInvoice
from domain.sales_invoices.lifecycle import LIFECYCLE, SalesInvoiceStatus
from domain.sales_invoices.lines import SalesInvoiceLine

__all__ = ["LIFECYCLE", "PAYMENT_DAYS", "SalesInvoice", "SalesInvoiceLine", "SalesInvoiceStatus"]
