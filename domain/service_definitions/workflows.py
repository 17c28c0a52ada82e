"""Workflows: whether the steps of a service fit together, in what order, and what they ask for."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from heapq import heapify, heappop, heappush
from typing import NamedTuple
from uuid import UUID

from domain.kit import checks
from domain.kit.errors import Path, RuleBroken
from domain.service_definitions.keys import key_problems
from domain.service_definitions.steps import ServiceStep, SlaTarget, StepType

MOST_STEPS = 50
LONGEST = Decimal(60 * 24 * 366)  # minutes


class ServiceDocument(NamedTuple):
    """A document that a workflow asks for, and the first step that does."""

    step_key: str
    type_id: UUID
    required: bool


def workflow_problems(steps: Sequence[ServiceStep]) -> list[RuleBroken]:
    """What keeps steps from being a workflow; paths begin at `steps`."""
    if len(steps) > MOST_STEPS:
        return [RuleBroken("at most {most} are possible", path=("steps",), most=MOST_STEPS)]
    found = key_problems([step.key for step in steps], "steps")
    for n, step in enumerate(steps):
        found += checks.below(("steps", n), _step_problems(step, steps))
    if not found and (cycle := _cycle(steps)):
        places = {step.key: n for n, step in enumerate(steps)}
        found.append(
            RuleBroken(
                "these steps wait for each other: {steps}",
                path=("steps", places[cycle[0]], "depends_on"),
                steps=" → ".join(cycle),
            )
        )
    return found


def target_problems(targets: Sequence[SlaTarget]) -> list[RuleBroken]:
    """What is wrong with how long something may take; paths begin at `targets`."""
    found: list[RuleBroken] = []
    kinds = [target.kind for target in targets]
    for n, target in enumerate(targets):
        path: Path = ("targets", n)
        found += checks.found(
            checks.number(Decimal(target.minutes), (*path, "minutes"), above=True, most=LONGEST)
        )
        if target.kind in kinds[:n]:
            found.append(
                RuleBroken("{key} is there twice", path=(*path, "kind"), key=target.kind.value)
            )
    return found


def in_order(steps: Sequence[ServiceStep]) -> list[ServiceStep]:
    """As they can be done: whatever a step depends on before it, otherwise as they stand."""
    places = {step.key: n for n, step in enumerate(steps)}
    waiting = [{places[key] for key in step.depends_on} for step in steps]
    ready = [n for n, before in enumerate(waiting) if not before]
    heapify(ready)
    ordered: list[ServiceStep] = []
    while ready:
        done = heappop(ready)
        ordered.append(steps[done])
        for n, before in enumerate(waiting):
            if done in before:
                before.discard(done)
                if not before:
                    heappush(ready, n)
    return ordered


def required_documents(steps: Sequence[ServiceStep]) -> list[ServiceDocument]:
    """What the whole workflow asks for, once each, as it comes up (fact S-23).

    A document that one step requires is required, even where another could do without it.
    """
    found: dict[UUID, ServiceDocument] = {}
    for step in in_order(steps):
        for document in step.documents:
            first = found.get(document.type_id)
            if first is None:
                first = ServiceDocument(step.key, document.type_id, required=False)
            required = first.required or document.required
            found[document.type_id] = first._replace(required=required)
    return [*found.values()]


def _step_problems(step: ServiceStep, steps: Sequence[ServiceStep]) -> list[RuleBroken]:
    keys = {each.key for each in steps}
    found = checks.found(
        checks.text(step.name, ("name",), most=200, required=True),
        checks.text(step.name_ar, ("name_ar",), most=200),
    )
    for n, key in enumerate(step.depends_on):
        path: Path = ("depends_on", n)
        if key not in keys:
            found.append(RuleBroken("this service has no step {key}", path=path, key=key[:64]))
        elif key in step.depends_on[:n]:
            found.append(RuleBroken("{key} is there twice", path=path, key=key))
    found += target_problems(step.targets)
    if step.documents and step.type is not StepType.DOCUMENT:
        found.append(
            RuleBroken("only a step of type DOCUMENT asks for documents", path=("documents",))
        )
    types = [document.type_id for document in step.documents]
    found += [
        RuleBroken("this is there twice", path=("documents", n, "type_id"))
        for n, type_id in enumerate(types)
        if type_id in types[:n]
    ]
    return found


def _cycle(steps: Sequence[ServiceStep]) -> list[str]:
    """The keys of steps that wait for each other, the first one again at the end; or none."""
    before = {step.key: step.depends_on for step in steps}
    left = set(before) - {step.key for step in in_order(steps)}
    return _round_trip(before, left) if left else []


def _round_trip(before: Mapping[str, Sequence[str]], left: set[str]) -> list[str]:
    """Whoever is left waits for somebody who is left: going back, one is met again."""
    here = next(key for key in before if key in left)
    seen: list[str] = []
    while here not in seen:
        seen.append(here)
        here = next(key for key in before[here] if key in left)
    return [*seen[seen.index(here) :], here]
