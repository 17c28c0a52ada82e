"""Service orders: one piece of work for a customer, step by step, against the clock."""

from domain.service_orders.clocks import ClockNews, ClockPause, ClockState, SlaClock
from domain.service_orders.orders import ServiceOrder
from domain.service_orders.prices import PriceLineKind, ServiceOrderPriceLine
from domain.service_orders.statuses import (
    OrderStepStatus,
    Priority,
    ServiceOrderStatus,
    WaitingFor,
)
from domain.service_orders.steps import ServiceOrderStep

__all__ = [
    "ClockNews",
    "ClockPause",
    "ClockState",
    "OrderStepStatus",
    "PriceLineKind",
    "Priority",
    "ServiceOrder",
    "ServiceOrderPriceLine",
    "ServiceOrderStatus",
    "ServiceOrderStep",
    "SlaClock",
    "WaitingFor",
]
