"""Money: exact amounts in a currency, and how people read them."""

from decimal import Decimal

import strawberry

from domain.callers import Caller
from domain.kit import money
from schema.kit.relations import computed
from schema.kit.scalars import BigInt, CurrencyCode
from schema.kit.views import plain, view_of
from usecases import formats


def formatted(value: money.Money, caller: Caller) -> str:
    digits = max(value.minor_units, -int(value.amount.as_tuple().exponent))
    return formats.money(value.amount, value.currency, digits, caller.locale)


@view_of(money.Money)
@strawberry.type(description="An exact amount of money.")
class Money:
    amount: Decimal = plain(
        "With as many digits as the currency has minor units: `12.50`; a price may have more."
    )
    currency: CurrencyCode = plain("Of which currency.")
    minor_units: int = plain("Digits after the point: SAR 2, KWD 3, JPY 0.")
    amount_minor: BigInt | None = plain(
        "In the currency's smallest unit: 12.50 SAR is 1250. Null for a price finer than that."
    )
    formatted: str = computed(formatted, "As people read it, in the language of Accept-Language.")
