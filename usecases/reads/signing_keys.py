"""What links to files are signed with: each organization has a key of its own."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple, Protocol
from uuid import UUID

from usecases.reads.kit import Whole


class SigningKeyRow(NamedTuple):
    """`id` is the organization's."""

    id: UUID
    signing_key: bytes


class SigningKeys(Protocol):
    async def own(self, whole: Sequence[Whole]) -> Mapping[Whole, SigningKeyRow]:
        """That of the organization whose records are read; of an unknown one, there is none."""
