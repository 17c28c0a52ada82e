"""The input of every mutation, out of plan and ids alone: a second try sends just the same.

No `expectedVersion`: a second try is answered with the record as it is by then.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from replay.graphs import JsonObject
from replay.moves import Move
from replay.orders import Orders
from replay.plans import CURRENCY, Plan, Step
from replay.preparations import Stage


class Situation(NamedTuple):
    """Where a case is when a step of it comes."""

    plan: Plan
    step: Step
    orders: Orders
    stage: Stage

    @property
    def notes(self) -> str:
        return f"{self.plan.case.id}, {self.step.text}"

    @property
    def goods(self) -> JsonObject:
        """The one line that an order has, and its invoice."""
        return {
            "description": self.plan.case.id,
            "quantity": "1",
            "unitPrice": str(self.plan.price),
            "vatRate": "0",
        }


def given(situation: Situation) -> JsonObject:
    return _INPUTS[situation.step.move](situation)


def _order(it: Situation) -> JsonObject:
    new: JsonObject = {
        "supplierId": it.stage.suppliers[it.step.route],
        "departmentId": it.stage.departments[it.plan.department],
        "currency": CURRENCY,
        "notes": it.notes,
        "lines": [it.goods],
    }
    if it.plan.project is not None:
        new["projectId"] = it.stage.projects[it.plan.project]
    return new


def _invoice(it: Situation) -> JsonObject:
    return {
        "purchaseOrderId": it.orders.current,
        "vendorInvoiceNumber": f"{it.plan.case.id}/{it.step.order}",
        "invoiceDate": it.step.at.date().isoformat(),
        "notes": it.notes,
        "lines": [it.goods | {"orderLineId": it.orders.line}],
    }


def _receipt(it: Situation) -> JsonObject:
    lines = [{"orderLineId": it.orders.line, "accepted": "1"}]
    return {"purchaseOrderId": it.orders.current, "lines": lines, "post": True}


def _of_order(**more: Callable[[Situation], Any]) -> Callable[[Situation], JsonObject]:
    return lambda it: {"id": it.orders.current} | {name: of(it) for name, of in more.items()}


def _of_invoice(**more: Callable[[Situation], Any]) -> Callable[[Situation], JsonObject]:
    return lambda it: {"id": it.orders.invoice} | {name: of(it) for name, of in more.items()}


def _text(it: Situation) -> str:
    return it.step.text


_INPUTS: Final[Mapping[Move, Callable[[Situation], JsonObject]]] = MappingProxyType(
    {
        Move.CREATE: _order,
        Move.REVISE: _of_order(notes=lambda it: it.notes),
        Move.REROUTE: _of_order(supplierId=lambda it: it.stage.suppliers[it.step.route]),
        Move.SUBMIT: _of_order(),
        Move.APPROVE: _of_order(comment=_text),
        Move.REQUEST_CHANGES: _of_order(comment=_text),
        Move.RECALL: _of_order(),
        Move.CANCEL: _of_order(reason=_text),
        Move.CLONE: _of_order(),
        Move.INVOICE: _invoice,
        Move.SUBMIT_INVOICE: _of_invoice(),
        Move.CANCEL_INVOICE: _of_invoice(reason=_text),
        Move.RECEIVE: _receipt,
        Move.APPROVE_INVOICE: _of_invoice(comment=_text),
        Move.PAY: _of_invoice(amount=lambda it: str(it.plan.price), reference=_text),
    }
)
