"""Who hears what: nothing of other organizations, nothing that one may not read."""

import asyncio
from typing import Any

import pytest

from domain.callers import Permission
from domain.suppliers import Supplier
from domain.users import User
from persistence.storage import SqlStorage
from tests import make
from tests.conftest import World, keep
from tests.events.conftest import EVENTS, Socket, key, latest, rename, socket, stream
from tests.servers import Live
from usecases.kit import run
from usecases.purchase_orders import CreatePurchaseOrder, DeletePurchaseOrder
from usecases.records import UpdateRecord

SUPPLIERS = [Permission.SUPPLIERS_READ]
NAMED = "subscription ($kinds: [RecordKind!]) { events(kinds: $kinds) { type subjectId } }"


async def token_of(storage: SqlStorage, live: Live, world: World, **values: Any) -> str:
    secret = (await key(storage, live, world, **values)).secret
    assert secret is not None
    return secret


async def test_another_organizations_events_never_arrive(
    live: Live, storage: SqlStorage, world: World, other_world: World
) -> None:
    token = await token_of(storage, live, world)
    start = await latest(live, token)
    async with socket(live, token) as client:
        await client.subscribe("1", EVENTS, after=start)
        for number in range(20):
            await rename(storage, other_world, other_world.supplier, f"Theirs {number}")
        await rename(storage, world, world.supplier, "Ours")

        event = await client.event()

    assert event["subjectId"] == f"sup_{world.supplier.id.hex}"


async def test_another_organizations_record_is_not_heard_of_by_its_id(
    live: Live, storage: SqlStorage, world: World, other_world: World
) -> None:
    token = await token_of(storage, live, world)
    start = await latest(live, token)
    both = [f"sup_{each.supplier.id.hex}" for each in (other_world, world)]
    query = """subscription ($ids: [ID!], $after: String) {
      events(ids: $ids, after: $after) { subjectId } }"""
    async with socket(live, token) as client:
        await client.subscribe("1", query, ids=both, after=start)
        await rename(storage, other_world, other_world.supplier, "Theirs")
        await rename(storage, world, world.supplier, "Ours")

        event = await client.event()

    assert event["subjectId"] == f"sup_{world.supplier.id.hex}"


async def test_what_may_not_be_read_is_left_out(
    live: Live, storage: SqlStorage, world: World
) -> None:
    token = await token_of(storage, live, world, permissions=SUPPLIERS)
    start = await latest(live, token)
    created = await run(CreatePurchaseOrder(**world.draft()), world.caller(), storage)
    await run(DeletePurchaseOrder(id=created.id), world.caller(), storage)
    await rename(storage, world, world.supplier, "Heard of")

    async with socket(live, token) as client:
        await client.subscribe("1", EVENTS, after=start)
        over_socket = await client.event()
    async with stream(live, token, EVENTS, after=start) as events:
        _, body = await anext(events)

    assert over_socket["type"] == "supplier.updated"
    assert body["data"]["events"] == over_socket


async def test_whoever_names_a_kind_must_be_allowed_to_read_it(
    live: Live, storage: SqlStorage, world: World
) -> None:
    token = await token_of(storage, live, world, permissions=SUPPLIERS)
    async with socket(live, token) as client:
        await client.subscribe("1", NAMED, kinds=["SUPPLIER", "PURCHASE_ORDER"])
        heard = await client.hear()

    assert heard["type"] == "error"
    assert heard["payload"][0]["message"] == "this takes the permission purchase_orders:read"


async def test_rights_that_are_taken_away_are_felt_at_once(
    live: Live, storage: SqlStorage, world: World
) -> None:
    """The stream goes on, with what is left."""
    readers = make.role(permissions=[Permission.SUPPLIERS_READ, Permission.PURCHASE_ORDERS_READ])
    only_suppliers = make.role(permissions=SUPPLIERS)
    user = make.user(role_ids=[readers.id])
    await keep(storage, world.caller(), readers, only_suppliers, user)
    token = await token_of(storage, live, world, user_id=user.id)
    start = await latest(live, token)
    async with socket(live, token) as client:
        await client.subscribe("1", EVENTS, after=start)
        await run(CreatePurchaseOrder(**world.draft()), world.caller(), storage)
        before = await client.event()

        less = UpdateRecord(kind=User, id=user.id, given={"role_ids": [only_suppliers.id]})
        await run(less, world.caller(), storage)
        async with asyncio.timeout(30):
            while await permissions(client) != ["SUPPLIERS_READ"]:
                pass
        await run(CreatePurchaseOrder(**world.draft()), world.caller(), storage)
        await rename(storage, world, world.supplier, "Heard of")
        after = await client.event()

    assert (before["type"], after["type"]) == ("purchase_order.created", "supplier.updated")


async def permissions(client: Socket) -> Any:
    await client.subscribe("2", "{ viewer { permissions } }")
    answer = await client.hear()
    await client.hear()
    return answer["payload"]["data"]["viewer"]["permissions"]


async def test_only_the_records_kinds_and_types_that_are_asked_for_come(
    live: Live, storage: SqlStorage, world: World
) -> None:
    token = await token_of(storage, live, world)
    start = await latest(live, token)
    supplier: Supplier = make.supplier()
    await keep(storage, world.caller(), supplier)
    await run(CreatePurchaseOrder(**world.draft()), world.caller(), storage)
    await rename(storage, world, supplier, "Renamed")
    await rename(storage, world, world.supplier, "Renamed too")
    asked = {
        "kinds: [SUPPLIER]": ["supplier.created", "supplier.updated", "supplier.updated"],
        f'ids: ["sup_{supplier.id.hex}"]': ["supplier.created", "supplier.updated"],
        'types: ["supplier.updated", "purchase_order.created"]': [
            "purchase_order.created",
            "supplier.updated",
            "supplier.updated",
        ],
        f'ids: ["sup_{supplier.id.hex}"], types: ["supplier.updated"]': ["supplier.updated"],
    }

    async with socket(live, token) as client:
        for arguments, types in asked.items():
            query = f'subscription {{ events(after: "{start}", {arguments}) {{ type }} }}'
            await client.subscribe(arguments, query)
            assert [(await client.event())["type"] for _ in types] == types
            await client.say("complete", id=arguments)


@pytest.mark.parametrize("given", ["ids", "types"])
async def test_so_many_can_be_named(live: Live, given: str) -> None:
    kind = "[ID!]" if given == "ids" else "[String!]"
    query = f"subscription ($given: {kind}) {{ events({given}: $given) {{ id }} }}"
    async with socket(live, live.token) as client:
        await client.subscribe("1", query, given=["x"] * 101)
        heard = await client.hear()

    assert heard["payload"][0]["message"] == "at most 100 are possible"
    assert heard["payload"][0]["extensions"]["argument"] == [given]
