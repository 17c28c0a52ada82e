"""Every Waqti endpoint: one-breath functions, a file for each noun."""

from typing import Any

from rest.kit import Endpoint
from rest.waqti.routes import (
    budgets,
    invoices,
    purchase_order_items,
    purchase_orders,
    vendors,
    webhooks,
)

ENDPOINTS: list[Endpoint[Any]] = [
    *purchase_orders.ENDPOINTS,
    *purchase_order_items.ENDPOINTS,
    *vendors.ENDPOINTS,
    *budgets.ENDPOINTS,
    *invoices.ENDPOINTS,
    *webhooks.ENDPOINTS,
]
