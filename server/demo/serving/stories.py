"""What became of service orders: told step by step, each with its own time."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from uuid import UUID

from domain.service_orders import (
    OrderStepStatus,
    Priority,
    ServiceOrder,
    ServiceOrderStatus,
    WaitingFor,
)
from domain.service_orders.lifecycle import OPEN_STEP
from server.demo.casts import Cast
from server.demo.serving.counters import Counter
from server.demo.serving.enrolments import LATE
from server.demo.stages import Stage
from usecases.kit import UseCase
from usecases.reads.service_orders import ServiceOrderStepRow
from usecases.sales_invoices import PaySalesInvoice
from usecases.service_orders import (
    ApplyServiceOrderCoupon,
    AssignServiceOrder,
    CancelServiceOrder,
    CompleteServiceOrderStep,
    HoldServiceOrder,
    PlaceServiceOrder,
    ResumeServiceOrder,
    StartServiceOrderStep,
    WaitServiceOrderStep,
)

WORKER = "case_worker"
OFFICE_HOURS = (6, 13)  # of UTC
FOR_COMPANIES = ("CR-RENEW", "VAT-REG", "LICENCE-MUN")
FOR_WORKERS = ("IQAMA-RENEW", "VISA-EXIT")
FOR_ANYBODY = ("TRANSLATE", "CONSULT")


@dataclass
class Errand:
    """One order of somebody, and the time that it has come to."""

    stage: Stage
    cast: Cast
    counter: Counter
    at: datetime
    random: Random

    # What becomes of it

    async def placed(self) -> None:
        await self._place()

    async def begun(self) -> None:
        await self._begin(await self._assigned())

    async def waiting_for_the_client(self) -> None:
        await self._wait(await self._begin(await self._assigned()), WaitingFor.CLIENT)

    async def waiting_for_an_authority(self) -> None:
        order = await self._assigned()
        order = await self._finish(order, but_for=1)
        await self._wait(await self._begin(order), WaitingFor.AUTHORITY)

    async def urgent(self) -> None:
        await self._begin(await self._assigned(Priority.URGENT))

    async def held(self) -> None:
        order = await self._begin(await self._assigned())
        reason = "The customer is travelling."
        await self._do(HoldServiceOrder(id=order.id, reason=reason))

    async def cancelled(self) -> None:
        order = await self._assigned()
        await self._do(CancelServiceOrder(id=order.id, reason="No longer needed."))

    async def completed(self) -> None:
        await self._finish(await self._assigned())

    async def completed_after_a_hold(self) -> None:
        order = await self._begin(await self._assigned())
        await self._do(HoldServiceOrder(id=order.id, reason="A document is being renewed."))
        await self._finish(await self._do(ResumeServiceOrder(id=order.id)))

    async def completed_and_paid(self) -> None:
        order = await self._finish(await self._assigned())
        if (invoice := await self._invoice(order.id)) is not None:
            self._later()
            pay = PaySalesInvoice(id=invoice, reference=f"TRANSFER {order.number}")
            await self.stage.do(pay, self.cast.users["finance_manager"], self.at)

    async def discounted_and_paid(self) -> None:
        order = await self._place()
        if order.total > 0:
            order = await self._do(ApplyServiceOrderCoupon(id=order.id, code="welcome10"))
        await self._finish(order)

    async def discounted(self) -> None:
        order = await self._place(code="CR-RENEW")
        if order.total > 0:
            await self._do(ApplyServiceOrderCoupon(id=order.id, code="FIFTY"))

    # How it is done

    async def _place(
        self, priority: Priority = Priority.NORMAL, code: str | None = None
    ) -> ServiceOrder:
        place = self.random.randrange(len(self.counter.companies))
        company, team = self.counter.companies[place], self.counter.workers[place]
        offered = (
            *FOR_ANYBODY,
            *(FOR_COMPANIES if place != LATE else ()),
            *(FOR_WORKERS if team else ()),
        )
        chosen = code or self.random.choice(offered)
        service = self.counter.services[chosen]
        keys = [option.key for option in service.options]
        private = chosen in FOR_ANYBODY and self.random.random() < 0.4  # noqa: PLR2004 - some
        return await self._do(
            PlaceServiceOrder(
                service_definition_id=service.id,
                company_id=None if private else company.id,
                client_id=self.random.choice(self.counter.clients).id if private else None,
                worker_id=self.random.choice(team).id if chosen in FOR_WORKERS else None,
                priority=priority,
                options=self.random.sample(keys, self.random.randint(0, len(keys))),
            )
        )

    async def _assigned(self, priority: Priority | None = None) -> ServiceOrder:
        order = await self._place(priority or self.random.choice(_PRIORITIES))
        by = self.cast.users[WORKER].id
        return await self._do(AssignServiceOrder(id=order.id, assignee_id=by))

    async def _begin(self, order: ServiceOrder) -> ServiceOrder:
        [ready, *_] = _at(OrderStepStatus.READY, await self._left(order))
        return await self._do(StartServiceOrderStep(order_id=order.id, step_id=ready.id))

    async def _wait(self, order: ServiceOrder, waiting_for: WaitingFor) -> ServiceOrder:
        [active, *_] = _at(OrderStepStatus.ACTIVE, await self._left(order))
        wait = WaitServiceOrderStep(order_id=order.id, step_id=active.id, waiting_for=waiting_for)
        return await self._do(wait)

    async def _finish(self, order: ServiceOrder, *, but_for: int = 0) -> ServiceOrder:
        """Step after step, until so many are left to do."""
        while order.status not in _ENDED:
            left = await self._left(order)
            if len(left) <= but_for:
                break
            active = _at(OrderStepStatus.ACTIVE, left)
            if not active:
                order = await self._begin(order)
                continue
            complete = CompleteServiceOrderStep(
                order_id=order.id,
                step_id=active[0].id,
                note="Seen in the original.",
                waive_documents=True,
            )
            order = await self._do(complete)
        return order

    async def _left(self, order: ServiceOrder) -> list[ServiceOrderStepRow]:
        """The steps that there are still to do."""
        steps = (await self.stage.reads.service_order_steps.by_order_ids([order.id]))[order.id]
        return [step for step in steps if step.status in OPEN_STEP and not step.optional]

    async def _invoice(self, order_id: UUID) -> UUID | None:
        """The order's invoice, unless it cost nothing."""
        found = await self.stage.reads.sales_invoices.by_order_ids([order_id])
        return next((row.id for row in found.get(order_id, ())), None)

    async def _do(self, usecase: UseCase[ServiceOrder]) -> ServiceOrder:
        order = await self.stage.do(usecase, self.cast.users[WORKER], self.at)
        self._later()
        return order

    def _later(self) -> None:
        """Some time within office hours."""
        self.at += timedelta(minutes=self.random.randint(20, 150))
        if self.at.hour >= OFFICE_HOURS[1]:
            self.at = self.at.replace(hour=OFFICE_HOURS[0]) + timedelta(days=1)


Tale = Callable[[Errand], Awaitable[None]]
_PRIORITIES = (Priority.NORMAL, Priority.NORMAL, Priority.NORMAL, Priority.HIGH, Priority.LOW)
_ENDED = {ServiceOrderStatus.COMPLETED, ServiceOrderStatus.CANCELLED}


def _at(status: OrderStepStatus, steps: list[ServiceOrderStepRow]) -> list[ServiceOrderStepRow]:
    return [step for step in steps if step.status is status]
