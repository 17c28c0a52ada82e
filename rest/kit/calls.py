"""What a route works with: who calls, what was sent, use cases to run and questions to ask."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Generic, TypeVar
from urllib.parse import quote
from uuid import UUID, uuid4

from starlette.requests import Request

from domain.callers import Caller, Locale
from domain.kit.aggregate import Aggregate
from domain.kit.errors import NotFound, Path, RuleBroken, raise_first
from usecases.answers import Once
from usecases.kit import Done, UseCase, run
from usecases.ports import Storage
from usecases.reads import Reads
from usecases.reads.legacy_ids import LegacyId

A = TypeVar("A", bound=Aggregate)
Given = TypeVar("Given")
R = TypeVar("R")

LARGEST_ID = 2**63 - 1
_ID = re.compile("[0-9]{1,19}")


def the(rows: Mapping[UUID, R], id: UUID) -> R:
    """The row with this id, or NotFound: somebody may have deleted it a moment ago."""
    if id not in rows:
        raise NotFound("no such record: {id}", id=id)
    return rows[id]


@dataclass(frozen=True, kw_only=True)
class Asked:
    """One request, before it is known who asks."""

    request: Request
    path: str
    locale: Locale
    request_id: str

    @classmethod
    def of(cls, request: Request, path: str, locale: Locale) -> "Asked":
        state = request.scope.get("state", {})
        id = state.get("request_id") or uuid4().hex
        return cls(request=request, path=path, locale=locale, request_id=id)

    @property
    def query(self) -> list[tuple[str, str]]:
        return self.request.query_params.multi_items()

    @property
    def origin(self) -> str:
        """The scheme, and the host that the client named."""
        host = self.request.headers.get("host") or "localhost"
        return f"{self.request.scope['scheme']}://{host}"

    @property
    def url(self) -> str:
        """Without the query, on the host that the client named."""
        return f"{self.origin}{quote(self.request.scope['path'])}"

    @property
    def address(self) -> str:
        return self.request.client.host if self.request.client else "unknown"


@dataclass(kw_only=True, eq=False)
class Call(Generic[Given]):
    """Everything a route may use. `given` is the query of a reading request, else the body."""

    caller: Caller
    asked: Asked
    system: str  # whose legacy ids the request is written in
    path: Mapping[str, str]
    given: Given
    idempotency_key: str | None = None
    _storage: Storage
    _once: Once | None = None
    _reads: Reads | None = field(default=None, init=False)

    @property
    def read(self) -> Reads:
        """One snapshot, opened by its first question; what is done once is seen from inside."""
        if self._once is not None:
            return self._once.reads
        if self._reads is None:
            self._reads = self._storage.reads(self.caller)
        return self._reads

    async def close(self) -> None:
        """End the snapshot and give its connection back; what is read next is newer."""
        if self._reads is not None:
            reads, self._reads = self._reads, None
            await reads.close()

    async def run(self, usecase: UseCase[A]) -> Done[A]:
        """Reads end first: a request never holds two connections."""
        if self._once is not None:
            return await self._once.run(usecase)
        await self.close()
        key = self.idempotency_key
        return await run(usecase, self.caller, self._storage, idempotency_key=key)

    async def id(self, kind: str) -> UUID:
        """The record whose id the path ends in; raises NotFound."""
        [id] = await self.ids(id=kind)
        return id

    async def ids(self, **kinds: str) -> list[UUID]:
        """The records that the path names, each of a kind; raises NotFound."""
        named = [self._legacy(kind, self.path[name]) for name, kind in kinds.items()]
        found = await self.read.legacy_ids.to_ids(named)
        for legacy in named:
            if legacy not in found:
                raise NotFound("no such record: {id}", id=legacy.value)
        return [found[legacy] for legacy in named]

    async def mentioned(self, named: Mapping[Path, tuple[str, int | None]]) -> dict[Path, UUID]:
        """The records that ids in the input name, each of a kind; null ones are left out.

        Raises RuleBroken at every id that names none.
        """
        wanted = {
            path: LegacyId(kind, self.system, value)
            for path, (kind, value) in named.items()
            if value is not None
        }
        found = await self.read.legacy_ids.to_ids([*wanted.values()])
        raise_first(
            [
                RuleBroken("no such record in this organization", path=path)
                for path, legacy in wanted.items()
                if legacy not in found
            ]
        )
        return {path: found[legacy] for path, legacy in wanted.items()}

    def _legacy(self, kind: str, text: str) -> LegacyId:
        if not _ID.fullmatch(text) or int(text) > LARGEST_ID:
            raise NotFound("no such record: {id}", id=text[:64])
        return LegacyId(kind, self.system, int(text))
