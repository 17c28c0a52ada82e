"""Idempotency keys: claimed and kept in the transaction that does the work.

A second request with the same key waits for the first one's transaction, then finds what it
did, or, when it failed, does the work itself. Where answers are kept as well, nobody waits.
"""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Boolean, bindparam, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from domain.callers import Caller
from domain.kit.errors import IdempotencyInFlight, IdempotencyMismatch
from persistence import tables as t
from usecases.ports import Answer

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
        "status": None,
        "body": None,
    },
    where=_r.c.created_at < bindparam("expired"),
).returning(_r.c.key)
_FIND = select(_r.c.fingerprint, _r.c.result_id).where(*_mine)
_REMEMBER = update(_r).where(*_mine).values(result_id=bindparam("result"))

# Whoever holds it answers the request; it ends with the transaction.
_HOLD = text(
    "SELECT pg_try_advisory_xact_lock(hashtextextended('answer to ' || :request, 0))"
).columns(held=Boolean)
_ANSWERED = select(_r.c.fingerprint, _r.c.status, _r.c.body).where(
    *_mine, _r.c.created_at >= bindparam("expired")
)
_keep = insert(_r).values(
    credential_id=bindparam("credential"),
    key=bindparam("given_key"),
    fingerprint=bindparam("given_fingerprint"),
    status=bindparam("given_status"),
    body=bindparam("given_body"),
    created_at=bindparam("now"),
)
_KEEP = _keep.on_conflict_do_update(
    index_elements=["organization_id", "credential_id", "key"],
    set_={name: _keep.excluded[name] for name in ("fingerprint", "status", "body", "created_at")}
    | {"result_id": None},
    where=_r.c.created_at < bindparam("expired"),
).returning(_r.c.key)


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
        raise _mismatch()
    result: UUID = row.result_id
    return result


async def remember(session: AsyncSession, caller: Caller, key: str, result: UUID) -> None:
    await session.execute(_REMEMBER, _of(caller, key) | {"result": result})


async def answered(
    session: AsyncSession, caller: Caller, key: str, fingerprint: bytes, now: datetime
) -> Answer | None:
    """None when the key is now ours, else what it was answered within the last 24 hours."""
    mine = _of(caller, key)
    request = f"{caller.organization_id} {mine['credential']} {key}"
    if not (await session.execute(_HOLD, {"request": request})).scalar_one():
        raise IdempotencyInFlight(
            "a request with this idempotency key is still being answered",
            path=("idempotency_key",),
        )
    # Not with the same statement: it would not see what was committed before it got the lock.
    row = (await session.execute(_ANSWERED, mine | {"expired": now - KEPT})).first()
    if row is None:
        return None
    if row.fingerprint != fingerprint or row.status is None:
        raise _mismatch()
    return Answer(row.status, row.body)


async def keep_answer(
    session: AsyncSession,
    caller: Caller,
    key: str,
    fingerprint: bytes,
    answer: Answer,
    now: datetime,
) -> None:
    values = {
        "given_fingerprint": fingerprint,
        "given_status": answer.status,
        "given_body": answer.body,
        "now": now,
        "expired": now - KEPT,
    }
    if (await session.execute(_KEEP, _of(caller, key) | values)).first() is None:
        raise _mismatch()  # meanwhile it was used where answers are not kept


def _mismatch() -> IdempotencyMismatch:
    return IdempotencyMismatch(
        "this idempotency key was used for another request", path=("idempotency_key",)
    )


def _of(caller: Caller, key: str) -> dict[str, object]:
    """A caller's key; parameters of an UPDATE may not be called like its columns."""
    return {"credential": caller.credential_id or SYSTEM, "given_key": key}
