"""Checks on single values, shared by every record. Each returns what is wrong, or nothing."""

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from domain.kit.errors import Path, RuleBroken
from domain.kit.money import rounded, written

SCALE = 6  # NUMERIC(20, 6) holds quantities, prices and rates
LARGEST = Decimal(10) ** 12
_EMAIL = re.compile(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+")


def text(value: str | None, path: Path, *, most: int, required: bool = False) -> RuleBroken | None:
    if value is None or not value.strip():
        return RuleBroken("this must not be empty", path=path) if required else None
    if len(value) > most:
        return RuleBroken("this is longer than {most} characters", path=path, most=most)
    return None


def email(value: str | None, path: Path) -> RuleBroken | None:
    """Shaped like an address; whether it reaches anybody only a message can tell."""
    if value is None:
        return None
    if len(value) > 254 or not _EMAIL.fullmatch(value):  # noqa: PLR2004 - RFC 5321, 4.5.3.1
        return RuleBroken("{value} is no e-mail address", path=path, value=value[:254])
    return None


def number(
    value: Decimal, path: Path, *, least: int = 0, above: bool = False, most: Decimal = LARGEST
) -> RuleBroken | None:
    """At least `least` (more than it with `above`), at most `most`, six decimals at most."""
    if not value.is_finite():
        return RuleBroken("this is not a number", path=path)
    if above and value <= least:
        return RuleBroken("this must be greater than {least}", path=path, least=least)
    if value < least:
        return RuleBroken("this must be {least} or more", path=path, least=least)
    if value > most:
        return RuleBroken("this must be {most} or less", path=path, most=written(most))
    if value != round(value, SCALE):
        return RuleBroken("this has more than {scale} decimals", path=path, scale=SCALE)
    return None


def amount(value: Decimal, path: Path, currency: str, *, above: bool = False) -> RuleBroken | None:
    """A sum that can be paid: zero or more (more with `above`), in whole minor units."""
    if (broken := number(value, path, above=above)) is not None:
        return broken
    if value != rounded(value, currency):
        return RuleBroken("this is finer than the currency's minor units", path=path)
    return None


def percentage(value: Decimal | None, path: Path) -> RuleBroken | None:
    """From 0 to 100, if there is one."""
    return None if value is None else number(value, path, most=Decimal(100))


def day(value: date, path: Path, *, today: date) -> RuleBroken | None:
    """Of something that has happened, so not after today."""
    return RuleBroken("this day is still to come", path=path) if value > today else None


def digits(value: str | None, path: Path, *, count: int) -> RuleBroken | None:
    """So many digits, and nothing else."""
    if value is None or (len(value) == count and value.isascii() and value.isdigit()):
        return None
    return RuleBroken("this must be {count} digits", path=path, count=count)


def born(value: date | None, path: Path, *, known_at: datetime) -> RuleBroken | None:
    """Somebody's date of birth, before we knew of them; it was tomorrow already somewhere."""
    if value is None or value <= known_at.date() + timedelta(days=1):
        return None
    return RuleBroken("this day is still to come", path=path)


def emptied(values: Mapping[str, Any], names: Iterable[str]) -> list[RuleBroken]:
    """Those of the names that are given as null; what is left out is none of them."""
    nulls = [name for name in names if name in values and values[name] is None]
    return [RuleBroken("this must not be empty", path=(name,)) for name in nulls]


def found(*checks: RuleBroken | None) -> list[RuleBroken]:
    return [broken for broken in checks if broken is not None]


def below(prefix: Path, broken: Iterable[RuleBroken]) -> list[RuleBroken]:
    """The same errors, with their paths under `prefix`."""
    moved = list(broken)
    for error in moved:
        error.path = (*prefix, *error.path)
    return moved
