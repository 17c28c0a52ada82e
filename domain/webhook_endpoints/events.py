"""What events there are, and the names under which they can be asked for.

A name is a kind and what happened to it (`purchase_order.approved`), either of them as Waqti
says it (`po.approved`), or a pattern for everything of a kind (`purchase_order.*`) or at all (`*`).
"""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from domain.kit.errors import RuleBroken

EVERYTHING = "*"
PING = "ping"  # what an endpoint's own `pinged` is sent as

_RECORD = ("created", "updated")
_DRAFTED = ("created", "updated", "deleted")
_APPROVABLE = (
    *("submitted", "approval_given", "step_approved", "approved", "rejection_given", "rejected"),
    *("changes_requested", "recalled"),
    *("step_delegated", "step_escalated", "step_overdue", "step_skipped"),
)
EVENTS: Mapping[str, tuple[str, ...]] = {
    "organization": (*_RECORD, "reset", "plan_changed"),
    "role": _RECORD,
    "user": _RECORD,
    "api_credential": ("created", "revoked", "limited"),
    "department": _RECORD,
    "project": _RECORD,
    "supplier": (*_RECORD, "scored"),
    "approval_workflow": _RECORD,
    "delegation": _RECORD,
    "purchase_order": (
        *(*_DRAFTED, "cloned", "line_added", "line_updated", "line_deleted"),
        *_APPROVABLE,
        *("cancelled", "amended", "received", "receipt_reversed", "invoiced", "invoice_reversed"),
        *("closed_short", "completed"),
    ),
    "goods_receipt": (*_DRAFTED, "posted", "reversed"),
    "purchase_invoice": (
        *(*_DRAFTED, "rematched", "match_overridden"),
        *_APPROVABLE,
        *("partly_paid", "paid", "cancelled"),
    ),
    "budget": (
        *(*_RECORD, "activated", "frozen", "unfrozen", "closed"),
        *("reserved", "committed", "released", "spent"),
    ),
    "business_calendar": _RECORD,
    "service_order": (
        *("placed", "started", "held", "resumed", "completed", "cancelled"),
        *("assigned", "prioritized", "options_chosen", "coupon_applied", "coupon_removed"),
        "repriced",
        *("step_started", "step_waiting", "step_continued", "step_completed", "step_skipped"),
        *("step_reopened", "step_assigned", "sla_at_risk", "sla_breached", "sla_rescheduled"),
    ),
    "service_definition": (*_RECORD, "published", "unpublished", "archived", "restored"),
    "package": _RECORD,
    "package_subscription": (
        *("assigned", "begun", "paused", "resumed", "cancelled", "expired", "renewed"),
        *("consumed", "released"),
    ),
    "coupon": (*_DRAFTED, "deactivated", "reserved", "redeemed", "released"),
    "client": _RECORD,
    "company": _RECORD,
    "worker": (*_RECORD, "removed"),
    "connection_request": ("created", "approved", "rejected", "revoked"),
    "compliance_document_type": _RECORD,
    "compliance_document": (*_RECORD, "rescheduled", "revoked"),
    "webhook_endpoint": (*(*_DRAFTED, "secret_rotated", "pinged", "replayed", "disabled"),),
    "quotation": (
        *_DRAFTED,
        *("sent", "accepted", "declined", "withdrawn", "expired", "converted"),
    ),
    "sales_invoice": ("issued", "paid", "voided", "reissued"),
}

# Waqti's words for ours (facts W-39 and W-66).
PREFIXES: Mapping[str, str] = {
    "po": "purchase_order",
    "invoice": "purchase_invoice",
    "vendor": "supplier",
}
_SHORT = {kind: prefix for prefix, kind in PREFIXES.items()}
WORDS: Mapping[str, str] = {
    "line_added": "item_added",
    "line_updated": "item_updated",
    "line_deleted": "item_deleted",
    "closed_short": "completed",
}


class Asked(NamedTuple):
    """Which events a name asks for: a kind and a word; None is every one."""

    kind: str | None
    past: str | None


def read(name: str) -> Asked | None:
    """What a name asks for; None when there are no such events."""
    if name == EVERYTHING:
        return Asked(None, None)
    prefix, _, past = name.partition(".")
    kind = PREFIXES.get(prefix, prefix)
    if kind not in EVENTS:
        return None
    if past == EVERYTHING:
        return Asked(kind, None)
    known = {*EVENTS[kind], *(WORDS.get(each, each) for each in EVENTS[kind])}
    return Asked(kind, past) if past in known else None


def check_names(names: Iterable[str]) -> list[RuleBroken]:
    """Every name that asks for nothing (fact W-66)."""
    return [
        RuleBroken("there are no events called {name}", path=("events", n), name=name[:100])
        for n, name in enumerate(names)
        if read(name) is None
    ]


def sent_as(names: Iterable[str], *, short: bool) -> dict[str, str]:
    """The types that some names ask for, each with the name that it is sent under.

    That is the name that was registered (fact W-66). Under a pattern it is the pattern's kind with
    what happened; under `*` the type itself, with `short` in Waqti's words.
    """
    found: dict[str, str] = {}
    for name in sorted(names, key=_breadth):
        asked = read(name)
        if asked is None:
            continue
        for kind in EVENTS if asked.kind is None else (asked.kind,):
            prefix = _SHORT.get(kind, kind) if short and name == EVERYTHING else name.split(".")[0]
            for past in EVENTS[kind]:
                said = WORDS.get(past, past)
                if asked.past is None:
                    word = said if short or prefix in PREFIXES else past
                    whole = f"{kind if prefix == EVERYTHING else prefix}.{word}"
                    found.setdefault(f"{kind}.{past}", whole)
                elif asked.past in {past, said}:
                    found.setdefault(f"{kind}.{past}", name)
    return found


def _breadth(name: str) -> int:
    """Exact names before those of a kind, and those before all."""
    return name.count(EVERYTHING) + (name == EVERYTHING)
