"""Sales invoices: what customers owe for orders and subscriptions. The system issues them."""

from domain.sales_invoices.invoices import SalesInvoice, SalesInvoiceStatus
from domain.sales_invoices.lines import SalesInvoiceLine

__all__ = ["SalesInvoice", "SalesInvoiceLine", "SalesInvoiceStatus"]
