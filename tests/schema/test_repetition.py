"""Asked twice: idempotency keys answer the same, versions tell what somebody else has changed."""

import asyncio
from typing import Any

import asyncpg
import pytest

from persistence.storage import SqlStorage
from tests.conftest import World
from tests.persistence.contents import unchanged
from tests.schema.conftest import Ask, draft, mutating, public, run_operation
from tests.usecases.orders import drafted

ORDER = "{ id number version status }"


async def test_a_key_does_the_work_once_and_answers_twice(
    do: Ask, world: World, owner: asyncpg.Connection
) -> None:
    first = await do("purchaseOrderCreate", draft(world), ORDER, key="order 1")
    async with unchanged(owner, world):
        again = await do("purchaseOrderCreate", draft(world), ORDER, key="order 1")
    other = await do("purchaseOrderCreate", draft(world), ORDER, key="order 2")

    assert again == first
    assert other["purchaseOrder"]["id"] != first["purchaseOrder"]["id"]


async def test_the_second_answer_shows_the_record_as_it_is_now(do: Ask, world: World) -> None:
    first = await do("purchaseOrderCreate", draft(world), ORDER, key="k")
    id = {"id": first["purchaseOrder"]["id"]}
    await do("purchaseOrderCancel", id)

    again = await do("purchaseOrderCreate", draft(world), ORDER, key="k")

    assert again["purchaseOrder"]["status"] == "CANCELLED"


async def test_a_key_is_for_one_request_only(
    do: Ask, world: World, owner: asyncpg.Connection
) -> None:
    await do("purchaseOrderCreate", draft(world), key="k")

    async with unchanged(owner, world):
        other = await do("purchaseOrderCreate", draft(world, notes="Other."), key="k")
        verb = await do("supplierCreate", {"name": "A"}, key="k")

    for payload in (other, verb):
        assert payload["errors"] == [
            {
                "code": "IDEMPOTENCY_MISMATCH",
                "message": "this idempotency key was used for another request",
                "path": ["idempotencyKey"],
            }
        ]


async def test_what_was_refused_may_be_corrected_under_the_same_key(do: Ask, world: World) -> None:
    wrong = await do("purchaseOrderCreate", draft(world, currency="XXX"), key="k")
    right = await do("purchaseOrderCreate", draft(world), key="k")

    assert [error["path"] for error in wrong["errors"]] == [["currency"]]
    assert right["errors"] == []


@pytest.mark.parametrize("key", ["", " ", "x" * 256, "a\0b"])
async def test_keys_are_texts_of_a_sensible_length(
    do: Ask, world: World, owner: asyncpg.Connection, key: str
) -> None:
    async with unchanged(owner, world):
        payload = await do("purchaseOrderCreate", draft(world), key=key)

    assert [(e["code"], e["path"]) for e in payload["errors"]] == [
        ("VALIDATION", ["idempotencyKey"])
    ]


async def test_twenty_at_once_with_one_key_have_one_effect_and_equal_answers(
    do: Ask, ask: Ask, world: World
) -> None:
    answers = await asyncio.gather(
        *(do("purchaseOrderCreate", draft(world), ORDER, key="k") for _ in range(20))
    )

    left = await ask("{ purchaseOrders { totalCount nodes { number } } }")
    assert answers == [answers[0]] * 20
    assert answers[0]["errors"] == []
    assert left["purchaseOrders"] == {
        "totalCount": 1,
        "nodes": [{"number": answers[0]["purchaseOrder"]["number"]}],
    }


async def test_a_deleted_order_is_deleted_once(do: Ask, world: World, storage: SqlStorage) -> None:
    order = await drafted(world, storage)

    answers = [
        await do("purchaseOrderDelete", {"id": public(order)}, ORDER, key="k") for _ in range(2)
    ]

    assert answers == [{"errors": [], "purchaseOrder": None}] * 2


# Versions


CONFLICT = "somebody else changed this: you saw version 1, it is now 2"
CHANGES: list[tuple[str, dict[str, Any]]] = [
    ("purchaseOrderUpdate", {"notes": "Mine."}),
    ("purchaseOrderDelete", {}),
    ("purchaseOrderSubmit", {}),
    ("purchaseOrderCancel", {}),
    ("purchaseOrderClone", {}),
]


@pytest.mark.parametrize(("mutation", "given"), CHANGES)
async def test_a_conflict_shows_the_order_as_somebody_else_left_it(
    do: Ask,
    world: World,
    storage: SqlStorage,
    owner: asyncpg.Connection,
    mutation: str,
    given: dict[str, Any],
) -> None:
    order = await drafted(world, storage)
    await do("purchaseOrderUpdate", {"id": public(order), "notes": "Theirs."})
    mine = {"id": public(order), "expectedVersion": 1, **given}

    async with unchanged(owner, world):
        payload = await do(mutation, mine, "{ version notes }")
        dry = await do(mutation, mine, "{ version notes }", dryRun=True)

    assert dry == payload
    assert payload == {
        "errors": [{"code": "VERSION_CONFLICT", "message": CONFLICT, "path": ["expectedVersion"]}],
        "purchaseOrder": {"version": 2, "notes": "Theirs."},
    }


async def test_lines_and_master_data_expect_versions_too(
    do: Ask, world: World, storage: SqlStorage
) -> None:
    order = await drafted(world, storage)
    line = public(order.lines[0])
    old = {"orderId": public(order), "lineId": line, "expectedVersion": 7}
    supplier = {"id": public(world.supplier), "name": "Mine", "expectedVersion": 7}

    updated = await do("purchaseOrderLineUpdate", old | {"quantity": 1}, "{ version }")
    deleted = await do("purchaseOrderLineDelete", old, "{ version }")
    renamed = await do("supplierUpdate", supplier, "{ version name }")

    codes = [p["errors"][0]["code"] for p in (updated, deleted, renamed)]
    assert codes == ["VERSION_CONFLICT"] * 3
    assert updated["purchaseOrder"] == deleted["purchaseOrder"] == {"version": 1}
    assert renamed["supplier"] == {"version": 1, "name": "Office Supplies Co."}


async def test_of_two_who_saw_the_same_version_one_wins(
    do: Ask, world: World, storage: SqlStorage
) -> None:
    order = await drafted(world, storage)
    same = {"id": public(order), "expectedVersion": 1}

    answers = await asyncio.gather(
        *(
            do("purchaseOrderUpdate", same | {"notes": f"{n}"}, "{ version notes }")
            for n in range(5)
        )
    )

    [won] = [answer for answer in answers if not answer["errors"]]
    assert [a["purchaseOrder"] for a in answers] == [won["purchaseOrder"]] * 5
    assert [a["errors"][0]["code"] for a in answers if a["errors"]] == ["VERSION_CONFLICT"] * 4


async def test_the_expected_version_is_met(do: Ask, world: World, storage: SqlStorage) -> None:
    order = await drafted(world, storage)
    given = {"id": public(order), "expectedVersion": 1, "notes": "Mine."}

    payload = await do("purchaseOrderUpdate", given, "{ version }")

    assert payload == {"errors": [], "purchaseOrder": {"version": 2}}


async def test_a_change_that_changes_nothing_leaves_the_version(
    do: Ask, world: World, storage: SqlStorage, owner: asyncpg.Connection
) -> None:
    order = await drafted(world, storage, notes="Same.")

    async with unchanged(owner, world):
        payload = await do(
            "purchaseOrderUpdate", {"id": public(order), "notes": "Same."}, "{ version notes }"
        )

    assert payload["purchaseOrder"] == {"version": 1, "notes": "Same."}


@pytest.mark.parametrize("version", [2**31, -(2**31) - 1, "1", 1.5, True])
async def test_a_version_is_a_whole_number(
    storage: SqlStorage, world: World, owner: asyncpg.Connection, version: object
) -> None:
    order = await drafted(world, storage)
    given = {"id": public(order), "expectedVersion": version}

    async with unchanged(owner, world):
        result = await run_operation(
            storage, world.caller(), mutating("purchaseOrderSubmit"), {"input": given}
        )

    assert result.data is None
    [error] = result.errors
    assert error.extensions == {"code": "BAD_REQUEST"}
    assert "expectedVersion" in error.message
