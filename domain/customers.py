"""Customers: companies and people whom we serve and sell to. All systems share these records."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

from domain.callers import Permission
from domain.kit import checks
from domain.kit.countries import check_country
from domain.kit.errors import RuleBroken
from domain.kit.extras import merged, too_many
from domain.kit.money import check_currency
from domain.kit.record import Mention, Record

MOST_ADDRESSES = 50
SAUDI_VAT = re.compile("3[0-9]{13}3")


class CustomerKind(StrEnum):
    """What kind of record a customer is kept as."""

    COMPANY = "COMPANY"
    CLIENT = "CLIENT"


class CompanyType(StrEnum):
    """Legal form of a company (fact S-40)."""

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

    def problems(self) -> list[RuleBroken]:
        other = self.kind is AddressKind.OTHER
        return checks.found(
            checks.text(self.label, ("label",), most=100, required=other),
            checks.text(self.street, ("street",), most=500, required=True),
            checks.text(self.city, ("city",), most=100, required=True),
            checks.text(self.postal_code, ("postal_code",), most=20),
            checks.text(self.region, ("region",), most=100),
            check_country(self.country, ("country",)),
            checks.text(self.phone, ("phone",), most=50),
        )


@dataclass(kw_only=True, eq=False)
class Customer(Record):
    """What companies and clients have in common. `metadata` is what old clients sent beyond it."""

    kind = "customer"
    prefix = "cus"

    code: Annotated[str | None, "Your own short code for them, unique when given."] = None
    name: Annotated[str, "Name; of a company, the legal one."]
    name_ar: Annotated[str | None, "Name in Arabic."] = None
    tax_id: Annotated[str | None, "VAT number, or the number that tax authorities know."] = None
    email: Annotated[str | None, "Where to write to."] = None
    phone: Annotated[str | None, "Phone number, as dialled."] = None
    website: Annotated[str | None, "Their website."] = None
    country: Annotated[str | None, "ISO 3166-1, two letters."] = None
    city: Annotated[str | None, "City."] = None
    currency: Annotated[str | None, "Currency they usually pay in, ISO 4217."] = None
    notes: Annotated[str | None, "For your own people to read."] = None
    addresses: Annotated[list[CustomerAddress], "Where they are; replaces the list."] = field(
        default_factory=list
    )
    active: Annotated[bool, "Inactive customers are not served or sold to any more."] = True
    metadata: dict[str, Any] = field(default_factory=dict)
    shrkity_id: int | None = None
    wisedat_id: int | None = None

    def update(self, given: Mapping[str, Any], at: datetime) -> None:
        super().update(merged(given, self.metadata), at)

    def problems(self) -> list[RuleBroken]:
        broken = checks.found(
            checks.text(self.code, ("code",), most=64),
            checks.text(self.name, ("name",), most=200, required=True),
            checks.text(self.name_ar, ("name_ar",), most=200),
            checks.text(self.tax_id, ("tax_id",), most=32) or self._vat_problem(),
            checks.email(self.email, ("email",)),
            checks.text(self.phone, ("phone",), most=50),
            checks.text(self.website, ("website",), most=2000),
            check_country(self.country, ("country",)),
            checks.text(self.city, ("city",), most=100),
            None if self.currency is None else check_currency(self.currency),
            checks.text(self.notes, ("notes",), most=10_000),
            too_many(self.metadata),
        )
        return broken + self._address_problems()

    def _vat_problem(self) -> RuleBroken | None:
        """In Saudi Arabia VAT numbers have a form of their own."""
        if self.country != "SA" or self.tax_id is None or SAUDI_VAT.fullmatch(self.tax_id):
            return None
        return RuleBroken(
            "a VAT number of Saudi Arabia has 15 digits, the first and last of which are 3",
            path=("tax_id",),
        )

    def _address_problems(self) -> list[RuleBroken]:
        if len(self.addresses) > MOST_ADDRESSES:
            most = MOST_ADDRESSES
            return [RuleBroken("at most {most} are possible", path=("addresses",), most=most)]
        broken: list[RuleBroken] = []
        known: set[tuple[AddressKind, str | None]] = set()
        for n, address in enumerate(self.addresses):
            broken += checks.below(("addresses", n), address.problems())
            purpose = (address.kind, address.label if address.kind is AddressKind.OTHER else None)
            if purpose in known:
                broken.append(
                    RuleBroken("there is an address of this kind already", path=("addresses", n))
                )
            known.add(purpose)
        return broken


@dataclass(kw_only=True, eq=False)
class Client(Customer):
    """A person, or whoever else asks for services and owns companies."""

    kind = "client"
    prefix = "cli"
    managed_with = Permission.CLIENTS_WRITE

    birthday: Annotated[date | None, "Date of birth."] = None

    def problems(self) -> list[RuleBroken]:
        born = checks.born(self.birthday, ("birthday",), known_at=self.created_at)
        return super().problems() + checks.found(born)


@dataclass(kw_only=True, eq=False)
class Company(Customer):
    kind = "company"
    prefix = "com"
    managed_with = Permission.COMPANIES_WRITE

    type: Annotated[CompanyType | None, "Legal form."] = None
    registration_number: Annotated[str | None, "Commercial registration, ten digits."] = None
    unified_number: Annotated[str | None, "Unified national number, ten digits."] = None
    client_id: Annotated[UUID | None, Client, "The client whose company it is."] = None

    def problems(self) -> list[RuleBroken]:
        return super().problems() + checks.found(
            checks.digits(self.registration_number, ("registration_number",), count=10),
            checks.digits(self.unified_number, ("unified_number",), count=10),
        )

    def mentions(self) -> list[Mention]:
        """The foreign key knows customers, not of which kind they are."""
        if self.client_id is None:
            return []
        return [Mention(Client, self.client_id, ("client_id",))]
