"""Events: what happens, as it happens, and what has changed since."""

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import datetime
from typing import Annotated

import strawberry
from strawberry.scalars import JSON

from domain.callers import Caller, Permission
from domain.kit.errors import RuleBroken
from schema.audit import FieldChange, changes_of, details_of
from schema.kit.enums import shown
from schema.kit.ids import from_public
from schema.kit.nodes import Node, subject
from schema.kit.questions import Ask
from schema.kit.relations import Info, computed, permit, related
from schema.kit.views import KINDS, plain, to_id, view_of
from schema.users import User
from usecases.changes import Change as ChangeRow
from usecases.changes import Changed, ChangeKind, changes
from usecases.following import Wanted
from usecases.public import prefix_of, to_public
from usecases.reads import Reads
from usecases.reads.events import EventFilter, EventRow, RecordKind
from usecases.reads.kit import Whole

shown(RecordKind)
shown(ChangeKind)

MOST_NAMED = 100

After = Annotated[str | None, strawberry.argument(description="The cursor after which to go on.")]
Kinds = Annotated[
    list[RecordKind] | None,
    strawberry.argument(description="Records of these kinds; of all that you may read without it."),
]
Ids = Annotated[
    list[strawberry.ID] | None,
    strawberry.argument(description=f"These records alone: up to {MOST_NAMED} global ids."),
]
Types = Annotated[
    list[str] | None,
    strawberry.argument(
        description=f"Up to {MOST_NAMED} types of events: `purchase_order.approved`."
    ),
]
First = Annotated[
    int | None, strawberry.argument(description="How many records at the most: 1 to 100.")
]


def readable(caller: Caller, kinds: list[RecordKind] | None) -> tuple[RecordKind, ...]:
    """Those of the kinds, or of all, whose records the caller may read."""
    return tuple(
        kind
        for kind in dict.fromkeys(kinds if kinds is not None else RecordKind)
        if not isinstance(needs := KINDS[prefix_of(kind)].needs, Permission)
        or caller.may(needs) is None
    )


def permit_kinds(caller: Caller, kinds: list[RecordKind] | None) -> None:
    """Whoever names a kind must be allowed to read it; or Forbidden."""
    for kind in kinds or ():
        permit(caller, KINDS[prefix_of(kind)].needs)


def subject_id_of(row: EventRow | ChangeRow, _caller: Caller) -> str:
    return to_public(prefix_of(row.kind), row.subject_id)


@view_of(ChangeRow)
@strawberry.type(description="A record that changed, by the last of its changes on the page.")
class Change:
    cursor: str = plain("Where it stands in the feed.")
    kind: RecordKind = plain("What kind of record it is.")
    id: strawberry.ID = computed(subject_id_of, "The record's global id.")
    change: ChangeKind = plain(
        "CREATED when it was created on this page; DELETED is the last that is heard of a record."
    )
    type: str = plain("Its last event on the page: `purchase_order.approved`.")
    at: datetime = plain("When that was.")
    version: int = plain("The record's version then.")
    node: Node | None = subject(
        "kind", "subject_id", "The record as it is now; null when it is deleted by now."
    )


@view_of(Changed)
@strawberry.type(
    description="What changed after a cursor. Each record is on a page once, in the order of its"
    " last change there; the pages up to `latestCursor` hold every change."
)
class ChangeFeed:
    edges: list[Change] = plain("The records that changed.")
    end_cursor: str = plain(
        "Keep it, and give it as `after` to go on, for the next page and for what is still to come."
    )
    has_next_page: bool = plain(
        "Whether more has happened; the next page may be empty all the same."
    )
    latest_cursor: str = plain("The newest there is: give it as `after` to skip all that was.")


@view_of(EventRow, "evt")
@strawberry.type(description="Something that happened to a record, told once.")
class Event:
    cursor: str = plain("Give it as `after` to go on with the event after this one.")
    id: strawberry.ID = computed(to_id, "The event's id.")
    type: str = plain("What happened: `purchase_order.approved`.")
    kind: RecordKind = plain("To what kind of record.")
    subject_id: strawberry.ID = computed(subject_id_of, "The record's global id.")
    at: datetime = plain("When.")
    version: int = plain("The record's version after it.")
    actor: User | None = related(
        "actor_id", lambda read: read.users.by_ids, "Who did it.", needs=Permission.USERS_READ
    )
    changes: list[FieldChange] = computed(changes_of, "What it did to the fields.")
    details: JSON = computed(details_of, "What else is known of it: comments, steps, lines.")
    node: Node | None = subject(
        "kind", "subject_id", "The record as it is now; null when it is deleted by now."
    )


async def find_changes(
    info: Info, after: After = None, first: First = 50, kinds: Kinds = None
) -> ChangeFeed:
    permit_kinds(info.context.caller, kinds)
    filter = EventFilter(kinds=readable(info.context.caller, kinds))

    def load(read: Reads) -> Ask:
        async def ask(whole: Sequence[Whole]) -> Mapping[Whole, Changed]:
            page = await changes(read, after, filter, first=50 if first is None else first)
            return dict.fromkeys(whole, page)

        return ask

    return await info.context.question(load, {}).one(Whole.ORGANIZATION)  # type: ignore[no-any-return]


async def hear_events(
    info: Info, after: After = None, kinds: Kinds = None, ids: Ids = None, types: Types = None
) -> AsyncIterator[Event]:
    """The source of a subscription: whatever is wrong with the arguments comes before it starts."""
    permit_kinds(info.context.caller, kinds)
    wanted = _wanted(kinds, ids, types)
    follower = info.context.follower
    position = await follower.begin(after, wanted)
    return follower.follow(position, wanted)  # type: ignore[no-any-return]


def _wanted(
    kinds: list[RecordKind] | None, ids: list[strawberry.ID] | None, types: list[str] | None
) -> Wanted:
    """What a caller with the rights of the moment hears of it."""
    known = {f"{kind}." for kind in RecordKind}
    for name, given in (("ids", ids), ("types", types)):
        if given is not None and len(given) > MOST_NAMED:
            raise RuleBroken("at most {most} are possible", path=(name,), most=MOST_NAMED)
    for place, type in enumerate(types or ()):
        if type[: type.find(".") + 1] not in known:
            raise RuleBroken("no such type of event: {type}", path=("types", place), type=type[:64])
    subjects = types_ = None
    if ids is not None:
        found = [from_public(id, *KINDS, path=("ids", n)) for n, id in enumerate(ids)]
        subjects = tuple(id for _, id in found)
    if types is not None:
        types_ = tuple(types)
    return lambda caller: EventFilter(
        kinds=readable(caller, kinds), subject_ids=subjects, types=types_
    )


@strawberry.type
class EventQueries:
    changes: ChangeFeed = strawberry.field(
        resolver=find_changes,
        description="Which records changed after a cursor, deleted ones too: to keep a copy of them"
        " up to date. Without a cursor, from the beginning.",
    )


@strawberry.type(
    description="What can be followed: over a WebSocket (graphql-transport-ws), or as an event"
    " stream (POST with `Accept: text/event-stream`)."
)
class Subscription:
    events: AsyncIterator[Event] = strawberry.subscription(
        resolver=hear_events,
        description="Everything that happens from now on, or after a cursor: first what has"
        " happened since, then what does, each event once and in order.",
    )
