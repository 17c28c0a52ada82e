"""Previews: the plan that submitting would freeze, with the reasons in words' reach."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from functools import partial
from typing import Any
from uuid import UUID

from domain.approvals.conditions import Condition, ConditionField, DocumentType, RoutingFacts
from domain.approvals.steps import ApprovalStep, AssignmentStatus
from domain.departments import Department
from domain.kit.aggregate import Aggregate
from domain.kit.money import Money
from domain.projects import Project
from domain.purchase_orders import PurchaseOrderStatus
from domain.suppliers import Supplier
from usecases.approvals.planning import Checked, Plan, PlannedStep, Routed, plans
from usecases.organizations import own_organization
from usecases.reads import Reads
from usecases.reads.approval_previews import (
    ApprovalPreviewRow,
    Named,
    PreviewApproverRow,
    PreviewConditionRow,
    PreviewStepRow,
)
from usecases.reads.purchase_orders import PurchaseOrderRow

_KINDS: dict[ConditionField, type[Aggregate]] = {
    ConditionField.DEPARTMENT: Department,
    ConditionField.PROJECT: Project,
    ConditionField.SUPPLIER: Supplier,
}


class Previews:
    """What submitting would do with drafts, without doing it."""

    def __init__(self, read: Reads) -> None:
        self._read = read

    async def by_order_ids(self, ids: Sequence[UUID]) -> Mapping[UUID, ApprovalPreviewRow]:
        rows = await self._read.purchase_orders.by_ids(ids)
        drafts = [row for row in rows.values() if row.status is PurchaseOrderStatus.DRAFT]
        if not drafts:
            return {}
        at = datetime.now(UTC)
        routed = [_routed(order) for order in drafts]
        planned = await plans(routed, self._read, at, partial(own_organization, self._read))
        names = await self._names(planned, [_facts(order) for order in drafts])
        return {
            order.id: _preview(plan, _facts(order), order.base_currency, names, at)
            for order, plan in zip(drafts, planned, strict=True)
        }

    async def _names(
        self, planned: Iterable[Plan], facts: Iterable[RoutingFacts]
    ) -> Mapping[UUID, Named]:
        """Of everything that conditions look at, and look for."""
        conditions = [c.condition for plan in planned for s in plan.steps for c in s.checked]
        known = [*facts]
        asks: dict[ConditionField, Any] = {
            ConditionField.DEPARTMENT: self._read.departments.by_ids,
            ConditionField.PROJECT: self._read.projects.by_ids,
            ConditionField.SUPPLIER: self._read.suppliers.by_ids,
        }
        names: dict[UUID, Named] = {}
        for field, ask in asks.items():
            ours = [c for c in conditions if c.field is field]
            ids = {_id_in(value) for condition in ours for value in condition.values}
            if not ours:
                continue
            ids |= {id for each in known if (id := _looked_at(field, each)) is not None}
            for id, row in (await ask([*ids])).items():
                names[id] = Named(_KINDS[field].prefix, id, row.name, row.name_ar)
        return names


def _routed(order: PurchaseOrderRow) -> Routed:
    return Routed(DocumentType.PURCHASE_ORDER, _facts(order), order.created_by_id)


def _facts(order: PurchaseOrderRow) -> RoutingFacts:
    return RoutingFacts(
        order.base_total_amount, order.department_id, order.project_id, order.supplier_id
    )


def _preview(
    plan: Plan, facts: RoutingFacts, currency: str, names: Mapping[UUID, Named], at: datetime
) -> ApprovalPreviewRow:
    return ApprovalPreviewRow(
        plan.workflow.id if plan.workflow else None,
        [
            PreviewStepRow(
                position=n,
                name=each.step.name,
                needed=each.needed,
                rule=each.step.rule,
                optional=each.step.optional,
                time_limit_hours=each.step.time_limit_hours,
                conditions=[_condition(c, facts, currency, names) for c in each.checked],
                approvers=_asked(n, each, plan, at),
                escalation=[PreviewApproverRow(id, role, None) for id, role in each.escalation],
            )
            for n, each in enumerate(plan.steps, start=1)
        ],
        plan.problems,
    )


def _asked(position: int, each: PlannedStep, plan: Plan, at: datetime) -> list[PreviewApproverRow]:
    """Whom the step would ask if it began now, with those who stand in."""
    step = ApprovalStep.of(position, each.planned)
    if each.candidates:
        step.begin(at, plan.deputies)
    return [
        PreviewApproverRow(a.approver_id, a.role, a.on_behalf_of_id)
        for a in step.assignments
        if a.status is AssignmentStatus.PENDING
    ]


def _condition(
    checked: Checked, facts: RoutingFacts, currency: str, names: Mapping[UUID, Named]
) -> PreviewConditionRow:
    condition = checked.condition
    found: Money | Named | None
    wanted: Money | tuple[Named, ...]
    if condition.field is ConditionField.AMOUNT:
        found = Money.of(facts.amount, currency)
        wanted = Money.exactly(Decimal(condition.values[0]), currency)
    else:
        id = _looked_at(condition.field, facts)
        found = names.get(id) if id is not None else None
        wanted = tuple(names[id] for id in _ids_in(condition) if id in names)
    return PreviewConditionRow(
        condition.field, condition.operator, condition.values, checked.holds, found, wanted
    )


def _looked_at(field: ConditionField, facts: RoutingFacts) -> UUID | None:
    id: UUID | None = getattr(facts, f"{field.lower()}_id")
    return id


def _ids_in(condition: Condition) -> list[UUID]:
    return [_id_in(value) for value in condition.values]


def _id_in(value: str) -> UUID:
    return UUID(value.rpartition("_")[2])
