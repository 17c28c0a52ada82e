"""The numbers of Shoplazza for our words."""

from collections.abc import Mapping

from domain.purchase_orders import ProcurementState

# Fact P-6.
STATES: Mapping[ProcurementState, int] = {
    ProcurementState.WAITING_FOR_STOCK: 1,
    ProcurementState.PARTIAL_RECEIPT: 2,
    ProcurementState.COMPLETE_RECEIPT: 3,
    ProcurementState.CANCELLED: 4,
}


def inverse(words: Mapping[ProcurementState, int]) -> dict[str, ProcurementState]:
    return {str(word): meaning for meaning, word in words.items()}
