"""Quotations of the demo organization: one for everything that can become of one."""

from datetime import datetime, timedelta
from decimal import Decimal

from domain.quotations import NewQuotationLine
from server.demo.casts import Cast
from server.demo.serving.counters import MANAGER, Counter
from server.demo.stages import Stage
from usecases.quotations import (
    AcceptQuotation,
    ConvertQuotation,
    CreateQuotation,
    DeclineQuotation,
    ExpireQuotation,
    SendQuotation,
    WithdrawQuotation,
)
from usecases.quotations.moving import OfQuotation

# How many days ago each is drafted, and what becomes of it on the days that follow.
COURSES: tuple[tuple[int, tuple[type[OfQuotation], ...]], ...] = (
    (90, (SendQuotation, AcceptQuotation, ConvertQuotation)),
    (75, (SendQuotation, ExpireQuotation)),
    (60, (SendQuotation, DeclineQuotation)),
    (50, (SendQuotation, WithdrawQuotation)),
    (20, (SendQuotation, AcceptQuotation)),
    (8, (SendQuotation,)),
    (5, (SendQuotation,)),
    (3, ()),
)
VALID_DAYS = 30
LONGER_DAYS = 60


async def quote(stage: Stage, cast: Cast, counter: Counter, today: datetime) -> None:
    by = cast.users[MANAGER]
    for place, (days, course) in enumerate(COURSES):
        at = today - timedelta(days=days)
        quotation = await stage.do(_draft(place, counter, at), by, at)
        for verb in course:
            at += timedelta(days=LONGER_DAYS if verb is ExpireQuotation else 1)
            quotation = await stage.do(verb(id=quotation.id), by, at)


def _draft(place: int, counter: Counter, at: datetime) -> CreateQuotation:
    company = counter.companies[place]
    return CreateQuotation(
        customer_id=company.id,
        valid_until=(at + timedelta(days=VALID_DAYS)).date(),
        notes="Prices hold for everything that is ordered together.",
        lines=[
            NewQuotationLine(
                description="Translation of contracts",
                service_definition_id=counter.services["TRANSLATE"].id,
                quantity=Decimal(2 + place % 3),
                unit_price=Decimal("72.50"),
            ),
            NewQuotationLine(
                description="Training at your office, half a day",
                quantity=Decimal(1),
                unit_price=Decimal(1200),
            ),
        ],
    )
