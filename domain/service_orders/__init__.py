"""Service orders: one piece of work for a customer, step by step, against the clock."""

from domain.service_orders.clocks import ClockNews, ClockPause, ClockState, SlaClock
from domain.service_orders.lifecycle import LIFECYCLE, STEP_LIFECYCLE, StepStanding
from domain.service_orders.orders import ServiceOrder
from domain.service_orders.placing import Applicant, Offer, Quoted, Wish, choose, place
from domain.service_orders.prices import PriceLineKind, ServiceOrderPriceLine
from domain.service_orders.statuses import (
    OrderStepStatus,
    Priority,
    ServiceOrderStatus,
    WaitingFor,
)
from domain.service_orders.steps import ServiceOrderStep

__all__ = [
    "LIFECYCLE",
    "STEP_LIFECYCLE",
    "Applicant",
    "ClockNews",
    "ClockPause",
    "ClockState",
    "Offer",
    "OrderStepStatus",
    "PriceLineKind",
    "Priority",
    "Quoted",
    "ServiceOrder",
    "ServiceOrderPriceLine",
    "ServiceOrderStatus",
    "ServiceOrderStep",
    "SlaClock",
    "StepStanding",
    "WaitingFor",
    "Wish",
    "choose",
    "place",
]
