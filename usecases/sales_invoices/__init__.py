"""Sales invoices: issued by the system, then paid, voided, issued again."""

from usecases.sales_invoices.issuing import invoice_order, invoice_period

__all__ = ["invoice_order", "invoice_period"]
