"""The Shrkity v1 API: services, orders, customers, packages, coupons, quotations and invoices."""

from rest.shrkity.dialect import SHRKITY
from rest.shrkity.routes import ENDPOINTS

__all__ = ["ENDPOINTS", "SHRKITY"]
