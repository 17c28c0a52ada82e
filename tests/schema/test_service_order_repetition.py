"""Mutations of service orders: tried, sent again, and sent by somebody who is behind."""

import asyncpg

from persistence.storage import SqlStorage
from tests.conftest import World, keep
from tests.domain.services import step
from tests.persistence.contents import actions, unchanged
from tests.schema.conftest import Ask, public
from tests.service_orders import coupon
from tests.usecases.services import offered, placed


async def test_a_dry_run_shows_what_would_be_and_leaves_nothing(
    do: Ask, world: World, storage: SqlStorage, owner: asyncpg.Connection
) -> None:
    service, order, off = await offered(world, storage), await placed(world, storage), coupon()
    await keep(storage, world.caller(), off)
    place = {"serviceDefinitionId": public(service), "options": ["express"]}
    first = {"orderId": public(order), "stepId": public(step(order, "collect"))}
    id = {"id": public(order)}

    async with unchanged(owner, world):
        new = await do(
            "serviceOrderPlace", place, "{ total { amount } steps { status } }", dryRun=True
        )
        applied = await do(
            "serviceOrderApplyCoupon",
            id | {"code": off.code},
            "{ coupon { status } price { discount { amount } } }",
            dryRun=True,
        )
        started = await do(
            "serviceOrderStepStart", first, "{ status steps { status } }", dryRun=True
        )
        refused = await do("serviceOrderRemoveCoupon", id, dryRun=True)

    assert new["serviceOrder"] == {
        "total": {"amount": "172.50"},
        "steps": [{"status": "READY"}, {"status": "BLOCKED"}, {"status": "READY"}],
    }
    assert applied["serviceOrder"] == {
        "coupon": {"status": "RESERVED"},
        "price": {"discount": {"amount": "10.00"}},
    }
    assert started["serviceOrder"]["status"] == "IN_PROGRESS"
    assert started["serviceOrder"]["steps"][0] == {"status": "ACTIVE"}
    assert [error["code"] for error in refused["errors"]] == ["NOT_FOUND"]


async def test_the_same_key_does_the_same_once(
    do: Ask, world: World, storage: SqlStorage, owner: asyncpg.Connection
) -> None:
    service = await offered(world, storage)
    place = {"serviceDefinitionId": public(service)}

    first = await do("serviceOrderPlace", place, "{ id number }", key="erp-10422")
    async with unchanged(owner, world):
        again = await do("serviceOrderPlace", place, "{ id number }", key="erp-10422")
        other = await do("serviceOrderPlace", place | {"priority": "LOW"}, key="erp-10422")

    assert again == first
    assert [error["code"] for error in other["errors"]] == ["IDEMPOTENCY_MISMATCH"]


async def test_whoever_is_behind_is_told_how_it_is_now(
    do: Ask, world: World, storage: SqlStorage, owner: asyncpg.Connection
) -> None:
    order = await placed(world, storage)
    id = {"id": public(order), "expectedVersion": 1}
    first = {"orderId": public(order), "stepId": public(step(order, "collect"))}
    await do("serviceOrderStart", id)

    async with unchanged(owner, world):
        late = await do("serviceOrderCancel", id, "{ status version }")
        early = await do(
            "serviceOrderStepStart", first | {"expectedVersion": 3}, "{ status version }"
        )

    for payload in (late, early):
        assert [error["code"] for error in payload["errors"]] == ["VERSION_CONFLICT"]
        assert payload["serviceOrder"] == {"status": "IN_PROGRESS", "version": 2}
    assert await actions(owner, order.id) == ["service_order.placed", "service_order.started"]
