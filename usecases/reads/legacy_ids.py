"""The ids by which old clients know our records."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple, Protocol
from uuid import UUID


class LegacyId(NamedTuple):
    """`kind` is the record's (`purchase_order`), `system` the old one's name (`waqti`)."""

    kind: str
    system: str
    value: int


class LegacyIds(Protocol):
    async def to_ids(self, legacy: Sequence[LegacyId]) -> Mapping[LegacyId, UUID]:
        """Whom they name; unknown ones are left out."""
