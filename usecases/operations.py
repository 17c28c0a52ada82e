"""What only operators do, from the command line: no API offers it."""

from dataclasses import dataclass
from uuid import UUID

from domain.api_credentials import ApiCredential
from domain.callers import Permission
from usecases.kit import UseCase
from usecases.ports import UnitOfWork


@dataclass(frozen=True, kw_only=True)
class LimitApiCredential(UseCase[ApiCredential]):
    """Give a credential a limit of its own: 0 lifts it, None brings the plan's back."""

    requires = Permission.API_CREDENTIALS_WRITE

    id: UUID
    requests_per_minute: int | None

    async def execute(self, uow: UnitOfWork) -> ApiCredential:
        credential = await uow.records(ApiCredential).get(self.id)
        credential.limit(self.requests_per_minute, uow.now)
        return credential
