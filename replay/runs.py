"""Plays the plans: cases side by side, the steps of each in order, from where the journal ends."""

import asyncio
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from replay.errors import Diverged, ReplayStopped
from replay.graphs import Graph, JsonObject
from replay.inputs import Situation, given
from replay.journals import Done, Journal
from replay.orders import Orders
from replay.plans import Plan
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
                    step.effect.record,
                    given(Situation(plan, step, orders, self.stage)),
                    key=f"replay:{self.journal.run}:{step.key}",
                    token=self.stage.tokens[step.role],
                )
            except Diverged as refusal:
                raise Diverged(f"at {step.text}: {refusal}") from refusal
            record: JsonObject = payload[step.effect.record]
            lines = record.get("lines") or [{}]
            entry = Done(
                case=plan.case.id, step=step.key, record=record["id"], line=lines[0].get("id")
            )
            await self.journal.write(entry)
            orders.follow(step, entry)
            self.progress.step(step)
        self.progress.case()


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
