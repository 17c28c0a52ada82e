"""Tells how far the replay is: one line that moves on a terminal, a line now and then elsewhere."""

import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final, Self, TextIO

from replay.graphs import Traffic
from replay.plans import Plan, Step

_ON_TERMINAL: Final = 0.2
_ELSEWHERE: Final = 10.0


@dataclass(kw_only=True)
class Count:
    cases: int = 0
    events: int = 0
    steps: int = 0

    @classmethod
    def of(cls, plans: Iterable[Plan]) -> Self:
        """What there is to do."""
        total = cls()
        for plan in plans:
            total.cases += 1
            total.steps += len(plan.steps)
            total.events += sum(step.ends_event for step in plan.steps)
        return total


class Progress:
    def __init__(
        self,
        total: Count,
        traffic: Traffic,
        *,
        stream: TextIO | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._total = total
        self._traffic = traffic
        self._stream = stream or sys.stderr
        self._clock = clock
        self._every = _ON_TERMINAL if self._stream.isatty() else _ELSEWHERE
        self._done = Count()
        self._earlier = 0
        self._started = self._told = clock()

    def skip(self, steps: Iterable[Step]) -> None:
        """Steps that an earlier run has done: they count, but say nothing of the pace."""
        for step in steps:
            self._count(step)
            self._earlier += 1

    def step(self, step: Step) -> None:
        self._count(step)
        if self._clock() - self._told >= self._every:
            self.tell()

    def case(self) -> None:
        self._done.cases += 1

    def tell(self, *, last: bool = False) -> None:
        self._told = self._clock()
        line = self._line(self._told - self._started)
        if self._stream.isatty():
            line = f"\r\x1b[K{line}"
            self._stream.write(f"{line}\n" if last else line)
        else:
            self._stream.write(f"{line}\n")
        self._stream.flush()

    def _count(self, step: Step) -> None:
        self._done.steps += 1
        self._done.events += step.ends_event

    def _line(self, seconds: float) -> str:
        done, total = self._done, self._total
        rate = self._traffic.requests / seconds if seconds else 0.0
        pace = (done.steps - self._earlier) / seconds if seconds else 0.0
        left = _time_for(total.steps - done.steps, pace)
        return (
            f"cases {done.cases}/{total.cases}, events {done.events}/{total.events}, "
            f"{rate:.0f} requests/s, {left} left"
        )


def _time_for(steps: int, pace: float) -> str:
    if not steps:
        return "nothing"
    if not pace:
        return "unknown time"
    minutes, rest = divmod(round(steps / pace), 60)
    return f"{minutes}:{rest:02}"
