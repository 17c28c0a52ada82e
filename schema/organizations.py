"""Organizations."""

from datetime import date, datetime
from decimal import Decimal

import strawberry

from domain import organizations as domain
from domain.callers import Permission
from domain.organizations import Plan, Sandbox
from schema.business_calendars import BusinessCalendar
from schema.kit.enums import shown
from schema.kit.errors import Payload
from schema.kit.mutations import mutations, updates
from schema.kit.nodes import Node
from schema.kit.relations import related
from schema.kit.scalars import CurrencyCode
from schema.kit.views import node_of, plain
from usecases.reads.organizations import OrganizationRow

shown(Plan)
shown(Sandbox)


@node_of(OrganizationRow, "org", lambda read: read.organizations.by_ids, needs=None)
@strawberry.type(description="The company that you work in. Nothing crosses its borders.")
class Organization(Node):
    version: int = plain("Goes up with every change.")
    name: str = plain("Name in English.")
    name_ar: str | None = plain("Name in Arabic.")
    plan: Plan = plain("What was bought; sets the rate limits.")
    base_currency: CurrencyCode = plain("In which approvals and budgets are reckoned.")
    vat_rate: Decimal = plain("The usual tax rate in percent.")
    tax_id: str | None = plain("VAT number.")
    address: str | None = plain("Postal address, as it is printed.")
    calendar: BusinessCalendar | None = related(
        "calendar_id",
        lambda read: read.business_calendars.by_ids,
        "When you are at work, for services that do not say; around the clock without it.",
        needs=Permission.CALENDARS_READ,
    )
    time_zone: str = plain("Where days and years begin: `Asia/Riyadh`.")
    own_approval: bool = plain("Whether creators may approve their own orders.")
    over_receipt_tolerance: Decimal = plain(
        "By how many percent deliveries may exceed what was ordered."
    )
    amendment_tolerance: Decimal = plain(
        "By how many percent an amendment may raise an approved total unapproved."
    )
    match_quantity_tolerance: Decimal = plain(
        "By how many percent an invoiced quantity may exceed what was received."
    )
    match_price_tolerance: Decimal = plain(
        "By how many percent an invoiced price may exceed the one ordered."
    )
    match_tax_tolerance: Decimal = plain(
        "By how many percentage points an invoiced tax rate may differ from the ordered."
    )
    sandbox: Sandbox | None = plain(
        "What its data goes back to every night at 00:00 UTC, if it is a sandbox. Its settings, "
        "users, roles and credentials stay."
    )
    reset_on: date | None = plain("The day, in UTC, on which a sandbox's data last went back.")
    created_at: datetime = plain("When it joined.")


@strawberry.type(description="The organization after the mutation.")
class OrganizationPayload(Payload):
    organization: Organization | None = related(
        "id", lambda read: read.organizations.by_ids, "The organization as it is now."
    )


@mutations(OrganizationPayload)
class OrganizationMutations:
    organization_update = updates(
        domain.Organization, "Change what holds for the whole organization. What is left out stays."
    )
