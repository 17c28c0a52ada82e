"""The mapping as tables: what an event of the log becomes on a purchase order and its invoice."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from replay.events import Kind, Role


class Status(StrEnum):
    DRAFT = "DRAFT"
    PENDING_APPROVAL = "PENDING_APPROVAL"
    APPROVED = "APPROVED"
    CANCELLED = "CANCELLED"
    COMPLETED = "COMPLETED"


class Move(StrEnum):
    """One mutation, and the sense it has here."""

    CREATE = "create"
    REVISE = "update"
    REROUTE = "update route"
    SUBMIT = "submit"
    APPROVE = "approve"
    REQUEST_CHANGES = "request changes"
    RECALL = "recall"
    CANCEL = "cancel"
    CLONE = "clone"
    INVOICE = "invoice"
    SUBMIT_INVOICE = "submit invoice"
    CANCEL_INVOICE = "cancel invoice"
    RECEIVE = "receive"
    APPROVE_INVOICE = "approve invoice"
    PAY = "pay"


@dataclass(frozen=True)
class Effect:
    """The mutation a move calls, where it leaves the order, what the order's trail says of it.

    `by` is who does it when that is not the role of the event; `record` is what it changes.
    """

    mutation: str
    status: Status
    audit: tuple[str, ...] = ()
    by: Role | None = None
    record: str = "purchaseOrder"


# An approval that is not the route's last has this effect instead.
STEP_APPROVED: Final = Effect(
    "purchaseOrderApprove", Status.PENDING_APPROVAL, ("purchase_order.step_approved",)
)

# A clone leaves this on the order that it is made of.
CLONED: Final = "purchase_order.cloned"

EFFECTS: Final[Mapping[Move, Effect]] = MappingProxyType(
    {
        Move.CREATE: Effect("purchaseOrderCreate", Status.DRAFT, ("purchase_order.created",)),
        Move.REVISE: Effect("purchaseOrderUpdate", Status.DRAFT, ("purchase_order.updated",)),
        Move.REROUTE: Effect("purchaseOrderUpdate", Status.DRAFT, ("purchase_order.updated",)),
        Move.SUBMIT: Effect(
            "purchaseOrderSubmit", Status.PENDING_APPROVAL, ("purchase_order.submitted",)
        ),
        Move.APPROVE: Effect("purchaseOrderApprove", Status.APPROVED, ("purchase_order.approved",)),
        Move.REQUEST_CHANGES: Effect(
            "purchaseOrderRequestChanges", Status.DRAFT, ("purchase_order.changes_requested",)
        ),
        Move.RECALL: Effect("purchaseOrderRecall", Status.DRAFT, ("purchase_order.recalled",)),
        Move.CANCEL: Effect("purchaseOrderCancel", Status.CANCELLED, ("purchase_order.cancelled",)),
        Move.CLONE: Effect("purchaseOrderClone", Status.DRAFT, ("purchase_order.created",)),
        Move.INVOICE: Effect(
            "purchaseInvoiceCreate", Status.APPROVED, by=Role.ACCOUNTS, record="purchaseInvoice"
        ),
        Move.SUBMIT_INVOICE: Effect(
            "purchaseInvoiceSubmit", Status.APPROVED, by=Role.ACCOUNTS, record="purchaseInvoice"
        ),
        Move.CANCEL_INVOICE: Effect(
            "purchaseInvoiceCancel", Status.APPROVED, by=Role.ACCOUNTS, record="purchaseInvoice"
        ),
        Move.RECEIVE: Effect(
            "goodsReceiptCreate",
            Status.APPROVED,
            ("purchase_order.received",),
            by=Role.EMPLOYEE,
            record="goodsReceipt",
        ),
        Move.APPROVE_INVOICE: Effect(
            "purchaseInvoiceApprove",
            Status.COMPLETED,
            ("purchase_order.invoiced", "purchase_order.completed"),
            record="purchaseInvoice",
        ),
        Move.PAY: Effect("purchaseInvoicePay", Status.COMPLETED, record="purchaseInvoice"),
    }
)

# These are left out where there is an invoice already, and those where there is none.
ENTERING: Final = frozenset({Move.INVOICE, Move.SUBMIT_INVOICE})
WITHDRAWING: Final = frozenset({Move.CANCEL_INVOICE})

# (what happens, the order's status before; None: no order yet) → moves.
# A REROUTE is left out where the order is on the right route already.
# What is not in here has no counterpart, and takes its case out of the replay, by kind.
MOVES: Final[Mapping[tuple[Kind, Status | None], tuple[Move, ...]]] = MappingProxyType(
    {
        (Kind.SAVE, None): (Move.CREATE,),
        (Kind.SAVE, Status.DRAFT): (Move.REVISE,),
        (Kind.SUBMIT, None): (Move.CREATE, Move.SUBMIT),
        (Kind.SUBMIT, Status.DRAFT): (Move.REROUTE, Move.SUBMIT),
        (Kind.SUBMIT, Status.PENDING_APPROVAL): (Move.RECALL, Move.REROUTE, Move.SUBMIT),
        (Kind.SUBMIT, Status.CANCELLED): (Move.CLONE, Move.REROUTE, Move.SUBMIT),
        (Kind.APPROVE, Status.PENDING_APPROVAL): (Move.APPROVE,),
        (Kind.FINAL_APPROVE, Status.PENDING_APPROVAL): (Move.APPROVE,),
        (Kind.RETURN, Status.PENDING_APPROVAL): (Move.REQUEST_CHANGES,),
        (Kind.TAKE_BACK, Status.DRAFT): (Move.REVISE,),
        (Kind.TAKE_BACK, Status.PENDING_APPROVAL): (Move.RECALL,),
        (Kind.VOID, Status.APPROVED): (Move.CANCEL_INVOICE, Move.CANCEL),
        (Kind.REQUEST_PAYMENT, Status.APPROVED): (Move.INVOICE, Move.SUBMIT_INVOICE),
        (Kind.PAY, Status.APPROVED): (
            Move.INVOICE,
            Move.SUBMIT_INVOICE,
            Move.RECEIVE,
            Move.APPROVE_INVOICE,
            Move.PAY,
        ),
    }
)

# The same for the last event of a case: an employee who takes back and leaves it there gives up.
LAST_MOVES: Final[Mapping[tuple[Kind, Status | None], tuple[Move, ...]]] = MappingProxyType(
    {
        (Kind.TAKE_BACK, Status.DRAFT): (Move.CANCEL,),
        (Kind.TAKE_BACK, Status.PENDING_APPROVAL): (Move.CANCEL,),
    }
)
