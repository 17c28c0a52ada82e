"""On what terms a service can be ordered: who is eligible, and what may be chosen."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from domain.compliance_documents import ComplianceDocumentType


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
