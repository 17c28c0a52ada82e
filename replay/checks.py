"""Reads every order back and holds it against the story that the log tells."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final, TypeVar

from replay.documents import ORDERS
from replay.events import Role
from replay.graphs import Graph, JsonObject
from replay.journals import Journal
from replay.orders import Orders
from replay.plans import Plan
from replay.preparations import PLAYERS
from replay.stories import Entry, Story, differences, stories_of

_BATCH: Final = 100  # as many as the server looks up at once
_ROLES: Final[dict[str, Role]] = {name: role for role, name in PLAYERS.items()}

T = TypeVar("T")


async def check_all(
    graph: Graph, plans: Iterable[Plan], journal: Journal, *, admin: str
) -> dict[str, str]:
    """Why the orders of a case are not what the log says, for every case where they are not."""
    ids = {plan.case.id: Orders.of(plan, journal.done.get(plan.case.id, [])).ids for plan in plans}
    found: dict[str, Story] = {}
    for batch in _batches([id for of_case in ids.values() for id in of_case], _BATCH):
        data = await graph.ask(ORDERS, {"ids": batch}, token=admin)
        found |= {node["id"]: story_of(node) for node in data["nodes"] if node is not None}
    reasons = {
        plan.case.id: differences(stories_of(plan), [found.get(id) for id in ids[plan.case.id]])
        for plan in plans
    }
    return {case: "; ".join(unlike) for case, unlike in reasons.items() if unlike}


def story_of(node: JsonObject) -> Story:
    """An order as the server tells it; a user that plays a role goes by that role."""
    total = node["total"]
    return Story(
        status=node["status"],
        total=f"{total['amount']} {total['currency']}",
        department=_name(node["department"]),
        project=_name(node["project"]),
        invoices=tuple(invoice["status"] for invoice in node["invoices"]),
        trail=tuple(
            Entry(entry["action"], _player(entry["actor"])) for entry in node["auditTrail"]
        ),
    )


def _player(actor: JsonObject | None) -> str:
    name = _name(actor) or "nobody"
    return _ROLES.get(name, name)


def _name(record: JsonObject | None) -> str | None:
    return None if record is None else str(record["name"])


def _batches(items: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    return (items[start : start + size] for start in range(0, len(items), size))
