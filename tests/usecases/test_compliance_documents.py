"""Compliance documents in the database: whose they are, and when they are to be renewed."""

from asyncio import gather
from datetime import date, timedelta
from typing import Any

import asyncpg
import pytest

from domain.compliance_documents import (
    ComplianceDocument,
    ComplianceDocumentType,
    DocumentHolder,
    DocumentStatus,
    status_on,
)
from domain.kit.errors import DomainError, IllegalMove, NotFound, RuleBroken
from persistence.storage import SqlStorage
from tests import make
from tests.conftest import Save, World
from tests.persistence.contents import actions, unchanged
from tests.usecases.customers import Customers, customers, documents_of_every_status, today
from usecases.compliance_documents import (
    CreateComplianceDocument,
    RevokeComplianceDocument,
    UpdateComplianceDocument,
)
from usecases.kit import run
from usecases.reads.compliance_documents import ComplianceDocumentFilter, ComplianceDocumentOrder
from usecases.records import UpdateRecord
from usecases.workers import RemoveWorker

LAST = date(2027, 6, 30)


@pytest.fixture
async def held(world: World, storage: SqlStorage) -> Customers:
    return await customers(world, storage)


async def kept(
    held: Customers, world: World, storage: SqlStorage, **values: Any
) -> ComplianceDocument:
    given: dict[str, Any] = {
        "type_id": held.document_type.id,
        "company_id": held.company.id,
        "number": "7",
    }
    create = CreateComplianceDocument(**(given | values))
    record = (await run(create, world.caller(), storage)).record
    assert record is not None
    return record


async def renews_on(owner: asyncpg.Connection, document: ComplianceDocument) -> date | None:
    query = "SELECT renews_on FROM compliance_documents WHERE id = $1"
    found: date | None = await owner.fetchval(query, document.id)
    return found


async def test_when_it_is_to_be_renewed_follows_its_dates_and_windows(
    held: Customers, world: World, storage: SqlStorage, owner: asyncpg.Connection
) -> None:
    document = await kept(held, world, storage, expires_on=LAST)
    assert await renews_on(owner, document) == LAST - timedelta(days=30)

    for change, expected in (
        ({"renewal_window_days": 7}, LAST - timedelta(days=7)),
        ({"expires_on": LAST + timedelta(days=1)}, LAST - timedelta(days=6)),
        ({"renewal_window_days": None}, LAST - timedelta(days=29)),
        ({"expires_on": None}, None),
    ):
        update = UpdateComplianceDocument(id=document.id, **change)
        await run(update, world.caller(), storage)
        assert await renews_on(owner, document) == expected


async def test_another_window_of_the_type_moves_what_goes_by_it(
    held: Customers, world: World, storage: SqlStorage, owner: asyncpg.Connection, save: Save
) -> None:
    other = make.document_type()
    await save(other)
    usual = await kept(held, world, storage, expires_on=LAST)
    own = await kept(held, world, storage, expires_on=LAST, renewal_window_days=7)
    unlimited = await kept(held, world, storage)
    others = await kept(held, world, storage, type_id=other.id, expires_on=LAST)

    widen = UpdateRecord(
        kind=ComplianceDocumentType, id=held.document_type.id, given={"renewal_window_days": 90}
    )
    await run(widen, world.caller(), storage)

    assert await renews_on(owner, usual) == LAST - timedelta(days=90)
    assert await renews_on(owner, own) == LAST - timedelta(days=7)
    assert await renews_on(owner, unlimited) is None
    assert await renews_on(owner, others) == LAST - timedelta(days=30)
    created = "compliance_document.created"
    assert await actions(owner, usual.id) == [created, "compliance_document.rescheduled"]
    assert await actions(owner, own.id) == [created]


async def test_what_is_kept_while_the_window_changes_goes_by_the_new_one(
    held: Customers, world: World, storage: SqlStorage, owner: asyncpg.Connection
) -> None:
    for days in range(1, 11):
        widen = UpdateRecord(
            kind=ComplianceDocumentType,
            id=held.document_type.id,
            given={"renewal_window_days": days},
        )
        made = await gather(
            *(kept(held, world, storage, expires_on=LAST) for _ in range(4)),
            run(widen, world.caller(), storage),
        )
        for document in made[:4]:
            assert await renews_on(owner, document) == LAST - timedelta(days=days)  # type: ignore[arg-type]


async def test_whose_it_is_fits_its_type(
    held: Customers, world: World, storage: SqlStorage, owner: asyncpg.Connection, save: Save
) -> None:
    iqama = make.document_type(holder=DocumentHolder.WORKER)
    old = make.document_type(archived=True)
    other = make.company()
    await save(iqama, old, other)
    stranger, gone = make.worker(other.id), make.worker(held.company.id)
    await save(stranger, gone)
    await run(RemoveWorker(id=gone.id), world.caller(), storage)
    wrong: list[tuple[dict[str, Any], type[DomainError], str, str]] = [
        ({"type_id": iqama.id}, RuleBroken, "worker_id", "belongs to a worker"),
        ({"worker_id": held.worker.id}, RuleBroken, "worker_id", "belongs to a company"),
        ({"type_id": old.id}, RuleBroken, "type_id", "archived types"),
        ({"company_id": held.client.id}, NotFound, "company_id", "no such record"),
        (
            {"type_id": iqama.id, "worker_id": stranger.id},
            RuleBroken,
            "worker_id",
            "no such worker",
        ),
        ({"type_id": iqama.id, "worker_id": gone.id}, RuleBroken, "worker_id", "was removed"),
        ({"type_id": iqama.id, "worker_id": iqama.id}, NotFound, "worker_id", "no such record"),
    ]

    async with unchanged(owner, world):
        for values, error, field, said in wrong:
            with pytest.raises(error, match=said) as caught:
                await kept(held, world, storage, **values)
            assert caught.value.path == (field,)


async def test_a_revoked_document_is_not_changed_any_more(
    held: Customers, world: World, storage: SqlStorage, owner: asyncpg.Connection
) -> None:
    await run(RevokeComplianceDocument(id=held.document.id), world.caller(), storage)

    async with unchanged(owner, world):
        for again in (
            RevokeComplianceDocument(id=held.document.id),
            UpdateComplianceDocument(id=held.document.id, number="8"),
        ):
            with pytest.raises(IllegalMove, match="this document was revoked"):
                await run(again, world.caller(), storage)


async def test_lists_and_the_domain_agree_on_the_status(
    held: Customers, world: World, storage: SqlStorage
) -> None:
    made = await documents_of_every_status(held, today(), world, storage)
    reads = storage.reads(world.caller())
    rows = await reads.compliance_documents.by_ids([each.id for each in made.values()])

    for status, document in made.items():
        row = rows[document.id]
        assert row.today == today()
        assert row.status is status_on(today(), row) is status
        only = ComplianceDocumentFilter(status=(status,))
        listed = await reads.compliance_documents.numbered(
            only, ComplianceDocumentOrder(), offset=0, limit=9
        )
        assert document.id in {each.id for each in listed}
        assert {each.status for each in listed} == {status}
    several = ComplianceDocumentFilter(status=(DocumentStatus.EXPIRED, DocumentStatus.MISSING))
    listed = await reads.compliance_documents.numbered(
        several, ComplianceDocumentOrder(), offset=0, limit=9
    )
    await reads.close()
    assert {each.status for each in listed} == {DocumentStatus.EXPIRED, DocumentStatus.MISSING}
