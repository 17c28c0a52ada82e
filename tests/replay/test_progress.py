"""The line that tells how far the replay is."""

from collections.abc import Callable
from io import StringIO

from replay.events import Case
from replay.graphs import Traffic
from replay.plans import Plan
from replay.progress import Count, Progress
from replay.replays import planned
from tests.replay.conftest import MakeCase


class Terminal(StringIO):
    def isatty(self) -> bool:
        return True


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def ten(case: Callable[..., Case]) -> list[Plan]:
    """Ten cases of two events and three steps."""
    return planned([case("submit final-sup", id=f"case-{n}") for n in range(10)])[0]


def played(plans: list[Plan], stream: StringIO, *, skipped: int = 0) -> Progress:
    """Four cases, one second and two requests each step; the first `skipped` by an earlier run."""
    clock, traffic = Clock(), Traffic()
    progress = Progress(Count.of(plans), traffic, stream=stream, clock=clock)
    for number, plan in enumerate(plans[:4]):
        if number < skipped:
            progress.skip(plan.steps)
        else:
            for step in plan.steps:
                clock.now += 1
                traffic.requests += 2
                progress.step(step)
        progress.case()
    return progress


def test_a_file_gets_a_plain_line_now_and_then(case: MakeCase) -> None:
    stream = StringIO()

    played(ten(case), stream)

    assert stream.getvalue() == "cases 3/10, events 6/20, 2 requests/s, 0:20 left\n"


def test_a_terminal_gets_one_line_that_moves(case: MakeCase) -> None:
    stream = Terminal()

    played(ten(case), stream).tell(last=True)

    lines = stream.getvalue().split("\r\x1b[K")
    assert len(lines) == 14
    assert lines[1] == "cases 0/10, events 0/20, 2 requests/s, 0:29 left"
    assert lines[-1] == "cases 4/10, events 8/20, 2 requests/s, 0:18 left\n"


def test_what_an_earlier_run_has_done_counts_but_sets_no_pace(case: MakeCase) -> None:
    stream = StringIO()

    played(ten(case), stream, skipped=3).tell(last=True)

    assert stream.getvalue() == "cases 4/10, events 8/20, 2 requests/s, 0:18 left\n"


def test_nothing_done_yet_is_no_reason_to_divide(case: MakeCase) -> None:
    stream = StringIO()

    Progress(Count.of(ten(case)), Traffic(), stream=stream, clock=Clock()).tell(last=True)

    assert stream.getvalue() == "cases 0/10, events 0/20, 0 requests/s, unknown time left\n"


def test_what_an_earlier_run_has_finished_leaves_nothing(case: MakeCase) -> None:
    stream = StringIO()

    played(ten(case)[:4], stream, skipped=4).tell(last=True)

    assert stream.getvalue() == "cases 4/4, events 8/8, 0 requests/s, nothing left\n"
