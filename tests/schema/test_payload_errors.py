"""What a user can correct comes back as data: code, message in their language, place in the input.

And nothing has happened then.
"""

from typing import Any

import asyncpg
import pytest

from domain.callers import Locale
from persistence.storage import SqlStorage
from tests import make
from tests.conftest import World
from tests.persistence.contents import unchanged
from tests.schema.conftest import Ask, draft, public, reading
from tests.schema.test_borders import NOWHERE
from tests.usecases.orders import drafted, pending

LINE = {"description": "Paper", "quantity": 1, "unitPrice": 1}
WRONG: list[tuple[dict[str, Any], list[tuple[str, list[str]]]]] = [
    ({"lines": [LINE | {"quantity": -1}]}, [("this must be greater than 0", ["quantity"])]),
    ({"lines": [LINE | {"quantity": 0}]}, [("this must be greater than 0", ["quantity"])]),
    (
        {"lines": [LINE | {"description": "", "unitPrice": "-0.01", "vatRate": 101}]},
        [
            ("this must not be empty", ["description"]),
            ("this must be 0 or more", ["unitPrice"]),
            ("this must be 100 or less", ["vatRate"]),
        ],
    ),
    (
        {"lines": [LINE | {"quantity": "1.1234567"}]},
        [("this has more than 6 decimals", ["quantity"])],
    ),
    (
        {"lines": [LINE | {"quantity": "1e30"}]},
        [("this must be 1000000000000 or less", ["quantity"])],
    ),
]


@pytest.mark.parametrize(("given", "errors"), WRONG)
async def test_a_wrong_line_is_named_where_it_stands_in_the_input(
    do: Ask,
    world: World,
    storage: SqlStorage,
    owner: asyncpg.Connection,
    given: dict[str, Any],
    errors: list[tuple[str, list[str]]],
) -> None:
    """Whether it comes with a new order, with a change of one, or alone."""
    order = await drafted(world, storage, lines=[make.line(), make.line()])
    [line] = given["lines"]
    id, second = public(order), public(order.lines[1])

    async with unchanged(owner, world):
        created = await do("purchaseOrderCreate", draft(world, lines=[LINE, line]))
        updated = await do("purchaseOrderUpdate", {"id": id, "lines": [LINE, line]})
        changed = await do("purchaseOrderUpdate", {"id": id, "lines": [line | {"id": second}]})
        added = await do("purchaseOrderLineAdd", {"orderId": id, "line": line})
        alone = await do("purchaseOrderLineUpdate", {"orderId": id, "lineId": second, **line})

    for payload, place in (
        (created, ["lines", "1"]),
        (updated, ["lines", "1"]),
        (changed, ["lines", "0"]),
        (added, ["line"]),
        (alone, []),
    ):
        assert payload == {
            "purchaseOrder": None,
            "errors": [
                {"code": "VALIDATION", "message": message, "path": [*place, *path]}
                for message, path in errors
            ],
        }


@pytest.mark.parametrize(
    ("given", "message", "path"),
    [
        ({"currency": "XXX"}, "XXX is no ISO 4217 currency code", ["currency"]),
        ({"currency": "USD"}, "a foreign currency needs an exchange rate", ["exchangeRate"]),
        ({"exchangeRate": 2}, "this must be 1 for the base currency", ["exchangeRate"]),
        ({"deliveryAddress": "x" * 501}, "this is longer than 500 characters", ["deliveryAddress"]),
        ({"lines": [LINE] * 1001}, "at most 1000 are possible", ["lines"]),
        (
            {"lines": [LINE | {"quantity": 10**12, "unitPrice": 10**12}]},
            "the order's total is too large",
            ["lines"],
        ),
        (
            {"attachments": [{"name": "a", "url": "javascript:alert(1)"}]},
            "this must begin with https:// or http://",
            ["attachments", "0", "url"],
        ),
    ],
)
async def test_a_wrong_order_is_not_drafted(
    do: Ask, world: World, owner: asyncpg.Connection, given: Any, message: str, path: list[str]
) -> None:
    async with unchanged(owner, world):
        payload = await do("purchaseOrderCreate", draft(world, **given))

    [error] = payload["errors"]
    assert (error["code"], error["path"]) == ("VALIDATION", path)
    assert error["message"] == message


@pytest.mark.parametrize(
    ("locale", "message"),
    [
        (Locale.EN, "this must be greater than 0"),
        (Locale.AR, "يجب أن يكون هذا أكبر من 0"),
        (Locale.PT, "tem de ser maior do que 0"),
    ],
)
async def test_messages_are_in_the_readers_language(
    do: Ask, world: World, locale: Locale, message: str
) -> None:
    wrong = draft(world, lines=[LINE | {"quantity": 0}])

    payload = await do("purchaseOrderCreate", wrong, as_=reading(world.caller(), locale))

    assert [e["message"] for e in payload["errors"]] == [message]


async def test_a_move_that_is_not_possible_now_is_refused(
    do: Ask, world: World, storage: SqlStorage, owner: asyncpg.Connection
) -> None:
    order = await pending(world, storage)

    async with unchanged(owner, world):
        payload = await do("purchaseOrderSubmit", {"id": public(order)})

    assert payload == {
        "purchaseOrder": None,
        "errors": [
            {
                "code": "INVALID_TRANSITION",
                "message": "cannot submit while pending approval",
                "path": None,
            }
        ],
    }


@pytest.mark.parametrize(
    ("mutation", "given", "place"),
    [
        ("purchaseOrderLineAdd", {"line": LINE}, "orderId"),
        ("purchaseOrderLineUpdate", {"lineId": f"pol_{NOWHERE}"}, "orderId"),
        ("purchaseOrderLineDelete", {"lineId": f"pol_{NOWHERE}"}, "orderId"),
        (
            "goodsReceiptCreate",
            {"lines": [{"orderLineId": f"pol_{NOWHERE}", "accepted": 1}]},
            "purchaseOrderId",
        ),
    ],
)
async def test_an_order_that_is_not_there_is_named_where_it_stands_in_the_input(
    do: Ask, mutation: str, given: dict[str, Any], place: str
) -> None:
    order = f"po_{NOWHERE}"

    payload = await do(mutation, {place: order} | given)

    [error] = payload["errors"]
    assert (error["code"], error["path"]) == ("NOT_FOUND", [place])
    assert error["message"] == f"no such record: {order}"
