"""The tables that say things in Waqti's words leave nothing out, and nothing in them is stale."""

from domain.budgets import BudgetStatus
from domain.kit.errors import DomainError
from domain.purchase_invoices import (
    MatchAspect,
    MatchStatus,
    MatchVerdict,
    PaymentStatus,
    PurchaseInvoiceStatus,
)
from domain.purchase_orders import LIFECYCLE, PurchaseOrderStatus
from domain.suppliers import SupplierStatus
from rest.waqti import ENDPOINTS, refusals
from rest.waqti.wire import words
from usecases.catalogues import sayings
from usecases.reads.approvals import ApprovalStatus

STATUSES = {200, 201, 204, 400, 401, 403, 404, 422, 429, 500}  # fact W-17
CODES = {  # fact W-18
    *["BAD_REQUEST", "UNAUTHORIZED", "FORBIDDEN", "NOT_FOUND", "VALIDATION_ERROR"],
    *["INVALID_STATUS", "BUDGET_EXCEEDED", "RATE_LIMITED", "SERVER_ERROR"],
}


def test_the_endpoints_are_those_of_the_documents() -> None:
    assert {f"{endpoint.method} {endpoint.path}" for endpoint in ENDPOINTS} == {
        "GET /purchase-orders",
        "POST /purchase-orders",
        "GET /purchase-orders/{id}",
        "PUT /purchase-orders/{id}",
        "DELETE /purchase-orders/{id}",
        "POST /purchase-orders/{id}/submit",
        "POST /purchase-orders/{id}/approve",
        "POST /purchase-orders/{id}/reject",
        "POST /purchase-orders/{id}/cancel",
        "GET /purchase-orders/{id}/pdf",
        "POST /purchase-orders/{id}/items",
        "PUT /purchase-orders/{id}/items/{item_id}",
        "DELETE /purchase-orders/{id}/items/{item_id}",
        "GET /vendors",
        "POST /vendors",
        "GET /vendors/{id}",
        "PUT /vendors/{id}",
        "GET /invoices",
        "POST /invoices",
        "GET /invoices/{id}",
        "GET /budgets",
        "GET /budgets/{id}",
        "GET /budgets/{id}/utilization",
        "GET /vendors/{id}/performance",
        "GET /webhooks",
        "POST /webhooks",
        "GET /webhooks/{id}",
        "PUT /webhooks/{id}",
        "DELETE /webhooks/{id}",
    }


def test_every_status_has_a_word() -> None:
    assert words.STATUSES.keys() == set(PurchaseOrderStatus)
    assert words.VENDOR_STATUSES.keys() == set(SupplierStatus)
    assert words.INVOICE_STATUSES.keys() == set(PurchaseInvoiceStatus)
    assert words.PAYMENT_STATUSES.keys() == set(PaymentStatus)
    assert words.MATCH_STATUSES.keys() == set(MatchStatus)
    assert words.MATCH_FIELDS.keys() == set(MatchAspect)
    assert words.MATCH_RESULTS.keys() == set(MatchVerdict)
    assert words.BUDGET_STATUSES.keys() == set(BudgetStatus)
    assert words.APPROVALS.keys() == set(ApprovalStatus) - {
        ApprovalStatus.SUPERSEDED,
        ApprovalStatus.DELEGATED,
        ApprovalStatus.ESCALATED,
    }


def test_w17_w18_no_other_status_or_code_can_be_sent() -> None:
    assert {endpoint.status for endpoint in ENDPOINTS} <= STATUSES
    assert {status for status, _ in refusals.CODES.values()} <= STATUSES
    assert {code for _, code in refusals.CODES.values()} == CODES


def test_every_domain_error_has_a_code_of_its_own() -> None:
    kinds = {k for k in DomainError.__subclasses__() if k.__module__ == "domain.kit.errors"}

    assert kinds <= refusals.CODES.keys()


def test_whatever_is_said_in_other_words_is_still_said() -> None:
    said = {saying.text for saying in sayings()}

    assert {*refusals.RULES} - said == set()
    assert {*refusals.MOVES} <= {*LIFECYCLE.moves}


def test_every_field_has_a_name_that_messages_say() -> None:
    fields = {name for endpoint in ENDPOINTS for name in endpoint.given.model_fields}

    assert fields - refusals.ATTRIBUTES.keys() == set()
