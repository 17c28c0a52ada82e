"""Amendments: changing an order that was approved already, and taking such a change back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any
from uuid import UUID

from domain.kit.errors import DomainError, RuleBroken, raise_first
from domain.kit.given import UNSET, Maybe, given
from domain.kit.money import written
from domain.purchase_orders.lines import (
    PurchaseOrderLine,
    PurchaseOrderLineChange,
    misfits,
)
from domain.purchase_orders.revisions import HEAD, RevisionContent


@dataclass(frozen=True, kw_only=True)
class Amendment:
    """What is to change; what is left out stays."""

    reason: Annotated[str, "Why; for the record and for the approvers."]
    notes: Annotated[Maybe[str | None], "For the supplier to read."] = UNSET
    delivery_address: Annotated[Maybe[str | None], "Where to deliver."] = UNSET
    expected_delivery_date: Annotated[Maybe[date | None], "When it should be there."] = UNSET
    lines: Annotated[Sequence[PurchaseOrderLineChange], "Lines to change or add."] = ()
    removed_line_ids: Annotated[
        Sequence[UUID], PurchaseOrderLine, "Lines to take off; only before anything came of them."
    ] = ()

    @property
    def head(self) -> dict[str, Any]:
        return given({name: getattr(self, name) for name in HEAD})

    def problems(self, lines: Sequence[PurchaseOrderLine]) -> list[DomainError]:
        """What keeps it from being put to these lines; quantities are looked at afterwards."""
        found: list[DomainError] = [*misfits(lines, self.lines)]
        known = {line.id: line for line in lines}
        for n, id in enumerate(self.removed_line_ids):
            path = ("removed_line_ids", n)
            line = known.get(id)
            if line is None:
                found.append(RuleBroken("this order has no such line", path=path))
            elif line.accepted or line.rejected or line.invoiced:
                found.append(RuleBroken("this line was delivered or invoiced already", path=path))
            elif any(change.id == id for change in self.lines):
                found.append(RuleBroken("this line is changed and removed at once", path=path))
        if not lines or ({*known} == {*self.removed_line_ids} and not self._adds):
            found.append(RuleBroken("an order needs at least one line", path=("lines",)))
        return found

    @property
    def _adds(self) -> bool:
        return any(change.id is None for change in self.lines)


def check_fulfilled(
    lines: Sequence[PurchaseOrderLine], before: RevisionContent, changes: Sequence[Any]
) -> None:
    """Raise RuleBroken where a line no longer covers what was delivered or invoiced of it.

    More than was ordered may have come within the tolerance: what stays as it was is no problem.
    """
    places: Mapping[UUID | None, int] = {change.id: n for n, change in enumerate(changes)}
    prices = {line.id: (line.unit_price, line.vat_rate) for line in before.lines}
    ordered = {line.id: line.quantity for line in before.lines}
    broken: list[DomainError] = []
    for line in lines:
        path = ("lines", places.get(line.id, line.position - 1))
        done = max(line.accepted, line.invoiced)
        if line.quantity < min(done, ordered.get(line.id, done)):
            broken.append(
                RuleBroken(
                    "{done} of this line were delivered or invoiced already",
                    path=(*path, "quantity"),
                    done=written(done),
                )
            )
        if line.invoiced and prices.get(line.id) != (line.unit_price, line.vat_rate):
            broken.append(
                RuleBroken(
                    "this line was invoiced at its price already", path=(*path, "unit_price")
                )
            )
    raise_first(broken)


def restored(
    content: RevisionContent, lines: Sequence[PurchaseOrderLine]
) -> list[PurchaseOrderLine]:
    """The lines of a revision again: those that are still there, and those that were removed."""
    known = {line.id: line for line in lines}
    back = []
    for was in content.lines:
        line = known.get(was.id)
        if line is None:
            line = PurchaseOrderLine(**vars(was))
        else:
            for name, value in vars(was).items():
                setattr(line, name, value)
        back.append(line)
    return back
