"""What a package is sold for: at its assignment, and again whenever it is renewed."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

from domain.kit import checks
from domain.kit.errors import RuleBroken
from domain.packages import PackageItem

FARTHEST = timedelta(days=3650)


class Terms(NamedTuple):
    """A package as it is now; `vat_rate` is the organization's where it has none of its own."""

    package_id: UUID
    active: bool
    renewable: bool
    currency: str
    price: Decimal
    vat_rate: Decimal
    duration_days: int
    items: Sequence[PackageItem]

    def until(self, starts_at: datetime) -> datetime:
        """When a period ends that begins then: whole days later, to the microsecond."""
        return starts_at + timedelta(days=self.duration_days)

    def problems(self, starts_at: datetime, at: datetime) -> list[RuleBroken]:
        """What keeps it from being sold at `at`, to begin at `starts_at`."""
        path = ("starts_at",)
        return checks.found(
            None if self.active else RuleBroken("this package is not active", path=("package_id",)),
            RuleBroken("this is more than ten years ahead", path=path)
            if starts_at - at > FARTHEST
            else RuleBroken("the first period would be over already", path=path)
            if self.until(starts_at) <= at
            else None,
        )
