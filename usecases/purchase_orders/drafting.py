"""Drafting purchase orders: their content, before anybody has to agree to it."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from domain.budgets import Budget
from domain.departments import Department
from domain.kit import checks
from domain.kit.errors import RuleBroken, raise_first
from domain.kit.given import UNSET, Maybe, given
from domain.kit.money import check_currency
from domain.projects import Project
from domain.purchase_orders import (
    LIFECYCLE,
    NewPurchaseOrderAttachment,
    NewPurchaseOrderLine,
    PurchaseOrder,
    PurchaseOrderLine,
    PurchaseOrderLineChange,
)
from domain.suppliers import Supplier
from usecases.kit import ExpectedVersion, UseCase
from usecases.organizations import today
from usecases.ports import UnitOfWork
from usecases.purchase_orders.parties import check_parties
from usecases.reads.organizations import OrganizationRow

SERIES = "PO"
OrderId = Annotated[UUID, PurchaseOrder, "The purchase order."]


async def _order(uow: UnitOfWork, id: UUID, expected: int | None) -> PurchaseOrder:
    return await uow.records(PurchaseOrder).get(id, expected=expected, path=("order_id",))


async def _number(organization: OrganizationRow, uow: UnitOfWork) -> str:
    return await uow.next_number(SERIES, today(organization, uow).year)


def _rate_missing() -> RuleBroken:
    return RuleBroken("a foreign currency needs an exchange rate", path=("exchange_rate",))


@dataclass(frozen=True, kw_only=True)
class CreatePurchaseOrder(UseCase[PurchaseOrder]):
    """Draft a purchase order. It gets its number now, and its totals whenever lines change."""

    requires = LIFECYCLE.needs("update")

    supplier_id: Annotated[UUID, Supplier, "Whom to order from; an active supplier."]
    department_id: Annotated[UUID, Department, "Who orders."]
    project_id: Annotated[UUID | None, Project, "What it is for."] = None
    budget_id: Annotated[
        UUID | None, Budget, "What to draw on; chosen when it is submitted, unless it is given."
    ] = None
    currency: Annotated[str | None, "ISO 4217; the base currency when left out."] = None
    exchange_rate: Annotated[
        Decimal | None, "Base currency for one unit of the currency; needed for a foreign one."
    ] = None
    notes: Annotated[str | None, "For the supplier to read."] = None
    delivery_address: Annotated[str | None, "Where to deliver."] = None
    expected_delivery_date: Annotated[date | None, "When it should be there."] = None
    lines: Annotated[Sequence[NewPurchaseOrderLine], "What is ordered; can be added later."] = ()
    attachments: Annotated[Sequence[NewPurchaseOrderAttachment], "Links to files."] = ()

    async def execute(self, uow: UnitOfWork) -> PurchaseOrder:
        organization = await uow.organization()
        await check_parties(vars(self), uow)
        currency = self.currency or organization.base_currency
        foreign = currency != organization.base_currency
        if foreign and self.exchange_rate is None:
            raise check_currency(currency) or _rate_missing()
        order = PurchaseOrder.create(
            uow.now,
            **{
                **vars(self),
                "currency": currency,
                "exchange_rate": Decimal(1) if self.exchange_rate is None else self.exchange_rate,
            },
            base_currency=organization.base_currency,
            vat_rate=organization.vat_rate,
            created_by_id=uow.caller.user_id,
        )
        order.created(await _number(organization, uow), uow.now)
        uow.records(PurchaseOrder).add(order)
        return order


@dataclass(frozen=True, kw_only=True)
class UpdatePurchaseOrder(UseCase[PurchaseOrder]):
    """Change a draft. What is left out stays; null empties what can be empty.

    Lines with an id are changed, lines without one are added, lines not named stay.
    """

    requires = LIFECYCLE.needs("update")

    id: OrderId
    expected_version: ExpectedVersion = None
    supplier_id: Annotated[Maybe[UUID], Supplier, "Whom to order from."] = UNSET
    department_id: Annotated[Maybe[UUID], Department, "Who orders."] = UNSET
    project_id: Annotated[Maybe[UUID | None], Project, "What it is for."] = UNSET
    budget_id: Annotated[
        Maybe[UUID | None], Budget, "What to draw on; null has it chosen at submission."
    ] = UNSET
    currency: Annotated[Maybe[str], "ISO 4217; amounts keep their figures."] = UNSET
    exchange_rate: Annotated[Maybe[Decimal], "Base currency for one unit of the currency."] = UNSET
    notes: Annotated[Maybe[str | None], "For the supplier to read."] = UNSET
    delivery_address: Annotated[Maybe[str | None], "Where to deliver."] = UNSET
    expected_delivery_date: Annotated[Maybe[date | None], "When it should be there."] = UNSET
    lines: Annotated[Sequence[PurchaseOrderLineChange], "Lines to change or add."] = ()
    attachments: Annotated[
        Maybe[Sequence[NewPurchaseOrderAttachment]], "Links to files; replace those there are."
    ] = UNSET

    async def execute(self, uow: UnitOfWork) -> PurchaseOrder:
        order = await uow.records(PurchaseOrder).get(self.id, expected=self.expected_version)
        content = {f.name: getattr(self, f.name) for f in fields(self)}
        for name in ("id", "expected_version", "lines", "attachments"):
            del content[name]
        values = given(content)
        needed = ("supplier_id", "department_id", "currency", "exchange_rate")
        raise_first(checks.emptied(values, needed))
        await check_parties(values, uow)
        if values.get("currency", order.currency) != order.currency:
            self._check_rate(values, order)
        organization = await uow.organization()
        order.update(
            values,
            self.lines,
            uow.caller,
            uow.now,
            vat_rate=organization.vat_rate,
            attachments=self.attachments,
        )
        return order

    def _check_rate(self, values: dict[str, Any], order: PurchaseOrder) -> None:
        if values["currency"] == order.base_currency:
            values.setdefault("exchange_rate", Decimal(1))
        elif "exchange_rate" not in values:
            raise check_currency(values["currency"]) or _rate_missing()


@dataclass(frozen=True, kw_only=True)
class DeletePurchaseOrder(UseCase[PurchaseOrder]):
    """Delete a draft for good; only its audit trail stays. Anything else is cancelled instead."""

    requires = LIFECYCLE.needs("delete")

    id: OrderId
    expected_version: ExpectedVersion = None

    async def execute(self, uow: UnitOfWork) -> PurchaseOrder:
        orders = uow.records(PurchaseOrder)
        order = await orders.get(self.id, expected=self.expected_version)
        order.delete(uow.caller, uow.now)
        await orders.remove(order)
        return order


@dataclass(frozen=True, kw_only=True)
class ClonePurchaseOrder(UseCase[PurchaseOrder]):
    """Draft a new order with the content of a rejected or cancelled one."""

    requires = LIFECYCLE.needs("clone")

    id: OrderId
    expected_version: ExpectedVersion = None

    async def execute(self, uow: UnitOfWork) -> PurchaseOrder:
        orders = uow.records(PurchaseOrder)
        original = await orders.get(self.id, expected=self.expected_version)
        parties = ("supplier_id", "department_id", "project_id")
        await check_parties({name: getattr(original, name) for name in parties}, uow)
        copy = original.clone(uow.caller, uow.now)
        copy.created(await _number(await uow.organization(), uow), uow.now)
        orders.add(copy)
        return copy


@dataclass(frozen=True, kw_only=True)
class AddPurchaseOrderLine(UseCase[PurchaseOrder]):
    """Add a line to a draft, after its last one."""

    requires = LIFECYCLE.needs("update")

    order_id: OrderId
    expected_version: ExpectedVersion = None
    line: Annotated[NewPurchaseOrderLine, "The line to add."]

    async def execute(self, uow: UnitOfWork) -> PurchaseOrder:
        order = await _order(uow, self.order_id, self.expected_version)
        rate = (await uow.organization()).vat_rate
        order.add_line(self.line, uow.caller, uow.now, vat_rate=rate)
        return order


@dataclass(frozen=True, kw_only=True)
class UpdatePurchaseOrderLine(UseCase[PurchaseOrder]):
    """Change a line of a draft. What is left out stays."""

    requires = LIFECYCLE.needs("update")

    order_id: OrderId
    line_id: Annotated[UUID, PurchaseOrderLine, "The line to change."]
    expected_version: ExpectedVersion = None
    description: Annotated[Maybe[str], "What is ordered."] = UNSET
    quantity: Annotated[Maybe[Decimal], "How much."] = UNSET
    unit: Annotated[Maybe[str | None], "What the quantity counts."] = UNSET
    unit_price: Annotated[Maybe[Decimal], "Price of one unit without tax."] = UNSET
    vat_rate: Annotated[Maybe[Decimal | None], "Percent; null is the usual rate."] = UNSET

    async def execute(self, uow: UnitOfWork) -> PurchaseOrder:
        order = await _order(uow, self.order_id, self.expected_version)
        names = ("description", "quantity", "unit", "unit_price", "vat_rate")
        values = given({name: getattr(self, name) for name in names})
        raise_first(checks.emptied(values, ("description", "quantity", "unit_price")))
        change = PurchaseOrderLineChange(id=self.line_id, **values)
        rate = (await uow.organization()).vat_rate
        order.update_line(change, uow.caller, uow.now, vat_rate=rate)
        return order


@dataclass(frozen=True, kw_only=True)
class DeletePurchaseOrderLine(UseCase[PurchaseOrder]):
    """Take a line off a draft; the lines after it move up."""

    requires = LIFECYCLE.needs("update")

    order_id: OrderId
    line_id: Annotated[UUID, PurchaseOrderLine, "The line to delete."]
    expected_version: ExpectedVersion = None

    async def execute(self, uow: UnitOfWork) -> PurchaseOrder:
        order = await _order(uow, self.order_id, self.expected_version)
        order.delete_line(self.line_id, uow.caller, uow.now)
        return order
