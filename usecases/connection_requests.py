"""Connections of clients: asked for, approved, rejected, revoked."""

from abc import abstractmethod
from dataclasses import dataclass
from typing import Annotated, ClassVar
from uuid import UUID

from domain.callers import Permission
from domain.connection_requests import LIFECYCLE, ConnectionRequest
from domain.customers import Client
from usecases.kit import ExpectedVersion, UseCase
from usecases.ports import UnitOfWork

Reason = Annotated[str | None, "Why."]


@dataclass(frozen=True, kw_only=True)
class CreateConnectionRequest(UseCase[ConnectionRequest]):
    """Ask for a client to be connected: they see your records once it is approved.

    Refused while another request of theirs is pending or active.
    """

    requires = Permission.CONNECTIONS_WRITE

    client_id: Annotated[UUID, Client, "Who is to be connected."]
    message: Annotated[str | None, "What the client writes with it."] = None

    async def execute(self, uow: UnitOfWork) -> ConnectionRequest:
        # The foreign key knows customers, not of which kind they are.
        if self.client_id not in await uow.reads.clients.by_ids([self.client_id]):
            raise Client.missing(self.client_id, ("client_id",))
        request = ConnectionRequest.create(self.client_id, self.message, uow.now)
        uow.records(ConnectionRequest).add(request)
        return request


@dataclass(frozen=True, kw_only=True)
class OfConnectionRequest(UseCase[ConnectionRequest]):
    """A move of one request."""

    id: Annotated[UUID, ConnectionRequest, "The connection request."]
    expected_version: ExpectedVersion = None

    async def execute(self, uow: UnitOfWork) -> ConnectionRequest:
        requests = uow.records(ConnectionRequest)
        request = await requests.get(self.id, expected=self.expected_version)
        self.move(request, uow)
        return request

    @abstractmethod
    def move(self, request: ConnectionRequest, uow: UnitOfWork) -> None:
        """The transition itself, of a locked request."""


@dataclass(frozen=True, kw_only=True)
class ApproveConnectionRequest(OfConnectionRequest):
    """Connect the client: they gain access to what you have for them."""

    requires: ClassVar = LIFECYCLE.needs("approve")

    def move(self, request: ConnectionRequest, uow: UnitOfWork) -> None:
        request.approve(uow.caller, uow.now)


@dataclass(frozen=True, kw_only=True)
class RejectConnectionRequest(OfConnectionRequest):
    """Do not connect the client. They can ask again."""

    requires: ClassVar = LIFECYCLE.needs("reject")

    reason: Reason = None

    def move(self, request: ConnectionRequest, uow: UnitOfWork) -> None:
        request.reject(uow.caller, uow.now, self.reason)


@dataclass(frozen=True, kw_only=True)
class RevokeConnectionRequest(OfConnectionRequest):
    """End an active connection: the client loses access. They can ask again."""

    requires: ClassVar = LIFECYCLE.needs("revoke")

    reason: Reason = None

    def move(self, request: ConnectionRequest, uow: UnitOfWork) -> None:
        request.revoke(uow.caller, uow.now, self.reason)
