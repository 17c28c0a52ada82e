"""W-57: how suppliers do, from what is known of their deliveries, and nothing else."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from domain.performances import (
    Deliveries,
    DeliveryTime,
    Pricing,
    Quality,
    Responsiveness,
    performance,
)


def test_w_57_where_nothing_is_known_nothing_is_said() -> None:
    known = performance(Deliveries())

    assert known.overall_score is None
    assert known.delivery_time == DeliveryTime(None, None, None)
    assert known.quality == Quality(None, None, None)
    assert known.pricing == Pricing(None, None)
    assert known.responsiveness == Responsiveness(None, None)


def test_w_57_the_delivery_time_is_scored_by_the_receipts_in_time() -> None:
    known = performance(Deliveries(posted=4, days=Decimal("6.255"), expected=3, in_time=2))

    expected = DeliveryTime(Decimal("66.67"), Decimal("6.26"), Decimal("66.67"))
    assert known.delivery_time == expected


def test_w_57_without_an_expected_date_the_days_are_known_but_no_score() -> None:
    known = performance(Deliveries(posted=1, days=Decimal(3)))

    assert known.delivery_time == DeliveryTime(None, Decimal("3.00"), None)


def test_w_57_the_quality_loses_what_was_rejected_and_reversed() -> None:
    known = performance(Deliveries(posted=9, reversed=1, accepted=Decimal(95), rejected=Decimal(5)))

    assert known.quality == Quality(Decimal("85.00"), Decimal("5.00"), Decimal("10.00"))


def test_w_57_the_quality_is_never_below_zero() -> None:
    known = performance(Deliveries(posted=1, reversed=9, rejected=Decimal(5)))

    assert known.quality == Quality(Decimal("0.00"), Decimal("100.00"), Decimal("90.00"))


def test_w_57_reversed_receipts_alone_have_no_quality() -> None:
    known = performance(Deliveries(reversed=1))

    assert known.quality == Quality(None, None, Decimal("100.00"))
    assert known.overall_score is None


def test_w_57_prices_are_compared_with_those_of_others() -> None:
    dearer = performance(Deliveries(paid=Decimal(120), elsewhere=Decimal(90)))
    cheaper = performance(Deliveries(paid=Decimal(80), elsewhere=Decimal(90)))
    for_nothing = performance(Deliveries(paid=Decimal(0), elsewhere=Decimal(90)))

    assert dearer.pricing == Pricing(Decimal("75.00"), Decimal("75.00"))
    assert cheaper.pricing == Pricing(Decimal("100.00"), Decimal("112.50"))
    assert for_nothing.pricing == Pricing(None, None)


def test_w_57_responsiveness_loses_a_point_a_day() -> None:
    soon = performance(Deliveries(first_days=Decimal("2.5")))
    never = performance(Deliveries(first_days=Decimal(400)))

    assert soon.responsiveness == Responsiveness(Decimal("97.50"), Decimal("2.50"))
    assert never.responsiveness == Responsiveness(Decimal("0.00"), Decimal("400.00"))


def test_w_57_the_overall_score_is_the_mean_of_those_that_are_known() -> None:
    known = performance(
        Deliveries(posted=1, expected=1, in_time=0, accepted=Decimal(1), first_days=Decimal(0))
    )

    assert known.overall_score == Decimal("66.67")


_COUNT = st.integers(0, 50)
_AMOUNT = st.decimals(0, 10**12, places=6)


@given(
    posted=_COUNT,
    reversed=_COUNT,
    in_time=_COUNT,
    late=_COUNT,
    accepted=_AMOUNT,
    rejected=_AMOUNT,
    paid=st.none() | _AMOUNT,
    elsewhere=st.none() | _AMOUNT,
    first_days=st.none() | st.decimals(0, 10_000, places=4),
)
def test_every_score_is_between_zero_and_a_hundred(
    *,
    posted: int,
    reversed: int,
    in_time: int,
    late: int,
    accepted: Decimal,
    rejected: Decimal,
    paid: Decimal | None,
    elsewhere: Decimal | None,
    first_days: Decimal | None,
) -> None:
    known = performance(
        Deliveries(
            posted=posted,
            reversed=reversed,
            expected=in_time + late,
            in_time=in_time,
            accepted=accepted,
            rejected=rejected,
            paid=paid,
            elsewhere=elsewhere,
            first_days=first_days,
        )
    )

    scores = [
        known.overall_score,
        *(metric.score for metric in known[1:]),
    ]
    assert all(score is None or 0 <= score <= 100 for score in scores)
    given = [score for score in scores[1:] if score is not None]
    assert (known.overall_score is None) == (given == [])
