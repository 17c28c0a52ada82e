"""Dry runs: the answer shows what would be, and nothing of it is kept."""

from typing import Any

import asyncpg
import pytest

from persistence.storage import SqlStorage
from tests import make
from tests.conftest import Save, World
from tests.persistence.contents import unchanged
from tests.schema.conftest import Ask, draft, public
from tests.usecases.orders import drafted, pending

ORDER = """{ id number status version total { amount } lines { id } supplier { name }
  approvals { status approver { name } } auditTrail { action actor { name } } }"""


async def test_a_dry_run_shows_the_whole_order_and_keeps_nothing(
    do: Ask, ask: Ask, world: World, owner: asyncpg.Connection
) -> None:
    async with unchanged(owner, world):
        payload = await do("purchaseOrderCreate", draft(world), ORDER, dryRun=True)

    order = payload["purchaseOrder"]
    left = await ask("query ($id: ID!) { node(id: $id) { id } }", id=order["id"])
    assert payload["errors"] == []
    assert order["total"] == {"amount": "2875.00"}
    assert order["number"].startswith("PO-")
    assert order["supplier"] == {"name": "Office Supplies Co."}
    assert order["auditTrail"] == [
        {"action": "purchase_order.created", "actor": {"name": "Bea Buyer"}}
    ]
    assert left == {"node": None}


async def test_a_dry_run_shows_the_route_that_an_order_would_take(
    do: Ask, world: World, save: Save, storage: SqlStorage, owner: asyncpg.Connection
) -> None:
    await save(make.approval_workflow(make.step(world.approver.id)))
    order = await drafted(world, storage)

    async with unchanged(owner, world):
        payload = await do("purchaseOrderSubmit", {"id": public(order)}, ORDER, dryRun=True)

    assert payload["purchaseOrder"]["status"] == "PENDING_APPROVAL"
    assert payload["purchaseOrder"]["version"] == 2
    assert payload["purchaseOrder"]["approvals"] == [
        {"status": "PENDING", "approver": {"name": "Abe Approver"}}
    ]


@pytest.mark.parametrize(
    ("mutation", "given"),
    [
        ("purchaseOrderUpdate", {"notes": "x"}),
        ("purchaseOrderCancel", {}),
        ("purchaseOrderRecall", {}),
        ("purchaseOrderClone", {}),
        ("purchaseOrderCloseShort", {"reason": "x"}),
    ],
)
async def test_a_dry_run_of_what_is_refused_says_so(
    do: Ask, world: World, storage: SqlStorage, owner: asyncpg.Connection, mutation: str, given: Any
) -> None:
    order = await pending(world, storage)
    stranger = world.caller(world.approver)
    id = {"id": public(order)}

    async with unchanged(owner, world):
        dry = await do(mutation, id | given, dryRun=True, as_=stranger)
        if dry["errors"]:
            assert await do(mutation, id | given, as_=stranger) == dry

    assert (dry["errors"] == []) == (mutation == "purchaseOrderCancel")


@pytest.mark.parametrize(
    ("mutation", "given"),
    [
        ("supplierCreate", {"name": "A"}),
        ("departmentCreate", {"code": "a", "name": "A"}),
        ("projectCreate", {"code": "a", "name": "A"}),
        ("userCreate", {"name": "A", "email": "a@example.com"}),
        ("roleCreate", {"code": "a", "name": "A"}),
    ],
)
async def test_master_data_is_tried_as_well(
    do: Ask, world: World, owner: asyncpg.Connection, mutation: str, given: Any
) -> None:
    async with unchanged(owner, world):
        payload = await do(mutation, given, "{ name }", dryRun=True)

    [record] = [value for key, value in payload.items() if key != "errors"]
    assert (payload["errors"], record) == ([], {"name": "A"})


async def test_a_key_is_not_used_up_by_a_dry_run(
    do: Ask, world: World, owner: asyncpg.Connection
) -> None:
    async with unchanged(owner, world):
        dry = await do("purchaseOrderCreate", draft(world), dryRun=True, key="k")
    real = await do("purchaseOrderCreate", draft(world), key="k")

    assert real["errors"] == []
    assert real["purchaseOrder"]["id"] != dry["purchaseOrder"]["id"]


BOTH = """mutation ($input: PurchaseOrderCreateInput!, $dry: Boolean, $also: Boolean) {
  one: purchaseOrderCreate(input: $input, dryRun: $dry) { ...seen }
  two: purchaseOrderCreate(input: $input, dryRun: $also) { ...seen } }
fragment seen on PurchaseOrderPayload { errors { message }
  purchaseOrder { id number auditTrail { action } } }"""


async def test_two_dry_runs_in_one_request_know_nothing_of_each_other(
    ask: Ask, world: World, owner: asyncpg.Connection
) -> None:
    async with unchanged(owner, world):
        data = await ask(BOTH, input=draft(world), dry=True, also=True)

    one, two = data["one"]["purchaseOrder"], data["two"]["purchaseOrder"]
    assert one["number"] == two["number"]
    assert one["id"] != two["id"]
    assert len(one["auditTrail"]) == len(two["auditTrail"]) == 1


@pytest.mark.parametrize(("dry", "also", "kept"), [(True, False, "two"), (False, True, "one")])
async def test_a_dry_run_beside_a_real_one_undoes_only_itself(
    ask: Ask, world: World, *, dry: bool, also: bool, kept: str
) -> None:
    data = await ask(BOTH, input=draft(world), dry=dry, also=also)
    left = await ask("{ purchaseOrders { nodes { id } } }")

    assert left["purchaseOrders"]["nodes"] == [{"id": data[kept]["purchaseOrder"]["id"]}]
    assert data["one"]["errors"] == data["two"]["errors"] == []


async def test_null_is_not_a_dry_run(do: Ask, ask: Ask, world: World) -> None:
    payload = await do("purchaseOrderCreate", draft(world), dryRun=None)
    left = await ask("{ purchaseOrders { nodes { id } } }")

    assert left["purchaseOrders"]["nodes"] == [payload["purchaseOrder"]]


async def test_the_secret_of_a_dry_run_opens_nothing(
    ask: Ask, world: World, owner: asyncpg.Connection
) -> None:
    create = """mutation ($input: ApiCredentialCreateInput!) {
      apiCredentialCreate(input: $input, dryRun: true) { secret apiCredential { name } } }"""

    async with unchanged(owner, world):
        data = await ask(create, input={"userId": public(world.buyer), "name": "A program"})

    assert data["apiCredentialCreate"]["apiCredential"] == {"name": "A program"}
