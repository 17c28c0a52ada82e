"""What waits for an approver, whatever kind of document it is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, NamedTuple, Protocol
from uuid import UUID

from domain.approvals.conditions import DocumentType
from domain.approvals.steps import StepRule
from domain.kit.money import Money
from usecases.reads.kit import Listing, Page, Whole


class DocumentKey(NamedTuple):
    """Which document, among all kinds that can be approved."""

    type: DocumentType
    id: UUID


class ApprovableRow(Protocol):
    """What the rows of all documents that can be approved have in common."""

    @property
    def id(self) -> UUID: ...
    @property
    def version(self) -> int: ...
    @property
    def number(self) -> str: ...
    @property
    def total(self) -> Money: ...
    @property
    def created_by_id(self) -> UUID: ...
    @property
    def created_at(self) -> datetime: ...


class ApprovalTaskRow(NamedTuple):
    """A step of a document that waits for one approver."""

    id: UUID
    document_type: DocumentType
    document_id: UUID
    round: int
    step: int
    name: str
    role: str
    rule: StepRule
    asked_at: datetime
    due_at: datetime | None
    on_behalf_of_id: UUID | None

    @property
    def document(self) -> DocumentKey:
        return DocumentKey(self.document_type, self.document_id)


@dataclass(frozen=True, kw_only=True)
class ApprovalTaskFilter:
    """All that is given must hold."""

    document_types: Annotated[
        tuple[DocumentType, ...] | None, "On one of these kinds of documents."
    ] = None


class Approvables(Protocol):
    async def by_keys(self, keys: Sequence[DocumentKey]) -> Mapping[DocumentKey, ApprovableRow]:
        """Documents of any kind."""


class ApprovalTasks(Protocol):
    async def by_user_ids(
        self,
        ids: Sequence[UUID],
        *,
        filter: ApprovalTaskFilter = ApprovalTaskFilter(),
        first: int = 50,
        after: str | None = None,
    ) -> Mapping[UUID, Page[ApprovalTaskRow]]:
        """What waits for each user, the longest waiting first."""

    async def counts(self, listings: Sequence[Listing]) -> Mapping[Listing, int]: ...

    async def due(
        self, whole: Sequence[Whole], at: datetime, most: int
    ) -> Mapping[Whole, Sequence[DocumentKey]]:
        """The documents whose step has run out of time, or can be asked of a deputy now."""
