"""What came of a replay, for a person and for a program."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from replay.graphs import Traffic
from replay.plans import Plan, Unmapped

# A person reads this many diverging cases; the file has all of them.
_SHOWN: Final = 20


@dataclass(frozen=True, kw_only=True)
class Report:
    run: str
    plans: Sequence[Plan]
    unmapped: Sequence[Unmapped]
    diverging: Mapping[str, str]
    set_up: int
    traffic: Traffic
    seconds: float

    @property
    def matches(self) -> bool:
        """Whether every mapped case ended as the log says."""
        return not self.diverging

    def as_json(self) -> dict[str, Any]:
        """Everything, with the names of the report's JSON file."""
        mapped = self._mapped()
        return {
            "run": self.run,
            "matches": self.matches,
            "cases": {
                "total": len(self.plans) + len(self.unmapped),
                "matching": len(self.plans) - len(self.diverging),
                "diverging": len(self.diverging),
                "unmapped": len(self.unmapped),
            },
            "events": {
                "total": sum(mapped.values()) + self._events_of_unmapped_cases(),
                "mapped": [
                    {"action": action, "moves": moves, "events": count}
                    for (action, moves), count in sorted(mapped.items())
                ],
                "in_unmapped_cases": self._events_of_unmapped_cases(),
            },
            "this_run": {
                "set_up": self.set_up,
                "requests": self.traffic.requests,
                "seconds": round(self.seconds, 3),
                "requests_per_second": round(self._rate(), 1),
                "tried_again": self.traffic.retries,
                "waited_for_the_rate_limit": self.traffic.waited,
            },
            "diverging": [
                {"case": case, "reason": reason} for case, reason in sorted(self.diverging.items())
            ],
            "unmapped_cases": [
                {"kind": kind, "cases": cases}
                for kind, cases in sorted(self._unmapped_cases().items())
            ],
        }

    def as_text(self) -> str:
        told = self.as_json()
        cases, events, now = told["cases"], told["events"], told["this_run"]
        lines = [
            f"Replay {self.run}",
            "",
            f"{cases['total']:>7} cases",
            f"{cases['matching']:>7} end as the log says: state, content and audit trail",
            f"{cases['diverging']:>7} do not",
            f"{cases['unmapped']:>7} cannot be mapped",
            "",
            f"{events['total']:>7} events",
            *(
                f"{kind['events']:>7} {kind['action']} → {kind['moves']}"
                for kind in events["mapped"]
            ),
            f"{events['in_unmapped_cases']:>7} in cases that cannot be mapped",
            "",
            (
                f"This run: {now['requests']} requests in {now['seconds']:.1f} s, "
                f"{now['requests_per_second']:.1f} a second; {now['tried_again']} tried again, "
                f"{now['waited_for_the_rate_limit']} waited for the rate limit."
            ),
            f"Before that, {now['set_up']} mutations set the stage.",
        ]
        if self.diverging:
            lines += ["", "Cases that diverge"]
            lines += [f"  {d['case']}: {d['reason']}" for d in told["diverging"][:_SHOWN]]
            if len(self.diverging) > _SHOWN:
                lines.append(f"  … and {len(self.diverging) - _SHOWN} more (--report has them all)")
        if self.unmapped:
            lines += ["", "Cases that cannot be mapped"]
            lines += [f"{len(k['cases']):>7} {k['kind']}" for k in told["unmapped_cases"]]
        return "\n".join(lines)

    def _mapped(self) -> Counter[tuple[str, str]]:
        mapped: Counter[tuple[str, str]] = Counter()
        for plan in self.plans:
            for event, count in plan.mapped.items():
                mapped[event.action, " + ".join(event.moves)] += count
        return mapped

    def _events_of_unmapped_cases(self) -> int:
        return sum(len(each.case.events) for each in self.unmapped)

    def _unmapped_cases(self) -> dict[str, list[str]]:
        cases: dict[str, list[str]] = {}
        for each in self.unmapped:
            cases.setdefault(each.kind, []).append(each.case.id)
        return cases

    def _rate(self) -> float:
        return self.traffic.requests / self.seconds if self.seconds else 0.0
