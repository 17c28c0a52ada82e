"""On what terms a service can be ordered: who is eligible, and what may be chosen."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from domain.compliance_documents import ComplianceDocumentType
from domain.kit import checks
from domain.kit.errors import RuleBroken
from domain.service_definitions.keys import key_problems

MOST_TERMS = 50


class EligibilityKind(StrEnum):
    """What is looked at before an order is placed.

    VALID_DOCUMENT: the company (or the worker) has a document of this type that is in force.
    TAX_ID: the customer has a tax id. REGISTERED: the company has a registration number.
    CONNECTED: the client, or the company's client, has an active connection.
    """

    VALID_DOCUMENT = "VALID_DOCUMENT"
    TAX_ID = "TAX_ID"
    REGISTERED = "REGISTERED"
    CONNECTED = "CONNECTED"


@dataclass(frozen=True, kw_only=True)
class EligibilityCheck:
    """Something that must be so before the service can be ordered."""

    key: Annotated[str, "Short name for programs, unique in the service."]
    label: Annotated[str, "What it is called."]
    label_ar: Annotated[str | None, "The same in Arabic."] = None
    kind: Annotated[EligibilityKind, "What is looked at."]
    type_id: Annotated[
        UUID | None, ComplianceDocumentType, "The document, for kind VALID_DOCUMENT."
    ] = None


@dataclass(frozen=True, kw_only=True)
class PriceOption:
    """Something that may be chosen with an order, for a price of its own."""

    key: Annotated[str, "Short name for programs, unique in the service: `express`."]
    name: Annotated[str, "What it is called."]
    name_ar: Annotated[str | None, "The same in Arabic."] = None
    price: Annotated[Decimal, "What it adds to the price, without tax; in the service's currency."]


def eligibility_problems(checked: Sequence[EligibilityCheck]) -> list[RuleBroken]:
    """What is wrong with the checks of a service; paths begin at `eligibility`."""
    if len(checked) > MOST_TERMS:
        return [RuleBroken("at most {most} are possible", path=("eligibility",), most=MOST_TERMS)]
    found = key_problems([check.key for check in checked], "eligibility")
    for n, check in enumerate(checked):
        path = ("eligibility", n)
        found += checks.found(
            checks.text(check.label, (*path, "label"), most=200, required=True),
            checks.text(check.label_ar, (*path, "label_ar"), most=200),
        )
        asks = check.kind is EligibilityKind.VALID_DOCUMENT
        if asks and check.type_id is None:
            found.append(
                RuleBroken(
                    "this is needed for checks of the kind {kind}",
                    path=(*path, "type_id"),
                    kind=check.kind,
                )
            )
        if not asks and check.type_id is not None:
            found.append(
                RuleBroken(
                    "this does not go with checks of the kind {kind}",
                    path=(*path, "type_id"),
                    kind=check.kind,
                )
            )
    return found


def option_problems(options: Sequence[PriceOption], currency: str) -> list[RuleBroken]:
    """What is wrong with what may be chosen; paths begin at `options`."""
    if len(options) > MOST_TERMS:
        return [RuleBroken("at most {most} are possible", path=("options",), most=MOST_TERMS)]
    found = key_problems([option.key for option in options], "options")
    for n, option in enumerate(options):
        path = ("options", n)
        found += checks.found(
            checks.text(option.name, (*path, "name"), most=200, required=True),
            checks.text(option.name_ar, (*path, "name_ar"), most=200),
            checks.amount(option.price, (*path, "price"), currency),
        )
    return found
