"""Organizations: the companies that share the system and see nothing of each other."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Annotated
from uuid import UUID
from zoneinfo import available_timezones

from domain.business_calendars import BusinessCalendar
from domain.callers import Permission
from domain.kit import checks
from domain.kit.errors import RuleBroken, raise_first
from domain.kit.money import check_currency
from domain.kit.record import Record


class Plan(StrEnum):
    """What was bought; it sets how many requests a credential may send (fact W-21)."""

    BASIC = "BASIC"
    PROFESSIONAL = "PROFESSIONAL"
    ENTERPRISE = "ENTERPRISE"


class ServicePlan(StrEnum):
    """What was bought for serving customers: whether keys open Shrkity's API (fact S-6)."""

    STARTER = "STARTER"
    SCALE = "SCALE"
    ENTERPRISE = "ENTERPRISE"


# How many service orders may be placed in a month; None is without limit.
MONTHLY_ORDERS: Mapping[ServicePlan, int | None] = {
    ServicePlan.STARTER: 50,
    ServicePlan.SCALE: 1000,
    ServicePlan.ENTERPRISE: None,
}


def monthly_orders(plan: ServicePlan, own: int | None) -> int | None:
    """How many orders an organization may place in a month; `own` goes before its plan's."""
    return MONTHLY_ORDERS[plan] if own is None else own or None


class Sandbox(StrEnum):
    """An organization to try things in: what its data goes back to every night (fact W-1)."""

    EMPTY = "EMPTY"
    DEMO = "DEMO"


TOLERANCES = (
    "over_receipt_tolerance",
    "amendment_tolerance",
    "match_quantity_tolerance",
    "match_price_tolerance",
    "match_tax_tolerance",
)


@dataclass(kw_only=True, eq=False)
class Organization(Record):
    """Fact W-71: nobody approves their own orders unless the organization allows it."""

    kind = "organization"
    prefix = "org"
    managed_with = Permission.ORGANIZATION_WRITE

    name: Annotated[str, "Name in English."]
    name_ar: Annotated[str | None, "Name in Arabic."] = None
    tax_id: Annotated[str | None, "VAT number."] = None
    address: Annotated[str | None, "Postal address, as it is printed."] = None
    time_zone: Annotated[str, "Where days and years begin: `Asia/Riyadh`."] = "Asia/Riyadh"
    vat_rate: Annotated[Decimal, "The usual tax rate in percent."] = Decimal(15)
    own_approval: Annotated[bool, "Whether creators may approve their own orders."] = False
    over_receipt_tolerance: Annotated[
        Decimal, "By how many percent deliveries may exceed what was ordered."
    ] = Decimal(0)
    amendment_tolerance: Annotated[
        Decimal, "By how many percent an amendment may raise an approved total unapproved."
    ] = Decimal(0)
    match_quantity_tolerance: Annotated[
        Decimal, "By how many percent an invoiced quantity may exceed what was received."
    ] = Decimal(0)
    match_price_tolerance: Annotated[
        Decimal, "By how many percent an invoiced price may exceed the one ordered."
    ] = Decimal(0)
    match_tax_tolerance: Annotated[
        Decimal, "By how many percentage points an invoiced tax rate may differ from the ordered."
    ] = Decimal(0)
    calendar_id: Annotated[
        UUID | None,
        BusinessCalendar,
        "When you are at work, for services that do not say; around the clock without it.",
    ] = None
    base_currency: str = "SAR"
    plan: Plan = Plan.BASIC
    service_plan: ServicePlan = ServicePlan.STARTER
    monthly_order_limit: int | None = None  # instead of the plan's; 0 lifts it
    sandbox: Sandbox | None = None
    reset_on: date | None = None  # a day of UTC

    @property
    def monthly_orders(self) -> int | None:
        """How many service orders may be placed in a month; None is without limit."""
        return monthly_orders(self.service_plan, self.monthly_order_limit)

    def is_due(self, now: datetime) -> bool:
        """Whether it is a sandbox whose data has not gone back since 00:00 UTC."""
        return self.sandbox is not None and (
            self.reset_on is None or self.reset_on < now.astimezone(UTC).date()
        )

    def reset(self, now: datetime) -> None:
        """Its data goes back to what it was; that is all there is to know of what was there."""
        values = {"reset_on": now.astimezone(UTC).date(), "calendar_id": None}
        changes = self._set(values)
        self._record("reset", now, changes)

    def serve(self, plan: ServicePlan, monthly_order_limit: int | None, now: datetime) -> None:
        """What it has bought for serving customers; a limit of its own instead of the plan's."""
        raise_first(
            checks.found(
                None
                if monthly_order_limit is None
                else checks.number(Decimal(monthly_order_limit), ("monthly_order_limit",))
            )
        )
        changes = self._set({"service_plan": plan, "monthly_order_limit": monthly_order_limit})
        if changes:
            self._record("plan_changed", now, changes)

    def problems(self) -> list[RuleBroken]:
        zone, zones = self.time_zone, available_timezones()
        return checks.found(
            checks.text(self.name, ("name",), most=200, required=True),
            checks.text(self.name_ar, ("name_ar",), most=200),
            checks.text(self.tax_id, ("tax_id",), most=32),
            checks.text(self.address, ("address",), most=500),
            checks.number(self.vat_rate, ("vat_rate",), most=Decimal(100)),
            *(
                checks.number(getattr(self, name), (name,), most=Decimal(100))
                for name in TOLERANCES
            ),
            check_currency(self.base_currency, field="base_currency"),
            None
            if zone in zones
            else RuleBroken("{name} is no time zone", path=("time_zone",), name=zone[:64]),
        )
