"""Idempotency keys: claimed and kept in the transaction that does the work.

A second request with the same key waits for the first one's transaction, then finds what it
did, or, when it failed, does the work itself.
"""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import bindparam, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from domain.callers import Caller
from domain.kit.errors import IdempotencyMismatch
from persistence import tables as t

KEPT = timedelta(hours=24)
SYSTEM = UUID(int=0)  # stands for the credential of a caller that has none

_r = t.idempotency_records
_mine = (_r.c.credential_id == bindparam("credential"), _r.c.key == bindparam("given_key"))
_claim = insert(_r).values(
    credential_id=bindparam("credential"),
    key=bindparam("given_key"),
    fingerprint=bindparam("given_fingerprint"),
    created_at=bindparam("now"),
)
_CLAIM = _claim.on_conflict_do_update(
    index_elements=["organization_id", "credential_id", "key"],
    set_={
        "fingerprint": _claim.excluded.fingerprint,
        "created_at": _claim.excluded.created_at,
        "result_id": None,
    },
    where=_r.c.created_at < bindparam("expired"),
).returning(_r.c.key)
_FIND = select(_r.c.fingerprint, _r.c.result_id).where(*_mine)
_REMEMBER = update(_r).where(*_mine).values(result_id=bindparam("result"))


async def claim(
    session: AsyncSession, caller: Caller, key: str, fingerprint: bytes, now: datetime
) -> UUID | None:
    """None when the key is now ours, else what was done with it within the last 24 hours."""
    mine = _of(caller, key)
    values = {"given_fingerprint": fingerprint, "now": now, "expired": now - KEPT}
    if (await session.execute(_CLAIM, mine | values)).first() is not None:
        return None
    row = (await session.execute(_FIND, mine)).one()
    if row.fingerprint != fingerprint:
        raise IdempotencyMismatch(
            "this idempotency key was used for another request", path=("idempotency_key",)
        )
    result: UUID = row.result_id
    return result


async def remember(session: AsyncSession, caller: Caller, key: str, result: UUID) -> None:
    await session.execute(_REMEMBER, _of(caller, key) | {"result": result})


def _of(caller: Caller, key: str) -> dict[str, object]:
    """A caller's key; parameters of an UPDATE may not be called like its columns."""
    return {"credential": caller.credential_id or SYSTEM, "given_key": key}
