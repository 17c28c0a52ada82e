"""What the match of an invoice's line found, in words."""

from decimal import Decimal

from domain.purchase_invoices import MatchAspect, MatchFinding, MatchVerdict
from usecases.formats import quantity
from usecases.messages import said, translate

_WORDS = {
    (MatchAspect.ORDER_LINE, MatchVerdict.DIFFERS): said(
        "This line belongs to no line of an order."
    ),
    (MatchAspect.QUANTITY, MatchVerdict.AGREES): said(
        "{found} are invoiced in all, {expected} were accepted."
    ),
    (MatchAspect.QUANTITY, MatchVerdict.WAITING): said(
        "{found} are invoiced in all, only {expected} were accepted so far."
    ),
    (MatchAspect.QUANTITY, MatchVerdict.DIFFERS): said(
        "{found} are invoiced in all, only {expected} were ordered."
    ),
    (MatchAspect.UNIT_PRICE, MatchVerdict.AGREES): said(
        "The price is {found}, {expected} was ordered."
    ),
    (MatchAspect.UNIT_PRICE, MatchVerdict.DIFFERS): said(
        "The price is {found}, but {expected} was ordered."
    ),
    (MatchAspect.VAT_RATE, MatchVerdict.AGREES): said(
        "The tax rate is {found}%, {expected}% was ordered."
    ),
    (MatchAspect.VAT_RATE, MatchVerdict.DIFFERS): said(
        "The tax rate is {found}%, but {expected}% was ordered."
    ),
}


def in_words(finding: MatchFinding, locale: str) -> str:
    """A whole sentence: "12 are invoiced in all, only 10 were ordered."."""
    numbers = {"found": finding.found, "expected": finding.expected}
    filled = {name: quantity(value or Decimal(0), locale) for name, value in numbers.items()}
    return translate(_WORDS[finding.aspect, finding.verdict], locale, filled)
