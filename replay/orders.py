"""The orders of a case while it is played, and what the next step has to name of them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import zip_longest

from replay.errors import UnusableState
from replay.journals import Done
from replay.moves import Move
from replay.plans import Plan, Step


@dataclass
class Orders:
    """The orders of a case so far; the last is the one the next step is about.

    `line` is what it orders, `invoice` the last one that was entered for it.
    """

    ids: list[str] = field(default_factory=list)
    line: str | None = None
    invoice: str | None = None

    @classmethod
    def of(cls, plan: Plan, done: Sequence[Done]) -> "Orders":
        """As the journal has them; UnusableState where it tells of other steps than the plan's."""
        orders = cls()
        for step, entry in zip_longest(plan.steps[: len(done)], done):
            if step is None or step.key != entry.step:
                raise UnusableState(f"the state file has {entry.step}, which is not in the plan")
            orders.follow(step, entry)
        return orders

    @property
    def current(self) -> str:
        return self.ids[-1]

    def follow(self, step: Step, entry: Done) -> None:
        if step.effect.record == "purchaseOrder":
            self.ids[step.order :] = [entry.record]
        elif step.move is Move.INVOICE:
            self.invoice = entry.record
        self.line = entry.line or self.line
