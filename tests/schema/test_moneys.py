"""Money in the graph: exact, with the digits of its currency, and as people read it."""

from decimal import Decimal
from typing import Any

import pytest

from domain.callers import Locale
from persistence.storage import SqlStorage
from tests import make
from tests.conftest import World
from tests.schema.conftest import Ask, public, reading
from tests.usecases.orders import drafted

MONEY = """query ($id: ID!) { purchaseOrder(id: $id) {
  total { amount currency minorUnits amountMinor formatted }
  lines { unitPrice { amount amountMinor formatted } } } }"""


async def order_in(currency: str, price: str, world: World, storage: SqlStorage) -> str:
    line = make.line(quantity=Decimal(1), unit_price=Decimal(price), vat_rate=Decimal(0))
    rate = Decimal(1) if currency == "SAR" else Decimal(2)
    values: dict[str, Any] = {"currency": currency, "exchange_rate": rate}
    return public(await drafted(world, storage, lines=[line], **values))


@pytest.mark.parametrize(
    ("currency", "price", "amount", "digits", "minor", "formatted"),
    [
        ("SAR", "1234.5", "1234.50", 2, "123450", "SAR\N{NO-BREAK SPACE}1,234.50"),
        ("KWD", "1234.5", "1234.500", 3, "1234500", "KWD\N{NO-BREAK SPACE}1,234.500"),
        ("JPY", "1234", "1234", 0, "1234", "JPY\N{NO-BREAK SPACE}1,234"),
        ("SAR", "1000000000000", "1000000000000.00", 2, "100000000000000", None),
        ("SAR", "0", "0.00", 2, "0", "SAR\N{NO-BREAK SPACE}0.00"),
    ],
)
async def test_amounts_have_the_digits_of_their_currency(
    ask: Ask,
    world: World,
    storage: SqlStorage,
    currency: str,
    price: str,
    amount: str,
    digits: int,
    minor: str,
    formatted: str | None,
) -> None:
    id = await order_in(currency, price, world, storage)

    total = (await ask(MONEY, id=id))["purchaseOrder"]["total"]

    assert total.pop("formatted") == (formatted or "SAR\N{NO-BREAK SPACE}1,000,000,000,000.00")
    assert total == {
        "amount": amount,
        "currency": currency,
        "minorUnits": digits,
        "amountMinor": minor,
    }


@pytest.mark.parametrize(
    ("locale", "currency", "formatted"),
    [
        (Locale.EN, "KWD", "KWD\N{NO-BREAK SPACE}1,234.500"),
        (Locale.AR, "KWD", "1,234.500\N{NO-BREAK SPACE}د.ك.\N{RIGHT-TO-LEFT MARK}"),
        (Locale.PT, "KWD", "1\N{NO-BREAK SPACE}234,500\N{NO-BREAK SPACE}KWD"),
        (Locale.AR, "SAR", "1,234.50\N{NO-BREAK SPACE}ر.س.\N{RIGHT-TO-LEFT MARK}"),
        (Locale.PT, "JPY", "1\N{NO-BREAK SPACE}235\N{NO-BREAK SPACE}JP¥"),
    ],
)
async def test_money_is_formatted_in_the_readers_language(
    ask: Ask, world: World, storage: SqlStorage, locale: Locale, currency: str, formatted: str
) -> None:
    id = await order_in(currency, "1234.5", world, storage)

    data = await ask(MONEY, id=id, as_=reading(world.caller(), locale))

    assert data["purchaseOrder"]["total"]["formatted"] == formatted


async def test_prices_may_be_finer_than_the_currency(
    ask: Ask, world: World, storage: SqlStorage
) -> None:
    id = await order_in("SAR", "0.012345", world, storage)

    order = (await ask(MONEY, id=id))["purchaseOrder"]

    assert order["lines"] == [
        {
            "unitPrice": {
                "amount": "0.012345",
                "amountMinor": None,
                "formatted": "SAR\N{NO-BREAK SPACE}0.012345",
            }
        }
    ]
    assert order["total"]["amount"] == "0.01"
