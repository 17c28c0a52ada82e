"""Records that have a global id: `node(id)` finds them all."""

from dataclasses import dataclass
from operator import attrgetter
from typing import Annotated, Any

import strawberry

from domain.callers import Channel
from schema.kit.enums import shown
from schema.kit.ids import from_public
from schema.kit.relations import DECLARED, Info, computed, permit
from schema.kit.views import KINDS, OfKind, plain, to_id
from usecases.public import prefix_of

shown(Channel)


@strawberry.interface(description="A record that can be fetched again by its id.")
class Node:
    id: strawberry.ID = computed(to_id, "Global id: opaque, permanent.")


@strawberry.type(description="The id by which an older system's clients know a record.")
class LegacyId:
    channel: Channel = plain("Which system.")
    id: str = plain("The id, as that system writes it.")


def legacy_ids_of(row: Any, _caller: Any) -> list[LegacyId]:
    """Every old system's id that the row has."""
    columns = {channel: f"{channel.lower()}_id" for channel in Channel}
    return [
        LegacyId(channel=channel, id=str(getattr(row, column)))
        for channel, column in columns.items()
        if getattr(row, column, None) is not None
    ]


def legacy_ids() -> Any:
    return computed(legacy_ids_of, "The ids by which older systems' clients know it.")


def found_by_id(prefix: str, description: str, *also: str) -> Any:
    """A root field that finds one record of a kind; null when there is none.

    Ids can begin with the prefix, or with one of those `also` given.
    """

    async def find(info: Info, id: strawberry.ID) -> Any:
        return await found(info, id, prefix, *also)

    described = strawberry.argument(description="Its global id.")
    find.__annotations__ = {
        "info": strawberry.Info,
        "id": Annotated[strawberry.ID, described],
        "return": Any,
    }
    needs = KINDS[prefix].needs
    return strawberry.field(resolver=find, description=description, metadata={"needs": needs})


async def found(info: Info, id: strawberry.ID, *prefixes: str) -> Any:
    """The row of a global id. Raises NotFound for what cannot be one, Forbidden."""
    prefix, key = from_public(id, *(prefixes or KINDS))
    load, needs = KINDS[prefix]
    if not isinstance(needs, OfKind):
        permit(info.context.caller, needs)
    row = await info.context.question(load, {}).one(key)
    if isinstance(needs, OfKind) and row is not None:
        permit(info.context.caller, needs.of(row))
    return row


@dataclass(frozen=True, eq=False)
class Subject:
    """The declaration of a field that shows a record of whatever kind the row tells of.

    `kind` and `by` name the row's columns. There is one question for each kind, as ever.
    """

    kind: str
    by: str


def subject(kind: str, by: str, description: str) -> Any:
    """The record that this row is about; null when there is none any more."""
    declared = Subject(kind, by)
    kind_of, key_of = attrgetter(kind), attrgetter(by)

    async def resolve(root: Any, info: Info) -> Any:
        found = KINDS[prefix_of(kind_of(root))]
        permit(info.context.caller, found.needs)
        return await info.context.question(found.load, {}).one(key_of(root))

    resolve.__annotations__ = {"root": Any, "info": strawberry.Info, "return": Any}
    return strawberry.field(
        resolver=resolve, description=description, metadata={DECLARED: declared}
    )
