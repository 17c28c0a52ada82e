"""Customers in the database: whose e-mail is whose, which kind an id names, many at once."""

from asyncio import gather
from typing import Any

import asyncpg
import pytest

from domain.customers import Client, Company, Customer
from domain.kit.errors import NotFound, RuleBroken
from domain.workers import Worker
from persistence.storage import SqlStorage
from tests import make
from tests.conftest import Save, World, keep
from tests.persistence.contents import unchanged
from usecases.kit import run
from usecases.reads.legacy_ids import LegacyId
from usecases.records import CreateRecord, UpdateRecord

ROUNDS = 10
COUNT = "SELECT count(*) FROM customers WHERE organization_id = $1 AND email_key = $2"


async def test_of_many_clients_with_one_email_at_once_there_is_one(
    storage: SqlStorage, world: World, owner: asyncpg.Connection
) -> None:
    for n in range(ROUNDS):
        emails = [f"Reem{n}@Example.com", f"reem{n}@example.COM"] * 4
        outcomes = await gather(
            *(
                run(
                    CreateRecord(kind=Client, given={"name": "Reem", "email": email}),
                    world.caller(),
                    storage,
                )
                for email in emails
            ),
            return_exceptions=True,
        )

        refused = [each for each in outcomes if isinstance(each, BaseException)]
        assert len(refused) == 7
        assert {(type(each), each.path) for each in refused} == {(RuleBroken, ("email",))}  # type: ignore[attr-defined]
        key = f"reem{n}@example.com"
        assert await owner.fetchval(COUNT, world.organization.id, key) == 1


async def test_an_email_can_be_a_clients_and_their_companies(
    world: World, owner: asyncpg.Connection, save: Save
) -> None:
    await save(make.client(email="a@b.example"), make.company(email="A@b.example"))
    await save(make.company(email="a@b.example"), make.client(email=None), make.client(email=None))

    assert await owner.fetchval(COUNT, world.organization.id, "a@b.example") == 3


async def test_another_organizations_emails_are_no_concern(
    storage: SqlStorage, world: World, other_world: World
) -> None:
    for each in (world, other_world):
        await keep(storage, each.caller(), make.client(email="same@example.com"))


async def test_clients_swap_emails_only_one_after_the_other(
    storage: SqlStorage, world: World, owner: asyncpg.Connection, save: Save
) -> None:
    first, second = make.client(email="first@b.example"), make.client(email="second@b.example")
    await save(first, second)

    async with unchanged(owner, world):
        with pytest.raises(RuleBroken, match="taken already") as caught:
            await run(
                UpdateRecord(kind=Client, id=first.id, given={"email": "SECOND@b.example"}),
                world.caller(),
                storage,
            )
    assert caught.value.path == ("email",)


async def test_what_has_to_be_a_client_or_a_company_is_one(
    storage: SqlStorage, world: World, owner: asyncpg.Connection, save: Save
) -> None:
    client, company = make.client(), make.company()
    await save(client, company)
    wrong: list[tuple[Any, dict[str, Any], str]] = [
        (Company, {"name": "A", "client_id": company.id}, "client_id"),
        (Worker, {"name": "A", "company_id": client.id}, "company_id"),
    ]

    async with unchanged(owner, world):
        for kind, given, field in wrong:
            with pytest.raises(RuleBroken, match="no such id") as caught:
                await run(CreateRecord(kind=kind, given=given), world.caller(), storage)
            assert caught.value.path == (field,)
        with pytest.raises(RuleBroken, match="no such id"):
            await run(
                UpdateRecord(kind=Company, id=company.id, given={"client_id": company.id}),
                world.caller(),
                storage,
            )


async def test_a_client_is_no_company_to_change(
    storage: SqlStorage, world: World, owner: asyncpg.Connection, save: Save
) -> None:
    client, company = make.client(), make.company()
    await save(client, company)

    async with unchanged(owner, world):
        for kind, id in ((Company, client.id), (Client, company.id)):
            with pytest.raises(NotFound):
                await run(
                    UpdateRecord(kind=kind, id=id, given={"name": "A"}), world.caller(), storage
                )


async def test_a_customer_is_locked_and_read_as_what_it_is(
    storage: SqlStorage, world: World, save: Save
) -> None:
    client, company = make.client(), make.company()
    await save(client, company)

    async with storage.begin(world.caller()) as uow:
        found = await uow.records(Customer).get_many([client.id, company.id])
        assert {type(each) for each in found} == {Client, Company}
        rows = await uow.reads.customers.by_ids([client.id, company.id])
        assert [type(rows[each.id]).__name__ for each in (client, company)] == [
            "ClientRow",
            "CompanyRow",
        ]
        assert await uow.reads.clients.by_ids([company.id]) == {}
        assert await uow.reads.companies.by_ids([client.id]) == {}


async def test_old_ids_of_one_kind_never_answer_for_the_other(
    storage: SqlStorage, world: World, save: Save
) -> None:
    client, company = make.client(), make.company()
    await save(client)
    await save(company)
    reads = storage.reads(world.caller())
    asked = [
        LegacyId(kind, "shrkity", record.shrkity_id or 0)
        for kind in ("client", "company")
        for record in (client, company)
    ]

    found = await reads.legacy_ids.to_ids(asked)
    await reads.close()

    assert found == {asked[0]: client.id, asked[3]: company.id}
    assert client.shrkity_id != company.shrkity_id
