"""A whole replay: read, plan, prepare, play, check, report."""

import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import httpx

from replay.checks import check_all
from replay.documents import VIEWER
from replay.errors import Diverged, Unprepared
from replay.events import Case, fingerprint, read_cases, sample
from replay.graphs import Graph, Patience
from replay.journals import Journal
from replay.plans import Plan, Unmapped, plan
from replay.preparations import prepare
from replay.progress import Count, Progress
from replay.reports import Report
from replay.runs import Player, play_all

_TIMEOUT: Final = httpx.Timeout(30.0)


@dataclass(frozen=True, kw_only=True)
class Replay:
    """What to replay, where, and as whom. `cases`: only a sample of so many."""

    log: Path
    url: str
    admin: str
    state: Path
    cases: int | None = None
    concurrency: int = 8
    patience: Patience | None = None

    async def run(self) -> Report:
        """Goes on from where the state file ends. Raises ReplayStopped where it cannot."""
        plans, unmapped = self._planned()
        async with self._connected() as (graph, journal):
            return await self._play(graph, journal, plans, unmapped)

    async def prepare(self) -> None:
        """Sets the stage as `run` does, and plays nothing. Raises ReplayStopped as well."""
        plans, _ = self._planned()
        async with self._connected() as (graph, journal):
            await prepare(graph, plans, journal, admin=self.admin)

    def _planned(self) -> tuple[list[Plan], list[Unmapped]]:
        cases = read_cases(self.log)
        return planned(cases if self.cases is None else sample(cases, self.cases))

    @asynccontextmanager
    async def _connected(self) -> AsyncIterator[tuple[Graph, Journal]]:
        connections = httpx.Limits(max_connections=self.concurrency)
        async with httpx.AsyncClient(timeout=_TIMEOUT, limits=connections) as http:
            graph = Graph(http, self.url, self.patience)
            organization = await self._organization(graph)
            async with Journal.open(
                self.state, log=fingerprint(self.log), organization=organization
            ) as journal:
                yield graph, journal

    async def _play(
        self, graph: Graph, journal: Journal, plans: list[Plan], unmapped: list[Unmapped]
    ) -> Report:
        stage = await prepare(graph, plans, journal, admin=self.admin)
        set_up = graph.traffic.mutations
        traffic, started = graph.count_anew(), time.monotonic()
        progress = Progress(Count.of(plans), traffic)
        player = Player(graph=graph, stage=stage, journal=journal, progress=progress)
        try:
            refused = await play_all(player, plans, concurrency=self.concurrency)
        finally:
            progress.tell(last=True)
        seconds = time.monotonic() - started
        graph.count_anew()
        played = [each for each in plans if each.case.id not in refused]
        unlike = await check_all(graph, played, journal, admin=self.admin)
        return Report(
            run=journal.run,
            plans=plans,
            unmapped=unmapped,
            diverging=refused | unlike,
            set_up=set_up,
            traffic=traffic,
            seconds=seconds,
        )

    async def _organization(self, graph: Graph) -> str:
        try:
            data = await graph.ask(VIEWER, {}, token=self.admin)
        except Diverged as refusal:
            raise Unprepared(f"{self.url}: {refusal}") from refusal
        return str(data["viewer"]["organization"]["id"])


def planned(cases: Sequence[Case]) -> tuple[list[Plan], list[Unmapped]]:
    plans: list[Plan] = []
    unmapped: list[Unmapped] = []
    for case in cases:
        match plan(case):
            case Plan() as mapped:
                plans.append(mapped)
            case Unmapped() as odd:
                unmapped.append(odd)
    return plans, unmapped
