"""The key that an organization's links are signed with: nobody else reads that column."""

from collections.abc import Mapping, Sequence

from persistence import tables as t
from persistence.reads.kit import Snapshot, select_row
from usecases.reads.kit import Whole
from usecases.reads.signing_keys import SigningKeyRow

OWN = select_row(SigningKeyRow, t.organizations)


class SqlSigningKeys:
    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot

    async def own(self, whole: Sequence[Whole]) -> Mapping[Whole, SigningKeyRow]:
        rows = await self._snapshot.rows(SigningKeyRow, OWN)
        return dict.fromkeys(whole, rows[0]) if rows else {}
