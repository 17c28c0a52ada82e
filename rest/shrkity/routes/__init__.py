"""Every Shrkity endpoint: one-breath functions, a file for each noun.

Each says in `needs` which scope it takes (fact S-19), which is looked at before anything else
(fact S-9) and told in the OpenAPI document.
"""

from typing import Any

from rest.kit import Endpoint
from rest.shrkity.routes import (
    clients,
    companies,
    connections,
    coupons,
    documents,
    invoices,
    orders,
    packages,
    quotations,
    services,
    subscriptions,
    workers,
)

ENDPOINTS: list[Endpoint[Any]] = [
    *services.ENDPOINTS,
    *orders.ENDPOINTS,
    *packages.ENDPOINTS,
    *coupons.ENDPOINTS,
    *subscriptions.ENDPOINTS,
    *clients.ENDPOINTS,
    *companies.ENDPOINTS,
    *workers.ENDPOINTS,
    *connections.ENDPOINTS,
    *documents.ENDPOINTS,
    *quotations.ENDPOINTS,
    *invoices.ENDPOINTS,
]
