"""Clients as Shrkity's clients send and see them: facts S-36 to S-39."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from rest.shrkity.wire.extras import Extended, fields_of
from usecases.reads.customers import ClientRow

NAMES = {"phone": "phone_number"}  # theirs for ours


@dataclass(slots=True)
class ShownClient:
    id: int
    name: str
    email: str | None
    phone_number: str | None
    connected: bool
    is_active: bool
    metadata: dict[str, Any]
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, row: ClientRow) -> "ShownClient":
        return cls(
            id=row.shrkity_id,
            name=row.name,
            email=row.email,
            phone_number=row.phone,
            connected=row.connected,
            is_active=row.active,
            metadata=row.metadata,
            created_at=row.created_at,
            updated_at=row.updated_at,
        )


class Client(Extended):
    """All of it on every change; a phone number that is left out stays."""

    shown = fields_of(ShownClient)

    name: str
    email: str
    phone_number: str | None = None
