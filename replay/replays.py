"""A whole replay: read, plan, prepare, play, check, report."""

import time
from collections.abc import Sequence
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
        cases = read_cases(self.log)
        if self.cases is not None:
            cases = sample(cases, self.cases)
        plans, unmapped = planned(cases)
        connections = httpx.Limits(max_connections=self.concurrency)
        async with httpx.AsyncClient(timeout=_TIMEOUT, limits=connections) as http:
            graph = Graph(http, self.url, self.patience)
            organization = await self._organization(graph)
            async with Journal.open(
                self.state, log=fingerprint(self.log), organization=organization
            ) as journal:
                return await self._play(graph, journal, plans, unmapped)

    async def _play(
        self, graph: Graph, journal: Journal, plans: list[Plan], unmapped: list[Unmapped]
    ) -> Report:
        stage = await prepare(graph, plans, journal, admin=self.admin)
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
