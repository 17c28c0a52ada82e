"""Working on a service order, step by step."""

from abc import abstractmethod
from dataclasses import dataclass
from typing import Annotated, ClassVar
from uuid import UUID

from domain.business_time import BusinessHours
from domain.kit.errors import RuleBroken, raise_first
from domain.service_orders import STEP_LIFECYCLE, ServiceOrder, ServiceOrderStep, WaitingFor
from domain.users import User
from usecases.business_calendars import working_hours
from usecases.kit import ExpectedVersion, UseCase
from usecases.organizations import today
from usecases.ports import Parts, UnitOfWork
from usecases.reads.applicants import ApplicantKey
from usecases.service_orders.assigning import check_assignee
from usecases.service_orders.moving import TIMED, OrderId, follow


@dataclass(frozen=True, kw_only=True)
class OfServiceOrderStep(UseCase[ServiceOrder]):
    """A move of one step, with everything that follows for its order."""

    parts: ClassVar[Parts] = TIMED

    order_id: OrderId
    step_id: Annotated[UUID, ServiceOrderStep, "The step of that order."]
    expected_version: ExpectedVersion = None

    async def execute(self, uow: UnitOfWork) -> ServiceOrder:
        order = await uow.records(ServiceOrder).get(
            self.order_id, expected=self.expected_version, parts=self.parts, path=("order_id",)
        )
        before = order.status
        hours = await working_hours(order.calendar_id, uow)
        await self.move(order, order.step(self.step_id), hours, uow)
        await follow(order, before, uow)
        return order

    @abstractmethod
    async def move(
        self, order: ServiceOrder, step: ServiceOrderStep, hours: BusinessHours, uow: UnitOfWork
    ) -> None:
        """The transition itself, of a step of a locked order."""


@dataclass(frozen=True, kw_only=True)
class StartServiceOrderStep(OfServiceOrderStep):
    """Begin to work on a step that is ready. The first one that is started starts the order."""

    requires: ClassVar = STEP_LIFECYCLE.needs("start")

    async def move(
        self, order: ServiceOrder, step: ServiceOrderStep, hours: BusinessHours, uow: UnitOfWork
    ) -> None:
        order.start_step(step, uow.caller, uow.now, hours)


@dataclass(frozen=True, kw_only=True)
class WaitServiceOrderStep(OfServiceOrderStep):
    """Say that it is somebody else's turn: the step's clock rests until it is continued.

    The order's clock rests, too, while there is nothing else to do.
    """

    requires: ClassVar = STEP_LIFECYCLE.needs("wait")

    waiting_for: Annotated[WaitingFor, "Whose turn it is."]

    async def move(
        self, order: ServiceOrder, step: ServiceOrderStep, hours: BusinessHours, uow: UnitOfWork
    ) -> None:
        order.wait_step(step, self.waiting_for, uow.caller, uow.now, hours)


@dataclass(frozen=True, kw_only=True)
class ContinueServiceOrderStep(OfServiceOrderStep):
    """Go on with a step that waited for somebody."""

    requires: ClassVar = STEP_LIFECYCLE.needs("continue")

    async def move(
        self, order: ServiceOrder, step: ServiceOrderStep, hours: BusinessHours, uow: UnitOfWork
    ) -> None:
        order.continue_step(step, uow.caller, uow.now, hours)


@dataclass(frozen=True, kw_only=True)
class CompleteServiceOrderStep(OfServiceOrderStep):
    """Say that a step is done. The last one that is required completes the order, and bills it.

    A step that requires documents is done when the company, or the worker, has one of each type in
    force; somebody can waive that, and say why in the note.
    """

    requires: ClassVar = STEP_LIFECYCLE.needs("complete")
    parts: ClassVar[Parts] = None  # the last one ends the order

    note: Annotated[str | None, "What came of it; needed when documents are waived."] = None
    waive_documents: Annotated[bool, "Whether it is done without the documents it requires."] = (
        False
    )

    async def move(
        self, order: ServiceOrder, step: ServiceOrderStep, hours: BusinessHours, uow: UnitOfWork
    ) -> None:
        order.require_step(step, "complete", uow.caller)
        if missing := await _missing(order, step, uow):
            raise_first(missing if not self.waive_documents else self._unexplained())
        order.complete_step(step, uow.caller, uow.now, hours, self.note)

    def _unexplained(self) -> list[RuleBroken]:
        if self.note and self.note.strip():
            return []
        return [RuleBroken("say why the documents are waived", path=("note",))]


@dataclass(frozen=True, kw_only=True)
class SkipServiceOrderStep(OfServiceOrderStep):
    """Do without an optional step. What depends on it goes on as if it were done."""

    requires: ClassVar = STEP_LIFECYCLE.needs("skip")
    parts: ClassVar[Parts] = None  # the last one ends the order

    note: Annotated[str | None, "Why; the step keeps it as its note."] = None

    async def move(
        self, order: ServiceOrder, step: ServiceOrderStep, hours: BusinessHours, uow: UnitOfWork
    ) -> None:
        order.skip_step(step, uow.caller, uow.now, hours, self.note)


@dataclass(frozen=True, kw_only=True)
class ReopenServiceOrderStep(OfServiceOrderStep):
    """Go back to a step that was completed, as long as no step that depends on it has begun.

    Those that had become ready through it are blocked again. A completed order stays completed.
    """

    requires: ClassVar = STEP_LIFECYCLE.needs("reopen")

    reason: Annotated[str | None, "Why."] = None

    async def move(
        self, order: ServiceOrder, step: ServiceOrderStep, hours: BusinessHours, uow: UnitOfWork
    ) -> None:
        order.reopen_step(step, uow.caller, uow.now, hours, self.reason)


@dataclass(frozen=True, kw_only=True)
class AssignServiceOrderStep(OfServiceOrderStep):
    """Say who does a step."""

    requires: ClassVar = STEP_LIFECYCLE.needs("assign")
    parts: ClassVar[Parts] = ("steps",)

    assignee_id: Annotated[
        UUID | None, User, "An active user who may change orders; nobody when left out."
    ] = None

    async def move(
        self, order: ServiceOrder, step: ServiceOrderStep, _hours: BusinessHours, uow: UnitOfWork
    ) -> None:
        order.require_step(step, "assign", uow.caller)
        await check_assignee(self.assignee_id, uow)
        order.assign_step(step, self.assignee_id, uow.caller, uow.now)


async def _missing(
    order: ServiceOrder, step: ServiceOrderStep, uow: UnitOfWork
) -> list[RuleBroken]:
    """The documents that a step cannot do without and that are not in force, by their places.

    Documents are those of companies and their workers: whoever is neither has none.
    """
    required = [n for n, document in enumerate(step.documents) if document.required]
    if not required:
        return []
    in_force: set[UUID] = set()
    if order.customer_id is not None:
        key = ApplicantKey(order.customer_id, order.worker_id, today(await uow.organization(), uow))
        in_force.update((await uow.reads.applicants.by_keys([key]))[key].document_type_ids)
    return [
        RuleBroken(
            "a document that this step requires is missing or not in force", path=("documents", n)
        )
        for n in required
        if step.documents[n].type_id not in in_force
    ]
