"""The Waqti v1 API: purchase orders, vendors, budgets and invoices."""

from rest.waqti.dialect import WAQTI
from rest.waqti.routes import ENDPOINTS

__all__ = ["ENDPOINTS", "WAQTI"]
