"""Customers: companies and people whom we serve and sell to. All systems share these records."""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

from domain.callers import Permission
from domain.kit.record import Record


class CustomerKind(StrEnum):
    """What kind of record a customer is kept as."""

    COMPANY = "COMPANY"
    CLIENT = "CLIENT"


class CompanyType(StrEnum):
    """Legal form (fact S-40)."""

    LLC = "LLC"
    ESTABLISHMENT = "ESTABLISHMENT"
    JOINT_STOCK = "JOINT_STOCK"
    BRANCH = "BRANCH"
    OTHER = "OTHER"


class AddressKind(StrEnum):
    """What an address is for."""

    BILLING = "BILLING"
    SHIPPING = "SHIPPING"
    OTHER = "OTHER"


@dataclass(frozen=True, kw_only=True)
class CustomerAddress:
    """Where a customer is; one for each purpose, and any number of others by their labels."""

    kind: Annotated[AddressKind, "What it is for."]
    label: Annotated[str | None, "What you call it, for kind OTHER."] = None
    street: Annotated[str, "Street and number."]
    city: Annotated[str, "City."]
    postal_code: Annotated[str | None, "Postal code."] = None
    region: Annotated[str | None, "Region or district."] = None
    country: Annotated[str | None, "ISO 3166-1, two letters; the customer's without it."] = None
    phone: Annotated[str | None, "Phone number there."] = None


@dataclass(kw_only=True, eq=False)
class Customer(Record):
    """What companies and clients have in common. `metadata` is what old clients sent beyond it."""

    kind = "customer"
    prefix = "cus"

    code: Annotated[str | None, "Our own short code for them, unique when given."] = None
    name: Annotated[str, "Name; of a company, the legal one."]
    name_ar: Annotated[str | None, "Name in Arabic."] = None
    tax_id: Annotated[str | None, "VAT number, or the number that tax authorities know."] = None
    email: Annotated[str | None, "Where to write to."] = None
    phone: Annotated[str | None, "Phone number, as dialled."] = None
    website: Annotated[str | None, "Their website."] = None
    country: Annotated[str | None, "ISO 3166-1, two letters."] = None
    city: Annotated[str | None, "City."] = None
    currency: Annotated[str | None, "Currency they usually pay in, ISO 4217."] = None
    notes: Annotated[str | None, "For you alone."] = None
    addresses: Annotated[list[CustomerAddress], "Where they are; replaces the list."] = field(
        default_factory=list
    )
    active: Annotated[bool, "Inactive customers are not served or sold to any more."] = True
    metadata: dict[str, Any] = field(default_factory=dict)
    shrkity_id: int | None = None
    wisedat_id: int | None = None


@dataclass(kw_only=True, eq=False)
class Client(Customer):
    """A person, or whoever else asks for services and owns companies."""

    kind = "client"
    prefix = "cli"
    managed_with = Permission.CLIENTS_WRITE

    birthday: Annotated[date | None, "Date of birth."] = None


@dataclass(kw_only=True, eq=False)
class Company(Customer):
    kind = "company"
    prefix = "com"
    managed_with = Permission.COMPANIES_WRITE

    type: Annotated[CompanyType | None, "Legal form."] = None
    registration_number: Annotated[str | None, "Commercial registration, ten digits."] = None
    unified_number: Annotated[str | None, "Unified national number, ten digits."] = None
    client_id: Annotated[UUID | None, Client, "The client whose company it is."] = None
