"""Connections: a client asks to be connected to the organization, and sees its records then."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from domain.kit.aggregate import Aggregate


class ConnectionStatus(StrEnum):
    """Whoever was rejected or revoked may ask again, which makes a new request."""

    PENDING = "PENDING"
    ACTIVE = "ACTIVE"
    REJECTED = "REJECTED"
    REVOKED = "REVOKED"


@dataclass(kw_only=True, eq=False)
class ConnectionRequest(Aggregate):
    """Fact S-60. A client has one at the most that is pending or active."""

    kind = "connection_request"
    prefix = "con"

    client_id: UUID
    status: ConnectionStatus = ConnectionStatus.PENDING
    message: str | None = None
    reason: str | None = None
    decided_at: datetime | None = None
    decided_by_id: UUID | None = None
    revoked_at: datetime | None = None
    revoked_by_id: UUID | None = None
    shrkity_id: int | None = None
