"""Quotations: prices that a customer is offered, until a day."""

from domain.quotations.lifecycle import LIFECYCLE, QuotationStatus
from domain.quotations.lines import MOST_LINES, MOST_ORDERS, NewQuotationLine, QuotationLine
from domain.quotations.quotations import Quotation

__all__ = [
    "LIFECYCLE",
    "MOST_LINES",
    "MOST_ORDERS",
    "NewQuotationLine",
    "Quotation",
    "QuotationLine",
    "QuotationStatus",
]
