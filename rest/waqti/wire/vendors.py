"""Vendors as Waqti clients get them."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from domain.callers import Locale
from domain.kit.money import Money
from rest.kit.answers import plain
from rest.waqti.wire import words
from rest.waqti.wire.parts import name_of
from usecases.reads.suppliers import SupplierRow, SupplierTotals


@dataclass(slots=True)
class ListedVendor:
    """Fact W-54."""

    id: int
    name: str
    email: str | None
    phone: str | None
    status: str
    category: str | None
    performance_score: Decimal | None
    total_orders: int
    total_spend: Decimal
    created_at: datetime

    @classmethod
    def values(
        cls, row: SupplierRow, totals: SupplierTotals, currency: str, locale: Locale
    ) -> dict[str, Any]:
        score = row.performance_score
        return {
            "id": row.waqti_id,
            "name": name_of(row, locale),
            "email": row.email,
            "phone": row.phone,
            "status": words.VENDOR_STATUSES[row.status],
            "category": row.category,
            "performance_score": None if score is None else plain(score),
            "total_orders": totals.orders,
            "total_spend": Money.of(totals.spend, currency).amount,
            "created_at": row.created_at,
        }

    @classmethod
    def of(
        cls, row: SupplierRow, totals: SupplierTotals, currency: str, locale: Locale
    ) -> "ListedVendor":
        return cls(**cls.values(row, totals, currency, locale))


@dataclass(slots=True)
class Contact:
    name: str
    email: str | None
    phone: str | None
    role: str | None


@dataclass(slots=True)
class Vendor(ListedVendor):
    """Fact W-56: everything that can be set, after what lists show."""

    name_ar: str | None
    address: str | None
    vat_number: str | None
    cr_number: str | None
    payment_terms: int | None
    currency: str | None
    bank_name: str | None
    bank_account: str | None
    contacts: list[Contact]
    updated_at: datetime

    @classmethod
    def of(
        cls, row: SupplierRow, totals: SupplierTotals, currency: str, locale: Locale
    ) -> "Vendor":
        return cls(
            **cls.values(row, totals, currency, locale),
            name_ar=row.name_ar,
            address=row.address,
            vat_number=row.tax_id,
            cr_number=row.registration_number,
            payment_terms=row.payment_terms,
            currency=row.currency,
            bank_name=row.bank_name,
            bank_account=row.bank_account,
            contacts=[Contact(c.name, c.email, c.phone, c.role) for c in row.contacts],
            updated_at=row.updated_at,
        )
