"""Quotations: drafting them, having them accepted, converting them into orders."""

from usecases.quotations.converting import ConvertQuotation
from usecases.quotations.drafting import (
    CreateQuotation,
    DeleteQuotation,
    UpdateQuotation,
)
from usecases.quotations.moving import (
    AcceptQuotation,
    DeclineQuotation,
    ExpireQuotation,
    SendQuotation,
    WithdrawQuotation,
)

__all__ = [
    "AcceptQuotation",
    "ConvertQuotation",
    "CreateQuotation",
    "DeclineQuotation",
    "DeleteQuotation",
    "ExpireQuotation",
    "SendQuotation",
    "UpdateQuotation",
    "WithdrawQuotation",
]
