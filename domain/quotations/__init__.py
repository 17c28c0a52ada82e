"""Quotations: prices that a customer is offered, until a day."""

from domain.quotations.lines import QuotationLine
from domain.quotations.quotations import Quotation, QuotationStatus

__all__ = ["Quotation", "QuotationLine", "QuotationStatus"]
