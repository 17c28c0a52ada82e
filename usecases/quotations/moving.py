"""Moving quotations along their lifecycle: sent, accepted or not, converted."""

from abc import abstractmethod
from dataclasses import dataclass
from typing import Annotated, ClassVar

from domain.callers import Permission
from domain.quotations import LIFECYCLE, Quotation
from usecases.kit import ExpectedVersion, UseCase
from usecases.organizations import today
from usecases.ports import UnitOfWork
from usecases.quotations.drafting import QuotationId


@dataclass(frozen=True, kw_only=True)
class OfQuotation(UseCase[Quotation]):
    """A move of one quotation."""

    id: QuotationId
    expected_version: ExpectedVersion = None

    async def execute(self, uow: UnitOfWork) -> Quotation:
        quotation = await uow.records(Quotation).get(self.id, expected=self.expected_version)
        await self.move(quotation, uow)
        return quotation

    @abstractmethod
    async def move(self, quotation: Quotation, uow: UnitOfWork) -> None:
        """The transition itself, of a locked quotation."""


@dataclass(frozen=True, kw_only=True)
class SendQuotation(OfQuotation):
    """Give it to the customer. From then on it is accepted, declined or withdrawn as it is."""

    requires: ClassVar = LIFECYCLE.needs("send")

    async def move(self, quotation: Quotation, uow: UnitOfWork) -> None:
        day = today(await uow.organization(), uow)
        quotation.send(uow.caller, uow.now, today=day)


@dataclass(frozen=True, kw_only=True)
class AcceptQuotation(OfQuotation):
    """Note that the customer agrees; not after the last day it holds."""

    requires: ClassVar = LIFECYCLE.needs("accept")

    async def move(self, quotation: Quotation, uow: UnitOfWork) -> None:
        day = today(await uow.organization(), uow)
        quotation.accept(uow.caller, uow.now, today=day)


@dataclass(frozen=True, kw_only=True)
class DeclineQuotation(OfQuotation):
    """Note that the customer does not agree."""

    requires: ClassVar = LIFECYCLE.needs("decline")

    reason: Annotated[str | None, "Why."] = None

    async def move(self, quotation: Quotation, uow: UnitOfWork) -> None:
        quotation.decline(uow.caller, uow.now, self.reason)


@dataclass(frozen=True, kw_only=True)
class WithdrawQuotation(OfQuotation):
    """Take it back before the customer has said anything."""

    requires: ClassVar = LIFECYCLE.needs("withdraw")

    reason: Annotated[str | None, "Why."] = None

    async def move(self, quotation: Quotation, uow: UnitOfWork) -> None:
        quotation.withdraw(uow.caller, uow.now, self.reason)


@dataclass(frozen=True, kw_only=True)
class ExpireQuotation(OfQuotation):
    """Let it go, once its last day is over: the worker does."""

    requires: ClassVar = Permission.QUOTATIONS_WRITE

    async def move(self, quotation: Quotation, uow: UnitOfWork) -> None:
        day = today(await uow.organization(), uow)
        quotation.expire(uow.caller, uow.now, today=day)
