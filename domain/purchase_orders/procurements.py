"""Procurements: purchase orders that were approved once, as stock that is under way (fact P-6)."""

from enum import StrEnum


class ProcurementState(StrEnum):
    """What has become of an approved order: by what was delivered, unless it was cancelled."""

    WAITING_FOR_STOCK = "WAITING_FOR_STOCK"
    PARTIAL_RECEIPT = "PARTIAL_RECEIPT"
    COMPLETE_RECEIPT = "COMPLETE_RECEIPT"
    CANCELLED = "CANCELLED"
