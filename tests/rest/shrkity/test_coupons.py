"""Coupons over HTTP: facts S-53 to S-57."""

from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import httpx
import pytest

from domain.callers import Permission
from persistence.storage import SqlStorage
from tests.conftest import Save, World, keep
from tests.domain.catalogue import coupon, percentage
from tests.persistence.contents import unchanged
from tests.rest.shrkity.conftest import Login

WELCOME: dict[str, Any] = {
    "code": "welcome10",
    "name": "Acme Trading Co.",
    "discount_type": "fixed",
    "discount_value": 250,
    "description": "…",
}
NOT_FOUND = {"message": "The requested resource was not found."}


async def test_s54_the_documents_call_makes_a_coupon(office: httpx.AsyncClient) -> None:
    answer = await office.post("/coupons", json=WELCOME)

    made = answer.json()
    assert answer.status_code == 201
    assert made.pop("created_at") == made.pop("updated_at")
    assert made == {
        "id": 1,
        "code": "WELCOME10",
        "name": "Acme Trading Co.",
        "description": "…",
        "discount_type": "fixed",
        "discount_value": 250.0,
        "max_discount_amount": None,
        "min_order_amount": None,
        "currency": "SAR",
        "valid_from": None,
        "valid_until": None,
        "usage_limit_total": None,
        "usage_limit_per_subject": None,
        "used": 0,
        "is_active": True,
        "status": "active",
    }
    assert '"discount_value":250.00,' in answer.text
    assert (await office.get("/coupons/1")).json()["code"] == "WELCOME10"


async def test_s54_everything_can_be_said_of_a_coupon(office: httpx.AsyncClient) -> None:
    given = {
        "discount_type": "percentage",
        "discount_value": 12.5,
        "max_discount_amount": 100,
        "min_order_amount": "50.25",
        "valid_from": "2026-01-01T08:00:00+03:00",
        "valid_until": "2030-12-31",
        "usage_limit_total": 10,
        "usage_limit_per_subject": 1,
        "is_active": False,
    }

    answer = await office.post("/coupons", json=WELCOME | given)

    made = answer.json()
    assert {name: made[name] for name in given} == given | {
        "min_order_amount": 50.25,
        "valid_from": "2026-01-01T05:00:00Z",
        "valid_until": "2030-12-31T20:59:59Z",  # to the end of that day in Riyadh
    }
    assert made["status"] == "disabled"
    assert '"discount_value":12.5,"max_discount_amount":100.00,' in answer.text


async def test_s54_a_coupon_may_be_valid_for_all_of_time(office: httpx.AsyncClient) -> None:
    always = {"valid_from": "1970-01-01", "valid_until": "9999-12-31"}

    made = (await office.post("/coupons", json=WELCOME | always)).json()

    assert (made["valid_from"], made["valid_until"], made["status"]) == (
        "1969-12-31T21:00:00Z",
        "9999-12-31T20:59:59Z",
        "active",
    )


INVALID: list[tuple[dict[str, Any], str, str]] = [
    ({"code": None}, "code", "This must not be empty."),
    ({"name": ""}, "name", "This must not be empty."),
    ({"discount_type": "free"}, "discount_type", "This must be one of fixed, percentage."),
    ({"discount_value": "much"}, "discount_value", "This is not a number."),
    ({"discount_value": 0}, "discount_value", "This must be greater than 0."),
    (
        {"discount_value": 0.001},
        "discount_value",
        "This is finer than the currency's minor units.",
    ),
    (
        {"discount_type": "percentage", "discount_value": 101},
        "discount_value",
        "This must be 100 or less.",
    ),
    ({"max_discount_amount": 5}, "max_discount_amount", "Only a percentage has this."),
    ({"valid_from": "soon"}, "valid_from", "This is no time: write YYYY-MM-DDThh:mm:ssZ."),
    (
        {"valid_from": "2026-01-02", "valid_until": "2026-01-01"},
        "valid_until",
        "This is before the coupon is valid.",
    ),
    ({"valid_from": "0001-01-01"}, "valid_from", "This is too long ago or too far ahead."),
    ({"usage_limit_total": 0}, "usage_limit_total", "This must be 1 or more."),
    ({"usage_limit_per_subject": 1.5}, "usage_limit_per_subject", "This must be a whole number."),
]


@pytest.mark.parametrize(("given", "field", "message"), INVALID)
async def test_s55_a_coupon_that_makes_no_sense_is_refused(
    login: Login,
    world: World,
    owner: asyncpg.Connection,
    given: dict[str, Any],
    field: str,
    message: str,
) -> None:
    office = await login(world, limit=0)

    async with unchanged(owner, world):
        answer = await office.post("/coupons", json=WELCOME | given)

    refused = answer.json()
    assert (answer.status_code, refused["code"]) == (422, "validation_failed")
    assert refused["errors"] == {field: [message]}


async def test_s54_what_is_required_is_named(office: httpx.AsyncClient) -> None:
    answer = await office.post("/coupons", json={})

    assert answer.status_code == 422
    assert answer.json()["errors"].keys() == {"code", "name", "discount_type", "discount_value"}


async def test_s55_a_code_is_one_coupons_alone(office: httpx.AsyncClient) -> None:
    await office.post("/coupons", json=WELCOME)

    answer = await office.post("/coupons", json=WELCOME | {"code": "Welcome10"})

    assert answer.status_code == 422
    assert answer.json()["errors"] == {"code": ["This is taken already."]}


async def test_s53_coupons_are_listed_newest_first_without_deleted_ones(
    office: httpx.AsyncClient, save: Save
) -> None:
    now, hour = datetime.now(UTC), timedelta(hours=1)
    gone = coupon()
    gone.delete(now, applied=True)
    first = coupon(valid_until=now - hour)
    second = percentage("10", usage_limit_total=1, used=1)
    second.created_at += hour
    await save(gone, first, second)

    answer = await office.get("/coupons")

    assert [(each["code"], each["status"]) for each in answer.json()["data"]] == [
        (second.code, "exhausted"),
        (first.code, "expired"),
    ]
    assert answer.json()["meta"]["total"] == 2


async def test_s56_a_coupon_is_changed_in_part(office: httpx.AsyncClient, save: Save) -> None:
    """Decision S-A3: what is there must be valid, the rest stays."""
    made = coupon(code="SUMMER", description="Sun", usage_limit_total=5)
    await save(made)
    path = f"/coupons/{made.shrkity_id}"

    answer = await office.patch(path, json={"name": "Sale", "usage_limit_total": None})
    refused = await office.patch(path, json={"name": None, "discount_value": -1})

    changed = answer.json()
    assert answer.status_code == 200
    assert (changed["code"], changed["name"], changed["description"]) == ("SUMMER", "Sale", "Sun")
    assert (changed["usage_limit_total"], changed["discount_value"]) == (None, 10.0)
    assert refused.status_code == 422
    assert refused.json()["errors"] == {"name": ["This must not be empty."]}


async def test_s56_a_limit_is_not_set_below_what_is_used(
    office: httpx.AsyncClient, save: Save
) -> None:
    made = coupon(used=2)
    await save(made)

    answer = await office.patch(f"/coupons/{made.shrkity_id}", json={"usage_limit_total": 1})

    assert answer.status_code == 422
    assert answer.json()["errors"] == {"usage_limit_total": ["This is used 2 times already."]}


async def test_s56_what_is_not_there_is_not_found(
    office: httpx.AsyncClient, other_world: World, storage: SqlStorage
) -> None:
    theirs = coupon()
    await keep(storage, other_world.caller(), theirs)

    for id in (theirs.shrkity_id, 0, "x"):
        for answer in (
            await office.get(f"/coupons/{id}"),
            await office.patch(f"/coupons/{id}", json={"name": "Mine"}),
            await office.delete(f"/coupons/{id}"),
            await office.get(f"/coupons/{id}/redemptions"),
        ):
            assert (answer.status_code, answer.json()) == (404, NOT_FOUND)


async def test_s19_reading_and_writing_coupons_take_their_scopes(
    login: Login, world: World, save: Save
) -> None:
    made = coupon()
    await save(made)
    path = f"/coupons/{made.shrkity_id}"
    reader = await login(world, permissions=[Permission.COUPONS_READ])
    writer = await login(world, permissions=[Permission.COUPONS_WRITE])

    for answer in (
        await reader.post("/coupons", json=WELCOME),
        await reader.patch(path, json={"name": "Mine"}),
        await reader.delete(path),
    ):
        assert (answer.status_code, answer.json()["required_scope"]) == (403, "coupons:write")
    for answer in (
        await writer.get("/coupons"),
        await writer.get(path),
        await writer.get(f"{path}/redemptions"),
    ):
        assert (answer.status_code, answer.json()["required_scope"]) == (403, "coupons:read")
    assert (await writer.post("/coupons", json=WELCOME)).status_code == 201


async def test_s16_a_coupon_is_made_once_whoever_asks_again(office: httpx.AsyncClient) -> None:
    key = {"Idempotency-Key": "coupon-1"}

    first = await office.post("/coupons", json=WELCOME, headers=key)
    second = await office.post("/coupons", json=WELCOME, headers=key)

    assert (first.status_code, second.status_code) == (201, 201)
    assert second.headers["Idempotency-Replayed"] == "true"
    assert second.json() == first.json()
    assert (await office.get("/coupons")).json()["meta"]["total"] == 1
