"""Connections: a client asks to be connected to the organization, and sees its records then."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from domain.callers import Caller, Permission
from domain.kit import checks
from domain.kit.aggregate import Aggregate
from domain.kit.errors import raise_first
from domain.kit.lifecycle import Lifecycle, Move

LONGEST = 2000  # characters of a message or a reason


class ConnectionStatus(StrEnum):
    """Whoever was rejected or revoked may ask again, which makes a new request."""

    PENDING = "PENDING"
    ACTIVE = "ACTIVE"
    REJECTED = "REJECTED"
    REVOKED = "REVOKED"


_S, _WRITE = ConnectionStatus, Permission.CONNECTIONS_WRITE

LIFECYCLE = Lifecycle(
    initial=_S.PENDING,
    moves=[
        Move("approve", {_S.PENDING}, _S.ACTIVE, needs=_WRITE),
        Move("reject", {_S.PENDING}, _S.REJECTED, needs=_WRITE),
        Move("revoke", {_S.ACTIVE}, _S.REVOKED, needs=_WRITE),
    ],
)


@dataclass(kw_only=True, eq=False)
class ConnectionRequest(Aggregate):
    """Fact S-60. A client has one at the most that is pending or active."""

    kind = "connection_request"
    prefix = "con"

    client_id: UUID
    status: ConnectionStatus = LIFECYCLE.initial
    message: str | None = None
    reason: str | None = None
    decided_at: datetime | None = None
    decided_by_id: UUID | None = None
    revoked_at: datetime | None = None
    revoked_by_id: UUID | None = None
    shrkity_id: int | None = None

    @classmethod
    def create(cls, client_id: UUID, message: str | None, at: datetime) -> "ConnectionRequest":
        raise_first(checks.found(checks.text(message, ("message",), most=LONGEST)))
        request = cls.founded(at, client_id=client_id, message=message)
        request._record("created", at, {"status": (None, request.status)}, client_id=str(client_id))
        return request

    def approve(self, by: Caller, at: datetime) -> None:
        """The client gains access."""
        self._require("approve", by)
        self.decided_at, self.decided_by_id = at, by.user_id
        self._move("approve", "approved", at)

    def reject(self, by: Caller, at: datetime, reason: str | None) -> None:
        self._require("reject", by, reason)
        self.decided_at, self.decided_by_id, self.reason = at, by.user_id, reason
        self._move("reject", "rejected", at, reason=reason)

    def revoke(self, by: Caller, at: datetime, reason: str | None) -> None:
        """The client loses access."""
        self._require("revoke", by, reason)
        self.revoked_at, self.revoked_by_id, self.reason = at, by.user_id, reason
        self._move("revoke", "revoked", at, reason=reason)

    def _require(self, action: str, by: Caller, reason: str | None = None) -> None:
        raise_first(LIFECYCLE.blockers(self, action, by))
        raise_first(checks.found(checks.text(reason, ("reason",), most=LONGEST)))

    def _move(self, action: str, past: str, at: datetime, **details: str | None) -> None:
        before, self.status = self.status, LIFECYCLE.after(self.status, action)
        said = {name: value for name, value in details.items() if value is not None}
        changes = {"status": (before, self.status)}
        self._record(past, at, changes, client_id=str(self.client_id), **said)
