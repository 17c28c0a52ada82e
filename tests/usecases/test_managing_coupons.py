"""Managing coupons: currency, codes, limits, and what is left of those that are deleted."""

from decimal import Decimal
from uuid import UUID

import asyncpg
import pytest

from domain.coupons import Coupon
from domain.kit.errors import NotFound
from persistence.storage import SqlStorage
from tests.conftest import Save, World
from tests.domain.catalogue import coupon
from tests.persistence.contents import actions, unchanged
from tests.service_orders import Served, served
from tests.usecases.orders import done
from tests.usecases.test_coupons import apply, placed, problems
from usecases.coupons import DeleteCoupon
from usecases.reads.coupons import CouponFilter, CouponOrder
from usecases.records import CreateRecord, UpdateRecord
from usecases.service_orders import RemoveServiceOrderCoupon


@pytest.fixture
async def to(world: World, storage: SqlStorage) -> Served:
    return await served(world, storage)


async def test_a_coupon_is_in_the_base_currency(world: World, storage: SqlStorage) -> None:
    given = {"code": "base", "name": "Base", "discount_type": "FIXED"}
    create = CreateRecord(kind=Coupon, given=given | {"discount_value": Decimal("12.5")})

    made = await done(create, world, storage)

    assert (made.code, made.currency, made.used) == ("BASE", "SAR", 0)


async def test_a_code_is_one_coupons_alone_whatever_its_case(
    world: World, storage: SqlStorage, save: Save, owner: asyncpg.Connection, to: Served
) -> None:
    """Also that of a coupon that is deleted, but was used."""
    made = coupon(code="SUMMER")
    await save(made)
    await apply(world, storage, await placed(world, storage, to), made)
    await done(DeleteCoupon(id=made.id), world, storage)
    given = {"code": "summer", "name": "Again", "discount_type": "FIXED"}
    again = CreateRecord(kind=Coupon, given=given | {"discount_value": Decimal(1)})

    async with unchanged(owner, world):
        assert await problems(again, world, storage) == [(("code",), "this is taken already")]


@pytest.mark.parametrize("limit", ["usage_limit_total", "usage_limit_per_subject"])
async def test_limits_are_not_set_below_what_is_used(
    world: World,
    storage: SqlStorage,
    save: Save,
    owner: asyncpg.Connection,
    to: Served,
    limit: str,
) -> None:
    made = coupon()
    await save(made)
    for _ in range(2):
        await apply(world, storage, await placed(world, storage, to), made)
    lower = UpdateRecord(kind=Coupon, id=made.id, given={limit: 1})

    async with unchanged(owner, world):
        assert await problems(lower, world, storage) == [((limit,), "this is used 2 times already")]
    await done(UpdateRecord(kind=Coupon, id=made.id, given={limit: 2}), world, storage)


async def test_what_was_never_applied_is_erased(
    world: World, storage: SqlStorage, save: Save, owner: asyncpg.Connection
) -> None:
    made = coupon(code="UNUSED")
    await save(made)

    await done(DeleteCoupon(id=made.id), world, storage)
    await save(coupon(code="UNUSED"))

    assert await owner.fetchval("SELECT count(*) FROM coupons WHERE id = $1", made.id) == 0
    assert await actions(owner, made.id) == ["coupon.created", "coupon.deleted"]


async def test_what_was_applied_is_deactivated_and_not_listed(
    world: World, storage: SqlStorage, save: Save, owner: asyncpg.Connection, to: Served
) -> None:
    """Even if the only order that had it does without it now."""
    made, other = coupon(), coupon()
    await save(made, other)
    sold = await placed(world, storage, to)
    await apply(world, storage, sold, made)
    await done(RemoveServiceOrderCoupon(id=sold.id), world, storage)

    await done(DeleteCoupon(id=made.id), world, storage)

    row = await owner.fetchrow("SELECT active, deleted_at FROM coupons WHERE id = $1", made.id)
    assert row is not None
    assert (row["active"], row["deleted_at"] is None) == (False, False)
    assert await listed(world, storage) == [other.id]
    async with unchanged(owner, world):
        for again in (DeleteCoupon(id=made.id), UpdateRecord(kind=Coupon, id=made.id, given={})):
            with pytest.raises(NotFound):
                await done(again, world, storage)


async def listed(world: World, storage: SqlStorage) -> list[UUID]:
    reads = storage.reads(world.caller())
    rows = await reads.coupons.numbered(CouponFilter(), CouponOrder(), offset=0, limit=100)
    await reads.close()
    return [row.id for row in rows]
