"""Every operation that Shrkity's documents list: its scope, its success, and how it may fail.

Beside these, each may answer 401, 403, 429 and 500; whatever writes, 409.
"""

from typing import NamedTuple


class Operation(NamedTuple):
    method: str
    path: str
    scope: str
    status: int
    errors: tuple[int, ...] = ()

    def at(self, **ids: object) -> str:
        """The path with these in its braces."""
        return self.path.format_map(ids)


OPERATIONS = [
    Operation("GET", "/services", "services:read", 200),
    Operation("GET", "/services/{id}", "services:read", 200, (404,)),
    Operation("GET", "/services/{id}/required-documents", "services:read", 200, (404,)),
    Operation("GET", "/orders", "orders:read", 200),
    Operation("POST", "/orders", "orders:write", 201, (422,)),
    Operation("GET", "/orders/{id}", "orders:read", 200, (404,)),
    Operation("PATCH", "/orders/{id}", "orders:write", 200, (404, 422)),
    Operation("GET", "/orders/{id}/steps/{step_key}", "orders:read", 200, (404,)),
    Operation("POST", "/orders/{id}/cancel", "orders:write", 200, (404, 409)),
    Operation("POST", "/orders/{id}/apply-coupon", "orders:write", 200, (404, 422)),
    Operation("DELETE", "/orders/{id}/coupon", "orders:write", 200, (404,)),
    Operation("GET", "/clients", "clients:read", 200),
    Operation("POST", "/clients", "clients:write", 201, (422,)),
    Operation("PUT", "/clients/{client_id}", "clients:write", 200, (404, 422)),
    Operation("GET", "/companies", "companies:read", 200),
    Operation("POST", "/companies", "companies:write", 201, (422,)),
    Operation("PUT", "/companies/{id}", "companies:write", 200, (404, 422)),
    Operation("GET", "/companies/{company_id}/workers", "companies:read", 200, (404,)),
    Operation("POST", "/companies/{company_id}/workers", "companies:write", 201, (404, 422)),
    Operation("PATCH", "/companies/{company_id}/workers/{id}", "companies:write", 200, (404, 422)),
    Operation("DELETE", "/companies/{company_id}/workers/{id}", "companies:write", 200, (404,)),
    Operation("GET", "/packages", "packages:read", 200),
    Operation("GET", "/packages/{id}", "packages:read", 200, (404,)),
    Operation("GET", "/subscriptions", "subscriptions:read", 200),
    Operation("POST", "/subscriptions", "subscriptions:write", 201, (422,)),
    Operation("GET", "/subscriptions/{id}", "subscriptions:read", 200, (404,)),
    Operation("POST", "/subscriptions/{id}/pause", "subscriptions:write", 200, (404, 409)),
    Operation("POST", "/subscriptions/{id}/resume", "subscriptions:write", 200, (404, 409)),
    Operation("POST", "/subscriptions/{id}/cancel", "subscriptions:write", 200, (404, 409)),
    Operation("POST", "/subscriptions/{id}/renew", "subscriptions:write", 200, (404, 409)),
    Operation("GET", "/coupons", "coupons:read", 200),
    Operation("POST", "/coupons", "coupons:write", 201, (422,)),
    Operation("GET", "/coupons/{id}", "coupons:read", 200, (404,)),
    Operation("PATCH", "/coupons/{id}", "coupons:write", 200, (404, 422)),
    Operation("DELETE", "/coupons/{id}", "coupons:write", 200, (404,)),
    Operation("GET", "/coupons/{id}/redemptions", "coupons:read", 200, (404,)),
    Operation("GET", "/quotations", "quotations:read", 200),
    Operation("POST", "/quotations", "quotations:write", 201, (422,)),
    Operation("GET", "/quotations/{id}", "quotations:read", 200, (404,)),
    Operation("POST", "/quotations/{id}/send", "quotations:write", 200, (404, 409)),
    Operation("POST", "/quotations/{id}/withdraw", "quotations:write", 200, (404, 409)),
    Operation("GET", "/invoices", "invoices:read", 200),
    Operation("GET", "/invoices/{id}", "invoices:read", 200, (404,)),
    Operation("GET", "/invoices/{id}/pdf", "invoices:read", 302, (404,)),
    Operation("GET", "/connections", "connections:read", 200),
    Operation("POST", "/connections/{id}/approve", "connections:write", 200, (404, 409)),
    Operation("POST", "/connections/{id}/reject", "connections:write", 200, (404, 409)),
    Operation("POST", "/connections/{id}/revoke", "connections:write", 200, (404, 409)),
    Operation("GET", "/documents", "documents:read", 200),
    Operation("GET", "/documents/{id}", "documents:read", 200, (404,)),
]
