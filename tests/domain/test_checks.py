"""Checks on single values."""

from decimal import Decimal

import pytest

from domain.kit import checks
from domain.kit.errors import DomainError, RuleBroken, raise_first


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("0", None),
        ("0.000001", None),
        ("1E+2", None),
        ("1.5000000000", None),
        ("1000000000000", None),
        ("-0.000001", "this must be 0 or more"),
        ("0.0000001", "this has more than 6 decimals"),
        ("1.0000000000000000000000000000001", "this has more than 6 decimals"),
        ("1000000000000.000001", "this must be 1000000000000 or less"),
        ("1E+999999", "this must be 1000000000000 or less"),
        ("NaN", "this is not a number"),
        ("sNaN", "this is not a number"),
        ("Infinity", "this is not a number"),
    ],
)
def test_numbers_are_finite_not_too_large_and_have_six_decimals(
    value: str, message: str | None
) -> None:
    broken = checks.number(Decimal(value), ("quantity",))

    assert (broken and broken.message) == message
    assert broken is None or broken.path == ("quantity",)


@pytest.mark.parametrize("value", ["0", "-0", "-1"])
def test_what_must_be_above_a_limit_is_not_on_it(value: str) -> None:
    broken = checks.number(Decimal(value), ("quantity",), above=True)

    assert broken is not None
    assert broken.message == "this must be greater than 0"


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (None, "this must not be empty"),
        ("", "this must not be empty"),
        (" \n", "this must not be empty"),
        ("four", None),
        ("fives", "this is longer than 4 characters"),
    ],
)
def test_required_text_says_something_and_fits(value: str | None, message: str | None) -> None:
    broken = checks.text(value, ("name",), most=4, required=True)

    assert (broken and broken.message) == message


def test_text_that_is_not_required_may_be_missing() -> None:
    assert checks.text(None, ("name",), most=4) is None


@pytest.mark.parametrize("value", ["a@b.example", "first.last+tag@sub.example.com", None])
def test_addresses_are_accepted(value: str | None) -> None:
    assert checks.email(value, ("email",)) is None


@pytest.mark.parametrize(
    "value", ["", "a", "a@b", "@b.example", "a b@c.example", "a@b@c.example", f"{'a' * 250}@b.ex"]
)
def test_what_is_no_address_is_refused(value: str) -> None:
    broken = checks.email(value, ("email",))

    assert broken is not None
    assert broken.message == f"{value[:254]} is no e-mail address"


def test_paths_move_under_their_parent() -> None:
    [moved] = checks.below(("lines", 3), [RuleBroken("x", path=("quantity",))])

    assert moved.path == ("lines", 3, "quantity")


def test_one_error_carries_all_the_others() -> None:
    found = [RuleBroken(text) for text in ("one", "two", "three")]

    with pytest.raises(DomainError, match="one") as caught:
        raise_first(found)

    assert caught.value.problems == tuple(found)


def test_nothing_wrong_raises_nothing() -> None:
    raise_first([])


def test_a_limit_is_said_without_the_zeros_of_a_column() -> None:
    found = checks.number(Decimal(3), ("amount",), most=Decimal("2.500000"))

    assert found is not None
    assert found.message == "this must be 2.5 or less"
