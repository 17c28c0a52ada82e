"""Errors as Waqti clients read them: status, code, and messages about their own field names.

The messages are those of the framework that the old system was built with, so that a client
which shows them, or looks for words in them, finds what it knows.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from domain.callers import Locale
from domain.kit.errors import (
    BudgetExceeded,
    Busy,
    DomainError,
    Forbidden,
    IdempotencyInFlight,
    IdempotencyMismatch,
    IllegalMove,
    LimitReached,
    NotFound,
    Path,
    RateLimited,
    RuleBroken,
    Unauthenticated,
    VersionConflict,
)
from rest.kit import Asked, Refusal
from rest.kit.bodies import Unreadable
from rest.kit.dialects import UnknownEndpoint
from rest.waqti.wire import words
from usecases.messages import said, translate

# Nothing else is ever sent (facts W-17, W-18). The last one is for bugs.
CODES: Mapping[type[Exception], tuple[int, str]] = {
    Unreadable: (400, "BAD_REQUEST"),
    Unauthenticated: (401, "UNAUTHORIZED"),
    Forbidden: (403, "FORBIDDEN"),
    NotFound: (404, "NOT_FOUND"),
    UnknownEndpoint: (404, "NOT_FOUND"),
    RuleBroken: (422, "VALIDATION_ERROR"),
    IdempotencyMismatch: (422, "VALIDATION_ERROR"),
    IllegalMove: (422, "INVALID_STATUS"),
    VersionConflict: (422, "INVALID_STATUS"),
    BudgetExceeded: (422, "BUDGET_EXCEEDED"),
    LimitReached: (422, "VALIDATION_ERROR"),
    RateLimited: (429, "RATE_LIMITED"),
    IdempotencyInFlight: (429, "RATE_LIMITED"),
    Busy: (429, "RATE_LIMITED"),
    Exception: (500, "SERVER_ERROR"),
}
_RETRY: Mapping[type[Exception], Mapping[str, str]] = {
    Busy: {"Retry-After": "1"},
    IdempotencyInFlight: {"Retry-After": "1"},
}

_MESSAGES: Mapping[type[Exception], str] = {
    Unauthenticated: said("Unauthenticated."),
    NotFound: said("The requested record was not found."),
    UnknownEndpoint: said("The requested endpoint was not found."),
    RateLimited: said("Too many requests. Try again in {seconds} seconds."),
    Exception: said("The server could not answer this request."),
}
_INVALID = said("The given data was invalid.")

# What cannot be done now, by action (facts W-41, W-44).
MOVES: Mapping[str, str] = {
    "update": said(
        "Only draft purchase orders can be updated."
        " Submitted or approved purchase orders require amendments."
    ),
    "delete": said(
        "Only draft purchase orders can be deleted. Other statuses should be cancelled instead."
    ),
    "submit": said("Only draft purchase orders can be submitted for approval."),
    "approve": said("Only purchase orders that are pending approval can be approved."),
    "reject": said("Only purchase orders that are pending approval can be rejected."),
    "cancel": said("Completed or cancelled purchase orders cannot be cancelled."),
}

_REQUIRED = said("The {attribute} field is required.")
_SELECTED = said("The selected {attribute} is invalid.")
RULES: Mapping[str, str] = {
    "this must not be empty": _REQUIRED,
    "this must be a text": said("The {attribute} field must be a string."),
    "this must be a whole number": said("The {attribute} field must be an integer."),
    "this is not a number": said("The {attribute} field must be a number."),
    "this must be greater than {least}": said(
        "The {attribute} field must be greater than {least}."
    ),
    "this must be {least} or more": said("The {attribute} field must be at least {least}."),
    "this must be {most} or less": said("The {attribute} field must not be greater than {most}."),
    "this is longer than {most} characters": said(
        "The {attribute} field must not be greater than {most} characters."
    ),
    "this has more than {scale} decimals": said(
        "The {attribute} field must not have more than {scale} decimal places."
    ),
    "this must be a list": said("The {attribute} field must be an array."),
    "this must be an object": said("The {attribute} field must be an object."),
    "at most {most} are possible": said(
        "The {attribute} field must not have more than {most} items."
    ),
    "an order needs at least one line": said("The {attribute} field must have at least 1 items."),
    "an invoice needs at least one line": said("The {attribute} field must have at least 1 items."),
    "this is no date: write YYYY-MM-DD": said("The {attribute} field must be a valid date."),
    "this must begin with https://": said("The {attribute} field must be an https URL."),
    "this is not an address of the public internet": said(
        "The {attribute} field must be a public address."
    ),
    "there are no events called {name}": _SELECTED,
    "this does not have the right form": said("The {attribute} field format is invalid."),
    "this must begin with https:// or http://": said("The {attribute} field must be a valid URL."),
    "{value} is no e-mail address": said("The {attribute} field must be a valid email address."),
    "this holds characters that cannot be stored": said(
        "The {attribute} field holds characters that cannot be stored."
    ),
    "this is taken already": said("The {attribute} has already been taken."),
    "this supplier cannot be ordered from: it is {status}": said(
        "The selected {attribute} is not active."
    ),
    "a foreign currency needs an exchange rate": said(
        "The {attribute} field is required when the currency is not the base currency."
    ),
    "{code} is no ISO 4217 currency code": _SELECTED,
    "this must be one of {expected}": _SELECTED,
    "no such record in this organization": _SELECTED,
    "no such supplier": _SELECTED,
    "no such department": _SELECTED,
    "no such project": _SELECTED,
    "no such purchase order": _SELECTED,
    "this order has no such line": _SELECTED,
    "this is not valid": _SELECTED,
}

# What a field is called in a sentence; those of items and contacts go by their path.
ATTRIBUTES: Mapping[str, str] = {
    "vendor_id": said("vendor id", "attribute"),
    "department_id": said("department id", "attribute"),
    "project_id": said("project id", "attribute"),
    "currency": said("currency", "attribute"),
    "exchange_rate": said("exchange rate", "attribute"),
    "notes": said("notes", "attribute"),
    "delivery_address": said("delivery address", "attribute"),
    "expected_delivery_date": said("expected delivery date", "attribute"),
    "items": said("items", "attribute"),
    "attachments": said("attachments", "attribute"),
    "description": said("description", "attribute"),
    "quantity": said("quantity", "attribute"),
    "unit": said("unit", "attribute"),
    "unit_price": said("unit price", "attribute"),
    "vat_rate": said("vat rate", "attribute"),
    "name": said("name", "attribute"),
    "name_ar": said("name ar", "attribute"),
    "email": said("email", "attribute"),
    "phone": said("phone", "attribute"),
    "address": said("address", "attribute"),
    "vat_number": said("vat number", "attribute"),
    "cr_number": said("cr number", "attribute"),
    "category": said("category", "attribute"),
    "payment_terms": said("payment terms", "attribute"),
    "bank_name": said("bank name", "attribute"),
    "bank_account": said("bank account", "attribute"),
    "contacts": said("contacts", "attribute"),
    "status": said("status", "attribute"),
    "comments": said("comments", "attribute"),
    "reason": said("reason", "attribute"),
    "page": said("page", "attribute"),
    "per_page": said("per page", "attribute"),
    "sort": said("sort", "attribute"),
    "order": said("order", "attribute"),
    "sort_by": said("sort by", "attribute"),
    "sort_order": said("sort order", "attribute"),
    "search": said("search", "attribute"),
    "min_amount": said("min amount", "attribute"),
    "max_amount": said("max amount", "attribute"),
    "created_from": said("created from", "attribute"),
    "created_to": said("created to", "attribute"),
    "vendor_invoice_number": said("vendor invoice number", "attribute"),
    "purchase_order_id": said("purchase order id", "attribute"),
    "match_status": said("match status", "attribute"),
    "invoice_date": said("invoice date", "attribute"),
    "due_date": said("due date", "attribute"),
    "from_date": said("from date", "attribute"),
    "to_date": said("to date", "attribute"),
    "url": said("url", "attribute"),
    "events": said("events", "attribute"),
    "is_active": said("is active", "attribute"),
    "min_score": said("min score", "attribute"),
    "fiscal_year": said("fiscal year", "attribute"),
}


def refused(error: Exception, asked: Asked) -> Refusal:
    """Facts W-15 and W-16."""
    kind = next(kind for kind in type(error).__mro__ if kind in CODES)
    status, code = CODES[kind]
    details = _details(error, asked.locale)
    message = translate(_INVALID, asked.locale) if details else _message(error, kind, asked.locale)
    body = {
        "error": {"code": code, "message": message, "details": details},
        "meta": {"timestamp": datetime.now(UTC), "request_id": f"req_{asked.request_id}"},
    }
    return Refusal(status, body, _RETRY.get(kind, {}))


def _message(error: Exception, kind: type[Exception], locale: Locale) -> str:
    params: Mapping[str, Any] = getattr(error, "params", {})
    template = getattr(error, "template", "")
    known = MOVES.get(params.get("action", "")) or _MESSAGES.get(kind)
    return translate(known, locale, params) if known else _sentence(template, locale, params)


def _details(error: Exception, locale: Locale) -> dict[str, list[str]]:
    """What is wrong with each field; only broken rules are about fields."""
    details: dict[str, list[str]] = {}
    for problem in error.problems if isinstance(error, RuleBroken | IdempotencyMismatch) else ():
        if field := ".".join(_theirs(problem.path)):
            details.setdefault(field, []).append(_said_of(field, problem, locale))
    return details


def _said_of(field: str, problem: DomainError, locale: Locale) -> str:
    known = RULES.get(problem.template)
    if known is None:
        return _sentence(problem.template, locale, problem.params)
    return translate(known, locale, {**problem.params, "attribute": ATTRIBUTES.get(field, field)})


def _theirs(path: Path) -> list[str]:
    """A path in their words: `lines, 0, quantity` is `items, 0, quantity`."""
    named = (words.FIELDS.get(step, str(step)) for step in path)
    return [name for name in named if name is not None]


def _sentence(template: str, locale: Locale, params: Mapping[str, Any]) -> str:
    text = translate(template, locale, params)
    return f"{text[:1].upper()}{text[1:].removesuffix('.')}."
