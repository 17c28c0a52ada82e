"""What holds for every request: envelopes, errors, languages."""

from typing import Any
from uuid import uuid4

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request

from domain.callers import Channel, Locale
from domain.kit.errors import (
    Busy,
    DomainError,
    Forbidden,
    IdempotencyInFlight,
    IdempotencyMismatch,
    IllegalMove,
    LimitReached,
    NotFound,
    RuleBroken,
    VersionConflict,
    raise_first,
)
from persistence.storage import SqlStorage
from rest.kit import Asked, NumberedPage, Refusal
from rest.shrkity import ENDPOINTS, SHRKITY, refusals
from tests.conftest import World
from tests.rest.shrkity.samples import new_client
from tests.server.gates import issued

BAD_BODIES = {
    "no JSON": b"{",
    "a list": b"[]",
    "a text": b'"x"',
    "null": b"null",
    "deep": b'{"a":' * 10_000 + b"1" + b"}" * 10_000,
    "NaN": b'{"name": NaN}',
    "large": b'{"name": "' + b"x" * 1_100_000 + b'"}',
    "no UTF-8": b'{"name": "\xff"}',
}


def asked(locale: Locale = Locale.EN) -> Asked:
    request = Request({"type": "http", "headers": [], "method": "GET", "path": "/"})
    return Asked(request=request, path="/", locale=locale, request_id=uuid4().hex)


def page(number: int, size: int, total: int) -> dict[str, Any]:
    shape: NumberedPage[int] = NumberedPage(items=[], number=number, size=size, total=total)
    meta: dict[str, Any] = SHRKITY.succeeded(shape, asked())["meta"]
    return meta


async def test_what_is_not_there_is_a_message_and_nothing_else(office: httpx.AsyncClient) -> None:
    """Facts S-11 and S-12."""
    answer = await office.get("/nowhere")

    assert (answer.status_code, answer.json()) == (
        404,
        {"message": "The requested resource was not found."},
    )


async def test_a_method_that_a_path_has_not_is_not_there(office: httpx.AsyncClient) -> None:
    answer = await office.put("/openapi.json", json={})

    assert answer.status_code == 404


@pytest.mark.parametrize(
    ("number", "size", "total", "last", "following", "before"),
    [
        (2, 50, 412, 9, True, True),
        (1, 10, 0, 1, False, False),
        (1, 10, 10, 1, False, False),
        (2, 10, 11, 2, False, True),
        (99, 10, 11, 2, False, True),
    ],
)
def test_s13_lists_say_where_they_are(
    number: int, size: int, total: int, last: int, *, following: bool, before: bool
) -> None:
    assert page(number, size, total) == {
        "total": total,
        "per_page": size,
        "current_page": number,
        "last_page": last,
        "has_next": following,
        "has_previous": before,
    }


REFUSED: dict[str, tuple[Exception, int, dict[str, Any]]] = {
    "move": (
        IllegalMove("a {status} order cannot be cancelled", status="completed"),
        409,
        {"message": "A completed order cannot be cancelled.", "code": "invalid_state"},
    ),
    "version": (
        VersionConflict("it has changed"),
        409,
        {"message": "It has changed.", "code": "invalid_state"},
    ),
    "in flight": (
        IdempotencyInFlight("wait"),
        409,
        {"message": "Wait.", "code": "idempotency_in_progress"},
    ),
    "reused": (
        IdempotencyMismatch("it was used"),
        422,
        {"message": "It was used.", "code": "idempotency_key_reused"},
    ),
    "limit": (
        LimitReached("all {most} orders of this month are placed", most=50),
        422,
        {"message": "All 50 orders of this month are placed.", "code": "limit_reached"},
    ),
    "missing": (
        NotFound("no such record: {id}", id=7),
        404,
        {"message": "The requested resource was not found."},
    ),
    "busy": (Busy("try again"), 429, {"message": "Try again.", "code": "busy"}),
    "not yours": (
        Forbidden("only its owner may do this"),
        403,
        {"message": "Only its owner may do this.", "code": "forbidden"},
    ),
    "a bug": (
        ZeroDivisionError("secret"),
        500,
        {"message": "The server could not answer this request."},
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_s11_s12_what_goes_wrong_has_its_status_and_code(name: str) -> None:
    error, status, body = REFUSED[name]

    refusal: Refusal = SHRKITY.refused(error, asked())

    assert (refusal.status, refusal.body) == (status, body)
    assert ("Retry-After" in refusal.headers) is (name == "busy")


def test_s12_a_message_says_everything_that_is_to_be_fixed() -> None:
    problems = [
        RuleBroken("this must not be empty", path=("code",)),
        RuleBroken("this must be greater than {least}", path=("items", 0, "quantity"), least=0),
        RuleBroken("this must be {most} or less", path=("code",), most=5),
    ]
    with pytest.raises(RuleBroken) as caught:
        raise_first(problems)

    assert SHRKITY.refused(caught.value, asked()).body == {
        "message": "code: this must not be empty; items.0.quantity: this must be greater than 0;"
        " code: this must be 5 or less.",
        "code": "validation_failed",
        "errors": {
            "code": ["This must not be empty.", "This must be 5 or less."],
            "items.0.quantity": ["This must be greater than 0."],
        },
    }


def test_every_domain_error_has_a_kind_and_no_other_status_is_sent() -> None:
    kinds = {k for k in DomainError.__subclasses__() if k.__module__ == "domain.kit.errors"}
    statuses = {kind.status for kind in refusals.KINDS.values()}

    assert kinds <= refusals.KINDS.keys()
    assert statuses == {*SHRKITY.described.statuses}
    assert {endpoint.status for endpoint in ENDPOINTS} <= {200, 201, 302}


@pytest.mark.parametrize("name", BAD_BODIES)
@pytest.mark.parametrize("key", [None, "order-7f3a"])
async def test_s12_a_body_that_is_no_object_is_not_valid(
    probe: Starlette, storage: SqlStorage, world: World, name: str, key: str | None
) -> None:
    held = await issued(storage, world, dialect=Channel.SHRKITY)
    headers = {} if key is None else {"Idempotency-Key": key}
    async with new_client(probe, held.secret) as client:
        answer = await client.post("/probes", content=BAD_BODIES[name], headers=headers)

    assert answer.status_code == 422
    assert answer.json()["code"] == "validation_failed"


@pytest.mark.parametrize("text", ["a\\u0000b", "\\ud800"])
@pytest.mark.parametrize("key", [None, "order-7f3a"])
async def test_s12_what_cannot_be_stored_is_not_valid(
    probe: Starlette, storage: SqlStorage, world: World, text: str, key: str | None
) -> None:
    held = await issued(storage, world, dialect=Channel.SHRKITY)
    headers = {} if key is None else {"Idempotency-Key": key}
    content = f'{{"name": "{text}", "code": "P-1"}}'.encode()
    async with new_client(probe, held.secret) as client:
        answer = await client.post("/probes", content=content, headers=headers)

    assert (answer.status_code, answer.json()) == (
        422,
        {
            "message": "name: this holds characters that cannot be stored.",
            "code": "validation_failed",
            "errors": {"name": ["This holds characters that cannot be stored."]},
        },
    )


async def test_a_bug_tells_nothing_of_itself(
    probe: Starlette, storage: SqlStorage, world: World
) -> None:
    held = await issued(storage, world, dialect=Channel.SHRKITY)
    async with new_client(probe, held.secret) as client:
        answer = await client.post("/failures", json={})

    assert (answer.status_code, answer.json()) == (
        500,
        {"message": "The server could not answer this request."},
    )


@pytest.mark.parametrize("base", SHRKITY.bases)
async def test_s1_it_is_served_at_both_bases(
    app: Starlette, storage: SqlStorage, world: World, base: str
) -> None:
    held = await issued(storage, world, dialect=Channel.SHRKITY)
    async with new_client(app, held.secret, base=f"http://shrkity.test{base}") as client:
        answer = await client.get("/coupons")

    assert answer.json()["meta"] == page(1, 10, 0)
