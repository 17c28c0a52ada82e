"""Conditions: what routing looks at in a document, and how it compares it."""

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Annotated, NamedTuple
from uuid import UUID

from domain.departments import Department
from domain.kit import checks
from domain.kit.aggregate import Aggregate
from domain.kit.errors import Path, RuleBroken
from domain.kit.record import Mention
from domain.projects import Project
from domain.suppliers import Supplier


class DocumentType(StrEnum):
    """What a workflow can route."""

    PURCHASE_ORDER = "PURCHASE_ORDER"
    PURCHASE_INVOICE = "PURCHASE_INVOICE"


class ConditionField(StrEnum):
    """What a condition looks at. AMOUNT is the total in the organization's base currency."""

    AMOUNT = "AMOUNT"
    DEPARTMENT = "DEPARTMENT"
    PROJECT = "PROJECT"
    SUPPLIER = "SUPPLIER"


class ConditionOperator(StrEnum):
    """AT_LEAST and BELOW compare amounts; IN and NOT_IN compare ids."""

    AT_LEAST = "AT_LEAST"
    BELOW = "BELOW"
    IN = "IN"
    NOT_IN = "NOT_IN"


class RoutingFacts(NamedTuple):
    """What routing looks at; `amount` in base currency.

    A document without a department is outside of every department, and so with the others.
    """

    amount: Decimal
    department_id: UUID | None
    project_id: UUID | None
    supplier_id: UUID | None


_REFERENCES: dict[ConditionField, type[Aggregate]] = {
    ConditionField.DEPARTMENT: Department,
    ConditionField.PROJECT: Project,
    ConditionField.SUPPLIER: Supplier,
}
_COMPARES = {
    ConditionField.AMOUNT: {ConditionOperator.AT_LEAST, ConditionOperator.BELOW},
    **{field: {ConditionOperator.IN, ConditionOperator.NOT_IN} for field in _REFERENCES},
}


@dataclass(frozen=True, kw_only=True)
class Condition:
    """One comparison; all conditions of a workflow or step must hold."""

    field: Annotated[ConditionField, "What to look at."]
    operator: Annotated[ConditionOperator, "How to compare it."]
    values: Annotated[list[str], "One decimal amount, or the ids to look for."]

    def holds(self, facts: RoutingFacts) -> bool:
        if self.field is ConditionField.AMOUNT:
            limit = Decimal(self.values[0])
            at_least = facts.amount >= limit
            return at_least if self.operator is ConditionOperator.AT_LEAST else not at_least
        key: UUID | None = getattr(facts, f"{self.field.lower()}_id")
        found = key is not None and f"{_REFERENCES[self.field].prefix}_{key.hex}" in self.values
        return found if self.operator is ConditionOperator.IN else not found

    def problems(self, path: Path) -> list[RuleBroken]:
        if self.operator not in _COMPARES[self.field]:
            return [
                RuleBroken(
                    "{field} cannot be compared with {operator}",
                    path=(*path, "operator"),
                    field=self.field,
                    operator=self.operator,
                )
            ]
        if self.field is ConditionField.AMOUNT:
            return self._amount_problems((*path, "values"))
        prefix = _REFERENCES[self.field].prefix
        if not self.values:
            return [RuleBroken("this must not be empty", path=(*path, "values"))]
        return [
            RuleBroken("no such id: {id}", path=(*path, "values", n), id=value[:64])
            for n, value in enumerate(self.values)
            if not _is_id(value, prefix)
        ]

    def mentions(self, path: Path) -> list[Mention]:
        if self.field is ConditionField.AMOUNT:
            return []
        return [
            Mention(_REFERENCES[self.field], UUID(value.rpartition("_")[2]), (*path, "values", n))
            for n, value in enumerate(self.values)
        ]

    def _amount_problems(self, path: Path) -> list[RuleBroken]:
        try:
            [amount] = map(Decimal, self.values)
        except (ValueError, InvalidOperation):
            return [RuleBroken("an amount is compared with one decimal number", path=path)]
        return checks.found(checks.number(amount, path))


def _is_id(value: str, prefix: str) -> bool:
    head, _, digits = value.rpartition("_")
    return head == prefix and len(digits) == 32 and set(digits) <= set("0123456789abcdef")  # noqa: PLR2004
