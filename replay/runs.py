"""Plays the plans: cases side by side, the steps of each in order, from where the journal ends."""

import asyncio
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest

from replay.errors import Diverged, ReplayStopped, UnusableState
from replay.graphs import Graph, JsonObject
from replay.journals import Done, Journal
from replay.moves import Move
from replay.plans import CURRENCY, Plan, Step
from replay.preparations import Stage
from replay.progress import Progress


@dataclass(frozen=True, kw_only=True)
class Player:
    """Plays one case at a time, as the roles of the log, on one server."""

    graph: Graph
    stage: Stage
    journal: Journal
    progress: Progress

    async def play(self, plan: Plan) -> None:
        """Sends every step that the journal does not have yet. Raises Diverged at a refusal."""
        done = self.journal.done.get(plan.case.id, [])
        orders = Orders.of(plan, done)
        self.progress.skip(plan.steps[: len(done)])
        for step in plan.steps[len(done) :]:
            try:
                payload = await self.graph.change(
                    step.effect.mutation,
                    "purchaseOrder",
                    self._given(plan, step, orders),
                    key=f"replay:{self.journal.run}:{step.key}",
                    token=self.stage.tokens[step.role],
                )
            except Diverged as refusal:
                raise Diverged(f"at {step.text}: {refusal}") from refusal
            order: JsonObject = payload["purchaseOrder"]
            entry = Done(case=plan.case.id, step=step.key, order=order["id"])
            await self.journal.write(entry)
            orders.follow(step, entry)
            self.progress.step(step)
        self.progress.case()

    def _given(self, plan: Plan, step: Step, orders: "Orders") -> JsonObject:
        """The mutation's input, out of plan and ids alone: a second try sends just the same.

        No `expectedVersion`: a second try is answered with the order as it is by then.
        """
        if step.move is Move.CREATE:
            return self._new_order(plan, step)
        match step.move:
            case Move.REVISE:
                given = {"notes": notes_of(plan, step)}
            case Move.REROUTE:
                given = {"supplierId": self.stage.suppliers[step.route]}
            case Move.APPROVE | Move.REQUEST_CHANGES:
                given = {"comment": step.text}
            case Move.CANCEL:
                given = {"reason": step.text}
            case Move.SUBMIT | Move.RECALL | Move.CLONE:
                given = {}
        return {"id": orders.current, **given}

    def _new_order(self, plan: Plan, step: Step) -> JsonObject:
        given: JsonObject = {
            "supplierId": self.stage.suppliers[step.route],
            "departmentId": self.stage.departments[plan.department],
            "currency": CURRENCY,
            "notes": notes_of(plan, step),
            "lines": [
                {
                    "description": plan.case.id,
                    "quantity": "1",
                    "unitPrice": str(plan.price),
                    "vatRate": "0",
                }
            ],
        }
        if plan.project is not None:
            given["projectId"] = self.stage.projects[plan.project]
        return given


@dataclass
class Orders:
    """The orders of a case so far; the last is the one the next step is about."""

    ids: list[str] = field(default_factory=list)

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
        self.ids[step.order :] = [entry.order]


def notes_of(plan: Plan, step: Step) -> str:
    return f"{plan.case.id}, {step.text}"


async def play_all(player: Player, plans: Iterable[Plan], *, concurrency: int) -> dict[str, str]:
    """Plays every plan; answers why those that could not be played to the end were not, by case.

    Raises ReplayStopped where no case can go on; what was done until then is in the journal.
    """
    reasons: dict[str, str] = {}
    coming = iter(plans)
    try:
        async with asyncio.TaskGroup() as workers:
            for _ in range(concurrency):
                workers.create_task(_play_in_turn(player, coming, reasons))
    except* ReplayStopped as stopped:
        raise _first(stopped) from None
    return reasons


async def _play_in_turn(player: Player, coming: Iterator[Plan], reasons: dict[str, str]) -> None:
    for plan in coming:
        try:
            await player.play(plan)
        except Diverged as refusal:
            reasons[plan.case.id] = str(refusal)


def _first(group: BaseExceptionGroup[ReplayStopped]) -> ReplayStopped:
    first = group.exceptions[0]
    return _first(first) if isinstance(first, BaseExceptionGroup) else first
