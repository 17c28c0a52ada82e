"""Idempotency keys: done once, answered as often as asked, for a day."""

from asyncio import gather
from datetime import timedelta
from decimal import Decimal
from uuid import UUID

import asyncpg
import pytest

from domain.kit.errors import IdempotencyMismatch, IllegalMove, NotFound, RuleBroken
from domain.kit.ids import new_id
from domain.suppliers import Supplier
from persistence.idempotency import KEPT
from persistence.storage import SqlStorage
from tests import make
from tests.conftest import World
from tests.persistence.contents import unchanged
from tests.usecases.orders import drafted
from usecases.kit import run
from usecases.purchase_orders import CreatePurchaseOrder, SubmitPurchaseOrder
from usecases.records import CreateRecord

KEY = "key-1"
COUNT = "SELECT count(*) FROM purchase_orders WHERE organization_id = $1"


async def test_the_same_request_twice_is_done_once(
    storage: SqlStorage, world: World, owner: asyncpg.Connection
) -> None:
    create = CreatePurchaseOrder(**world.draft())
    first = await run(create, world.caller(), storage, idempotency_key=KEY)
    assert first.record is not None

    async with unchanged(owner, world):
        again = await run(create, world.caller(), storage, idempotency_key=KEY)

    assert (again.id, again.record) == (first.id, None)
    assert await owner.fetchval(COUNT, world.organization.id) == 1


async def test_equal_input_made_anew_is_the_same_request(
    storage: SqlStorage, world: World, owner: asyncpg.Connection
) -> None:
    created = [
        await run(
            CreatePurchaseOrder(**world.draft()), world.caller(), storage, idempotency_key=KEY
        )
        for _ in range(2)
    ]

    assert created[0].id == created[1].id
    assert await owner.fetchval(COUNT, world.organization.id) == 1


async def test_a_transition_is_answered_again_although_it_could_not_be_done_again(
    storage: SqlStorage, world: World
) -> None:
    order = await drafted(world, storage)
    submit = SubmitPurchaseOrder(id=order.id)

    first = await run(submit, world.caller(), storage, idempotency_key=KEY)
    again = await run(submit, world.caller(), storage, idempotency_key=KEY)

    assert first.id == again.id == order.id
    with pytest.raises(IllegalMove):
        await run(submit, world.caller(), storage, idempotency_key="key-2")


async def test_a_key_is_not_for_another_request(
    storage: SqlStorage, world: World, owner: asyncpg.Connection
) -> None:
    await run(CreatePurchaseOrder(**world.draft()), world.caller(), storage, idempotency_key=KEY)
    more = world.draft(lines=[make.line(quantity=Decimal(3))])
    supplier = CreateRecord(kind=Supplier, given={"name": "Paper Mill"})

    async with unchanged(owner, world):
        with pytest.raises(IdempotencyMismatch) as caught:
            await run(CreatePurchaseOrder(**more), world.caller(), storage, idempotency_key=KEY)
        with pytest.raises(IdempotencyMismatch):
            await run(supplier, world.caller(), storage, idempotency_key=KEY)

    assert caught.value.path == ("idempotency_key",)
    assert caught.value.message == "this idempotency key was used for another request"


async def test_keys_belong_to_a_credential_and_an_organization(
    storage: SqlStorage, world: World, other_world: World
) -> None:
    create = CreateRecord(kind=Supplier, given={"name": "Paper Mill"})
    credentials = [None, new_id(), new_id()]
    callers = [world.caller(credential_id=id) for id in credentials] + [other_world.caller()]

    ids = [(await run(create, by, storage, idempotency_key=KEY)).id for by in callers]

    assert len(set(ids)) == 4


async def test_a_request_that_failed_leaves_its_key_free(
    storage: SqlStorage, world: World, owner: asyncpg.Connection
) -> None:
    unknown = CreatePurchaseOrder(**world.draft(supplier_id=new_id()))
    async with unchanged(owner, world):
        with pytest.raises(RuleBroken, match="no such supplier"):
            await run(unknown, world.caller(), storage, idempotency_key=KEY)
        missing = SubmitPurchaseOrder(id=new_id())
        with pytest.raises(NotFound):
            await run(missing, world.caller(), storage, idempotency_key=KEY)

    create = CreatePurchaseOrder(**world.draft())
    assert (await run(create, world.caller(), storage, idempotency_key=KEY)).record is not None


async def aged(owner: asyncpg.Connection, world: World, by: timedelta) -> None:
    query = (
        "UPDATE idempotency_records SET created_at = created_at - $2::interval"
        " WHERE organization_id = $1"
    )
    await owner.execute(query, world.organization.id, by)


async def test_a_key_is_kept_for_a_day_and_free_afterwards(
    storage: SqlStorage, world: World, owner: asyncpg.Connection
) -> None:
    assert timedelta(hours=24) == KEPT
    create = CreateRecord(kind=Supplier, given={"name": "Paper Mill"})
    other = CreateRecord(kind=Supplier, given={"name": "Ink Well"})
    first = await run(create, world.caller(), storage, idempotency_key=KEY)

    await aged(owner, world, timedelta(hours=23, minutes=59))
    assert (await run(create, world.caller(), storage, idempotency_key=KEY)).id == first.id
    await aged(owner, world, timedelta(minutes=2))
    second = await run(other, world.caller(), storage, idempotency_key=KEY)

    assert second.id != first.id
    assert (await run(other, world.caller(), storage, idempotency_key=KEY)).id == second.id


@pytest.mark.parametrize(
    ("key", "message"),
    [
        ("", "this must not be empty"),
        (" ", "this must not be empty"),
        ("k" * 256, "this is longer than 255 characters"),
        ("k\x00", "this holds characters that cannot be stored"),
        ("\ud800", "this holds characters that cannot be stored"),
    ],
)
async def test_a_key_that_cannot_be_kept_is_refused(
    storage: SqlStorage, world: World, owner: asyncpg.Connection, key: str, message: str
) -> None:
    create = CreateRecord(kind=Supplier, given={"name": "Paper Mill"})

    async with unchanged(owner, world):
        with pytest.raises(RuleBroken, match=message) as caught:
            await run(create, world.caller(), storage, idempotency_key=key)

    assert caught.value.path == ("idempotency_key",)


async def test_twenty_parallel_requests_with_one_key_have_one_effect_and_one_answer(
    storage: SqlStorage, world: World, owner: asyncpg.Connection
) -> None:
    create = CreatePurchaseOrder(**world.draft())

    answers = await gather(
        *(run(create, world.caller(), storage, idempotency_key=KEY) for _ in range(20))
    )

    ids: set[UUID] = {answer.id for answer in answers}
    assert len(ids) == 1
    assert sum(answer.record is not None for answer in answers) == 1
    assert await owner.fetchval(COUNT, world.organization.id) == 1
    entries = "SELECT count(*) FROM audit_events WHERE subject_id = $1"
    assert await owner.fetchval(entries, ids.pop()) == 1


async def test_of_parallel_requests_that_differ_one_wins_the_key(
    storage: SqlStorage, world: World, owner: asyncpg.Connection
) -> None:
    requests = [
        CreatePurchaseOrder(**world.draft(lines=[make.line(quantity=Decimal(n))]))
        for n in range(1, 11)
    ]

    answers = await gather(
        *(run(create, world.caller(), storage, idempotency_key=KEY) for create in requests),
        return_exceptions=True,
    )

    assert sum(isinstance(answer, IdempotencyMismatch) for answer in answers) == 9
    assert await owner.fetchval(COUNT, world.organization.id) == 1


async def test_while_the_first_request_fails_a_parallel_one_does_the_work(
    storage: SqlStorage, world: World, owner: asyncpg.Connection
) -> None:
    order = await drafted(world, storage, lines=[])
    submit = SubmitPurchaseOrder(id=order.id)

    answers = await gather(
        *(run(submit, world.caller(), storage, idempotency_key=KEY) for _ in range(5)),
        return_exceptions=True,
    )

    assert [str(answer) for answer in answers] == ["an order needs at least one line"] * 5
    keys = "SELECT count(*) FROM idempotency_records WHERE organization_id = $1"
    assert await owner.fetchval(keys, world.organization.id) == 0
