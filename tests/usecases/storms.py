"""An office where everything happens at once, on the same few records of each kind."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any
from uuid import UUID

import asyncpg

from domain.customers import Company
from persistence.storage import SqlStorage
from tests.conftest import World
from tests.domain import subscriptions as make
from tests.usecases.orders import done
from tests.usecases.services import coupon, offered
from tests.usecases.subscriptions import catalogue
from usecases.kit import UseCase
from usecases.package_subscriptions import (
    AdvancePackageSubscription,
    AssignPackageSubscription,
    CancelPackageSubscription,
    PausePackageSubscription,
    RenewPackageSubscription,
    ResumePackageSubscription,
)
from usecases.quotations import ConvertQuotation
from usecases.records import UpdateRecord
from usecases.sales_invoices import PaySalesInvoice, ReissueSalesInvoice, VoidSalesInvoice
from usecases.service_orders import (
    ApplyServiceOrderCoupon,
    CancelServiceOrder,
    ChooseServiceOrderOptions,
    CompleteServiceOrderStep,
    HoldServiceOrder,
    PlaceServiceOrder,
    RemoveServiceOrderCoupon,
    ResumeServiceOrder,
    StartServiceOrderStep,
)

AT_ONCE = 20
FEW = 4  # of each kind that the commands of a round are about
OPEN = ("PENDING", "IN_PROGRESS", "ON_HOLD")


@dataclass
class Office:
    """Two services, a client with two companies, and whatever they have at the moment."""

    world: World
    storage: SqlStorage
    owner: asyncpg.Connection
    random: Random
    services: Sequence[Any] = ()
    companies: Sequence[Company] = ()
    client_id: UUID | None = None
    package_id: UUID | None = None
    coupons: Sequence[Any] = ()
    orders: list[UUID] = field(default_factory=list)
    steps: list[tuple[UUID, UUID, str]] = field(default_factory=list)
    subscriptions: list[UUID] = field(default_factory=list)
    quotations: list[UUID] = field(default_factory=list)
    invoices: list[UUID] = field(default_factory=list)

    async def open(self) -> None:
        world, storage = self.world, self.storage
        self.services = [await offered(world, storage, code=code) for code in ("visa", "permit")]
        items = [make.item(service.id, 3) for service in self.services]
        client, package = make.client(), make.package(*items)
        self.companies = [make.company(client_id=client.id) for _ in range(2)]
        await catalogue(world, storage, client, package)
        await catalogue(world, storage, *self.companies)
        self.client_id, self.package_id = client.id, package.id
        self.coupons = [
            await coupon(world, storage, code="TOTAL", usage_limit_total=3),
            await coupon(world, storage, code="EACH", usage_limit_per_subject=2),
        ]

    async def look(self) -> None:
        """A few of each kind that can still be moved: of orders the oldest, so that they get on."""
        self.orders = await self._ids(
            "SELECT id FROM service_orders WHERE organization_id = $1 AND status = ANY($2)"
            " ORDER BY created_at LIMIT $3",
            [*OPEN],
        )
        steps = (
            "SELECT order_id, id, status FROM service_order_steps WHERE order_id = ANY($1)"
            " AND status IN ('READY', 'ACTIVE')"
        )
        self.steps = [tuple(row) for row in await self.owner.fetch(steps, self.orders)]
        self.subscriptions = await self._ids(
            "SELECT id FROM package_subscriptions WHERE organization_id = $1"
            " AND status <> ALL($2) ORDER BY random() LIMIT $3",
            ["CANCELLED"],
        )
        self.quotations = await self._ids(
            "SELECT id FROM quotations WHERE organization_id = $1 AND status = ANY($2)"
            " ORDER BY random() LIMIT $3",
            ["ACCEPTED"],
        )
        self.invoices = await self._ids(
            "SELECT id FROM sales_invoices WHERE organization_id = $1 AND status = ANY($2)"
            " ORDER BY random() LIMIT $3",
            ["ISSUED", "VOID"],
        )

    async def _ids(self, query: str, statuses: list[str]) -> list[UUID]:
        rows = await self.owner.fetch(query, self.world.organization.id, statuses, FEW)
        return [row[0] for row in rows]

    def commands(self) -> list[UseCase[Any]]:
        """What a round does, in any order; twice the same is likely."""
        makers = [self.place, self.place, self.move_order, *[self.step] * 4]
        makers += [self.priced, self.priced, self.subscription, self.sell, self.invoice]
        return [self.random.choice(makers)() for _ in range(AT_ONCE)]

    def place(self) -> UseCase[Any]:
        of: dict[str, Any] = {"service_definition_id": self.random.choice(self.services).id}
        company = self.random.choice([None, *self.companies])
        whom = {"client_id": self.client_id} if company is None else {"company_id": company.id}
        return PlaceServiceOrder(**of, **whom)

    def move_order(self) -> UseCase[Any]:
        if not self.orders:
            return self.place()
        id = self.random.choice(self.orders)
        moves = [CancelServiceOrder(id=id), HoldServiceOrder(id=id, reason="later")]
        return self.random.choice([*moves, ResumeServiceOrder(id=id)])

    def step(self) -> UseCase[Any]:
        if not self.steps:
            return self.place()
        order_id, step_id, status = self.random.choice(self.steps)
        verb = CompleteServiceOrderStep if status == "ACTIVE" else StartServiceOrderStep
        return verb(order_id=order_id, step_id=step_id)

    def priced(self) -> UseCase[Any]:
        if not self.orders:
            return self.place()
        id, code = self.random.choice(self.orders), self.random.choice(["TOTAL", "each"])
        options = self.random.choice([[], ["express"]])
        apply = ApplyServiceOrderCoupon(id=id, code=code)
        others = [
            RemoveServiceOrderCoupon(id=id),
            ChooseServiceOrderOptions(id=id, options=options),
        ]
        return self.random.choice([apply, apply, *others])

    def subscription(self) -> UseCase[Any]:
        if not self.subscriptions or self.random.random() < 0.3:
            whose = self.random.choice([self.client_id, *(each.id for each in self.companies)])
            assert self.package_id is not None
            assert whose is not None
            return AssignPackageSubscription(package_id=self.package_id, customer_id=whose)
        verbs: list[Any] = [PausePackageSubscription, ResumePackageSubscription]
        verbs += [RenewPackageSubscription, AdvancePackageSubscription, CancelPackageSubscription]
        moved: UseCase[Any] = self.random.choice(verbs)(id=self.random.choice(self.subscriptions))
        return moved

    def sell(self) -> UseCase[Any]:
        if self.quotations:
            return ConvertQuotation(id=self.random.choice(self.quotations))
        made, limit = self.random.choice(self.coupons), self.random.randint(3, 60)
        return UpdateRecord(kind=type(made), id=made.id, given={"usage_limit_total": limit})

    def invoice(self) -> UseCase[Any]:
        if not self.invoices:
            return self.step()
        id = self.random.choice(self.invoices)
        moves = [VoidSalesInvoice(id=id, reason="wrong"), ReissueSalesInvoice(id=id)]
        return self.random.choice([*moves, *moves, PaySalesInvoice(id=id)])

    async def bill_again_what_is_void(self) -> None:
        """So that whatever is to be billed is billed once."""
        void = """SELECT DISTINCT ON (order_id, period_id, quotation_id) id, status
            FROM sales_invoices WHERE organization_id = $1
            ORDER BY order_id, period_id, quotation_id, status = 'VOID', created_at DESC"""
        for row in await self.owner.fetch(void, self.world.organization.id):
            if row["status"] == "VOID":
                await done(ReissueSalesInvoice(id=row["id"]), self.world, self.storage)
