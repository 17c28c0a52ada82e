"""Moving subscriptions along their lifecycle: paused, resumed, cancelled, renewed."""

from abc import abstractmethod
from dataclasses import dataclass
from typing import Annotated, ClassVar
from uuid import UUID

from domain.callers import Permission
from domain.package_subscriptions import LIFECYCLE, PackageSubscription
from usecases.kit import ExpectedVersion, UseCase
from usecases.package_subscriptions.assigning import is_active, sell_period, terms_of
from usecases.package_subscriptions.covering import keep_entries
from usecases.ports import UnitOfWork

SubscriptionId = Annotated[UUID, PackageSubscription, "The subscription."]


@dataclass(frozen=True, kw_only=True)
class OfPackageSubscription(UseCase[PackageSubscription]):
    """A move of one subscription."""

    id: SubscriptionId
    expected_version: ExpectedVersion = None

    async def execute(self, uow: UnitOfWork) -> PackageSubscription:
        subscription = await uow.records(PackageSubscription).get(
            self.id, expected=self.expected_version
        )
        periods = len(subscription.periods)
        await self.move(subscription, uow)
        if len(subscription.periods) > periods:
            await sell_period(subscription, uow)
        keep_entries(subscription, uow)
        return subscription

    @abstractmethod
    async def move(self, subscription: PackageSubscription, uow: UnitOfWork) -> None:
        """The transition itself, of a locked subscription."""


@dataclass(frozen=True, kw_only=True)
class PausePackageSubscription(OfPackageSubscription):
    """Stop its time: it covers nothing until it is resumed."""

    requires: ClassVar = LIFECYCLE.needs("pause")

    async def move(self, subscription: PackageSubscription, uow: UnitOfWork) -> None:
        subscription.pause(uow.caller, uow.now)


@dataclass(frozen=True, kw_only=True)
class ResumePackageSubscription(OfPackageSubscription):
    """Let its time go on: it ends as much later as it was paused."""

    requires: ClassVar = LIFECYCLE.needs("resume")

    async def move(self, subscription: PackageSubscription, uow: UnitOfWork) -> None:
        subscription.resume(uow.caller, uow.now)


@dataclass(frozen=True, kw_only=True)
class CancelPackageSubscription(OfPackageSubscription):
    """End it for good. What is left of it expires; orders keep the units that cover them."""

    requires: ClassVar = LIFECYCLE.needs("cancel")

    reason: Annotated[str | None, "Why."] = None

    async def move(self, subscription: PackageSubscription, uow: UnitOfWork) -> None:
        subscription.cancel(uow.caller, uow.now, self.reason)


@dataclass(frozen=True, kw_only=True)
class RenewPackageSubscription(OfPackageSubscription):
    """Sell another period of an expired one, from now on, at the package's price of now.

    It covers what the package covers now; former periods stay as they were.
    """

    requires: ClassVar = LIFECYCLE.needs("renew")

    async def move(self, subscription: PackageSubscription, uow: UnitOfWork) -> None:
        terms = await terms_of(subscription.package_id, uow)
        active = await is_active(subscription.customer_id, uow)
        subscription.renew(terms, uow.caller, uow.now, customer_active=active)


@dataclass(frozen=True, kw_only=True)
class AdvancePackageSubscription(OfPackageSubscription):
    """Begin or expire it if the time for it has come; the system does, whoever else has not."""

    requires: ClassVar = Permission.SUBSCRIPTIONS_WRITE

    async def move(self, subscription: PackageSubscription, uow: UnitOfWork) -> None:
        subscription.catch_up(uow.now)
