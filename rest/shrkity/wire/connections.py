"""Connections of clients as Shrkity's clients send and see them: fact S-60."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from domain.connection_requests import ConnectionStatus
from rest.kit.answers import one_of_these
from rest.kit.inputs import Input, one_of
from rest.shrkity.wire import words
from rest.shrkity.wire.inputs import Page
from usecases.reads.connection_requests import ConnectionRequestRow

STATUSES = {status: status.lower() for status in ConnectionStatus}


class Connections(Page):
    status: Annotated[ConnectionStatus, one_of(words.inverse(STATUSES))] | None = None


class Refusal(Input):
    """Why it is rejected or revoked, if there is something to say."""

    reason: str | None = None


@dataclass(slots=True)
class ConnectedClient:
    id: int
    name: str
    email: str | None


@dataclass(slots=True)
class Connection:
    id: int
    client_id: int
    client: ConnectedClient
    status: Annotated[str, one_of_these(STATUSES.values())]
    message: str | None
    reason: str | None
    decided_at: datetime | None
    revoked_at: datetime | None
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, row: ConnectionRequestRow) -> "Connection":
        client = ConnectedClient(row.client_shrkity_id, row.client_name, row.client_email)
        return cls(
            id=row.shrkity_id,
            client_id=row.client_shrkity_id,
            client=client,
            status=STATUSES[row.status],
            message=row.message,
            reason=row.reason,
            decided_at=row.decided_at,
            revoked_at=row.revoked_at,
            created_at=row.created_at,
            updated_at=row.updated_at,
        )
