"""The words for where a service order and its steps are."""

from enum import StrEnum


class ServiceOrderStatus(StrEnum):
    """Work is done while it is IN_PROGRESS; no clock runs while it is ON_HOLD (fact S-34)."""

    PENDING = "PENDING"
    IN_PROGRESS = "IN_PROGRESS"
    ON_HOLD = "ON_HOLD"
    COMPLETED = "COMPLETED"
    CANCELLED = "CANCELLED"


class OrderStepStatus(StrEnum):
    """BLOCKED: another step has to be done before. WAITING: for the client or an authority."""

    BLOCKED = "BLOCKED"
    READY = "READY"
    ACTIVE = "ACTIVE"
    WAITING = "WAITING"
    COMPLETED = "COMPLETED"
    SKIPPED = "SKIPPED"
    CANCELLED = "CANCELLED"


class WaitingFor(StrEnum):
    """For whom a step waits."""

    CLIENT = "CLIENT"
    AUTHORITY = "AUTHORITY"


class Priority(StrEnum):
    """How urgent an order is; it shortens or lengthens what it may take."""

    LOW = "LOW"
    NORMAL = "NORMAL"
    HIGH = "HIGH"
    URGENT = "URGENT"
