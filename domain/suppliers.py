"""Suppliers: whom we buy from. Waqti calls them vendors."""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Annotated

from domain.callers import Permission
from domain.kit import checks
from domain.kit.errors import RuleBroken
from domain.kit.money import check_currency
from domain.kit.record import Record


class SupplierStatus(StrEnum):
    """Only active suppliers can be ordered from."""

    ACTIVE = "ACTIVE"
    INACTIVE = "INACTIVE"
    BLOCKED = "BLOCKED"


@dataclass(frozen=True, kw_only=True)
class SupplierContact:
    """A person to talk to at a supplier's."""

    name: Annotated[str, "Who it is."]
    email: Annotated[str | None, "E-mail address."] = None
    phone: Annotated[str | None, "Phone number, as dialled."] = None
    role: Annotated[str | None, "What they are there: sales, accounts, …"] = None


@dataclass(kw_only=True, eq=False)
class Supplier(Record):
    kind = "supplier"
    prefix = "sup"
    managed_with = Permission.SUPPLIERS_WRITE

    code: Annotated[str | None, "Your own short code for them, unique when given."] = None
    name: Annotated[str, "Name in English."]
    name_ar: Annotated[str | None, "Name in Arabic."] = None
    status: Annotated[SupplierStatus, "Only ACTIVE suppliers can be ordered from."] = (
        SupplierStatus.ACTIVE
    )
    category: Annotated[str | None, "What they sell, in a word or two."] = None
    tax_id: Annotated[str | None, "VAT number."] = None
    registration_number: Annotated[str | None, "Commercial registration number."] = None
    email: Annotated[str | None, "Where orders are sent."] = None
    phone: Annotated[str | None, "Phone number, as dialled."] = None
    address: Annotated[str | None, "Postal address, as it is printed."] = None
    payment_terms: Annotated[int | None, "Days until their invoices are due."] = None
    currency: Annotated[str | None, "Currency they usually invoice in, ISO 4217."] = None
    bank_name: Annotated[str | None, "Their bank."] = None
    bank_account: Annotated[str | None, "Their account, usually an IBAN."] = None
    contacts: Annotated[list[SupplierContact], "People to talk to; replaces the list."] = field(
        default_factory=list
    )
    performance_score: Decimal | None = None
    waqti_id: int | None = None
    wisedat_id: int | None = None
    shoplazza_id: int | None = None

    def scored(self, score: Decimal | None, at: datetime) -> None:
        """Keep how they do now, for lists to look at; `domain.performances` says how well."""
        if changes := self._set({"performance_score": score}):
            self._record("scored", at, changes)

    def problems(self) -> list[RuleBroken]:
        return checks.found(
            checks.text(self.code, ("code",), most=64),
            checks.text(self.name, ("name",), most=200, required=True),
            checks.text(self.name_ar, ("name_ar",), most=200),
            checks.text(self.category, ("category",), most=100),
            checks.text(self.tax_id, ("tax_id",), most=32),
            checks.text(self.registration_number, ("registration_number",), most=32),
            checks.email(self.email, ("email",)),
            checks.text(self.phone, ("phone",), most=50),
            checks.text(self.address, ("address",), most=500),
            checks.text(self.bank_name, ("bank_name",), most=200),
            checks.text(self.bank_account, ("bank_account",), most=64),
            None
            if self.payment_terms is None
            else checks.number(Decimal(self.payment_terms), ("payment_terms",), most=Decimal(3650)),
            None if self.currency is None else check_currency(self.currency),
            *(
                checks.text(contact.name, ("contacts", n, "name"), most=200, required=True)
                for n, contact in enumerate(self.contacts)
            ),
            *(
                checks.email(contact.email, ("contacts", n, "email"))
                for n, contact in enumerate(self.contacts)
            ),
        )
