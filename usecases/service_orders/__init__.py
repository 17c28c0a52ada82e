"""Service orders: placing them, working on them step by step, pricing and moving them."""

from usecases.service_orders.clocks import TellServiceOrderClocks
from usecases.service_orders.moving import (
    AssignServiceOrder,
    CancelServiceOrder,
    HoldServiceOrder,
    ResumeServiceOrder,
    SetServiceOrderPriority,
    StartServiceOrder,
)
from usecases.service_orders.placing import PlaceServiceOrder, Whom, place_order
from usecases.service_orders.pricing import (
    ApplyServiceOrderCoupon,
    ChooseServiceOrderOptions,
    RemoveServiceOrderCoupon,
)
from usecases.service_orders.working import (
    AssignServiceOrderStep,
    CompleteServiceOrderStep,
    ContinueServiceOrderStep,
    ReopenServiceOrderStep,
    SkipServiceOrderStep,
    StartServiceOrderStep,
    WaitServiceOrderStep,
)

__all__ = [
    "ApplyServiceOrderCoupon",
    "AssignServiceOrder",
    "AssignServiceOrderStep",
    "CancelServiceOrder",
    "ChooseServiceOrderOptions",
    "CompleteServiceOrderStep",
    "ContinueServiceOrderStep",
    "HoldServiceOrder",
    "PlaceServiceOrder",
    "RemoveServiceOrderCoupon",
    "ReopenServiceOrderStep",
    "ResumeServiceOrder",
    "SetServiceOrderPriority",
    "SkipServiceOrderStep",
    "StartServiceOrder",
    "StartServiceOrderStep",
    "TellServiceOrderClocks",
    "WaitServiceOrderStep",
    "Whom",
    "place_order",
]
