"""The steps of service orders."""

from datetime import datetime

import strawberry

from domain import service_orders as domain
from domain.callers import Caller, Permission
from domain.kit import lifecycle
from domain.service_definitions import StepType
from schema.kit.enums import shown
from schema.kit.nodes import Node
from schema.kit.relations import computed, related
from schema.kit.views import node_of, plain
from schema.lifecycles import Transition
from schema.service_definitions import RequiredDocument, SlaTarget
from schema.users import User
from usecases.reads.service_orders import ServiceOrderStepRow

shown(domain.OrderStepStatus)
shown(domain.WaitingFor)


def transitions_of(step: ServiceOrderStepRow, caller: Caller) -> list[lifecycle.Transition]:
    return domain.STEP_LIFECYCLE.transitions(step, caller)


@node_of(
    ServiceOrderStepRow,
    "sos",
    lambda read: read.service_order_steps.by_ids,
    needs=Permission.ORDERS_READ,
)
@strawberry.type(
    description="A step of a service order, as the service's workflow had it when it was placed."
)
class ServiceOrderStep(Node):
    position: int = plain("1, 2, 3, …: the order in which steps are shown.")
    key: str = plain("Short name for programs, unique in the order: `collect-documents`.")
    name: str = plain("What it is called.")
    name_ar: str | None = plain("The same in Arabic.")
    type: StepType = plain("What it is about.")
    status: domain.OrderStepStatus = plain("Where it stands.")
    transitions: list[Transition] = computed(
        transitions_of,
        "What can be done with the step next, and what stands in the way, for you: `start` is the"
        " mutation `serviceOrderStepStart`.",
    )
    optional: bool = plain("Whether it can be skipped.")
    depends_on: list[str] = plain("Keys of the steps that have to be done, or skipped, before.")
    targets: list[SlaTarget] = plain("How long it may take, from when it is ready.")
    documents: list[RequiredDocument] = plain("What it asks for; empty unless it is a DOCUMENT.")
    assignee: User | None = related(
        "assignee_id",
        lambda read: read.users.by_ids,
        "Who does it.",
        needs=Permission.USERS_READ,
    )
    waiting_for: domain.WaitingFor | None = plain("For whom it waits; null unless WAITING.")
    note: str | None = plain("What was said of it last.")
    started_at: datetime | None = plain("When work on it began.")
    completed_at: datetime | None = plain("When it was done.")
