"""Another organization's records: wherever an id can be given, they are not there."""

from typing import Any

import asyncpg
import pytest

from persistence.storage import SqlStorage
from tests.conftest import World
from tests.persistence.contents import unchanged
from tests.schema.conftest import Ask, draft, public
from tests.usecases.orders import drafted, pending

NOWHERE = "0" * 32


@pytest.mark.parametrize(
    ("name", "id", "code", "message"),
    [
        ("supplierId", "foreign", "VALIDATION", "no such supplier"),
        ("departmentId", "foreign", "VALIDATION", "no such department"),
        ("projectId", "foreign", "VALIDATION", "no such project"),
        ("supplierId", f"sup_{NOWHERE}", "VALIDATION", "no such supplier"),
        ("supplierId", f"po_{NOWHERE}", "NOT_FOUND", f"no such id: po_{NOWHERE}"),
        ("projectId", "x", "NOT_FOUND", "no such id: x"),
    ],
)
async def test_an_order_names_only_records_of_its_organization(
    do: Ask,
    world: World,
    other_world: World,
    owner: asyncpg.Connection,
    name: str,
    id: str,
    code: str,
    message: str,
) -> None:
    foreign = public(getattr(other_world, name.removesuffix("Id")))

    async with unchanged(owner, world), unchanged(owner, other_world):
        given = draft(world, **{name: foreign if id == "foreign" else id})
        payload = await do("purchaseOrderCreate", given)

    assert payload["errors"] == [{"code": code, "message": message, "path": [name]}]


MOVES: list[tuple[str, dict[str, Any]]] = [
    ("purchaseOrderUpdate", {"notes": "x"}),
    ("purchaseOrderDelete", {}),
    ("purchaseOrderClone", {}),
    ("purchaseOrderSubmit", {}),
    ("purchaseOrderApprove", {}),
    ("purchaseOrderReject", {"reason": "x"}),
    ("purchaseOrderRequestChanges", {"comment": "x"}),
    ("purchaseOrderDelegate", {"toUserId": f"usr_{NOWHERE}"}),
    ("purchaseOrderRecall", {}),
    ("purchaseOrderCancel", {}),
    ("purchaseOrderCloseShort", {"reason": "x"}),
]


@pytest.mark.parametrize(("mutation", "given"), MOVES)
async def test_another_organizations_order_is_not_there_to_be_changed(
    do: Ask,
    world: World,
    other_world: World,
    storage: SqlStorage,
    owner: asyncpg.Connection,
    mutation: str,
    given: dict[str, Any],
) -> None:
    order = await pending(other_world, storage)
    unknown = f"po_{NOWHERE}"

    async with unchanged(owner, world), unchanged(owner, other_world):
        foreign = await do(mutation, {"id": public(order), **given})
        nobody = await do(mutation, {"id": unknown, **given})

    for payload, id in ((foreign, public(order)), (nobody, unknown)):
        assert payload["purchaseOrder"] is None
        assert payload["errors"] == [
            {"code": "NOT_FOUND", "message": f"no such record: {id}", "path": ["id"]}
        ]


@pytest.mark.parametrize("kind", ["supplier", "department", "project", "user", "role"])
async def test_another_organizations_master_data_is_not_there_to_be_changed(
    do: Ask, world: World, other_world: World, owner: asyncpg.Connection, kind: str
) -> None:
    record: Any = other_world.buyer if kind == "user" else getattr(other_world, kind)

    async with unchanged(owner, world), unchanged(owner, other_world):
        payload = await do(f"{kind}Update", {"id": public(record), "name": "Mine"})

    assert [error["code"] for error in payload["errors"]] == ["NOT_FOUND"]


@pytest.mark.parametrize(
    ("mutation", "field", "given", "path"),
    [
        ("departmentCreate", "headId", {"code": "a", "name": "a"}, ["headId"]),
        ("projectCreate", "ownerId", {"code": "a", "name": "a"}, ["ownerId"]),
        ("userCreate", "roleIds", {"name": "a", "email": "a@example.com"}, ["roleIds", "0"]),
        ("apiCredentialCreate", "userId", {"name": "a"}, ["userId"]),
        (
            "approvalWorkflowCreate",
            "steps",
            {"name": "a"},
            ["steps", "0", "approver", "userId"],
        ),
    ],
)
async def test_master_data_names_only_records_of_its_organization(
    do: Ask,
    world: World,
    other_world: World,
    owner: asyncpg.Connection,
    mutation: str,
    field: str,
    given: dict[str, Any],
    path: list[str],
) -> None:
    user = public(other_world.buyer)
    named: Any = {
        "roleIds": [public(other_world.role)],
        "steps": [{"name": "a", "approver": {"kind": "USER", "userId": user}}],
    }.get(field, user)

    async with unchanged(owner, world), unchanged(owner, other_world):
        payload = await do(mutation, given | {field: named})

    assert [(e["code"], e["path"]) for e in payload["errors"]] == [("VALIDATION", path)]


@pytest.mark.parametrize(
    "name", ["supplierId", "departmentId", "projectId", "createdById", "awaitingUserId"]
)
async def test_filtering_by_another_organizations_record_finds_nothing(
    ask: Ask, world: World, other_world: World, storage: SqlStorage, name: str
) -> None:
    await drafted(world, storage)
    await pending(other_world, storage)
    kind = {"createdById": "buyer", "awaitingUserId": "approver"}.get(name, name[:-2])
    filter = {name: public(getattr(other_world, kind))}

    data = await ask(
        """query ($filter: PurchaseOrderFilter) {
          purchaseOrders(filter: $filter) { totalCount nodes { id } } }""",
        filter=filter,
    )

    assert data["purchaseOrders"] == {"totalCount": 0, "nodes": []}


async def test_a_bad_id_in_a_filter_is_named(refused: Ask) -> None:
    [error] = await refused('{ purchaseOrders(filter: {supplierId: "x"}) { totalCount } }')

    assert error["extensions"] == {"code": "NOT_FOUND", "argument": ["filter", "supplierId"]}
    assert error["path"] == ["purchaseOrders"]
